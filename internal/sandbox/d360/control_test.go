package d360

import (
	"strings"
	"testing"
	"time"
)

func TestControlNumbers(t *testing.T) {
	b := newBench(t)
	made := b.want(201, "POST", "/control/numbers", obj{"displayPhoneNumber": "+49 30 1234567", "name": "Berlin"})
	if made["apiKey"] == "" || made["phoneNumberId"] == "" || made["wabaId"] == "" || made["health"] != "AVAILABLE" {
		t.Errorf("number = %v", made)
	}
	for name, bad := range map[string]any{
		"taken": obj{"displayPhoneNumber": "+49301234567"}, "no phone": obj{"displayPhoneNumber": "x"},
		"odd health": obj{"displayPhoneNumber": "+49301234568", "health": "FINE"}, "odd quality": obj{"displayPhoneNumber": "+49301234568", "quality": "BLUE"},
		"odd template": obj{"displayPhoneNumber": "+49301234568", "templates": []any{obj{"name": "X"}}},
		"odd webhook":  obj{"displayPhoneNumber": "+49301234568", "webhook": obj{"url": "x"}},
	} {
		if a := b.call("POST", "/control/numbers", bad); a.status != 422 {
			t.Errorf("%s: %d %s", name, a.status, a.raw)
		}
	}
	b.want(400, "POST", "/control/numbers", obj{"phone": "x"})
	b.want(400, "POST", "/control/numbers", []byte(`{`))
	b.want(400, "POST", "/control/numbers", []byte(`{} {}`))
	b.key = made["apiKey"].(string)
	b.want(200, "PUT", "/control/numbers/4930 1234567/webhook", obj{"url": b.receiver.URL})
	if got := b.want(200, "GET", "/v1/configs/webhook", nil); got["url"] != b.receiver.URL {
		t.Errorf("webhook = %v", got)
	}
	b.want(200, "DELETE", "/control/numbers/4930 1234567/webhook", nil)
	rotated := b.want(200, "POST", "/control/numbers/"+made["phoneNumberId"].(string)+"/rotate-key", nil)
	b.want(401, "GET", "/health_status", nil)
	b.key = rotated["apiKey"].(string)
	if got := b.want(200, "PATCH", "/control/numbers/+49301234567", obj{"health": "LIMITED", "quality": "RED"}); got["quality"] != "RED" {
		t.Errorf("number = %v", got)
	}
	if got := b.want(200, "GET", "/health_status", nil); get[string](t, got, "health_status", "can_send_message") != "LIMITED" {
		t.Errorf("health = %v", got)
	}
	b.want(422, "PATCH", "/control/numbers/+49301234567", obj{"health": "x"})
	b.want(422, "PATCH", "/control/numbers/+49301234567", obj{"healthCode": 7})
	list := b.want(200, "GET", "/control/numbers", nil)["numbers"].([]any)
	if len(list) != 2 || get[float64](t, list[1], "templates") != float64(len(SeedTemplates())) {
		t.Errorf("numbers = %v", list)
	}
	b.want(200, "POST", "/control/numbers/+49301234567/templates", obj{"name": "neu", "language": "de", "category": "UTILITY", "components": []any{obj{"type": "BODY", "text": "Hallo"}}})
	b.want(200, "PUT", "/control/numbers/+49301234567/templates/neu/status", obj{"status": "PAUSED"})
	templates := b.want(200, "GET", "/control/numbers/+49301234567/templates", nil)["templates"].([]any)
	if got := get[string](t, templates[len(templates)-1], "status"); got != "PAUSED" {
		t.Errorf("status = %q", got)
	}
	b.want(200, "DELETE", "/control/numbers/+49301234567", nil)
	b.want(404, "DELETE", "/control/numbers/+49301234567", nil)
	b.want(401, "GET", "/health_status", nil)
}

