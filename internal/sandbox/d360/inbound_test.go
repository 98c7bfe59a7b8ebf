package d360

import (
	"errors"
	"testing"

	"github.com/cirrus/omnichannel/internal/sandbox/control"
)

// Every kind of inbound message arrives in its shape, from its type alone.
func TestInboundKinds(t *testing.T) {
	b := newBench(t, func(s *Settings) { s.Throttles = ThrottleSettings{} })
	b.open()
	sent := b.send(textMessage("da empresa"))
	b.settle()
	b.s.schedule().clear()
	for _, c := range []struct {
		in    InboundMessage
		kind  string
		path  []any
		value any
	}{
		{InboundMessage{Type: "text", Text: "oi"}, "text", []any{"text", "body"}, "oi"},
		{InboundMessage{Type: "text", Quote: sent}, "text", []any{"context", "id"}, sent},
		{InboundMessage{Type: "text", Quote: sent}, "text", []any{"context", "from"}, "5521977776666"},
		{InboundMessage{Type: "text", Forwarded: true}, "text", []any{"context", "forwarded"}, true},
		{InboundMessage{Type: "text", Referral: obj{"source_id": "ad"}}, "text", []any{"referral", "source_id"}, "ad"},
		{InboundMessage{Type: "image", Text: "legenda"}, "image", []any{"image", "caption"}, "legenda"},
		{InboundMessage{Type: "video"}, "video", []any{"video", "mime_type"}, "video/mp4"},
		{InboundMessage{Type: "audio"}, "audio", []any{"audio", "voice"}, false},
		{InboundMessage{Type: "voice"}, "audio", []any{"audio", "voice"}, true},
		{InboundMessage{Type: "voice"}, "audio", []any{"audio", "mime_type"}, "audio/ogg; codecs=opus"},
		{InboundMessage{Type: "document", Media: &InboundFile{FileName: "a.pdf"}}, "document", []any{"document", "filename"}, "a.pdf"},
		{InboundMessage{Type: "sticker"}, "sticker", []any{"sticker", "animated"}, false},
		{InboundMessage{Type: "location"}, "location", []any{"location", "latitude"}, -22.9068},
		{InboundMessage{Type: "location", Content: obj{"latitude": "-22.9"}}, "location", []any{"location", "latitude"}, "-22.9"},
		{InboundMessage{Type: "contacts"}, "contacts", []any{"contacts", 0, "name", "formatted_name"}, "Ana Souza"},
		{InboundMessage{Type: "reaction", Text: "❤", Quote: sent}, "reaction", []any{"reaction", "emoji"}, "❤"},
		{InboundMessage{Type: "button", Text: "Sim"}, "button", []any{"button", "payload"}, "Sim"},
		{InboundMessage{Type: "interactive"}, "interactive", []any{"interactive", "button_reply", "title"}, "Sim"},
		{InboundMessage{Type: "interactive", Content: obj{"type": "nfm_reply", "nfm_reply": obj{"response_json": "{}"}}}, "interactive", []any{"interactive", "nfm_reply", "response_json"}, "{}"},
		{InboundMessage{Type: "order"}, "order", []any{"order", "product_items", 0, "product_retailer_id"}, "sku-1"},
		{InboundMessage{Type: "system"}, "system", []any{"system", "type"}, "customer_identity_changed"},
		{InboundMessage{Type: "unsupported"}, "unsupported", []any{"errors", 0, "code"}, 131051.0},
		{InboundMessage{Type: "unknown"}, "unknown", []any{"errors", 0, "title"}, "Message type unknown"},
		{InboundMessage{Type: "unsupported", Content: obj{"type": "poll"}}, "unsupported", []any{"unsupported", "type"}, "poll"},
		{InboundMessage{Type: "edit", Quote: sent, Text: "novo"}, "edit", []any{"edit", "message", "text", "body"}, "novo"},
		{InboundMessage{Type: "revoke", Quote: sent}, "revoke", []any{"revoke", "original_message_id"}, sent},
		{InboundMessage{Type: "future", Content: obj{"x": 1}}, "future", []any{"future", "x"}, 1.0},
		{InboundMessage{Type: "text", ID: "wamid.MINE", Timestamp: 1760000000}, "text", []any{"timestamp"}, "1760000000"},
		{InboundMessage{Type: "text", Extra: obj{"from": nil, "odd": true}}, "text", []any{"odd"}, true},
	} {
		if _, err := b.s.CustomerWrite(testCustomer, c.in); err != nil {
			t.Errorf("%+v: %v", c.in, err)
			continue
		}
		message := b.nextMessage()
		if message["type"] != c.kind || get[any](t, message, c.path...) != c.value {
			t.Errorf("%+v arrived as %v", c.in, message)
		}
		if c.in.Extra != nil && message["from"] != nil {
			t.Errorf("from was not removed: %v", message)
		}
	}
}

