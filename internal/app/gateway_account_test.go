package app_test

import (
	"bytes"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// phoneShows waits until the world's phone shows itself so.
func phoneShows(w *apptest.World, what string, is func(whatsapp.PhoneInfo) bool) {
	w.T.Helper()
	w.Eventually("the phone to show "+what, func() bool { return is(phoneOf(w)) })
}

func TestTheAccountTellsWhatItShows(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	refused(t, "a platform of nothing", w.Call(http.MethodGet, gate(w, "platform"), nil), http.StatusBadRequest, "whatsapp_connection_closed")
	expect(t, "no number", w.Want(http.StatusOK, http.MethodGet, gate(w, "number"), nil), doc{"number": nil, "jid": nil})
	w.AddPhone(whatsapp.PhoneConfig{Phone: w.Number, Name: "Minha Loja", About: "Aberta até as 18h", Platform: "smba", Business: &whatsapp.Business{Name: "Minha Loja LTDA"}})
	w.Scan()
	w.Eventually("the account's name", func() bool {
		return text(w.Want(http.StatusOK, http.MethodGet, gate(w, "account"), nil), "name") == "Minha Loja"
	})
	expect(t, "the account", w.Want(http.StatusOK, http.MethodGet, gate(w, "account"), nil), doc{
		"number": w.Number, "jid": w.Number + "@c.us", "lid": phoneOf(w).LID + "@lid", "about": "Aberta até as 18h", "photo": nil,
		"businessName": "Minha Loja LTDA", "platform": "smba",
	})
	if err := w.Phones().SetPicture(w.Number, apptest.JPEG); err != nil {
		t.Fatal(err)
	}
	photo := text(w.Want(http.StatusOK, http.MethodGet, gate(w, "account"), nil), "photo")
	if picture := w.Call(http.MethodGet, strings.TrimPrefix(photo, w.App.URL()), nil); picture.Status != http.StatusOK || !bytes.Equal(picture.Body, apptest.JPEG) {
		t.Errorf("the picture at %q: %d, %d bytes", photo, picture.Status, len(picture.Body))
	}
	expect(t, "its platform", w.Want(http.StatusOK, http.MethodGet, gate(w, "platform"), nil), doc{"platform": "smba", "manufacturer": nil, "model": nil, "osVersion": nil})
	w.Eventually("the device to have read what its phone shares", func() bool { return hasReadShared(w) })
	if err := w.Phones().Cut(w.Number, 0, ""); err != nil {
		t.Fatal(err)
	}
	step(w, "disconnect")
	expect(t, "its number while it is not connected", w.Want(http.StatusOK, http.MethodGet, gate(w, "number"), nil), doc{"number": w.Number, "jid": w.Number + "@c.us"})
	step(w, "connect")
	w.AwaitStatus("open")
	expect(t, "its platform after a reconnection", w.Want(http.StatusOK, http.MethodGet, gate(w, "platform"), nil), doc{"platform": "smba"})
	expect(t, "its name after one", w.Want(http.StatusOK, http.MethodGet, gate(w, "account"), nil), doc{"name": "Minha Loja"})
}

// What is changed is changed on the phone, and what is changed there is told.
func TestTheAccountIsChanged(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Link()
	put := func(path string, body doc) {
		t.Helper()
		w.Want(http.StatusNoContent, http.MethodPut, gate(w, path), body)
	}
	for _, about := range []string{"Aberta até as 18h", ""} {
		put("account/about", doc{"about": about})
		phoneShows(w, "its about text", func(p whatsapp.PhoneInfo) bool { return p.About == about })
	}
	put("account/name", doc{"name": "  Loja da Ana "})
	phoneShows(w, "its new name", func(p whatsapp.PhoneInfo) bool { return p.Name == "Loja da Ana" })
	expect(t, "named", w.Want(http.StatusOK, http.MethodGet, gate(w, "account"), nil), doc{"name": "Loja da Ana", "about": nil})
	there := "Nome no telefone"
	if _, err := w.Phones().PatchPhone(w.Number, whatsapp.PhonePatch{Name: &there}); err != nil {
		t.Fatal(err)
	}
	w.Eventually("the name that was given on the phone", func() bool {
		return text(w.Want(http.StatusOK, http.MethodGet, gate(w, "account"), nil), "name") == there
	})
	phoneShows(w, "it online, as the channel wants it", func(p whatsapp.PhoneInfo) bool { return p.Online })
	for presence, online := range map[string]bool{"unavailable": false, "available": true} {
		put("presence", doc{"presence": presence})
		phoneShows(w, "it "+presence, func(p whatsapp.PhoneInfo) bool { return p.Online == online })
	}
	for path, body := range map[string]doc{
		"account/about": {"about": strings.Repeat("a", 140)}, "account/name": {"name": " "}, "presence": {"presence": "busy"},
	} {
		refused(t, path, w.Call(http.MethodPut, gate(w, path), body), http.StatusUnprocessableEntity, "validation_failed")
	}
}

// Who asked for not being shown is not shown after a reconnection either.
func TestAPresenceOutlastsAReconnection(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Link()
	phoneShows(w, "it online", func(p whatsapp.PhoneInfo) bool { return p.Online })
	w.Want(http.StatusNoContent, http.MethodPut, gate(w, "presence"), doc{"presence": "unavailable"})
	phoneShows(w, "it offline", func(p whatsapp.PhoneInfo) bool { return !p.Online })
	if err := w.Phones().SetPresence(w.Number, true); err != nil { // the phone itself
		t.Fatal(err)
	}
	w.Eventually("the device to have read what its phone shares", func() bool { return hasReadShared(w) })
	if err := w.Phones().Cut(w.Number, 0, ""); err != nil {
		t.Fatal(err)
	}
	phoneShows(w, "it offline again", func(p whatsapp.PhoneInfo) bool { return !p.Online })
}

func TestTheVersionsAreTold(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	got := w.Want(http.StatusOK, http.MethodGet, gate(w, "version"), nil)
	if !regexp.MustCompile(`^2\.\d+\.\d+$`).MatchString(text(got, "whatsAppWeb")) || text(got, "whatsmeow") == "" || text(got, "version") == "" {
		t.Errorf("the versions: %v", got)
	}
}

// byCode asks with an access code and no key.
func byCode(w *apptest.World, method, path, code string) apptest.Answer {
	w.T.Helper()
	return w.Do(apptest.Request{Method: method, Path: gate(w, path), Key: "-", Header: map[string]string{"X-Access-Code": code}})
}

func TestAnAccessCodeIsCheckedAndChanged(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	expect(t, "none yet", w.Want(http.StatusOK, http.MethodGet, gate(w, "access-code"), nil), doc{"set": false, "valid": nil, "since": nil})
	renew := func(a apptest.Answer) string {
		t.Helper()
		since, _ := a.JSON()["since"].(float64)
		if age := time.Since(time.Unix(int64(since), 0)); a.Status != http.StatusOK || age < -time.Minute || age > time.Minute {
			t.Fatalf("a new code: %s", a)
		}
		return text(a.JSON(), "accessCode")
	}
	first := renew(w.Call(http.MethodPut, gate(w, "access-code"), nil))
	second := renew(byCode(w, http.MethodPut, "access-code", first))
	third := renew(byCode(w, http.MethodPut, "access-code", second))
	if first == second || second == third || len(third) < 26 {
		t.Errorf("codes %q, %q, %q", first, second, third)
	}
	shown := byCode(w, http.MethodGet, "access-code", third)
	expect(t, "by the code", shown.JSON(), doc{"set": true, "valid": true})
	expect(t, "by the key", w.Want(http.StatusOK, http.MethodGet, gate(w, "access-code"), nil), doc{"set": true, "valid": nil})
	if strings.Contains(shown.String(), third) {
		t.Errorf("the code is shown again: %s", shown)
	}
	for _, old := range []string{first, second} {
		refused(t, "an old code", byCode(w, http.MethodGet, "access-code", old), http.StatusUnauthorized, "unauthenticated")
	}
	if a := byCode(w, http.MethodGet, "status", third); a.Status != http.StatusOK {
		t.Errorf("the newest code elsewhere: %s", a)
	}
	w.Want(http.StatusOK, http.MethodPatch, w.Base()+"/channels/"+w.WhatsApp.String(), doc{"credentials": doc{"accessCode": nil}})
	expect(t, "taken away", w.Want(http.StatusOK, http.MethodGet, gate(w, "access-code"), nil), doc{"set": false, "since": nil})
}

// Guessing by the route that checks codes locks out as anywhere.
func TestCheckingAccessCodesLocksOut(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	code := text(w.Want(http.StatusOK, http.MethodPut, gate(w, "access-code"), nil), "accessCode")
	for i := range 7 {
		method := []string{http.MethodGet, http.MethodPut}[i%2]
		want, says := http.StatusUnauthorized, "unauthenticated"
		if i == 6 {
			want, says = http.StatusTooManyRequests, "rate_limited"
		}
		refused(t, "a guess", byCode(w, method, "access-code", "not-the-access-code"), want, says)
	}
	refused(t, "the right one, too late", byCode(w, http.MethodGet, "access-code", code), http.StatusTooManyRequests, "rate_limited")
}

// A code that was changed on one server opens nothing on another soon after.
func TestAnOldAccessCodeEndsOnEveryServer(t *testing.T) {
	t.Parallel()
	start := side(t)
	here, there := start(t), start(t)
	w := here.World(t, apptest.Preset{})
	far := *w
	far.Server = there
	old := text(w.Want(http.StatusOK, http.MethodPut, gate(w, "access-code"), nil), "accessCode")
	knows := func(code string) func() bool { // not by the route, which would lock us out
		return func() bool { return must(there.App.Rooms.Channels.KnowsAccessCode(t.Context(), w.WhatsApp, code)) }
	}
	far.Eventually("the other server to know the code", knows(old))
	fresh := text(w.Want(http.StatusOK, http.MethodPut, gate(w, "access-code"), nil), "accessCode")
	refused(t, "the old code at once, where it was changed", byCode(w, http.MethodGet, "access-code", old), http.StatusUnauthorized, "unauthenticated")
	far.Eventually("the new code there", knows(fresh))
	expect(t, "the new code, there", byCode(&far, http.MethodGet, "access-code", fresh).JSON(), doc{"valid": true})
	refused(t, "the old code, there", byCode(&far, http.MethodGet, "access-code", old), http.StatusUnauthorized, "unauthenticated")
}
