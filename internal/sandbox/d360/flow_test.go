package d360

import (
	"encoding/base64"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestTextClimbsTheLadder(t *testing.T) {
	b := newBench(t)
	b.open()
	message := textMessage("Olá")
	message["biz_opaque_callback_data"] = "our-id"
	body := b.want(200, "POST", "/messages", message)
	if got := get[string](t, body, "contacts", 0, "wa_id"); got != testCustomer {
		t.Errorf("wa_id = %q", got)
	}
	if got := get[string](t, body, "contacts", 0, "input"); got != "+"+testCustomer {
		t.Errorf("input = %q", got)
	}
	id := get[string](t, body, "messages", 0, "id")
	b.settle()
	b.waitTimers(1)
	b.quiet()
	for _, rung := range []struct {
		status string
		after  time.Duration
	}{{"sent", 50 * time.Millisecond}, {"delivered", 200 * time.Millisecond}, {"read", 950 * time.Millisecond}} {
		b.clock.Advance(rung.after)
		status := b.nextStatus()
		if status["status"] != rung.status || status["id"] != id || status["recipient_id"] != testCustomer || status["biz_opaque_callback_data"] != "our-id" {
			t.Errorf("status = %v, want %s of %s", status, rung.status, id)
		}
		b.quiet()
	}
	phone := b.s.CustomerMessages(testCustomer)
	if len(phone) != 1 || phone[0].Text != "Olá" || phone[0].From != "business" || phone[0].Status != "read" || len(phone[0].Statuses) != 3 {
		t.Errorf("the phone shows %+v", phone)
	}
}

// waitTimers waits until that many timers are pending: what a call plans after
// its answer runs beside the test.
func (b *bench) waitTimers(n int) {
	b.t.Helper()
	deadline := time.Now().Add(patience)
	for {
		if pending, _ := b.s.timers.waiting(); pending >= n {
			return
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("never had %d timers pending", n)
		}
		runtime.Gosched()
	}
}

func TestVoiceIsPlayed(t *testing.T) {
	b := newBench(t, quick)
	b.open()
	b.send(base("audio", obj{"id": b.upload("audio/ogg; codecs=opus")}))
	var got []string
	for range 4 {
		got = append(got, b.nextStatus()["status"].(string))
	}
	if want := []string{"sent", "delivered", "read", "played"}; !slices.Equal(got, want) {
		t.Errorf("statuses = %v, want %v", got, want)
	}
}

func TestReactionIsOnlySent(t *testing.T) {
	b := newBench(t, quick)
	id, err := b.s.CustomerWrite(testCustomer, InboundMessage{Type: "text", Text: "oi"})
	if err != nil {
		t.Fatal(err)
	}
	b.next()
	b.send(base("reaction", obj{"message_id": id, "emoji": "👍"}))
	if got := b.nextStatus()["status"]; got != "sent" {
		t.Errorf("status = %v", got)
	}
	b.send(textMessage("depois"))
	for _, want := range []string{"sent", "delivered", "read"} {
		if got := b.nextStatus()["status"]; got != want {
			t.Errorf("status = %v, want %v", got, want)
		}
	}
	if m, _ := b.s.Message(id); m.Reactions["business"] != "👍" {
		t.Errorf("reactions = %v", m.Reactions)
	}
	b.send(base("reaction", obj{"message_id": id, "emoji": ""}))
	if m, _ := b.s.Message(id); m.Reactions != nil {
		t.Errorf("reactions after removing = %v", m.Reactions)
	}
}

func TestWamidForm(t *testing.T) {
	b := newBench(t, quick)
	in, err := b.s.CustomerWrite(testCustomer, InboundMessage{Type: "text"})
	if err != nil {
		t.Fatal(err)
	}
	out := b.send(textMessage("x"))
	for _, c := range []struct {
		id        string
		direction string
		digits    int
	}{{out, "\x11\x18\x12", 18}, {in, "\x12\x18\x14", 20}} {
		raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(c.id, "wamid."))
		if err != nil {
			t.Fatal(err)
		}
		prefix := "\x1C\x18\x0D" + testCustomer + "\x15\x02\x00" + c.direction
		rest, found := strings.CutPrefix(string(raw), prefix)
		if !found || len(rest) != c.digits+1 || rest[c.digits] != 0 || !regexp.MustCompile(`^[0-9A-F]+$`).MatchString(rest[:c.digits]) {
			t.Errorf("id %q decodes to %q", c.id, raw)
		}
	}
}

