package whatsapp

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

	"go.mau.fi/whatsmeow/types/events"

	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp/memstore"
)

type obj = map[string]any

// desk calls the control and notes which routes it called.
type desk struct {
	*bench
	mux  *http.ServeMux
	mu   sync.Mutex
	seen map[string]bool
}

func newDesk(t *testing.T) *desk {
	b := newBench(t)
	return &desk{bench: b, mux: b.s.Control().(*http.ServeMux), seen: map[string]bool{}}
}

func (d *desk) call(method, path string, body any) (int, []byte) {
	d.t.Helper()
	var raw []byte
	if s, is := body.(string); is {
		raw = []byte(s)
	} else if body != nil {
		raw = one(json.Marshal(body))(d.bench)
	}
	req := one(http.NewRequestWithContext(d.ctx, method, d.running.ControlURL+"/control"+path, bytes.NewReader(raw)))(d.bench)
	_, pattern := d.mux.Handler(req)
	d.mu.Lock()
	d.seen[pattern] = true
	d.mu.Unlock()
	answer := one(http.DefaultClient.Do(req))(d.bench)
	defer answer.Body.Close()
	return answer.StatusCode, one(io.ReadAll(answer.Body))(d.bench)
}

// want makes a call that must answer with a status, and reads its JSON.
func (d *desk) want(status int, method, path string, body any) obj {
	d.t.Helper()
	got, raw := d.call(method, path, body)
	if got != status {
		d.t.Fatalf("%s %s: %d, not %d: %s", method, path, got, status, raw)
	}
	var out obj
	d.must(json.Unmarshal(raw, &out))
	if message, _ := out["error"].(string); status >= 400 && message == "" {
		d.t.Fatalf("%s %s: no error in %s", method, path, raw)
	}
	return out
}

func TestEveryRouteOfTheControl(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.people()
	c := d.pairing()
	d.talk(c)
	d.chats(c)
	d.groups(c)
	d.rules()
	d.server(c)
	for _, r := range d.s.routes() {
		if !d.seen[r.pattern] {
			t.Errorf("no test calls %s", r.pattern)
		}
	}
}

const (
	ownerPhone  = "5521977776666"
	friendPhone = "552187654321"
)

func (d *desk) people() {
	d.t.Helper()
	made := d.want(201, "POST", "/phones", obj{"phone": ownerPhone, "name": "Loja", "autoScan": true})
	if made["lid"] == "" || made["platform"] != "android" || len(made["devices"].([]any)) != 0 {
		d.t.Errorf("made = %v", made)
	}
	d.want(201, "POST", "/phones", obj{"phone": friendPhone, "name": "Ana"})
	d.want(422, "POST", "/phones", obj{"phone": "5521987654321"}) // the same with the ninth digit
	d.want(422, "POST", "/phones", obj{"phone": "x"})
	d.want(400, "POST", "/phones", obj{"phone": "5521900000000", "colour": "blue"})
	d.want(400, "POST", "/phones", "{")
	d.want(400, "POST", "/phones", `{"phone":"5521900000000"} and more`)
	d.want(404, "GET", "/nothing", nil)
	if list := d.want(200, "GET", "/phones?limit=1", nil)["phones"].([]any); len(list) != 1 {
		d.t.Errorf("phones = %v", list)
	}
	for _, ref := range []string{ownerPhone, "552177776666", "+" + ownerPhone, made["lid"].(string), made["lid"].(string) + "@lid"} {
		if got := d.want(200, "GET", "/phones/"+ref, nil); got["name"] != "Loja" {
			d.t.Errorf("%s = %v", ref, got)
		}
	}
	d.want(404, "GET", "/phones/5521900000000", nil)
	d.want(404, "GET", "/phones/1@lid", nil)
	if got := d.want(200, "PATCH", "/phones/"+friendPhone, obj{"name": "Ana Lima", "about": "oi", "business": obj{"name": "Padaria"}, "autoReply": obj{"mode": "echo"}}); got["name"] != "Ana Lima" || got["autoReply"] == nil {
		d.t.Errorf("patched = %v", got)
	}
	if got := d.want(200, "PATCH", "/phones/"+friendPhone, obj{"autoReply": obj{"mode": "off"}}); got["autoReply"] != nil || got["business"] == nil {
		d.t.Errorf("patched = %v", got)
	}
	d.want(422, "PATCH", "/phones/"+friendPhone, obj{"autoReply": obj{"mode": "sing"}})
	d.want(404, "PATCH", "/phones/1", obj{})
	d.want(200, "PUT", "/phones/"+friendPhone+"/picture", obj{"bytes": base64.StdEncoding.EncodeToString([]byte("\xff\xd8"))})
	if got := d.want(200, "GET", "/phones/"+friendPhone, nil); got["picture"] != true {
		d.t.Errorf("picture of %v", got)
	}
	d.want(200, "DELETE", "/phones/"+friendPhone+"/picture", nil)
	d.want(200, "PUT", "/phones/"+friendPhone+"/presence", obj{"online": true})
	d.want(200, "PUT", "/phones/"+ownerPhone+"/contacts/"+friendPhone, obj{"name": "Ana da Padaria"})
	d.want(422, "PUT", "/phones/"+ownerPhone+"/contacts/"+friendPhone, obj{})
	d.want(404, "PUT", "/phones/"+ownerPhone+"/contacts/1", obj{"name": "x"})
	for _, path := range []string{"/picture", "/presence", "/ban", "/hold"} {
		d.want(404, "PUT", "/phones/1"+path, obj{})
	}
}

