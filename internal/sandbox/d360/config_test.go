package d360

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestWebhookConfiguration(t *testing.T) {
	for _, path := range []string{"/v1/configs/webhook", "/configs/webhook"} {
		b := newBench(t)
		target := obj{"url": b.receiver.URL + "/hook", "headers": obj{"Authorization": "Bearer novo"}}
		for _, got := range []obj{b.want(200, "POST", path, target), b.want(200, "GET", path, nil)} {
			if got["url"] != target["url"] || get[string](t, got, "headers", "Authorization") != "Bearer novo" {
				t.Errorf("%s: %v", path, got)
			}
		}
		b.writes(testCustomer, "oi")
		if h := b.next(); h.header.Get("Authorization") != "Bearer novo" {
			t.Errorf("headers = %v", h.header)
		}
		b.want(200, "POST", path, obj{"url": b.receiver.URL})
		if got := b.want(200, "GET", path, nil); len(got["headers"].(obj)) != 0 {
			t.Errorf("headers were kept: %v", got)
		}
		for name, bad := range map[string]any{
			"no url": obj{}, "no URL": obj{"url": "x"}, "url as number": obj{"url": 1}, "more": obj{"url": "https://example.com", "events": "all"},
			"header as number": obj{"url": "https://example.com", "headers": obj{"a": 1}}, "headers as list": obj{"url": "https://example.com", "headers": []any{}},
		} {
			if a := b.call("POST", path, bad); a.status != 400 {
				t.Errorf("%s: %d", name, a.status)
			}
		}
	}
}

func TestStrictWebhookURL(t *testing.T) {
	b := newBench(t, func(s *Settings) { s.Webhooks.StrictURL = true })
	for url, status := range map[string]int{"https://a.example.com": 200, "https://a_b.example.com": 400, "https://a.example.com:8443": 400} {
		b.want(status, "POST", "/v1/configs/webhook", obj{"url": url})
	}
}

func TestKeyRotationClearsTheWebhook(t *testing.T) {
	b := newBench(t)
	rotated, err := b.s.RotateKey("")
	if err != nil {
		t.Fatal(err)
	}
	b.want(401, "GET", "/v1/configs/webhook", nil)
	b.key = rotated.APIKey
	if got := b.want(200, "GET", "/v1/configs/webhook", nil); got["url"] != "" {
		t.Errorf("webhook = %v", got)
	}
}

func TestWABAWebhook(t *testing.T) {
	b := newBench(t)
	b.want(200, "POST", "/waba_webhook", obj{"url": b.receiver.URL + "/waba", "headers": obj{"X-Waba": "1"}})
	b.writes(testCustomer, "oi")
	if h := b.next(); h.header.Get("X-Waba") != "" {
		t.Error("the number's own webhook must win")
	}
	b.want(200, "POST", "/waba_webhook", obj{"url": b.receiver.URL + "/waba", "headers": obj{"X-Waba": "1"}, "override_all": true})
	b.writes(testCustomer, "oi")
	if h := b.next(); h.header.Get("X-Waba") != "1" {
		t.Error("the WABA's webhook was not used")
	}
	if got := b.want(200, "GET", "/waba_webhook", nil); got["url"] != b.receiver.URL+"/waba" {
		t.Errorf("webhook = %v", got)
	}
	b.want(400, "POST", "/waba_webhook", obj{"url": b.receiver.URL, "override_all": "yes"})
}

func TestMultiWebhook(t *testing.T) {
	b := newBench(t)
	extra := func(name string) obj {
		return obj{"name": name, "url": b.receiver.URL + "/" + name, "headers": obj{"X-Name": name}}
	}
	b.want(400, "PUT", "/multi_webhook", obj{"destinations": []any{extra("a")}})
	b.want(200, "POST", "/multi_webhook", obj{"enabled": true, "destinations": []any{extra("a")}})
	b.want(400, "PUT", "/multi_webhook", obj{"destinations": []any{extra("a")}})
	b.want(200, "PUT", "/multi_webhook", obj{"destinations": []any{extra("b"), extra("c")}})
	b.want(400, "PUT", "/multi_webhook", obj{"destinations": []any{extra("d")}})
	b.want(404, "PATCH", "/multi_webhook", extra("d"))
	changed := extra("c")
	changed["headers"] = obj{"X-Name": "changed"}
	b.want(200, "PATCH", "/multi_webhook", changed)
	if got := b.want(200, "GET", "/multi_webhook", nil); got["enabled"] != true || len(got["destinations"].([]any)) != 3 {
		t.Errorf("configuration = %v", got)
	}
	// The others get it only after the main one answered 200.
	b.status.Store(500)
	b.writes(testCustomer, "oi")
	b.next()
	b.nextAttempt()
	b.quiet()
	b.status.Store(200)
	b.clock.Advance(time.Second)
	var names []string
	for range 4 {
		names = append(names, b.next().header.Get("X-Name"))
	}
	slices.Sort(names)
	if want := []string{"", "a", "b", "changed"}; !slices.Equal(names, want) {
		t.Errorf("destinations = %v, want %v", names, want)
	}
}