func TestWindow(t *testing.T) {
	for _, mode := range []string{"sync", "async", "off"} {
		t.Run(mode, func(t *testing.T) {
			b := newBench(t, quick, func(s *Settings) { s.Window = mode })
			b.open()
			b.send(textMessage("inside"))
			for range 3 {
				b.nextStatus()
			}
			b.clock.Advance(24 * time.Hour)
			a := b.call("POST", "/messages", textMessage("outside"))
			switch mode {
			case "sync":
				if a.status != 400 || get[float64](t, a.body, "error", "code") != 131047 {
					t.Errorf("answer = %d %s", a.status, a.raw)
				}
				b.quiet()
			case "async":
				status := b.nextStatus()
				if a.status != 200 || status["status"] != "failed" || get[float64](t, status, "errors", 0, "code") != 131047 {
					t.Errorf("answer = %d, status = %v", a.status, status)
				}
				if n := len(b.s.CustomerMessages(testCustomer)); n != 1 {
					t.Errorf("the phone shows %d messages, a failed one must not reach it", n)
				}
			case "off":
				if status := b.nextStatus(); a.status != 200 || status["status"] != "sent" {
					t.Errorf("answer = %d, status = %v", a.status, status)
				}
			}
			// Templates are what opens a conversation again.
			b.send(templateMessage("contato_cliente", "pt_BR", bodyParams("João Silva", "Alterdata")))
		})
	}
}

func TestTemplateIsFilledIn(t *testing.T) {
	b := newBench(t, quick)
	b.send(templateMessage("contato_cliente", "pt_BR", bodyParams("João Silva", "Alterdata")))
	status := b.nextStatus()
	if got := get[string](t, status, "pricing", "category"); got != "utility" {
		t.Errorf("category = %q", got)
	}
	m := b.s.CustomerMessages(testCustomer)
	if len(m) != 1 || m[0].Text != "Olá João Silva, aqui é da Alterdata. Podemos conversar?" {
		t.Errorf("the phone shows %+v", m)
	}
}

// Every seed template that is approved can be sent, filled as it wants.
func TestSeedTemplatesCanBeSent(t *testing.T) {
	b := newBench(t)
	picture, paper := b.upload("image/png"), b.upload("application/pdf")
	header := func(kind, id string) obj {
		return obj{"type": "header", "parameters": []any{obj{"type": kind, kind: obj{"id": id}}}}
	}
	button := func(kind string, index any, param obj) obj {
		return obj{"type": "button", "sub_type": kind, "index": index, "parameters": []any{param}}
	}
	for name, message := range map[string]obj{
		"text header":    templateMessage("ola_mundo", "pt_BR"),
		"other language": templateMessage("ola_mundo", "en"),
		"image header":   templateMessage("promocao_imagem", "pt_BR", header("image", picture), bodyParams("Ana")),
		"document":       templateMessage("fatura_documento", "pt_BR", header("document", paper), bodyParams("março")),
		"url button":     templateMessage("rastreio_url", "pt_BR", bodyParams("17"), button("url", "0", obj{"type": "text", "text": "17"})),
		"quick replies":  templateMessage("pesquisa_satisfacao", "pt_BR", button("quick_reply", 1, obj{"type": "payload", "payload": "RUIM"})),
		"no payloads":    templateMessage("pesquisa_satisfacao", "pt_BR"),
		"copy code":      templateMessage("cupom_desconto", "pt_BR", bodyParams("Ana"), button("copy_code", 0, obj{"type": "coupon_code", "coupon_code": "DEZ"})),
		"one-time code":  templateMessage("codigo_acesso", "pt_BR", bodyParams("123456"), button("url", 0, obj{"type": "text", "text": "123456"})),
		"named": templateMessage("aviso_nomeado", "pt_BR",
			obj{"type": "header", "parameters": []any{obj{"type": "text", "text": "9", "parameter_name": "pedido"}}},
			obj{"type": "body", "parameters": []any{
				obj{"type": "text", "text": "hoje", "parameter_name": "dia"}, obj{"type": "text", "text": "Ana", "parameter_name": "nome"},
			}}),
	} {
		t.Run(name, func(t *testing.T) { b.t = t; b.send(message) })
	}
	for _, m := range b.s.CustomerMessages(testCustomer) {
		if m.Text == "Olá Ana, seu pedido chega hoje." {
			return
		}
	}
	t.Error("named parameters were not filled in by name")
}

