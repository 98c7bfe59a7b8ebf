package app_test

import (
	"bytes"
	"encoding/json"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"go.mau.fi/whatsmeow/types"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
	"github.com/cirrus/omnichannel/internal/web"
)

// gate is a path under the world's number.
func gate(w *apptest.World, path string) string { return "/" + w.Number + "/" + path }

// step posts to the gateway and gives how the number is then.
func step(w *apptest.World, path string) doc {
	w.T.Helper()
	return w.Want(http.StatusOK, http.MethodPost, gate(w, path), nil)
}

// toScan asks for the code as JSON.
func toScan(w *apptest.World) apptest.Answer {
	w.T.Helper()
	return w.Do(apptest.Request{Method: http.MethodGet, Path: gate(w, "qr"), Header: map[string]string{"Accept": "application/json"}})
}

// phoneOf gives the world's phone with its linked devices.
func phoneOf(w *apptest.World) whatsapp.PhoneInfo {
	w.T.Helper()
	return must(w.Phones().Phone(w.Number))
}

// connectedOn waits until the world's phone shows its one device so.
func connectedOn(w *apptest.World, connected bool) whatsapp.DeviceInfo {
	w.T.Helper()
	var device whatsapp.DeviceInfo
	w.Eventually("the phone to show its device", func() bool {
		devices := phoneOf(w).Devices
		if len(devices) == 1 {
			device = devices[0]
		}
		return len(devices) == 1 && device.Connected == connected
	})
	return device
}

// reset asks for it, and waits until the device has come anew: its first login
// is refused, which shows that there was one, and its next is not.
func reset(w *apptest.World) {
	w.T.Helper()
	rule := must(w.Phones().AddFault(whatsapp.Rule{Match: whatsapp.Match{Phone: w.Number}, Times: 1, Fault: whatsapp.Fault{Kind: "refuse_login"}}))
	defer w.Phones().RemoveFault(rule.ID)
	expect(w.T, "reset", step(w, "reset"), doc{"number": w.Number})
	w.Eventually("a login after the reset", func() bool {
		for _, one := range w.Phones().Faults() {
			if one.ID == rule.ID {
				return one.Hits == 1
			}
		}
		return false
	})
	w.AwaitStatus("open")
	connectedOn(w, true)
}

// read lets a reader of QR codes look at an image.
func read(t *testing.T, image []byte) string {
	t.Helper()
	picture, err := png.Decode(bytes.NewReader(image))
	if err != nil {
		t.Fatal(err)
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		t.Fatal(err)
	}
	found, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		t.Fatal(err)
	}
	return found.GetText()
}

func TestANumberIsLinkedByItsImage(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.AddPhone(whatsapp.PhoneConfig{Phone: w.Number, Name: "Minha Loja"})
	expect(t, "before", w.Want(http.StatusOK, http.MethodGet, gate(w, "status"), nil), doc{
		"status": "created", "qr": nil, "battery": nil, "plugged": nil, "number": nil, "channelId": w.WhatsApp.String(),
	})
	image := w.Call(http.MethodGet, gate(w, "qr"), nil)
	if kind := image.Header.Get("Content-Type"); image.Status != http.StatusOK || kind != "image/png" || image.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("the image: %d, %v", image.Status, image.Header)
	}
	code := read(t, image.Body)
	for _, accept := range []string{"image/png", "*/*", "text/html,image/avif,image/png,*/*;q=0.8"} {
		if a := w.Do(apptest.Request{Method: http.MethodGet, Path: gate(w, "qr"), Header: map[string]string{"Accept": accept}}); a.Header.Get("Content-Type") != "image/png" {
			t.Errorf("Accept %q is answered %s", accept, a.Header.Get("Content-Type"))
		}
	}
	told := toScan(w)
	expect(t, "as JSON", told.JSON(), doc{"qr": code, "passkey": nil, "code": nil})
	if until, _ := told.JSON()["expiresAt"].(float64); int64(until) < time.Now().Unix() {
		t.Errorf("the code expired at %v", told.JSON()["expiresAt"])
	}
	expect(t, "while it waits", w.Want(http.StatusOK, http.MethodGet, gate(w, "status"), nil), doc{"status": "qr", "qr": code, "number": nil})
	if err := w.Phones().Scan(w.Number, code); err != nil {
		t.Fatalf("the phone does not take what the image says: %v", err)
	}
	w.AwaitStatus("open")
	expect(t, "after", w.Want(http.StatusOK, http.MethodGet, gate(w, "status"), nil), doc{"status": "open", "qr": nil, "detail": "", "number": w.Number})
	connectedOn(w, true)
	refused(t, "a code for what is linked", toScan(w), http.StatusConflict, "conflict")
	refused(t, "a pairing code for what is linked", w.Call(http.MethodPost, gate(w, "pair"), doc{}), http.StatusConflict, "conflict")
	if len(phoneOf(w).Devices) != 1 {
		t.Errorf("the phone has %d devices", len(phoneOf(w).Devices))
	}
}