func (d *desk) pairing() *client {
	d.t.Helper()
	d.want(422, "POST", "/phones/"+ownerPhone+"/scan", obj{"qr": "nonsense"})
	d.want(404, "POST", "/phones/"+ownerPhone+"/scan", obj{"qr": "2@x," + strings.Repeat(base64.StdEncoding.EncodeToString(make([]byte, 32))+",", 3) + "1"})
	d.want(404, "POST", "/phones/"+ownerPhone+"/code", obj{"code": "AAAAAAAA"})
	d.want(404, "POST", "/phones/"+ownerPhone+"/passkey", obj{"challenge": "AAAA"})
	c := d.client(memstore.New().NewDevice())
	d.must(c.Connect())
	if got := d.want(200, "POST", "/scan", obj{"qr": take[*events.QR](c, "codes", nil).Codes[0]}); got["phone"] != ownerPhone {
		d.t.Errorf("scanned by %v", got)
	}
	c.online()
	c.synced()
	d.want(200, "PATCH", "/phones/"+ownerPhone, obj{"autoScan": false})
	d.want(404, "POST", "/scan", obj{"qr": "x"})
	d.want(200, "PUT", "/phones/"+ownerPhone+"/hold", obj{"seconds": 60})
	d.want(200, "PUT", "/phones/"+ownerPhone+"/hold", obj{})
	d.want(422, "PUT", "/phones/"+ownerPhone+"/hold", obj{"seconds": -1})
	d.want(200, "POST", "/phones/"+ownerPhone+"/cut", obj{"how": "503"})
	c.online()
	d.want(404, "POST", "/phones/"+ownerPhone+"/cut", obj{"device": 9})
	return c
}

func (d *desk) talk(c *client) {
	d.t.Helper()
	owner, friend := "/phones/"+ownerPhone, "/phones/"+friendPhone
	id := d.want(201, "POST", friend+"/messages", obj{"to": ownerPhone, "text": "oi"})["id"].(string)
	m := c.message("oi")
	mine := c.say(m.Info.Chat, "olá")
	person := one(d.s.Phone(friendPhone))(d.bench)
	d.showsText(person, "olá")
	if got := d.want(200, "POST", friend+"/read", obj{"chat": ownerPhone}); got["messages"] != 1.0 {
		d.t.Errorf("read = %v", got)
	}
	d.ticks(one(d.s.Phone(ownerPhone))(d.bench), mine, "read")
	if got := d.want(200, "GET", owner+"/messages/"+mine, nil); got["status"] != "read" || got["content"].(obj)["conversation"] != "olá" {
		d.t.Errorf("message = %v", got)
	}
	if got := d.want(200, "GET", owner+"/messages?chat="+friendPhone+"&limit=1", nil)["messages"].([]any); len(got) != 1 || got[0].(obj)["text"] != "olá" {
		d.t.Errorf("messages = %v", got)
	}
	if got := d.want(200, "GET", owner+"/messages?chat=1", nil)["messages"].([]any); len(got) != 0 {
		d.t.Errorf("messages of nobody = %v", got)
	}
	d.want(200, "PUT", owner+"/messages/"+id+"/star", obj{"starred": true})
	d.want(404, "PUT", owner+"/messages/none/star", obj{"starred": true})
	voice := d.want(201, "POST", owner+"/messages", obj{"to": friendPhone, "type": "voice"})["id"].(string)
	d.shows(person, "the voice message", func(m PhoneMessage) bool { return m.ID == voice })
	if status, file := d.call("GET", friend+"/messages/"+voice+"/file", nil); status != 200 || !bytes.Equal(file, sample("audio/ogg; codecs=opus")) {
		d.t.Errorf("file = %d, %d bytes", status, len(file))
	}
	d.want(404, "GET", friend+"/messages/"+mine+"/file", nil)
	if got := d.want(200, "POST", friend+"/played", obj{"chat": ownerPhone, "id": voice}); got["messages"] != 1.0 {
		d.t.Errorf("played = %v", got)
	}
	d.want(200, "DELETE", owner+"/messages/"+id, nil)
	d.want(404, "GET", owner+"/messages/"+id, nil)
	d.want(404, "DELETE", owner+"/messages/"+id, nil)
	d.want(404, "POST", friend+"/read", obj{"chat": ownerPhone, "id": "none"})
	d.want(404, "POST", friend+"/read", obj{"chat": "1"})
	d.want(404, "GET", owner+"/messages/none", nil)
	d.want(422, "POST", owner+"/messages", obj{"to": friendPhone})
	d.want(404, "POST", owner+"/messages", obj{"to": "1", "text": "x"})
	d.want(404, "POST", owner+"/messages", obj{"to": friendPhone, "type": "reaction", "message": "none"})
	d.want(200, "POST", friend+"/typing", obj{"to": ownerPhone, "state": "composing"})
	d.want(422, "POST", friend+"/typing", obj{"to": ownerPhone, "state": "x"})
	call := d.want(201, "POST", friend+"/calls", obj{"to": ownerPhone, "video": true})["id"].(string)
	if got := d.want(200, "GET", owner+"/calls", nil)["calls"].(obj); got[call] != friendPhone {
		d.t.Errorf("calls = %v", got)
	}
	d.want(200, "DELETE", friend+"/calls/"+ownerPhone+"/"+call, nil)
	d.want(404, "DELETE", friend+"/calls/"+ownerPhone+"/"+call, nil)
}