func TestReactionIsRemoved(t *testing.T) {
	b := newBench(t)
	b.open()
	sent := b.send(textMessage("x"))
	for emoji, want := range map[string]int{"❤": 1, "": 0} {
		if _, err := b.s.CustomerWrite(testCustomer, InboundMessage{Type: "reaction", Quote: sent, Text: emoji}); err != nil {
			t.Fatal(err)
		}
		if _, there := get[obj](t, b.nextMessage(), "reaction")["emoji"]; there != (emoji != "") {
			t.Errorf("emoji of %q is there: %v", emoji, there)
		}
		if m, _ := b.s.Message(sent); len(m.Reactions) != want {
			t.Errorf("reactions after %q = %v", emoji, m.Reactions)
		}
	}
}

// A deletion arrives as unsupported under the id of what was deleted.
func TestDeletion(t *testing.T) {
	b := newBench(t)
	id := b.writes(testCustomer, "oi")
	b.next()
	if _, err := b.s.CustomerWrite(testCustomer, InboundMessage{Type: "delete", Quote: id}); err != nil {
		t.Fatal(err)
	}
	message := b.nextMessage()
	if message["id"] != id || message["type"] != "unsupported" || get[float64](t, message, "errors", 0, "code") != 131051 {
		t.Errorf("message = %v", message)
	}
	if m, _ := b.s.Message(id); !m.Revoked {
		t.Errorf("message = %+v", m)
	}
}

func TestSystemMessagesChangeThePerson(t *testing.T) {
	b := newBench(t)
	b.writes(testCustomer, "oi")
	b.next()
	before, _ := b.s.Customer(testCustomer)
	if _, err := b.s.CustomerWrite(testCustomer, InboundMessage{Type: "system", Content: obj{"type": "user_changed_number", "wa_id": "5521900001111"}}); err != nil {
		t.Fatal(err)
	}
	value := get[obj](t, b.next().body, "entry", 0, "changes", 0, "value")
	if value["contacts"] != nil {
		t.Errorf("system came with contacts: %v", value)
	}
	if _, known := b.s.Customer(testCustomer); known {
		t.Error("the old number is still somebody's")
	}
	after, known := b.s.Customer("5521900001111")
	if !known || after.UserID != before.UserID || len(b.s.CustomerMessages("5521900001111")) != 2 {
		t.Errorf("customer = %+v", after)
	}
	if _, err := b.s.CustomerWrite("5521900001111", InboundMessage{Type: "system", Content: obj{"type": "user_changed_user_id", "user_id": "BR.NEW1"}}); err != nil {
		t.Fatal(err)
	}
	if c, known := b.s.Customer("BR.NEW1"); !known || c.WaID != "5521900001111" {
		t.Errorf("customer = %+v", c)
	}
}