func TestANumberIsLinkedByACode(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	none := w.Call(http.MethodPost, gate(w, "pair"), doc{"phone": "21"})
	refused(t, "no number", none, http.StatusBadRequest, "invalid_number")
	expect(t, "no number", none.JSON(), doc{"errors.0.field": "phone"})
	other := w.Call(http.MethodPost, gate(w, "pair"), doc{"phone": apptest.Phone()})
	refused(t, "another phone", other, http.StatusUnprocessableEntity, "validation_failed")
	expect(t, "another phone", other.JSON(), doc{"errors.0.field": "phone"})
	expect(t, "after what was refused", w.Want(http.StatusOK, http.MethodGet, gate(w, "status"), nil), doc{"status": "created"})
	refused(t, "a number that WhatsApp does not have", w.Call(http.MethodPost, gate(w, "pair"), doc{}), http.StatusNotFound, "number_not_on_whatsapp")
	w.AddPhone(whatsapp.PhoneConfig{Phone: w.Number})
	short := w.Want(http.StatusOK, http.MethodPost, gate(w, "pair"), doc{"phone": "+" + withoutNinth(w.Number)})
	expect(t, "without the ninth digit, which WhatsApp has", short, doc{"phone": w.Number})
	got := w.Want(http.StatusOK, http.MethodPost, gate(w, "pair"), doc{})
	expect(t, "its own", got, doc{"phone": w.Number})
	if err := w.Phones().EnterCode(t.Context(), w.Number, text(got, "code")); err != nil {
		t.Fatalf("the phone does not take %v: %v", got, err)
	}
	w.AwaitStatus("open")
	connectedOn(w, true)
}

// The phone of another number is turned away before it is linked, and the
// number's own may come after it.
func TestAnotherPhoneIsTurnedAway(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	stranger := apptest.Phone()
	w.AddPhone(whatsapp.PhoneConfig{Phone: stranger})
	w.AddPhone(whatsapp.PhoneConfig{Phone: w.Number})
	// How the phone learns that its scan came to nothing is its own matter.
	_ = w.Phones().Scan(stranger, text(toScan(w).JSON(), "qr"))
	w.AwaitStatus("failed")
	failed := w.Want(http.StatusOK, http.MethodGet, gate(w, "status"), nil)
	expect(t, "then", failed, doc{"qr": nil, "number": nil})
	for _, name := range []string{stranger, w.Number} {
		if !strings.Contains(text(failed, "detail"), name) {
			t.Errorf("%q does not name %s", failed["detail"], name)
		}
	}
	if devices := must(w.Phones().Phone(stranger)).Devices; len(devices) != 0 {
		t.Errorf("the other phone keeps %v", devices)
	}
	w.Eventually("another code", func() bool { return toScan(w).Status == http.StatusOK })
	w.Scan()
}

func TestAConnectionIsEndedAndMade(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	for _, path := range []string{"disconnect", "logout"} { // nothing to end
		expect(t, path, step(w, path), doc{"status": "created", "number": nil})
	}
	expect(t, "connected to no phone", step(w, "connect"), doc{"status": "qr", "number": nil})
	old := text(toScan(w).JSON(), "qr")
	expect(t, "given up", step(w, "disconnect"), doc{"status": "closed", "qr": nil})
	w.Eventually("the code to be useless", func() bool { return w.Phones().Scan(apptest.Phone(), old) != nil })
	w.Link()
	device := connectedOn(w, true)

	for range 2 {
		expect(t, "disconnected", step(w, "disconnect"), doc{"status": "closed", "number": w.Number})
	}
	if connectedOn(w, false).ID != device.ID {
		t.Error("the phone has another device after a disconnect")
	}
	for range 2 {
		expect(t, "connected", step(w, "connect"), doc{"status": "open", "number": w.Number, "detail": ""})
	}
	if connectedOn(w, true).ID != device.ID {
		t.Error("the phone has another device after a connect")
	}

	reset(w)
	if connectedOn(w, true).ID != device.ID {
		t.Error("the phone has another device after a reset")
	}

	for range 2 {
		expect(t, "logged out", step(w, "logout"), doc{"status": "logged_out", "number": nil, "qr": nil})
		if devices := phoneOf(w).Devices; len(devices) != 0 {
			t.Errorf("the phone keeps %v", devices)
		}
	}
	w.Scan() // and can be linked again
}