func TestMarkReadAndTyping(t *testing.T) {
	b := newBench(t)
	first, _ := b.s.CustomerWrite(testCustomer, InboundMessage{Type: "text", Text: "um"})
	second, err := b.s.CustomerWrite(testCustomer, InboundMessage{Type: "text", Text: "dois"})
	if err != nil {
		t.Fatal(err)
	}
	body := b.want(200, "POST", "/messages", obj{"messaging_product": "whatsapp", "status": "read", "message_id": second, "typing_indicator": obj{"type": "text"}})
	if body["success"] != true {
		t.Errorf("body = %v", body)
	}
	one, _ := b.s.Message(first)
	two, _ := b.s.Message(second)
	if !one.ReadByBusiness || !two.ReadByBusiness || !two.Typing || one.Typing {
		t.Errorf("messages = %+v, %+v", one, two)
	}
	typing := func() bool { m, _ := b.s.Message(second); return m.Typing }
	b.clock.Advance(25 * time.Second)
	if typing() {
		t.Error("typing is seen for more than 25 s")
	}
	b.want(200, "POST", "/messages", obj{"messaging_product": "whatsapp", "status": "read", "message_id": second, "typing_indicator": obj{"type": "text"}})
	if !typing() {
		t.Error("typing is not seen again")
	}
	b.send(textMessage("resposta"))
	if typing() {
		t.Error("typing outlives the answer")
	}
}

func TestQuotes(t *testing.T) {
	b := newBench(t)
	in, err := b.s.CustomerWrite(testCustomer, InboundMessage{Type: "text", Text: "pergunta"})
	if err != nil {
		t.Fatal(err)
	}
	known := textMessage("resposta")
	known["context"] = obj{"message_id": in}
	forgotten := textMessage("outra")
	forgotten["context"] = obj{"message_id": "wamid.HBgNNTUyMTk4ODg4Nzc3NxUCABIYFjNBMDJCMEE2RkY4QzRBOUNCNzAyRjAA"}
	b.send(known)
	b.send(forgotten)
	m := b.s.CustomerMessages(testCustomer)
	if len(m) != 3 || m[1].Quoted != in || !m[1].QuoteShown || m[2].Quoted == "" || m[2].QuoteShown {
		t.Errorf("the phone shows %+v", m)
	}
}

func TestRecipientIsRewrittenWithoutPlus(t *testing.T) {
	b := newBench(t, quick)
	message := templateMessage("ola_mundo", "en")
	message["to"] = testCustomer
	body := b.want(200, "POST", "/messages", message)
	if got := get[string](t, body, "contacts", 0, "wa_id"); got != "55"+testCustomer {
		t.Errorf("wa_id = %q, want the country code in front", got)
	}
	status := b.nextStatus()
	if status["status"] != "failed" || get[float64](t, status, "errors", 0, "code") != 131026 {
		t.Errorf("status = %v: nobody has that number", status)
	}
	b.s.settings.Store(func() *Settings { s := b.s.Settings(); s.Recipients.RewriteWithoutPlus = false; return &s }())
	body = b.want(200, "POST", "/messages", message)
	if got := get[string](t, body, "contacts", 0, "wa_id"); got != testCustomer {
		t.Errorf("wa_id = %q with rewriting off", got)
	}
}

// A Brazilian customer is one person with and without the ninth digit, and keeps
// the form in which WhatsApp knows it.
func TestNationalVariants(t *testing.T) {
	b := newBench(t, quick)
	for known, written := range map[string]string{"554188887777": "+5541988887777", "5215512345678": "+525512345678", "541112345678": "+5491112345678"} {
		if _, err := b.s.PutCustomer(CustomerConfig{WaID: known}); err != nil {
			t.Fatal(err)
		}
		message := templateMessage("ola_mundo", "en")
		message["to"] = written
		body := b.want(200, "POST", "/messages", message)
		if got := get[string](t, body, "contacts", 0, "wa_id"); got != known {
			t.Errorf("wa_id of %s = %q, want %q", written, got, known)
		}
	}
}

