package d360_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/d360"
	"github.com/cirrus/omnichannel/internal/providers/providertest"
)

func TestVerifySignature(t *testing.T) {
	t.Parallel()
	body := []byte(`{"entry":[]}`)
	mac := hmac.New(sha256.New, []byte("secret"))
	mac.Write(body)
	good := hex.EncodeToString(mac.Sum(nil))
	empty := hex.EncodeToString(hmac.New(sha256.New, nil).Sum(nil))
	for header, want := range map[string]bool{
		good: true, "sha256=" + good: true, " " + strings.ToUpper(good): true,
		"": false, "sha256=": false, good[:62]: false, good + "00": false, "xyz": false, strings.Repeat("0", 64): false,
	} {
		if got := d360.VerifySignature("secret", body, header); got != want {
			t.Errorf("%q verifies: %t", header, got)
		}
	}
	if d360.VerifySignature("other", body, good) || d360.VerifySignature("secret", append(body, ' '), good) || d360.VerifySignature("", nil, empty) {
		t.Error("a wrong secret, a changed body or no secret verifies")
	}
}

func TestSetWebhook(t *testing.T) {
	t.Parallel()
	set := func(url string) providertest.Exchange {
		return providertest.Exchange{Method: "POST", Path: "/v1/configs/webhook", Header: keyed, Answer: `{"url":"x"}`,
			Body: `{"url":"` + url + `","headers":{"Authorization":"Bearer s"}}`}
	}
	for _, c := range []struct {
		label, url string
		exchange   providertest.Exchange
		err        *providers.SendError
		hint       bool
	}{
		{"taken", "https://x.example/w", set("https://x.example/w"), nil, false},
		{"a host with a port", "https://x.example:8443/w", answering(set("https://x.example:8443/w"), 400, `{"error":"bad url"}`),
			&providers.SendError{Reason: providers.ReasonInvalidMessage}, true},
		{"a host with an underscore", "https://x_y.example/w", answering(set("https://x_y.example/w"), 400, ``),
			&providers.SendError{Reason: providers.ReasonInvalidMessage}, true},
		{"another refusal", "https://x.example/w", answering(set("https://x.example/w"), 400, ``), &providers.SendError{Reason: providers.ReasonInvalidMessage}, false},
		{"a failure may be repeated", "https://x.example/w", answering(set("https://x.example/w"), 502, ``),
			&providers.SendError{Reason: providers.ReasonProviderInternal, Retryable: true}, false},
	} {
		t.Run(c.label, func(t *testing.T) {
			t.Parallel()
			script := providertest.NewScript(t, []providertest.Exchange{c.exchange})
			err := openWith(t, d360.Options{BaseURL: script.URL, Client: script.Client}).SetWebhook(context.Background(), c.url, map[string]string{"Authorization": "Bearer s"})
			providertest.CompareError(t, c.err, err)
			if err != nil && strings.Contains(err.Error(), "OMNI_PUBLIC_URL") != c.hint {
				t.Errorf("the error says %q", err)
			}
			script.Finish()
		})
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		label, answer string
		want          providers.Health
		says          string
	}{
		{"well", `{"health_status":{"can_send_message":"AVAILABLE","entities":[{"entity_type":"WABA","id":"1","can_send_message":"AVAILABLE"}]},"id":"PN1"}`,
			providers.Health{NumberID: "PN1", CanSend: true}, ""},
		{"limited", `{"health_status":{"can_send_message":"LIMITED","entities":[{"entity_type":"BUSINESS","can_send_message":"LIMITED","additional_info":["Verify the business"]}]},"id":7}`,
			providers.Health{NumberID: "7", CanSend: true}, "BUSINESS is LIMITED. Verify the business."},
		{"blocked", `{"health_status":{"can_send_message":"BLOCKED","entities":[4,{"entity_type":"PHONE_NUMBER","can_send_message":"BLOCKED",
			"errors":[{"error_code":141000,"error_description":"No payment method","possible_solution":"Add one."}]}]},"id":"PN1"}`,
			providers.Health{NumberID: "PN1"}, "PHONE_NUMBER is BLOCKED. No payment method. Add one."},
		{"of no shape", `{"id":"PN1"}`, providers.Health{NumberID: "PN1"}, "360dialog says nothing of the number."},
	} {
		t.Run(c.label, func(t *testing.T) {
			t.Parallel()
			script := providertest.NewScript(t, []providertest.Exchange{{Method: "GET", Path: "/health_status", Header: keyed, Answer: c.answer}})
			got, err := openWith(t, d360.Options{BaseURL: script.URL, Client: script.Client}).Health(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(got.Detail, c.says) || (c.says == "") != (got.Detail == "") {
				t.Errorf("says %q, want %q", got.Detail, c.says)
			}
			got.Detail = ""
			if diff := providertest.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPresence(t *testing.T) {
	t.Parallel()
	read := providertest.Exchange{Method: "POST", Path: "/messages", Header: keyed, Answer: `{"success":true}`,
		Body: `{"messaging_product":"whatsapp","status":"read","message_id":"wamid.A"}`}
	typing := read
	typing.Body = `{"messaging_product":"whatsapp","status":"read","message_id":"wamid.A","typing_indicator":{"type":"text"}}`
	script := providertest.NewScript(t, []providertest.Exchange{read, typing, typing, answering(read, 500, "")})
	conn, ctx := openWith(t, d360.Options{BaseURL: script.URL, Client: script.Client}), context.Background()
	group := providers.Address{Kind: providers.KindGroup, Value: "1"}
	providertest.CompareError(t, nil, conn.MarkRead(ctx, anna, providers.ReadMark{ID: "wamid.A"}, providers.ReadMark{ID: "wamid.older"}))
	providertest.CompareError(t, nil, conn.SendTyping(ctx, anna, "wamid.A", providers.Typing))
	providertest.CompareError(t, nil, conn.SendTyping(ctx, anna, "wamid.A", providers.Recording))
	providertest.CompareError(t, nil, conn.SendTyping(ctx, anna, "wamid.A", providers.Paused))
	providertest.CompareError(t, &providers.SendError{Reason: providers.ReasonProviderInternal, Retryable: true}, conn.MarkRead(ctx, anna, providers.ReadMark{ID: "wamid.A"}, providers.ReadMark{ID: "wamid.older"}))
	providertest.CompareError(t, &providers.SendError{Reason: providers.ReasonInvalidMessage}, conn.MarkRead(ctx, anna, providers.ReadMark{}))
	providertest.CompareError(t, &providers.SendError{Reason: providers.ReasonCapabilityUnsupported}, conn.MarkRead(ctx, group, providers.ReadMark{ID: "wamid.A", Author: anna}))
	script.Finish()
}