// What WhatsApp does not do is told, and is not what the status then says.
func TestWhatWhatsAppRefusesIsTold(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Link()
	rule := must(w.Phones().AddFault(whatsapp.Rule{Match: whatsapp.Match{Phone: w.Number, Type: "md"}, Times: 1, Fault: whatsapp.Fault{Kind: "iq_error"}}))
	defer w.Phones().RemoveFault(rule.ID)
	refused(t, "a logout", w.Call(http.MethodPost, gate(w, "logout"), nil), http.StatusServiceUnavailable, "provider_unavailable")
	expect(t, "then", w.Want(http.StatusOK, http.MethodGet, gate(w, "status"), nil), doc{"status": "open", "number": w.Number})
	expect(t, "the next", step(w, "logout"), doc{"status": "logged_out"})
}

func TestANumberIsLinkedWithAPasskey(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	other := apptest.Phone()
	w.AddPhone(whatsapp.PhoneConfig{Phone: w.Number, Passkey: true})
	w.AddPhone(whatsapp.PhoneConfig{Phone: other, Passkey: true})
	code := text(toScan(w).JSON(), "qr")
	for _, path := range []string{"pair/confirm", "pair/passkey"} {
		body := map[string]any{"pair/passkey": credential("e30")}[path]
		refused(t, path+" that nobody asked for", w.Call(http.MethodPost, gate(w, path), body), http.StatusConflict, "conflict")
	}
	if err := w.Phones().Scan(w.Number, code); err != nil {
		t.Fatal(err)
	}
	w.AwaitStatus("pairing")
	var asked types.WebAuthnPublicKey
	w.Eventually("the passkey's request", func() bool {
		var body struct{ Passkey json.RawMessage }
		a := w.Call(http.MethodGet, gate(w, "qr"), nil) // an image, if there were one
		return a.Status == http.StatusOK && json.Unmarshal(a.Body, &body) == nil && string(body.Passkey) != "null" && json.Unmarshal(body.Passkey, &asked) == nil
	})
	expect(t, "meanwhile", toScan(w).JSON(), doc{"qr": nil, "code": nil, "passkey.rpId": "whatsapp.com"})
	answer := func(phone string) apptest.Answer {
		return w.Call(http.MethodPost, gate(w, "pair/passkey"), doc{"response": must(w.Phones().AnswerPasskey(phone, asked))})
	}
	broken := w.Call(http.MethodPost, gate(w, "pair/passkey"), credential("no base64!"))
	refused(t, "no credential", broken, http.StatusUnprocessableEntity, "validation_failed")
	expect(t, "no credential", broken.JSON(), doc{"errors.0.field": "response.response.clientDataJSON"})
	refused(t, "somebody else's passkey", answer(other), http.StatusServiceUnavailable, "provider_unavailable")
	if a := answer(w.Number); a.Status != http.StatusOK {
		t.Fatalf("the passkey's answer: %s", a)
	}
	w.AwaitStatus("open")
	connectedOn(w, true)
}

// credential is a passkey's answer of the right shape.
func credential(signedOver string) doc {
	return doc{"response": doc{"id": "AQ", "rawId": "AQ", "type": "public-key", "authenticatorAttachment": nil, "clientExtensionResults": doc{},
		"response": doc{"clientDataJSON": signedOver, "authenticatorData": "AA", "signature": "AQ", "userHandle": nil}}}
}

// A code to compare is shown, and confirmed only while WhatsApp waits for that.
func TestACodeToCompare(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	toScan(w)
	// The simulated phones leave this step out, as WhatsApp does after a scan.
	err := w.App.Rooms.Channels.Accept(t.Context(), providers.Inbound{Channel: w.WhatsApp, Payload: providers.PasskeyAsked{Code: "KJ7T-4WQ2", Until: time.Now().Add(time.Minute)}})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "shown", toScan(w).JSON(), doc{"qr": nil, "passkey": nil, "code": "KJ7T-4WQ2"})
	refused(t, "out of turn", w.Call(http.MethodPost, gate(w, "pair/confirm"), nil), http.StatusServiceUnavailable, "provider_unavailable")
}

