package app_test

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/cirrus/omnichannel/internal/app"
	"github.com/cirrus/omnichannel/internal/platforms"
)

// printed is what the demo's console prints.
type printed struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (p *printed) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.Write(text)
}

func (p *printed) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

// The demo's console prints what is signed, and nothing else.
func TestTheDemosConsoleVerifies(t *testing.T) {
	t.Parallel()
	var out printed
	url, trust, err := app.OpenConsole(t.Context(), t.TempDir(), &out, t.Cleanup)
	if err != nil {
		t.Fatal(err)
	}
	secret, other := platforms.NewSecret().Reveal(), platforms.NewSecret().Reveal()
	post := func(kind, by string) int {
		t.Helper()
		body := []byte(`{"type":"` + kind + `","sequence":7}`)
		req := must(http.NewRequestWithContext(context.Background(), http.MethodPost, url, bytes.NewReader(body)))
		if by != "" {
			now := time.Now()
			req.Header.Set("webhook-id", "evt_1")
			req.Header.Set("webhook-timestamp", strconv.FormatInt(now.Unix(), 10))
			req.Header.Set("webhook-signature", must(must(standardwebhooks.NewWebhook(by)).Sign("evt_1", now, body)))
		}
		resp := must(http.DefaultClient.Do(req))
		resp.Body.Close()
		return resp.StatusCode
	}
	if status := post("early", secret); status != http.StatusServiceUnavailable {
		t.Errorf("before the secret is known: %d", status)
	}
	trust(secret)
	for kind, by := range map[string]string{"unsigned": "", "by.another": other} {
		if status := post(kind, by); status != http.StatusUnauthorized {
			t.Errorf("%s: %d", kind, status)
		}
	}
	if status := post("message.received", secret); status != http.StatusNoContent {
		t.Errorf("signed: %d", status)
	}
	if got := out.String(); got != "    console ← message.received #7\n" {
		t.Errorf("printed is %q", got)
	}
}