func TestHealth(t *testing.T) {
	b := newBench(t)
	got := b.want(200, "GET", "/health_status?fields=health_status", nil)
	if got["id"] != testPhoneID || get[string](t, got, "health_status", "can_send_message") != "AVAILABLE" {
		t.Errorf("health = %v", got)
	}
	for i, kind := range []string{"PHONE_NUMBER", "WABA", "BUSINESS", "APP"} {
		if e := get[obj](t, got, "health_status", "entities", i); e["entity_type"] != kind || e["id"] == "" || e["errors"] != nil {
			t.Errorf("entity = %v", e)
		}
	}
	blocked := "BLOCKED"
	if _, err := b.s.PatchNumber("", NumberPatch{Health: &blocked}); err != nil {
		t.Fatal(err)
	}
	got = b.want(200, "GET", "/health_status", nil)
	if get[string](t, got, "health_status", "can_send_message") != "BLOCKED" || get[float64](t, got, "health_status", "entities", 0, "errors", 0, "error_code") != 131031 {
		t.Errorf("health = %v", got)
	}
}

func TestTemplateLists(t *testing.T) {
	b := newBench(t)
	var names []string
	path := "/message_templates?limit=5"
	for path != "" {
		page := b.want(200, "GET", path, nil)
		for _, row := range page["data"].([]any) {
			names = append(names, row.(obj)["name"].(string))
		}
		path = ""
		if _, more := page["paging"].(obj)["next"]; more {
			path = "/message_templates?limit=5&after=" + get[string](t, page, "paging", "cursors", "after")
		}
	}
	if len(names) != len(SeedTemplates()) || names[0] != "contato_cliente" {
		t.Errorf("names = %v", names)
	}
	approved := b.want(200, "GET", "/message_templates?name=contato_cliente&status=approved&language=pt_BR&category=UTILITY", nil)["data"].([]any)
	if len(approved) != 1 || get[string](t, approved[0], "components", 0, "text") == "" || get[string](t, approved[0], "status") != "APPROVED" {
		t.Errorf("data = %v", approved)
	}
	if none := b.want(200, "GET", "/message_templates?name=x", nil); len(none["data"].([]any)) != 0 {
		t.Errorf("data = %v", none)
	}
	for _, bad := range []string{"?limit=0", "?limit=x", "?after=zz"} {
		b.want(400, "GET", "/message_templates"+bad, nil)
	}
	legacy := b.want(200, "GET", "/v1/configs/templates?limit=2&offset=1", nil)
	if len(legacy["waba_templates"].([]any)) != 2 || legacy["count"] != 2.0 || legacy["offset"] != 1.0 || get[string](t, legacy, "waba_templates", 0, "status") != "approved" {
		t.Errorf("legacy = %v", legacy)
	}
	b.want(400, "GET", "/v1/configs/templates?limit=x", nil)
}

func TestTemplatesAreCreatedAndApproved(t *testing.T) {
	b := newBench(t)
	fresh := obj{"name": "novo", "language": "pt_BR", "category": "utility", "components": []any{obj{"type": "BODY", "text": "Oi {{1}}"}}}
	if got := b.want(200, "POST", "/message_templates", fresh); got["status"] != "PENDING" || got["id"] == "" {
		t.Errorf("created = %v", got)
	}
	b.want(400, "POST", "/message_templates", fresh)
	b.want(404, "POST", "/messages", templateMessage("novo", "pt_BR", bodyParams("Ana")))
	if err := b.s.SetTemplateStatus("", "novo", "APPROVED"); err != nil {
		t.Fatal(err)
	}
	change := get[obj](t, b.next().body, "entry", 0, "changes", 0)
	if change["field"] != "message_template_status_update" || get[string](t, change, "value", "event") != "APPROVED" || get[string](t, change, "value", "message_template_name") != "novo" {
		t.Errorf("change = %v", change)
	}
	b.send(templateMessage("novo", "pt_BR", bodyParams("Ana")))
	b.want(200, "DELETE", "/message_templates?name=novo", nil)
	b.want(400, "DELETE", "/message_templates?name=novo", nil)
	if got := b.want(201, "POST", "/v1/configs/templates", fresh); got["status"] != "submitted" {
		t.Errorf("legacy = %v", got)
	}
	for name, change := range map[string]any{"name": "Não", "language": "", "category": "NEWS", "components": []any{}, "parameter_format": "BOTH"} {
		bad := obj{"name": "outro", "language": "pt_BR", "category": "UTILITY", "components": []any{obj{"type": "BODY", "text": "x"}}}
		bad[name] = change
		b.want(400, "POST", "/message_templates", bad)
	}
	b.want(400, "POST", "/message_templates", obj{"name": 1})
	if err := b.s.SetTemplateStatus("", "nada", "APPROVED"); err == nil {
		t.Error("an unknown template was approved")
	}
	if err := b.s.SetTemplateStatus("", "novo", "FINE"); err == nil {
		t.Error("an unknown status was set")
	}
}