func TestAnAccessCodeOpensItsNumber(t *testing.T) {
	t.Parallel()
	w, neighbour := apptest.NewWorld(t), apptest.NewWorld(t)
	const code = "0123456789abcdef0123456789abcdef"
	w.Want(http.StatusOK, http.MethodPatch, w.Base()+"/channels/"+w.WhatsApp.String(), doc{"credentials": doc{"accessCode": code}})
	knock := func(number, code string) apptest.Answer {
		return w.Do(apptest.Request{Method: http.MethodGet, Path: "/" + number + "/status", Key: "-", Header: map[string]string{"X-Access-Code": code}})
	}
	for _, number := range []string{w.Number, withoutNinth(w.Number), "web" + w.Number, "web" + withoutNinth(w.Number), "+" + w.Number} {
		if a := knock(number, code); a.Status != http.StatusOK || text(a.JSON(), "channelId") != w.WhatsApp.String() {
			t.Errorf("by %s: %s", number, a)
		}
		if a := w.Call(http.MethodGet, "/"+number+"/status", nil); a.Status != http.StatusOK {
			t.Errorf("by %s with a key: %s", number, a)
		}
	}
	refused(t, "another's number", knock(neighbour.Number, code), http.StatusUnauthorized, "unauthenticated")
	elsewhere := w.Do(apptest.Request{Method: http.MethodGet, Path: w.Base() + "/channels", Key: "-", Header: map[string]string{"X-Access-Code": code}})
	refused(t, "another route", elsewhere, http.StatusUnauthorized, "unauthenticated")
	both := w.Do(apptest.Request{Method: http.MethodGet, Path: gate(w, "status"), Key: "omk_wrong", Header: map[string]string{"X-Access-Code": code}})
	refused(t, "beside a wrong key", both, http.StatusUnauthorized, "unauthenticated")
}

// Whoever guesses is locked out of the number, on all of its routes; a key goes
// on working, and so does everybody else's number.
func TestGuessingAnAccessCodeLocksOut(t *testing.T) {
	t.Parallel()
	w, neighbour := apptest.NewWorld(t), apptest.NewWorld(t)
	const code = "fedcba9876543210fedcba9876543210"
	for _, world := range []*apptest.World{w, neighbour} {
		world.Want(http.StatusOK, http.MethodPatch, world.Base()+"/channels/"+world.WhatsApp.String(), doc{"credentials": doc{"accessCode": code}})
	}
	ask := func(w *apptest.World, method, path, code string) apptest.Answer {
		return w.Do(apptest.Request{Method: method, Path: path, Key: "-", Header: map[string]string{"X-Access-Code": code}})
	}
	status := gate(w, "status")
	guess := func(n int) {
		for range n {
			refused(t, "a guess", ask(w, http.MethodGet, status, "not-the-access-code"), http.StatusUnauthorized, "unauthenticated")
		}
	}
	guess(5)
	if a := ask(w, http.MethodGet, status, code); a.Status != http.StatusOK {
		t.Errorf("the code after five wrong ones: %s", a)
	}
	guess(6)
	for _, route := range w.App.Routes {
		if route.Scope != web.Number {
			continue
		}
		a := ask(w, route.Method, filled(route, w, ""), code)
		refused(t, route.OperationID, a, http.StatusTooManyRequests, "rate_limited")
		if after := a.Header.Get("Retry-After"); after != "30" && after != "29" && after != "28" {
			t.Errorf("%s: Retry-After is %q", route.OperationID, after)
		}
	}
	refused(t, "the other writing", ask(w, http.MethodGet, "/web"+withoutNinth(w.Number)+"/status", code), http.StatusTooManyRequests, "rate_limited")
	w.Want(http.StatusOK, http.MethodGet, status, nil)
	if a := ask(neighbour, http.MethodGet, gate(neighbour, "status"), code); a.Status != http.StatusOK {
		t.Errorf("another number: %s", a)
	}
}

