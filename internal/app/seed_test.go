package app_test

import (
	"context"
	_ "embed"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/app"
	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/platforms"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/sandbox/d360"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
	"github.com/cirrus/omnichannel/internal/sessions"
)

// seedText is the document that the API was ordered by, word for word.
//
//go:embed testdata/omnichannel.txt
var seedText string

// The ids that the document prints.
const (
	seedChannel = "64cbbd9596429dbccd7841e2"
	seedSession = "64cbbd9596429dbccd7841e5"
	seedPerson  = "5521988887777"
	seedNumber  = "5521977776666"
	seedWamid   = "wamid.HBgNNTUyMTk4ODg4Nzc3NxUCABIYFjNBMDJCMEE2RkY4QzRBOUNCNzAyRjAA"
)

// block is one JSON object that the document prints.
type block struct {
	line    int
	section string // 2.1
	label   string // the line before it
	text    string // byte for byte
}

var sectionHead = regexp.MustCompile(`^(\d+\.\d+) `)

// blocks finds every JSON object of the document, outermost ones only.
func blocks(t *testing.T) []block {
	t.Helper()
	var found []block
	section, label, depth := "", "", 0
	var current []string
	for i, line := range strings.Split(seedText, "\n") {
		if head := sectionHead.FindStringSubmatch(line); head != nil && depth == 0 {
			section = head[1]
		}
		if depth == 0 && line != "{" {
			label = line
			continue
		}
		depth += strings.Count(line, "{") - strings.Count(line, "}")
		current = append(current, line)
		if depth > 0 {
			continue
		}
		b := block{line: i + 2 - len(current), section: section, label: label, text: strings.Join(current, "\n")}
		if !json.Valid([]byte(b.text)) {
			t.Fatalf("line %d: not JSON: %s", b.line, b.text)
		}
		found, current, depth = append(found, b), nil, 0
	}
	return found
}

// seedServer is a server that has what the document takes for granted: its
// ids, its platform, its contact's open session, and s3.amazonaws.com.
func seedServer(t *testing.T, provider providers.Name) *apptest.World {
	t.Helper()
	files := apptest.Files(t, "s3.amazonaws.com", map[string][]byte{
		"/bucket/audio.mp3": apptest.MP3, "/bucket/audio.ogg": apptest.Ogg, "/bucket/imagem.jpg": apptest.JPEG, "/bucket/imagem.png": apptest.PNG,
		"/bucket/video.mp4": apptest.MP4, "/bucket/documento.pdf": apptest.PDF, "/bucket/sticker.webp": apptest.WebP,
	})
	server := apptest.Start(t, apptest.Options{
		App:      app.Options{Egress: files.Egress()},
		Settings: func(s *d360.Settings) { s.Window = "off" }, // the document's session was not opened by a simulated phone
	})
	channel := must(ids.Parse[ids.Channel](seedChannel))
	preset := apptest.Preset{Number: seedNumber, D360: channel}
	if provider == providers.WhatsAppWeb {
		preset.D360, preset.WhatsApp = ids.Channel{}, channel
	}
	w := server.World(t, preset)
	_, _, err := server.App.Rooms.Platforms.CreateConfig(context.Background(), platforms.Spec{Account: w.Account, Slug: "crm", Name: "CRM"})
	if err != nil {
		t.Fatal(err)
	}
	if provider == providers.D360 { // the other one gets its contact by the document's own payload
		plantSession(t, w, provider)
		return w
	}
	linkSeedPhones(t, w)
	return w
}

// linkSeedPhones gives the document's people their phones and its group, and
// links the channel.
func linkSeedPhones(t *testing.T, w *apptest.World) {
	t.Helper()
	w.AddPhone(whatsapp.PhoneConfig{Phone: seedPerson, Name: "João Silva"})
	w.AddPhone(whatsapp.PhoneConfig{Phone: "5521955554444", Name: "Maria"})
	w.Link()
	_, err := w.Phones().CreateGroup(seedPerson, whatsapp.GroupDraft{ID: seedNumber, Subject: "Grupo de Vendas", Members: []string{seedNumber, "5521955554444"}})
	if err != nil {
		t.Fatal(err)
	}
}

// onPhone waits until the person of the document has a message that was
// answered to be sent.
func onPhone(t *testing.T, w *apptest.World, a apptest.Answer) {
	t.Helper()
	id, _ := a.JSON()["messageId"].(string)
	w.Shown(seedPerson, "message "+id, func(m whatsapp.PhoneMessage) bool { return m.ID == id })
}