func TestUserIDs(t *testing.T) {
	b := newBench(t, quick)
	who, err := b.s.PutCustomer(CustomerConfig{WaID: testCustomer, UserID: "BR.13491208655302741918", Identity: "hidden", Username: "joao"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.s.CustomerWrite(testCustomer, InboundMessage{Type: "text", Text: "oi"}); err != nil {
		t.Fatal(err)
	}
	value := get[obj](t, b.next().body, "entry", 0, "changes", 0, "value")
	message, contact := get[obj](t, value, "messages", 0), get[obj](t, value, "contacts", 0)
	if _, there := message["from"]; there || message["from_user_id"] != who.UserID {
		t.Errorf("message = %v", message)
	}
	if _, there := contact["wa_id"]; there || contact["user_id"] != who.UserID || get[string](t, contact, "profile", "username") != "joao" {
		t.Errorf("contact = %v", contact)
	}
	reply := textMessage("olá")
	delete(reply, "to")
	reply["recipient"] = who.UserID
	body := b.want(200, "POST", "/messages", reply)
	answered := get[obj](t, body, "contacts", 0)
	if _, there := answered["wa_id"]; there || answered["user_id"] != who.UserID || answered["input"] != who.UserID {
		t.Errorf("contact of the answer = %v", answered)
	}
	status := b.nextStatus()
	if _, there := status["recipient_id"]; there || status["recipient_user_id"] != who.UserID {
		t.Errorf("status = %v", status)
	}
	for range 2 {
		b.nextStatus()
	}
	who.Identity = "userIdInFrom"
	if _, err := b.s.PutCustomer(who); err != nil {
		t.Fatal(err)
	}
	if _, err := b.s.CustomerWrite(who.UserID, InboundMessage{Type: "text"}); err != nil {
		t.Fatal(err)
	}
	if got := b.nextMessage()["from"]; got != who.UserID {
		t.Errorf("from = %v, want the user id", got)
	}
}

func TestAutoReplies(t *testing.T) {
	b := newBench(t, quick, func(s *Settings) { s.AutoReply = AutoReply{Mode: "echo", Prefix: "eco: "}; s.Statuses.Enabled = false })
	b.open()
	b.send(textMessage("um"))
	if got := get[string](t, b.nextMessage(), "text", "body"); got != "eco: um" {
		t.Errorf("echo = %q", got)
	}
	if _, err := b.s.PutCustomer(CustomerConfig{WaID: testCustomer, AutoReply: &AutoReply{Mode: "script", Replies: []string{"a", "b"}}}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"a", "b"} {
		b.send(textMessage("?"))
		if got := get[string](t, b.nextMessage(), "text", "body"); got != want {
			t.Errorf("script = %q, want %q", got, want)
		}
	}
	b.send(textMessage("?"))
	if _, err := b.s.PutCustomer(CustomerConfig{WaID: testCustomer, AutoReply: &AutoReply{Mode: "choose", DelayMS: 500}}); err != nil {
		t.Fatal(err)
	}
	id := b.send(base("interactive", buttons(2)))
	b.waitTimers(1)
	b.clock.Advance(time.Second)
	message := b.nextMessage()
	if get[string](t, message, "interactive", "button_reply", "id") != "id-0" || get[string](t, message, "context", "id") != id {
		t.Errorf("choice = %v", message)
	}
}

// buttons is an interactive message with n reply buttons.
func buttons(n int) obj {
	list := []any{}
	for i := range n {
		list = append(list, obj{"type": "reply", "reply": obj{"id": "id-" + string(rune('0'+i)), "title": "Botão " + string(rune('0'+i))}})
	}
	return obj{"type": "button", "body": obj{"text": "Escolha"}, "action": obj{"buttons": list}}
}

func TestCustomerReadsLater(t *testing.T) {
	b := newBench(t, quick, func(s *Settings) { s.Statuses.Read = false })
	b.open()
	b.send(textMessage("um"))
	for _, want := range []string{"sent", "delivered"} {
		if got := b.nextStatus()["status"]; got != want {
			t.Errorf("status = %v, want %s", got, want)
		}
	}
	if n := b.s.CustomerReads(testCustomer, ""); n != 1 {
		t.Errorf("read %d messages", n)
	}
	if got := b.nextStatus()["status"]; got != "read" {
		t.Errorf("status = %v", got)
	}
	if n := b.s.CustomerReads(testCustomer, ""); n != 0 {
		t.Errorf("read %d messages twice", n)
	}
}

func TestGroups(t *testing.T) {
	b := newBench(t, quick)
	if err := b.s.PutGroup("group-1", "Clientes", []string{testCustomer, "5521955554444"}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.s.CustomerWrite(testCustomer, InboundMessage{Type: "text", Text: "oi, grupo", Group: "group-1"}); err != nil {
		t.Fatal(err)
	}
	if got := b.nextMessage()["group_id"]; got != "group-1" {
		t.Errorf("group_id = %v", got)
	}
	message := textMessage("olá a todos")
	message["recipient_type"], message["to"] = "group", "group-1"
	b.send(message)
	var participants []string
	for range 5 {
		status := b.nextStatus()
		if status["recipient_type"] != "group" || status["recipient_id"] != "group-1" {
			t.Errorf("status = %v", status)
		}
		if p, is := status["recipient_participant_id"].(string); is {
			participants = append(participants, p)
		}
	}
	slices.Sort(participants)
	if want := []string{"5521955554444", "5521955554444", testCustomer, testCustomer}; !slices.Equal(participants, want) {
		t.Errorf("participants = %v, want %v", participants, want)
	}
	if m := b.s.CustomerMessages("5521955554444"); len(m) != 1 || m[0].Group != "group-1" {
		t.Errorf("the other member's phone shows %+v", m)
	}
}