func TestChoose(t *testing.T) {
	b := newBench(t)
	b.open()
	list := b.send(listMessage(sections(false, 3)))
	quickReply := b.send(templateMessage("pesquisa_satisfacao", "pt_BR",
		obj{"type": "button", "sub_type": "quick_reply", "index": 1, "parameters": []any{obj{"type": "payload", "payload": "NOTA-RUIM"}}}))
	choose := func(id, what string) obj {
		if _, err := b.s.CustomerWrite(testCustomer, InboundMessage{Type: "choose", Quote: id, Text: what}); err != nil {
			t.Fatal(err)
		}
		return b.nextMessage()
	}
	row := choose(list, "row-2")
	if get[string](t, row, "interactive", "type") != "list_reply" || get[string](t, row, "interactive", "list_reply", "title") != "Linha 2" || get[string](t, row, "interactive", "list_reply", "description") != "d" {
		t.Errorf("row = %v", row)
	}
	tap := choose(quickReply, "Ruim")
	if tap["type"] != "button" || get[string](t, tap, "button", "payload") != "NOTA-RUIM" || get[string](t, tap, "context", "id") != quickReply {
		t.Errorf("tap = %v", tap)
	}
	if _, err := b.s.CustomerWrite(testCustomer, InboundMessage{Type: "choose", Quote: list, Text: "none"}); err == nil {
		t.Error("an option that is not there was chosen")
	}
}

func TestInboundErrors(t *testing.T) {
	b := newBench(t)
	for name, in := range map[string]InboundMessage{
		"no type":       {},
		"no number":     {Type: "text", Number: "5521911111111"},
		"no group":      {Type: "text", Group: "g"},
		"bad base64":    {Type: "image", Media: &InboundFile{Base64: "?"}},
		"bad size":      {Type: "image", Media: &InboundFile{Bytes: -1}},
		"nothing there": {Type: "choose", Quote: "wamid.X"},
		"delete what":   {Type: "delete"},
	} {
		if _, err := b.s.CustomerWrite(testCustomer, in); err == nil {
			t.Errorf("%s passed", name)
		}
	}
	if _, err := b.s.CustomerWrite("nobody", InboundMessage{Type: "text"}); err == nil {
		t.Error("a customer without a phone wrote")
	}
	if _, err := b.s.CustomerWrite(testCustomer, InboundMessage{Type: "text", Number: "none"}); !errors.Is(err, control.ErrNotFound) {
		t.Errorf("err = %v", err)
	}
	b.quiet()
}

// errors beside messages, and webhooks of other fields.
func TestOtherFields(t *testing.T) {
	b := newBench(t)
	if _, err := b.s.CustomerWrite(testCustomer, InboundMessage{Type: "interactive", Content: obj{}, NoContacts: true, Errors: []any{obj{"code": 131000}}}); err != nil {
		t.Fatal(err)
	}
	value := get[obj](t, b.next().body, "entry", 0, "changes", 0, "value")
	if get[float64](t, value, "errors", 0, "code") != 131000 || value["contacts"] != nil {
		t.Errorf("value = %v", value)
	}
	if err := b.s.Emit("", "account_update", obj{"event": "VERIFIED_ACCOUNT"}); err != nil {
		t.Fatal(err)
	}
	change := get[obj](t, b.next().body, "entry", 0, "changes", 0)
	if change["field"] != "account_update" || get[string](t, change, "value", "event") != "VERIFIED_ACCOUNT" || get[string](t, change, "value", "metadata", "phone_number_id") != testPhoneID {
		t.Errorf("change = %v", change)
	}
	id, err := b.s.StaffWrites("", testCustomer, "do balcão")
	if err != nil {
		t.Fatal(err)
	}
	change = get[obj](t, b.next().body, "entry", 0, "changes", 0)
	if change["field"] != "smb_message_echoes" || get[string](t, change, "value", "message_echoes", 0, "id") != id || get[string](t, change, "value", "message_echoes", 0, "to") != testCustomer {
		t.Errorf("change = %v", change)
	}
	if err := b.s.EmitStatus("", obj{"id": "wamid.X", "status": "read", "recipient_id": "1"}); err != nil {
		t.Fatal(err)
	}
	if got := b.nextStatus(); got["id"] != "wamid.X" || got["status"] != "read" || got["timestamp"] == nil {
		t.Errorf("status = %v", got)
	}
}
