package channels_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/fault"
)

func signature(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// standard signs as a Standard Webhooks sender does.
func standard(t *testing.T, hook *standardwebhooks.Webhook, at time.Time, body []byte) http.Header {
	t.Helper()
	signed, err := hook.Sign("msg_1", at, body)
	if err != nil {
		t.Fatal(err)
	}
	return http.Header{"Webhook-Id": {"msg_1"}, "Webhook-Timestamp": {strconv.FormatInt(at.Unix(), 10)}, "Webhook-Signature": {signed}}
}

func TestEveryProofOfTheSecretCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, secret := range []string{"", "a-secret-of-the-operators-own"} {
		identifier := map[string]string{"": "5521911110001"}[secret]
		if identifier == "" {
			identifier = "5521911110002"
		}
		a := w.want(w.call("POST", "", `{"provider":"whatsappweb","identifier":"`+identifier+`","credentials":{"webhookSecret":"`+secret+`"}}`), 201)
		hook, err := standardwebhooks.NewWebhookRaw([]byte(secret))
		if secret == "" {
			secret = a.at("webhook.secret").(string)
			hook, err = standardwebhooks.NewWebhook(secret)
		} else if a.at("webhook.secret") != nil {
			t.Errorf("the caller's own secret is shown: %s", a.text)
		}
		if err != nil {
			t.Fatal(err)
		}
		w.proofs(w.channel(a), secret, hook)
	}
}

func (w *world) channel(a answer) channels.Channel {
	w.t.Helper()
	ch, err := w.service.Get(context.Background(), w.id(a))
	if err != nil {
		w.t.Fatal(err)
	}
	return ch
}

func (w *world) proofs(ch channels.Channel, secret string, hook *standardwebhooks.Webhook) {
	t, body, now := w.t, []byte(`{"a":1}`), w.clock.now()
	one := func(name, value string) http.Header { return http.Header{http.CanonicalHeaderKey(name): {value}} }
	wrong := strings.Repeat("x", len(secret))
	forged := standard(t, hook, now, body)
	forged.Set("Webhook-Id", "msg_2")
	untimed := standard(t, hook, now, body)
	untimed.Set("Webhook-Timestamp", "soon")
	// Refused too, but only the body shows it.
	byBody := []string{"signature of another body", "signature with another secret", "Standard Webhooks of another id", "Standard Webhooks of another body"}
	for _, c := range []struct {
		name   string
		header http.Header
		query  url.Values
		good   bool
	}{
		{"bearer", one("Authorization", "Bearer "+secret), nil, true},
		{"bearer in lower case", one("Authorization", "bearer "+secret), nil, true},
		{"X-Webhook-Secret", one("X-Webhook-Secret", secret), nil, true},
		{"token", nil, url.Values{"token": {secret}}, true},
		{"360dialog's signature", one("x-360dialog-signature", signature(secret, body)), nil, true},
		{"with its prefix", one("x-360dialog-signature", "sha256="+signature(secret, body)), nil, true},
		{"in upper case", one("x-360dialog-signature", strings.ToUpper(signature(secret, body))), nil, true},
		{"Standard Webhooks", standard(t, hook, now, body), nil, true},
		{"Standard Webhooks, a little late", standard(t, hook, now.Add(-4*time.Minute), body), nil, true},
		{"one good proof beside a wrong one", one("Authorization", "Bearer "+wrong), url.Values{"token": {secret}}, true},

		{"nothing", nil, nil, false},
		{"wrong bearer", one("Authorization", "Bearer "+wrong), nil, false},
		{"a bearer with more behind", one("Authorization", "Bearer "+secret+"x"), nil, false},
		{"half a bearer", one("Authorization", "Bearer "+secret[:8]), nil, false},
		{"another scheme", one("Authorization", "Basic "+secret), nil, false},
		{"empty bearer", one("Authorization", "Bearer "), nil, false},
		{"wrong header", one("X-Webhook-Secret", wrong), nil, false},
		{"empty token", nil, url.Values{"token": {""}}, false},
		{"wrong token", nil, url.Values{"token": {wrong}}, false},
		{"signature of another body", one("x-360dialog-signature", signature(secret, []byte(`{"a":2}`))), nil, false},
		{"signature with another secret", one("x-360dialog-signature", signature(wrong, body)), nil, false},
		{"signature that is none", one("x-360dialog-signature", "sha256=zz"), nil, false},
		{"empty signature", one("x-360dialog-signature", "sha256="), nil, false},
		{"Standard Webhooks of another id", forged, nil, false},
		{"Standard Webhooks too old", standard(t, hook, now.Add(-6*time.Minute), body), nil, false},
		{"Standard Webhooks of the future", standard(t, hook, now.Add(6*time.Minute), body), nil, false},
		{"Standard Webhooks of another body", standard(t, hook, now, []byte(`{}`)), nil, false},
		{"Standard Webhooks without a time", untimed, nil, false},
	} {
		admitted := w.service.AdmitWebhook(context.Background(), ch, c.header, c.query)
		if good := c.good || slices.Contains(byBody, c.name); good && admitted != nil || !good && !fault.Is(admitted, fault.Unauthenticated) {
			t.Errorf("%s, before the body: %v", c.name, admitted)
		}
		err := w.service.VerifyWebhook(context.Background(), ch, c.header, c.query, body)
		if c.good && err != nil || !c.good && !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%s: %v", c.name, err)
		}
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("%s shows the secret: %v", c.name, err)
		}
	}
}

func TestARefusedWebhookShowsUntilItIsOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.createD360()
	secret, _ := a.at("webhook.secret").(string)
	ch := w.channel(a)
	call := func(token string) error {
		return w.service.VerifyWebhook(t.Context(), ch, nil, url.Values{"token": {token}}, nil)
	}
	detail := func() string { return w.channel(a).State.Detail }
	before := len(w.statuses(ch.ID))
	for range 5 {
		if err := call("guess"); !fault.Is(err, fault.Unauthenticated) {
			t.Fatal(err)
		}
	}
	if !strings.Contains(detail(), "without the right secret") || strings.Contains(detail(), "guess") || strings.Contains(detail(), secret) {
		t.Errorf("the state says %q", detail())
	}
	if status := w.channel(a).State.Status; status != "open" {
		t.Errorf("the channel is %s", status)
	}
	if n := len(w.statuses(ch.ID)) - before; n != 1 {
		t.Errorf("%d events of five refusals", n)
	}
	if err := call(secret); err != nil {
		t.Fatal(err)
	}
	if detail() == "" {
		t.Error("a good webhook right after a bad one hid it")
	}
	w.clock.move(11 * time.Minute)
	if err := call(secret); err != nil {
		t.Fatal(err)
	}
	if detail() != "" {
		t.Errorf("ten quiet minutes later the state says %q", detail())
	}
	// Guessing goes on beside good webhooks: the state must not flicker.
	before = len(w.statuses(ch.ID))
	for range 20 {
		w.clock.move(30 * time.Second)
		_ = call("guess")
		_ = call(secret)
	}
	if n := len(w.statuses(ch.ID)) - before; n != 1 {
		t.Errorf("%d events of ten minutes of guessing", n)
	}
}