func (d *desk) chats(c *client) {
	d.t.Helper()
	owner := "/phones/" + ownerPhone
	if got := d.want(200, "PATCH", owner+"/chats/"+friendPhone, obj{"archived": true, "muted": true}); got["archived"] != true || got["muted"] != true || got["name"] != "Ana da Padaria" {
		d.t.Errorf("chat = %v", got)
	}
	take(c, "archived", func(e *events.Archive) bool { return e.Action.GetArchived() })
	if got := d.want(200, "GET", owner+"/chats", nil)["chats"].([]any); len(got) != 1 {
		d.t.Errorf("chats = %v", got)
	}
	d.want(200, "GET", owner+"/chats/5521987654321", nil)
	d.want(404, "GET", owner+"/chats/1", nil)
	d.want(404, "PATCH", owner+"/chats/1", obj{})
	d.want(422, "PATCH", owner+"/chats/"+friendPhone, obj{"mutedSeconds": -1})
	d.want(404, "GET", "/phones/1/chats", nil)
}

func (d *desk) groups(c *client) {
	d.t.Helper()
	owner, friend := "/phones/"+ownerPhone, "/phones/"+friendPhone
	made := d.want(201, "POST", friend+"/groups", obj{"subject": "Clube", "members": []string{ownerPhone}})
	id := made["id"].(string)
	take[*events.JoinedGroup](c, "joined", nil)
	d.want(422, "POST", friend+"/groups", obj{"subject": ""})
	d.want(404, "POST", friend+"/groups", obj{"subject": "x", "members": []string{"1"}})
	if got := d.want(200, "PATCH", friend+"/groups/"+id, obj{"subject": "Clube 2", "locked": true}); got["subject"] != "Clube 2" || got["locked"] != true {
		d.t.Errorf("group = %v", got)
	}
	d.want(422, "PATCH", owner+"/groups/"+id, obj{"subject": "x"})
	d.want(404, "PATCH", owner+"/groups/1", obj{})
	d.want(200, "POST", friend+"/groups/"+id+"/members", obj{"action": "promote", "phones": []string{ownerPhone}})
	d.want(422, "POST", friend+"/groups/"+id+"/members", obj{"action": "add", "phones": []string{ownerPhone}})
	d.want(422, "POST", friend+"/groups/"+id+"/members", obj{"action": "praise"})
	if got := d.want(200, "GET", "/groups/"+id+"@g.us", nil); len(got["members"].([]any)) != 2 {
		d.t.Errorf("group = %v", got)
	}
	d.want(404, "GET", "/groups/1", nil)
	d.want(200, "PATCH", friend+"/groups/"+id, obj{"picture": base64.StdEncoding.EncodeToString([]byte("\xff\xd8"))})
	if got := d.want(200, "GET", "/groups/"+id+"/picture", nil); got["bytes"] != "/9g=" {
		d.t.Errorf("picture of the group: %v", got)
	}
	d.want(404, "GET", "/groups/1/picture", nil)
	for _, path := range []string{"/groups", owner + "/groups"} {
		if got := d.want(200, "GET", path, nil)["groups"].([]any); len(got) != 1 {
			d.t.Errorf("%s = %v", path, got)
		}
	}
	d.want(200, "DELETE", friend+"/groups/"+id, nil)
	d.want(404, "DELETE", friend+"/groups/"+id, nil)
	d.want(200, "POST", friend+"/groups/join", obj{"link": made["link"]})
	d.want(404, "POST", friend+"/groups/join", obj{"link": "none"})
}