// What stands first in a path and is no number is nothing, whoever asks.
func TestWhatIsNoNumberIsNothing(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	for _, path := range []string{
		"/status", "/qr", "/abc/status", "/api/status", "/favicon.ico/qr", "/12345/status", "/123456789012345678901/status", "/web/status", "/-5521/status",
		"/%2B/status", "/5521977776666%20/status", "/" + w.Number, "/" + w.Number + "/", "/" + w.Number + "/nothing", "/" + w.Number + "/status/",
	} {
		for _, key := range []string{"-", "", "omk_wrong", apptest.AdminKey} {
			a := w.Do(apptest.Request{Method: http.MethodGet, Path: path, Key: key, Header: map[string]string{"X-Access-Code": "not-the-access-code"}})
			refused(t, path, a, http.StatusNotFound, "not_found")
		}
	}
	refused(t, "nobody's number", w.Call(http.MethodGet, "/"+apptest.Phone()+"/status", nil), http.StatusNotFound, "not_found")
	nobody := w.Do(apptest.Request{Method: http.MethodGet, Path: "/" + apptest.Phone() + "/status", Key: "-"})
	refused(t, "nobody's number without a key", nobody, http.StatusUnauthorized, "unauthenticated")
}

// A number may be in two accounts; their keys tell which is meant, an admin's
// does not.
func TestANumberInTwoAccounts(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	made := apptest.NewWorld(t)
	path := made.Base() + "/channels"
	channel := text(made.Want(http.StatusCreated, http.MethodPost, path, doc{"provider": "whatsappweb", "identifier": withoutNinth(w.Number)}), "_id")
	for world, id := range map[*apptest.World]string{w: w.WhatsApp.String(), made: channel} {
		expect(t, "by the account's key", world.Want(http.StatusOK, http.MethodGet, gate(w, "status"), nil), doc{"channelId": id})
	}
	admin := w.Do(apptest.Request{Method: http.MethodGet, Path: gate(w, "status"), Key: apptest.AdminKey})
	refused(t, "by an admin key", admin, http.StatusUnprocessableEntity, "channel_ambiguous")
	if listed, _ := admin.JSON()["channels"].([]any); len(listed) != 2 {
		t.Errorf("the channels: %s", admin)
	}
}