func TestProfile(t *testing.T) {
	b := newBench(t)
	b.want(200, "POST", "/whatsapp_business_profile", obj{"messaging_product": "whatsapp", "about": "Aberto", "websites": []any{"https://example.com"}})
	got := b.want(200, "GET", "/whatsapp_business_profile?fields=about,websites", nil)
	if get[string](t, got, "data", 0, "about") != "Aberto" || get[string](t, got, "data", 0, "websites", 0) != "https://example.com" {
		t.Errorf("profile = %v", got)
	}
	for name, bad := range map[string]obj{
		"no product": {"about": "x"}, "long about": {"messaging_product": "whatsapp", "about": chars(140)},
		"3 sites": {"messaging_product": "whatsapp", "websites": []any{"https://a.b", "https://a.b", "https://a.b"}},
		"unknown": {"messaging_product": "whatsapp", "name": "x"},
	} {
		if a := b.call("POST", "/whatsapp_business_profile", bad); a.status != 400 {
			t.Errorf("%s: %d", name, a.status)
		}
	}
}

func TestBlockUsers(t *testing.T) {
	b := newBench(t, quick)
	users := func(phones ...string) obj {
		var list []any
		for _, p := range phones {
			list = append(list, obj{"user": p})
		}
		return obj{"messaging_product": "whatsapp", "block_users": list}
	}
	b.open()
	a := b.call("POST", "/block_users", users(testCustomer, "5521955554444"))
	if a.status != 400 || get[float64](t, a.body, "error", "code") != 139100 || get[string](t, a.body, "block_users", "added_users", 0, "wa_id") != testCustomer ||
		get[float64](t, a.body, "block_users", "failed_users", 0, "errors", 0, "code") != 139100 {
		t.Errorf("answer = %d %s", a.status, a.raw)
	}
	if got := b.want(200, "GET", "/block_users", nil); get[string](t, got, "data", 0, "wa_id") != testCustomer {
		t.Errorf("blocked = %v", got)
	}
	b.writes(testCustomer, "bloqueado")
	b.send(textMessage("x"))
	if status := b.nextStatus(); status["status"] != "failed" || get[float64](t, status, "errors", 0, "code") != 131026 {
		t.Errorf("status = %v", status)
	}
	if got := b.want(200, "DELETE", "/block_users", users(testCustomer)); get[string](t, got, "block_users", "removed_users", 0, "wa_id") != testCustomer {
		t.Errorf("removed = %v", got)
	}
	b.want(400, "DELETE", "/block_users", users(testCustomer))
	b.want(400, "POST", "/block_users", obj{"messaging_product": "whatsapp"})
	b.writes(testCustomer, "de volta")
	if got := get[string](t, b.nextMessage(), "text", "body"); got != "de volta" {
		t.Errorf("message = %q: what was written while blocked must not come", got)
	}
}

// Numbers and versions are not part of the paths, unlike on Meta's own host.
func TestUnknownPaths(t *testing.T) {
	b := newBench(t)
	for _, path := range []string{"/v19.0/" + testPhoneID + "/messages", "/v1/messages", "/" + testPhoneID + "/messages"} {
		a := b.call("POST", path, textMessage("x"))
		if a.status != 404 || get[float64](t, a.body, "error", "code") != 2500 {
			t.Errorf("%s: %d %s", path, a.status, a.raw)
		}
	}
	if a := b.call("POST", "/messages", encode(textMessage("x")), "Content-Type", "text/plain"); a.status != 400 || !strings.Contains(string(a.raw), "Content-Type") {
		t.Errorf("text/plain: %d %s", a.status, a.raw)
	}
	if a := b.call("POST", "/messages", []byte(`{"x":"`+strings.Repeat("a", maxJSON)+`"}`)); a.status != 400 {
		t.Errorf("long body: %d", a.status)
	}
}