func (d *desk) rules() {
	d.t.Helper()
	d.want(200, "PUT", "/faults", obj{"rules": []obj{{"fault": obj{"kind": "slow_ack"}}}})
	d.want(422, "PUT", "/faults", obj{"rules": []obj{{"fault": obj{"kind": "x"}}}})
	id := d.want(201, "POST", "/faults", obj{"match": obj{"phone": ownerPhone}, "times": 1, "fault": obj{"kind": "no_ack"}})["id"].(string)
	d.want(422, "POST", "/faults", obj{"fault": obj{"kind": "x"}})
	if got := d.want(200, "GET", "/faults", nil)["rules"].([]any); len(got) != 2 {
		d.t.Errorf("rules = %v", got)
	}
	d.want(200, "DELETE", "/faults/"+id, nil)
	d.want(404, "DELETE", "/faults/"+id, nil)
	d.want(200, "DELETE", "/faults", nil)
}

func (d *desk) server(c *client) {
	d.t.Helper()
	if got := d.want(200, "GET", "/root-key", nil)["rootKey"].(string); len(got) != 64 {
		d.t.Errorf("root key = %q", got)
	}
	if got := d.want(200, "PATCH", "/settings", obj{"addressing": obj{"chats": "pn"}}); got["addressing"].(obj)["chats"] != "pn" || got["addressing"].(obj)["groups"] != "lid" {
		d.t.Errorf("settings = %v", got)
	}
	d.want(422, "PATCH", "/settings", obj{"addressing": obj{"chats": "x"}})
	d.want(422, "PATCH", "/settings", obj{"history": obj{"messages": -1}})
	d.want(400, "PATCH", "/settings", obj{"nothing": 1})
	d.want(200, "PATCH", "/settings", nil)
	d.want(200, "GET", "/settings", nil)
	list := d.want(200, "GET", "/stanzas?limit=5", nil)["stanzas"].([]any)
	if len(list) != 5 || list[4].(obj)["phone"] != ownerPhone || !strings.HasPrefix(list[4].(obj)["xml"].(string), "<") {
		d.t.Errorf("stanzas = %v", list)
	}
	d.want(200, "POST", "/cut", nil)
	c.online()
	// Away before it is unlinked: see linkFresh.
	c.Disconnect()
	d.away(one(d.s.Phone(ownerPhone))(d.bench))
	d.want(200, "PUT", "/phones/"+ownerPhone+"/ban", obj{"seconds": 60})
	d.must(c.Connect())
	take[*events.TemporaryBan](c, "ban", nil)
	c.Disconnect()
	d.want(200, "DELETE", "/phones/"+ownerPhone+"/ban", nil)
	d.want(422, "PUT", "/phones/"+ownerPhone+"/ban", obj{"seconds": -1})
	d.want(200, "POST", "/phones/"+ownerPhone+"/unlink", obj{"device": 1})
	d.want(404, "POST", "/phones/"+ownerPhone+"/unlink", nil)
	d.want(200, "DELETE", "/phones/"+ownerPhone, nil)
	d.want(404, "DELETE", "/phones/"+ownerPhone, nil)
	d.want(200, "POST", "/reset", nil)
	if got := d.want(200, "GET", "/phones", nil)["phones"].([]any); len(got) != 0 {
		d.t.Errorf("phones after a reset = %v", got)
	}
}

// The package comment tells every route, kind of fault and no other.
func TestTheDocumentationTellsAll(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(strings.ReplaceAll(string(raw), "//", " ")), " ")
	s := New(Options{})
	t.Cleanup(s.Close)
	for _, r := range s.routes() {
		method, path, _ := strings.Cut(r.pattern, " ")
		if !strings.Contains(text, method+" "+path) && !strings.Contains(text, ", "+path) {
			t.Errorf("the package comment does not tell %s", r.pattern)
		}
	}
	for kind := range moments {
		if !strings.Contains(text, " "+kind+" ") {
			t.Errorf("the package comment does not tell %s", kind)
		}
	}
}

func TestAnswersThatGoNowhere(t *testing.T) {
	t.Parallel()
	s := New(Options{})
	t.Cleanup(s.Close)
	if _, err := s.Listen(t.Context(), "127.0.0.1:0", "nowhere:x"); err == nil {
		t.Error("the control listens nowhere")
	}
	if _, err := s.Listen(t.Context(), "nowhere:x", "127.0.0.1:0"); err == nil {
		t.Error("it listens nowhere")
	}
}
