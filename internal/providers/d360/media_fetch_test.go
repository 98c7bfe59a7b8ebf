package d360_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/d360"
	"github.com/cirrus/omnichannel/internal/providers/providertest"
)

const (
	metaURL = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=11&ext=1&hash=h"
	ourPath = "/whatsapp_business/attachments/?mid=11&ext=1&hash=h"
)

func TestFetchMedia(t *testing.T) {
	t.Parallel()
	bytes := providertest.Exchange{Method: "GET", Path: ourPath, Header: keyed, Answer: "bytes"}
	look := providertest.Exchange{Method: "GET", Path: "/11", Header: keyed, Answer: `{"url":"` + metaURL + `","file_size":"5","id":"11"}`}
	gone := providers.SendError{Reason: providers.ReasonMediaUnavailable}
	gone100 := gone
	gone100.ProviderCode = "100"
	dropped := look
	dropped.Drop = true
	slow := answering(look, 429, "")
	slow.Headers = map[string]string{"Retry-After": "3"}
	for _, c := range []struct {
		label     string
		ref       providers.MediaRef
		exchanges []providertest.Exchange
		err       *providers.SendError
	}{
		{"by the webhook's address", providers.MediaRef{ID: "11", URL: metaURL}, []providertest.Exchange{bytes}, nil},
		{"by its id", providers.MediaRef{ID: "11"}, []providertest.Exchange{look, bytes}, nil},
		{"by its id when the address is over", providers.MediaRef{ID: "11", URL: metaURL}, []providertest.Exchange{answering(bytes, 404, ""), look, bytes}, nil},
		{"an address elsewhere is not called", providers.MediaRef{ID: "11", URL: "https://127.0.0.1:1/x"}, []providertest.Exchange{look, bytes}, nil},
		{"an address elsewhere and no id", providers.MediaRef{URL: "https://127.0.0.1:1/x"}, nil, &gone},
		{"nothing", providers.MediaRef{}, nil, &gone},
		{"a caller's file", providers.MediaRef{ID: "11", URL: metaURL, Foreign: true}, nil, &gone},
		{"an address that is over, and no id", providers.MediaRef{URL: metaURL}, []providertest.Exchange{answering(bytes, 404, "")}, &gone},
		{"a dead id", providers.MediaRef{ID: "11"}, []providertest.Exchange{answering(look, 404, "")}, &gone},
		{"a dead id, in Meta's words", providers.MediaRef{ID: "11"}, []providertest.Exchange{answering(look, 400, `{"error":{"code":100,"message":"m"}}`)}, &gone100},
		{"an id whose address is elsewhere", providers.MediaRef{ID: "11"}, []providertest.Exchange{answering(look, 200, `{"url":"http://127.0.0.1:1/x"}`)}, &gone},
		{"a refused key", providers.MediaRef{ID: "11"}, []providertest.Exchange{answering(look, 401, "")},
			&providers.SendError{Reason: providers.ReasonInvalidToken, TellOperator: true}},
		{"too fast", providers.MediaRef{ID: "11"}, []providertest.Exchange{slow},
			&providers.SendError{Reason: providers.ReasonRateLimited, Retryable: true, RetryAfter: 3 * time.Second}},
		{"a failing provider", providers.MediaRef{ID: "11", URL: metaURL}, []providertest.Exchange{answering(bytes, 500, "")},
			&providers.SendError{Reason: providers.ReasonProviderInternal, Retryable: true}},
		{"no answer", providers.MediaRef{ID: "11"}, []providertest.Exchange{dropped}, &providers.SendError{Reason: providers.ReasonTimeout, Retryable: true}},
		{"an id that is a path", providers.MediaRef{ID: ".."}, nil, &gone},
		{"an id with a slash stays an id", providers.MediaRef{ID: "1/../x"}, []providertest.Exchange{{Method: "GET", Path: "/1%2F..%2Fx", Status: 404}}, &gone},
	} {
		t.Run(c.label, func(t *testing.T) {
			t.Parallel()
			script := providertest.NewScript(t, c.exchanges)
			file, err := openWith(t, d360.Options{BaseURL: script.URL, Client: script.Client}).FetchMedia(context.Background(), c.ref)
			providertest.CompareError(t, c.err, err)
			if err == nil {
				content, err := io.ReadAll(file)
				if string(content) != "bytes" || err != nil {
					t.Errorf("got %q, %v", content, err)
				}
				file.Close()
			}
			script.Finish()
		})
	}
}

// TestDeadIDsDoNotCloseTheEndpoint: look-ups stop before the 20 errors within
// an hour that would close the endpoint for all files.
func TestDeadIDsDoNotCloseTheEndpoint(t *testing.T) {
	t.Parallel()
	var exchanges []providertest.Exchange
	for range 19 {
		exchanges = append(exchanges, providertest.Exchange{Method: "GET", Path: "/11", Status: 404})
	}
	script := providertest.NewScript(t, exchanges)
	now := time.Unix(1760000000, 0)
	conn := openWith(t, d360.Options{BaseURL: script.URL, Client: script.Client, Now: func() time.Time { return now }})
	fetch := func() *providers.SendError {
		t.Helper()
		_, err := conn.FetchMedia(context.Background(), providers.MediaRef{ID: "11"})
		if err == nil {
			t.Fatal("a dead id was fetched")
		}
		return providers.AsSendError(err)
	}
	for range 18 {
		if e := fetch(); e.Retryable {
			t.Errorf("a dead id is to be tried again: %v", e)
		}
		now = now.Add(time.Minute)
	}
	e := fetch()
	if !e.Retryable || e.RetryAfter != 42*time.Minute {
		t.Errorf("error %v after %s, want a pause of 42 minutes", e, e.RetryAfter)
	}
	now = now.Add(e.RetryAfter)
	if e := fetch(); e.Retryable {
		t.Errorf("after the stated wait: %v", e)
	}
	script.Finish()
}

// digestOf is a file's digest as a MediaRef has it.
func digestOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
