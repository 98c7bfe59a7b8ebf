package app_test

import (
	"net/http"
	"net/netip"
	"testing"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/config"
)

// Behind a trusted proxy wrong access codes lock out who gave them, and nobody else.
func TestWrongAccessCodesLockOutTheirSenderBehindAProxy(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t, apptest.Options{Config: func(c *config.Config) {
		c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	}}).World(t, apptest.Preset{})
	code := text(w.Want(http.StatusOK, http.MethodPut, gate(w, "access-code"), nil), "accessCode")
	from := func(address, code string) apptest.Answer {
		return w.Do(apptest.Request{Method: http.MethodGet, Path: gate(w, "access-code"), Key: "-", Header: map[string]string{"X-Access-Code": code, "X-Forwarded-For": address}})
	}
	for range 6 {
		refused(t, "a guess", from("203.0.113.7", "not-the-access-code"), http.StatusUnauthorized, "unauthenticated")
	}
	refused(t, "one more", from("203.0.113.7", "not-the-access-code"), http.StatusTooManyRequests, "rate_limited")
	refused(t, "one under another's name", from("203.0.113.8, 203.0.113.7", code), http.StatusTooManyRequests, "rate_limited")
	expect(t, "somebody else", from("203.0.113.8", code).JSON(), doc{"valid": true})
}