// plantSession puts the contact and the open session of the document into the
// store: their ids are printed, so no request can make them.
func plantSession(t *testing.T, w *apptest.World, provider providers.Name) {
	t.Helper()
	ctx, now := context.Background(), time.Now().UTC()
	channel := must(ids.Parse[ids.Channel](seedChannel))
	address := providers.Address{Kind: providers.KindPhone, Value: seedPerson}
	contact, err := knownContact(ctx, w, channel)
	if err != nil {
		contact = contacts.NewContact(ids.New[ids.Contact](), w.Account, channel, contacts.Individual, []providers.Address{address}, "João Silva", now)
		if _, err := w.App.DB.Collection(contacts.Collection).InsertOne(ctx, contact); err != nil {
			t.Fatal(err)
		}
	}
	session := sessions.Session{
		ID: must(ids.Parse[ids.Session](seedSession)), Channel: channel, Account: w.Account, Contact: contact.ID, Provider: provider,
		State: sessions.Active, Platform: w.Config, Slug: "console", CreatedAt: now, LastInboundAt: now,
	}
	if _, err := w.App.DB.Collection(sessions.Collection).InsertOne(ctx, session); err != nil {
		t.Fatal(err)
	}
}

func knownContact(ctx context.Context, w *apptest.World, channel ids.Channel) (contacts.Contact, error) {
	var row contacts.Contact
	err := w.App.DB.Collection(contacts.Collection).FindOne(ctx, bson.D{{Key: "channelId", Value: channel}}).Decode(&row)
	return row, err
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// TestSeedDocument sends every JSON block and every GET and DELETE line of the
// document as it is printed.
func TestSeedDocument(t *testing.T) {
	t.Parallel()
	all := blocks(t)
	if len(all) != 39 {
		t.Fatalf("the document has %d JSON blocks, not 39: it, or the reading of it, has changed", len(all))
	}
	d360World, webWorld := seedServer(t, providers.D360), seedServer(t, providers.WhatsAppWeb)
	sent := 0
	for _, b := range all {
		if seedBlock(t, d360World, webWorld, b) {
			sent++
		}
	}
	if sent != len(all) {
		t.Errorf("%d of %d blocks were tried", sent, len(all))
	}
	seedLines(t, d360World, webWorld)
}

// seedBlock tries one block where the document says it belongs. What goes out
// over WhatsApp Web must be on the phone of who it is for.
func seedBlock(t *testing.T, d, web *apptest.World, b block) bool {
	t.Helper()
	body := []byte(b.text)
	expect := func(a apptest.Answer, status int, code string) {
		t.Helper()
		if a.Status != status || a.Code() != code {
			t.Errorf("line %d (%s, %s): %s, want %d %s", b.line, b.section, b.label, a, status, code)
		}
	}
	onWeb := strings.HasPrefix(b.label, "WhatsApp Web")
	post := func(w *apptest.World, path string) apptest.Answer {
		return w.Do(apptest.Request{Method: http.MethodPost, Path: path, Body: body})
	}
	switch {
	case b.section == "1.2" && b.label == "Exemplo de Payload:":
		expect(post(web, web.Base()+"/contacts"), http.StatusCreated, "")
	case b.section == "1.2" && b.label == "Resposta:":
		page := web.Want(http.StatusOK, http.MethodGet, web.Base()+"/contacts?contactIdentifier="+seedPerson, nil)
		sameFields(t, b, page["items"].([]any)[0].(map[string]any), "_id", "createdAt")
		plantSession(t, web, providers.WhatsAppWeb)
	case b.section == "1.2", b.section == "5.1":
		expect(web.Deliver("whatsappweb", body), http.StatusOK, "")
	case b.section == "2.1" && b.label == "Resposta:":
		sameFields(t, b, d.Want(http.StatusOK, http.MethodPost, "/api/message/send", map[string]string{"sessionId": seedSession, "text": "x"}), "messageId")
	case strings.HasPrefix(b.section, "2."), b.section == "4.3", b.section == "4.4":
		if onWeb {
			a := post(web, "/api/message/send")
			expect(a, http.StatusOK, "")
			onPhone(t, web, a)
		} else {
			expect(post(d, "/api/message/send"), http.StatusOK, "")
		}
	case strings.HasPrefix(b.section, "3."):
		a := post(web, "/api/message")
		expect(a, http.StatusOK, "")
		onPhone(t, web, a)
	case b.section == "4.2", b.section == "5.2":
		expect(d.Deliver("360dialog", body), http.StatusOK, "")
	case b.section == "4.5":
		expect(post(d, "/api/message/start/d360"), http.StatusOK, "")
	case b.section == "6.1":
		sameFields(t, b, d.Want(http.StatusOK, http.MethodGet, "/api/session/"+seedSession, nil), "type", "createdAt")
	case b.section == "6.2":
		expect(post(d, "/api/session/transfer/"+seedSession), http.StatusOK, "")
	case b.section == "6.3":
		sameFields(t, b, d.Want(http.StatusOK, http.MethodDelete, "/api/session/finish/"+seedSession, nil))
	case b.section == "9.2": // 360dialog's own route: the simulator serves it
		expect(postTo(t, d, "/configs/webhook", body), http.StatusOK, "")
	case b.section == "10.1": // a phone with linked devices tells nothing of its battery
		sameFields(t, b, web.Want(http.StatusOK, http.MethodGet, "/"+seedNumber+"/status", nil), "battery", "plugged")
	case b.section == "10.2": // hidden addresses are WhatsApp's own
		sameFields(t, b, web.Want(http.StatusOK, http.MethodGet, "/"+seedNumber+"/validate/"+seedPerson, nil), "lid")
	default:
		return false
	}
	return true
}

// seedLines tries every GET and DELETE line.
func seedLines(t *testing.T, d, web *apptest.World) {
	t.Helper()
	lines := regexp.MustCompile(`(?m)^(?:Endpoint: )?(GET|DELETE) (/\S+)$`).FindAllStringSubmatch(seedText, -1)
	if len(lines) != 8 {
		t.Fatalf("the document has %d GET and DELETE lines, not 8", len(lines))
	}
	plantMessage(t, d, seedWamid)
	plantMessage(t, web, "message_id_123")
	for _, line := range lines {
		path := line[2]
		if strings.Contains(path, "{") && !strings.Contains(path, "session") {
			continue // a form; its filled-in line, or its block, follows
		}
		path = strings.ReplaceAll(path, "{sessionId}", seedSession)
		var a apptest.Answer
		want, code := http.StatusOK, ""
		switch {
		case strings.Contains(path, "channelSlug=whatsappweb"):
			a = web.Call(line[1], path, nil)
		case strings.Contains(path, "channelSlug=d360"):
			a = d.Call(line[1], path, nil)
			want, code = http.StatusUnprocessableEntity, "capability_unsupported"
		default:
			a = d.Call(line[1], path, nil)
		}
		if a.Status != want || a.Code() != code {
			t.Errorf("%s %s: %s, want %d %s", line[1], path, a, want, code)
		}
	}
}

// plantMessage puts a sent message under a printed provider's id into the store.
func plantMessage(t *testing.T, w *apptest.World, id ids.ProviderMessage) {
	t.Helper()
	ctx := context.Background()
	channel := must(ids.Parse[ids.Channel](seedChannel))
	key := messages.DedupeKeyOf(messages.Outbound, id)
	if _, err := w.App.DB.Collection(messages.Collection).DeleteMany(ctx, bson.D{{Key: "channelId", Value: channel}, {Key: "dedupeKey", Value: key}}); err != nil {
		t.Fatal(err)
	}
	row := messages.Message{
		ID: ids.New[ids.Message](), Channel: channel, Account: w.Account, Session: must(ids.Parse[ids.Session](seedSession)), Contact: ids.New[ids.Contact](),
		Sequence: 1_000, Direction: messages.Outbound, Origin: messages.FromAPI, ProviderID: id, DedupeKey: key,
		Content: providers.Content{Type: providers.TypeText, Text: "Olá!"}, Timestamp: time.Now(), ReceivedAt: time.Now(),
		Status: providers.MessageSent, Rank: providers.MessageSent.Rank(), To: providers.Address{Kind: providers.KindPhone, Value: seedPerson},
	}
	if _, err := w.App.DB.Collection(messages.Collection).InsertOne(ctx, row); err != nil {
		t.Fatal(err)
	}
}

// sameFields holds an answer against a printed one: every printed field is
// there with the printed value, but for those that differ by nature.
func sameFields(t *testing.T, b block, got map[string]any, differ ...string) {
	t.Helper()
	var want map[string]any
	if err := json.Unmarshal([]byte(b.text), &want); err != nil {
		t.Fatal(err)
	}
	for name, value := range want {
		there, ok := got[name]
		if !ok {
			t.Errorf("line %d: the answer has no %q: %v", b.line, name, got)
			continue
		}
		loose := false
		for _, d := range differ {
			loose = loose || d == name
		}
		if a, b := mustJSON(there), mustJSON(value); !loose && a != b {
			t.Errorf("line %d: %q is %s, the document prints %s", 0, name, a, b)
		}
	}
}

func mustJSON(value any) string { return string(must(json.Marshal(value))) }

// postTo posts to the simulated 360dialog with the number's key.
func postTo(t *testing.T, w *apptest.World, path string, body []byte) apptest.Answer {
	t.Helper()
	return apptest.Post(t, w.SimURL+path, body, map[string]string{"D360-API-KEY": w.APIKey})
}
