package app_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// Whoever is on WhatsApp is found by every way to write them, as they are
// registered there.
func TestNumbersAreValidated(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Link()
	whole, short := apptest.Phone(), withoutNinth(apptest.Phone())
	stranger := must(w.Phones().AddPhone(whatsapp.PhoneConfig{Phone: whole}))
	registered := must(w.Phones().AddPhone(whatsapp.PhoneConfig{Phone: short}))
	withNinth := short[:4] + "9" + short[4:]
	for _, c := range []struct {
		input string
		is    whatsapp.PhoneInfo
	}{
		{whole, stranger}, {withoutNinth(whole), stranger}, {whole + "@c.us", stranger}, {whole + "@s.whatsapp.net", stranger}, {"+" + whole, stranger},
		{short, registered}, {withNinth, registered}, {registered.LID + "@lid", registered}, {w.Number, phoneOf(w)},
	} {
		got := w.Want(http.StatusOK, http.MethodGet, gate(w, "validate/"+url.PathEscape(c.input)), nil)
		expect(t, c.input, got, doc{"input": c.input, "isValid": true, "jid": c.is.Phone + "@c.us", "lid": c.is.LID + "@lid", "phone": c.is.Phone})
	}
	unmet := must(w.Phones().AddPhone(whatsapp.PhoneConfig{Phone: apptest.Phone()}))
	hidden := unmet.LID + "@lid"
	expect(t, "a stranger's hidden address", w.Want(http.StatusOK, http.MethodGet, gate(w, "validate/"+hidden), nil), doc{"input": hidden, "isValid": true, "jid": hidden, "lid": hidden, "phone": nil})
	for _, nobody := range []string{apptest.Phone(), "190000000000001@lid"} {
		expect(t, nobody, w.Want(http.StatusOK, http.MethodGet, gate(w, "validate/"+nobody), nil), doc{"input": nobody, "isValid": false, "jid": nil, "lid": nil, "phone": nil})
	}
	for _, none := range []string{"21", "joao", "5521988887777-group", "120363@g.us", "5521988887777@example.org"} {
		refused(t, none, w.Call(http.MethodGet, gate(w, "validate/"+none), nil), http.StatusBadRequest, "invalid_number")
	}
}

// What WhatsApp does not do, and what is not there to ask, is told apart.
func TestWhatADeviceIsAskedFails(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	ask := func() apptest.Answer { return w.Call(http.MethodGet, gate(w, "validate/"+apptest.Phone()), nil) }
	refused(t, "never linked", ask(), http.StatusBadRequest, "whatsapp_connection_closed")
	w.Link()
	for code, want := range map[int]struct {
		status int
		code   string
	}{
		403: {http.StatusForbidden, "forbidden"}, 429: {http.StatusTooManyRequests, "rate_limited"}, 500: {http.StatusServiceUnavailable, "provider_unavailable"},
	} {
		rule := must(w.Phones().AddFault(whatsapp.Rule{Match: whatsapp.Match{Phone: w.Number, Type: "usync"}, Fault: whatsapp.Fault{Kind: "iq_error", Code: code}}))
		refused(t, "refused by WhatsApp", ask(), want.status, want.code)
		w.Phones().RemoveFault(rule.ID)
	}
	expect(t, "then", ask().JSON(), doc{"isValid": false})
	step(w, "disconnect")
	refused(t, "disconnected", ask(), http.StatusBadRequest, "whatsapp_connection_closed")
}