// Whichever server is asked, the number's connection is reached.
func TestTheServerThatDoesNotHoldTheDeviceAnswersToo(t *testing.T) {
	t.Parallel()
	start := side(t)
	servers := []*apptest.Server{start(t), start(t)}
	w := servers[0].World(t, apptest.Preset{})
	w.Want(http.StatusOK, http.MethodPatch, w.Base()+"/channels/"+w.WhatsApp.String(), doc{"settings": doc{"markReadOnProcess": false}})
	w.AddPhone(whatsapp.PhoneConfig{Phone: w.Number})
	// elsewhere is the world as the server shows it that does not hold the device.
	elsewhere := func() *apptest.World {
		at := *w
		w.Eventually("one server to hold the device", func() bool {
			holds := [2]bool{}
			for i, server := range servers {
				holds[i] = must(server.App.Rooms.Channels.HoldOf(t.Context(), w.WhatsApp)).Here
			}
			at.Server = servers[0]
			if holds[0] {
				at.Server = servers[1]
			}
			return holds[0] != holds[1]
		})
		return &at
	}
	if a := toScan(w); a.Status != http.StatusOK {
		t.Fatalf("the code: %s", a)
	}
	code := text(elsewhere().Want(http.StatusOK, http.MethodPost, gate(w, "pair"), doc{}), "code")
	if err := w.Phones().EnterCode(t.Context(), w.Number, code); err != nil {
		t.Fatal(err)
	}
	w.AwaitStatus("open")
	device := connectedOn(w, true)
	far := elsewhere()
	expect(t, "status", far.Want(http.StatusOK, http.MethodGet, gate(w, "status"), nil), doc{"status": "open", "number": w.Number})
	refused(t, "qr", toScan(far), http.StatusConflict, "conflict")
	expect(t, "validate", far.Want(http.StatusOK, http.MethodGet, gate(w, "validate/"+w.Number), nil), doc{"isValid": true, "phone": w.Number})
	group := must(w.Phones().CreateGroup(w.Number, whatsapp.GroupDraft{Subject: "Vendas"})).ID + "-group"
	expect(t, "group", far.Want(http.StatusOK, http.MethodGet, gate(w, "groups/"+group), nil), doc{"id": group, "participants.0.phone": w.Number, "participants.0.role": "superadmin"})
	expect(t, "account", far.Want(http.StatusOK, http.MethodGet, gate(w, "account"), nil), doc{"number": w.Number, "jid": w.Number + "@c.us"})
	allRead(far)
	act(far, http.MethodPost, "groups/"+group+"/archive", nil)
	chatIs(w, strings.TrimSuffix(group, "-group"), "archived", func(c whatsapp.PhoneChat) bool { return c.Archived })
	file := far.Do(apptest.Request{Method: http.MethodPost, Path: far.Base() + "/media", Body: apptest.PNG, Header: map[string]string{"Content-Type": "image/png"}})
	far.Want(http.StatusNoContent, http.MethodPut, gate(w, "groups/"+group+"/photo"), doc{"mediaUri": text(file.JSON(), "_id")})
	groupPicture(w, strings.TrimSuffix(group, "-group"))
	said := w.Says(w.Number, whatsapp.Draft{To: strings.TrimSuffix(group, "-group"), Text: "Oi"})
	w.Shown(w.Number, "it", func(m whatsapp.PhoneMessage) bool { return m.ID == said })
	chatWith(far, group, doc{"lastMessage.id": said})
	expect(t, "messages", pastOf(far, "groups/"+group, "older=true"), doc{"items.#": 1, "items.0.id": said, "nextBefore": nil})
	for _, c := range deviceCalls(group) {
		if c.query == "" { // WhatsApp is not asked, or the phone is
			if a := far.Call(c.method, gate(w, c.path), c.body); a.Status >= 300 {
				t.Errorf("%s: %s", c.operation, a)
			}
			continue
		}
		no := must(w.Phones().AddFault(whatsapp.Rule{Match: whatsapp.Match{Phone: w.Number, Type: c.query}, Fault: whatsapp.Fault{Kind: "iq_error", Code: 403}}))
		refused(t, c.operation, far.Call(c.method, gate(w, c.path), c.body), http.StatusForbidden, "forbidden")
		w.Phones().RemoveFault(no.ID)
	}
	refused(t, "no group", far.Call(http.MethodGet, gate(w, "groups/120363000000000001-group"), nil), http.StatusNotFound, "not_found")
	expect(t, "disconnect", step(far, "disconnect"), doc{"status": "closed"})
	connectedOn(w, false)
	expect(t, "connect", step(far, "connect"), doc{"status": "open"})
	if connectedOn(w, true).ID != device.ID {
		t.Error("the phone has another device after a connect")
	}
	reset(elsewhere())
	expect(t, "logout", step(elsewhere(), "logout"), doc{"status": "logged_out", "number": nil})
	if devices := phoneOf(w).Devices; len(devices) != 0 {
		t.Errorf("the phone keeps %v", devices)
	}
	far.Scan()
}

// allRead has a customer write thrice and the session read: the customer sees that
// of each message.
func allRead(w *apptest.World) {
	w.T.Helper()
	customer := apptest.Phone()
	w.AddPhone(whatsapp.PhoneConfig{Phone: customer, Name: "João Silva"})
	var said []string
	for _, text := range []string{"Olá", "Tem alguém?", "Alô?"} {
		said = append(said, w.Says(customer, whatsapp.Draft{To: w.Number, Text: text}))
	}
	session := w.AwaitSession(customer)
	w.Eventually("all to be unread", func() bool {
		return w.Want(http.StatusOK, http.MethodGet, "/api/session/"+session, nil)["unreadCount"] == 3.0
	})
	for _, id := range said { // the device has done all with it by then
		w.Shown(customer, "its tick", func(m whatsapp.PhoneMessage) bool { return m.ID == id && m.Status != "sent" })
	}
	w.Want(http.StatusOK, http.MethodPost, "/api/session/"+session+"/read", nil)
	for _, id := range said {
		w.Shown(customer, "that it was read", func(m whatsapp.PhoneMessage) bool { return m.ID == id && m.Status == "read" })
	}
}

// A number whose ban for good was lifted is linked again by its QR code, as the
// status says.
func TestANumberIsLinkedAgainAfterABan(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Link()
	if err := w.Phones().Ban(w.Number, whatsapp.Ban{}); err != nil {
		t.Fatal(err)
	}
	w.AwaitStatus("banned")
	if err := w.Phones().Unban(w.Number); err != nil {
		t.Fatal(err)
	}
	w.Scan()
}