func TestControlCustomers(t *testing.T) {
	b := newBench(t)
	path := "/control/customers/" + testCustomer
	b.want(404, "GET", path, nil)
	made := b.want(200, "PUT", path, obj{"name": "João Silva", "autoReply": obj{"mode": "echo"}})
	if made["name"] != "João Silva" || made["userId"] == "" || made["waId"] != testCustomer {
		t.Errorf("customer = %v", made)
	}
	again := b.want(200, "PUT", path, obj{"identity": "hidden"})
	if again["userId"] != made["userId"] || again["name"] != "João Silva" || again["autoReply"] != nil {
		t.Errorf("customer = %v", again)
	}
	for name, bad := range map[string]any{
		"identity": obj{"identity": "secret"}, "user id": obj{"userId": "x"}, "code": obj{"refusal": obj{"code": 7}}, "mode": obj{"autoReply": obj{"mode": "x"}},
	} {
		if a := b.call("PUT", path, bad); a.status != 422 {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	b.want(422, "PUT", "/control/customers/other", obj{})
	b.want(422, "PUT", "/control/customers/5521900000000", obj{"userId": made["userId"]})
	id := get[string](t, b.want(201, "POST", path+"/messages", obj{"type": "text", "text": "oi"}), "id")
	b.next()
	if got := b.want(200, "GET", path+"/messages?limit=1", nil); get[string](t, got, "messages", 0, "id") != id {
		t.Errorf("messages = %v", got)
	}
	if got := b.want(200, "GET", "/control/messages/"+id, nil); got["text"] != "oi" || got["from"] != "customer" {
		t.Errorf("message = %v", got)
	}
	b.want(404, "GET", "/control/messages/none", nil)
	b.want(422, "POST", path+"/messages", obj{})
	b.want(404, "POST", path+"/messages", obj{"type": "text", "number": "5521911112222"})
	b.want(200, "PUT", path+"/window", obj{"open": false})
	b.want(200, "PUT", path+"/window", obj{"open": true})
	b.send(textMessage("x"))
	if got := b.want(200, "POST", path+"/read", nil); got["messages"] != 1.0 {
		t.Errorf("read = %v", got)
	}
	if got := b.want(200, "POST", path+"/played", obj{"id": "none"}); got["messages"] != 0.0 {
		t.Errorf("played = %v", got)
	}
	if got := b.want(200, "GET", "/control/customers", nil); len(got["customers"].([]any)) != 1 {
		t.Errorf("customers = %v", got)
	}
}

func TestControlBehaviour(t *testing.T) {
	b := newBench(t)
	got := b.want(200, "PATCH", "/control/settings", obj{"window": "sync", "statuses": obj{"sentMs": 7}})
	if got["window"] != "sync" || get[float64](t, got, "statuses", "sentMs") != 7 || get[float64](t, got, "statuses", "readMs") != 1200 {
		t.Errorf("settings = %v", got)
	}
	for name, bad := range map[string]any{
		"choice": obj{"window": "ajar"}, "range": obj{"webhooks": obj{"batch": 0}}, "unknown": obj{"windows": "sync"}, "script": obj{"autoReply": obj{"mode": "script"}},
	} {
		if a := b.call("PATCH", "/control/settings", bad); a.status != 422 {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	if now := b.want(200, "GET", "/control/settings", nil); now["window"] != "sync" {
		t.Errorf("settings = %v", now)
	}
	rules := obj{"rules": []any{obj{"match": obj{"endpoint": "messages"}, "times": 1, "fault": obj{"kind": "error", "code": 131056}}}}
	id := get[string](t, b.want(200, "PUT", "/control/faults", rules), "rules", 0, "id")
	b.want(400, "POST", "/messages", textMessage("x"))
	if got := b.want(200, "GET", "/control/faults", nil); get[float64](t, got, "rules", 0, "hits") != 1 {
		t.Errorf("faults = %v", got)
	}
	b.want(200, "DELETE", "/control/faults/"+id, nil)
	b.want(404, "DELETE", "/control/faults/"+id, nil)
	b.want(201, "POST", "/control/faults", obj{"fault": obj{"kind": "slow"}})
	b.want(422, "POST", "/control/faults", obj{"fault": obj{"kind": "x"}})
	b.want(422, "PUT", "/control/faults", obj{"rules": []any{obj{"fault": obj{"kind": "x"}}}})
	b.want(200, "DELETE", "/control/faults", nil)
	b.want(404, "GET", "/control/nothing", nil)
}

func TestControlLogsMaskKeys(t *testing.T) {
	b := newBench(t)
	b.open()
	b.send(textMessage("segredo"))
	b.key = "wrong-key-5678"
	b.want(401, "POST", "/messages", textMessage("x"))
	a := b.call("GET", "/control/requests?limit=2", nil)
	if strings.Contains(string(a.raw), testKey) || strings.Contains(string(a.raw), "wrong-key") {
		t.Errorf("a key is shown: %s", a.raw)
	}
	first, second := get[obj](t, a.body, "requests", 0), get[obj](t, a.body, "requests", 1)
	if first["key"] != "****1234" || first["endpoint"] != "messages" || first["status"] != 200.0 || first["number"] != testPhoneID || !strings.Contains(first["body"].(string), "segredo") || first["messageId"] == nil {
		t.Errorf("first = %v", first)
	}
	if second["key"] != "****5678" || second["status"] != 401.0 || second["error"] == nil {
		t.Errorf("second = %v", second)
	}
}

func TestControlEvents(t *testing.T) {
	b := newBench(t)
	b.want(202, "POST", "/control/events", obj{"field": "user_preferences", "value": obj{"user_preferences": []any{}}})
	if got := get[string](t, b.next().body, "entry", 0, "changes", 0, "field"); got != "user_preferences" {
		t.Errorf("field = %q", got)
	}
	b.want(422, "POST", "/control/events", obj{})
	b.want(202, "POST", "/control/statuses", obj{"status": obj{"status": "deleted"}})
	if got := b.nextStatus()["status"]; got != "deleted" {
		t.Errorf("status = %v", got)
	}
	b.want(201, "POST", "/control/echoes", obj{"to": testCustomer, "text": "oi"})
	b.next()
	b.want(422, "POST", "/control/echoes", obj{"text": "oi"})
	b.want(200, "PUT", "/control/groups/g1", obj{"subject": "s", "participants": []any{testCustomer}})
	b.want(422, "PUT", "/control/groups/g1", obj{"subject": "s"})
	for range 3 {
		b.nextAttempt()
	}
	got := b.want(200, "GET", "/control/deliveries?limit=1", nil)
	if len(got["deliveries"].([]any)) != 1 || get[float64](t, got, "counts", "delivered") != 3 {
		t.Errorf("deliveries = %v", got)
	}
}

func TestReset(t *testing.T) {
	b := newBench(t)
	b.open()
	b.send(textMessage("x"))
	b.fault(Fault{Kind: "bad_gateway"}, Match{}, 0)
	if _, err := b.s.AddNumber(NumberConfig{DisplayPhoneNumber: "+5521955550000"}); err != nil {
		t.Fatal(err)
	}
	mediaID := b.s.ids.digits(15)
	b.s.media.put(&media{id: mediaID, number: testPhoneID, created: b.clock.Now()})
	b.want(200, "POST", "/control/reset", nil)
	if len(b.s.Numbers()) != 1 || len(b.s.Customers()) != 0 || len(b.s.Faults()) != 0 || len(b.s.Requests()) != 0 || len(b.s.CustomerMessages(testCustomer)) != 0 {
		t.Error("something outlived the reset")
	}
	if pending, _ := b.s.schedule().waiting(); pending != 0 {
		t.Errorf("%d timers outlived the reset", pending)
	}
	b.want(400, "GET", "/"+mediaID, nil)
	if got := b.want(200, "GET", "/v1/configs/webhook", nil); got["url"] != b.receiver.URL {
		t.Errorf("webhook = %v", got)
	}
	b.clock.Advance(time.Hour)
	b.quiet()
}

// TestAnAnswerBehindTheResetPlansNothing: a send whose answer is still being
// written when everything is reset has no receipts.
func TestAnAnswerBehindTheResetPlansNothing(t *testing.T) {
	b := newBench(t)
	b.open()
	id := b.send(textMessage("x"))
	b.s.mu.Lock()
	sent := b.s.messages[id]
	b.s.mu.Unlock()
	b.want(200, "POST", "/control/reset", nil)
	settings := b.s.Settings()
	b.s.plan(sent, outcome{}, &settings)
	b.clock.Advance(time.Hour)
	b.quiet()
}

// TestUserIDsSurviveARestart: a platform keeps its contacts, the server does not.
func TestUserIDsSurviveARestart(t *testing.T) {
	seen := map[string]string{}
	for range 2 {
		s := New(Options{})
		for _, phone := range []string{"5521988887777", "5521988887778", "49301234567"} {
			made, err := s.PutCustomer(CustomerConfig{WaID: phone})
			if err != nil {
				t.Fatal(err)
			}
			if before := seen[phone]; before != "" && before != made.UserID {
				t.Errorf("%s was %s, is %s", phone, before, made.UserID)
			}
			seen[phone] = made.UserID
		}
		s.Close()
	}
	if seen["5521988887777"] == seen["5521988887778"] || !strings.HasPrefix(seen["49301234567"], "DE.") {
		t.Errorf("user ids %v", seen)
	}
}
