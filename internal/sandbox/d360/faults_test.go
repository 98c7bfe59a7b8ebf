package d360

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// factCodes are all the codes by which the real service is known to refuse.
var factCodes = []int{
	4, 80007, 130429, 131048, 131056, 133016,
	1, 2, 131000, 131016, 131057, 131053,
	100, 33, 131005, 131008, 131009, 131021, 131026, 131047, 131051, 131052, 130472, 131049, 131050, 131062, 137000,
	132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132068, 132069,
	0, 3, 10, 190, 200, 299, 368, 131031, 131042, 131045, 130497, 139100,
}

func (b *bench) fault(f Fault, m Match, times int) {
	b.t.Helper()
	if err := b.s.SetFaults([]Rule{{Match: m, Times: times, Fault: f}}); err != nil {
		b.t.Fatal(err)
	}
}

// Each code can be switched on, in each of the four shapes, for one call.
func TestEveryCodeInEveryShape(t *testing.T) {
	b := newBench(t, quick, func(s *Settings) { s.Throttles = ThrottleSettings{} })
	b.open()
	for _, code := range factCodes {
		for _, shape := range []Shape{"", ShapeMeta, ShapeHub, ShapeString, ShapeLegacy} {
			b.fault(Fault{Kind: "error", Code: code, Shape: shape, Details: "why", Subcode: 17, Transient: true}, Match{Endpoint: "messages"}, 1)
			a := b.call("POST", "/messages", textMessage("x"))
			if a.status != refusals[code].status {
				t.Errorf("%d %s: status %d", code, shape, a.status)
			}
			checkShape(t, a, shape, code)
			if again := b.call("POST", "/messages", textMessage("x")); again.status != 200 {
				t.Errorf("%d %s: the fault outlived its call: %d", code, shape, again.status)
			}
		}
	}
}

func checkShape(t *testing.T, a answer, shape Shape, code int) {
	t.Helper()
	switch shape {
	case "", ShapeMeta:
		e := get[obj](t, a.body, "error")
		if e["code"] != float64(code) || e["error_subcode"] != 17.0 || e["is_transient"] != true || get[string](t, e, "error_data", "details") != "why" || e["fbtrace_id"] == "" {
			t.Errorf("meta body = %s", a.raw)
		}
	case ShapeHub:
		m := get[obj](t, a.body, "meta")
		if m["success"] != false || m["http_code"] != float64(a.status) || m["developer_message"] == "" || len(a.body) != 1 {
			t.Errorf("hub body = %s", a.raw)
		}
	case ShapeString:
		if get[string](t, a.body, "error") == "" || len(a.body) != 1 {
			t.Errorf("string body = %s", a.raw)
		}
	case ShapeLegacy:
		if get[float64](t, a.body, "errors", 0, "code") != float64(code) || get[string](t, a.body, "errors", 0, "details") != "why" {
			t.Errorf("legacy body = %s", a.raw)
		}
	}
}

// Each code can end an accepted message by a failed status.
func TestEveryCodeAsFailedStatus(t *testing.T) {
	b := newBench(t, quick, func(s *Settings) { s.Throttles = ThrottleSettings{} })
	b.open()
	for _, code := range factCodes {
		b.fault(Fault{Kind: "status_failed", Code: code, Details: "why"}, Match{}, 1)
		id := b.send(textMessage("x"))
		status := b.nextStatus()
		e := get[obj](t, status, "errors", 0)
		if status["status"] != "failed" || status["id"] != id || e["code"] != float64(code) || e["title"] != refusals[code].title || get[string](t, e, "error_data", "details") != "why" {
			t.Errorf("status of %d = %v", code, status)
		}
	}
}

// What 360dialog itself says, before Meta is asked.
func TestHubFaults(t *testing.T) {
	b := newBench(t)
	b.open()
	for _, c := range []struct {
		kind   string
		status int
		text   string
	}{
		{"unauthorized", 401, "Invalid api_key"},
		{"endpoint_rate_limit", 400, "You have exceeded the endpoint rate limit."},
		{"payment_required", 400, "payment"},
		{"api_disabled", 400, "disabled"},
		{"endpoint_blocked", 403, "blocked"},
		{"hub_internal", 500, "Internal"},
		{"bad_gateway", 502, "Bad Gateway"},
	} {
		for _, shape := range []Shape{ShapeHub, ShapeString} {
			b.fault(Fault{Kind: c.kind, Shape: shape}, Match{}, 1)
			a := b.call("POST", "/messages", textMessage("x"))
			var text string
			if shape == ShapeHub {
				text = get[string](t, a.body, "meta", "developer_message")
			} else {
				text = get[string](t, a.body, "error")
			}
			if a.status != c.status || !strings.Contains(text, c.text) {
				t.Errorf("%s %s = %d %q", c.kind, shape, a.status, text)
			}
		}
	}
	b.fault(Fault{Kind: "hub_internal", Status: 504, Text: "Gateway Timeout"}, Match{}, 1)
	if a := b.call("GET", "/health_status", nil); a.status != 504 || get[string](t, a.body, "meta", "developer_message") != "Gateway Timeout" {
		t.Errorf("answer = %d %s", a.status, a.raw)
	}
}

func TestUnauthorized(t *testing.T) {
	for _, shape := range []Shape{ShapeHub, ShapeString} {
		b := newBench(t, func(s *Settings) { s.Unauthorized = shape })
		for _, key := range []string{"", "wrong"} {
			b.key = key
			a := b.call("POST", "/messages", textMessage("x"))
			if a.status != 401 {
				t.Errorf("status %d", a.status)
			}
			if shape == ShapeString && get[string](t, a.body, "error") != "Invalid api_key" {
				t.Errorf("body = %s", a.raw)
			}
			if shape == ShapeHub && (get[string](t, a.body, "meta", "developer_message") != "Invalid api_key" || get[float64](t, a.body, "meta", "http_code") != 401) {
				t.Errorf("body = %s", a.raw)
			}
		}
	}
}

func TestThrottleHeaders(t *testing.T) {
	b := newBench(t)
	b.fault(Fault{Kind: "too_many_requests", RetryAfter: 7, UsageMinutes: 3}, Match{}, 0)
	a := b.call("POST", "/messages", textMessage("x"))
	if a.status != 429 || a.header.Get("Retry-After") != "7" {
		t.Errorf("answer = %d, Retry-After %q", a.status, a.header.Get("Retry-After"))
	}
	usage := a.header.Get("X-Business-Use-Case-Usage")
	if !strings.Contains(usage, testWABA) || !strings.Contains(usage, `"estimated_time_to_regain_access":3`) {
		t.Errorf("usage = %q", usage)
	}
}

func TestSpoiledAnswers(t *testing.T) {
	for kind, check := range map[string]func(*testing.T, answer, error){
		"html_error": func(t *testing.T, a answer, err error) {
			if err != nil || a.status != 503 || a.header.Get("Content-Type") != "text/html" || a.body != nil {
				t.Errorf("answer = %d %s, %v", a.status, a.raw, err)
			}
		},
		"not_json": func(t *testing.T, a answer, err error) {
			if err != nil || a.status != 200 || a.body != nil || len(a.raw) == 0 {
				t.Errorf("answer = %d %s, %v", a.status, a.raw, err)
			}
		},
		"empty_body": func(t *testing.T, a answer, err error) {
			if err != nil || a.status != 200 || len(a.raw) != 0 {
				t.Errorf("answer = %d %s, %v", a.status, a.raw, err)
			}
		},
		"no_id": func(t *testing.T, a answer, err error) {
			if _, there := a.body["messages"]; err != nil || a.status != 200 || there {
				t.Errorf("answer = %d %s, %v", a.status, a.raw, err)
			}
		},
		"empty_list": func(t *testing.T, a answer, err error) {
			if err != nil || a.status != 200 || len(get[[]any](t, a.body, "messages")) != 0 {
				t.Errorf("answer = %d %s, %v", a.status, a.raw, err)
			}
		},
		"truncated": func(t *testing.T, a answer, err error) {
			if err == nil {
				t.Errorf("the body came whole: %s", a.raw)
			}
		},
		"drop_after": func(t *testing.T, a answer, err error) {
			if err == nil {
				t.Errorf("an answer came: %s", a.raw)
			}
		},
		"drop_before": func(t *testing.T, a answer, err error) {
			if err == nil {
				t.Errorf("an answer came: %s", a.raw)
			}
		},
	} {
		t.Run(kind, func(t *testing.T) {
			b := newBench(t, quick)
			b.open()
			b.fault(Fault{Kind: kind}, Match{Endpoint: "messages"}, 1)
			a, err := b.do("POST", "/messages", textMessage("x"))
			check(t, a, err)
			entry := b.settle()
			if entry.Fault != kind {
				t.Errorf("log = %+v", entry)
			}
			phone := b.s.CustomerMessages(testCustomer)
			if refused := kind == "html_error" || kind == "drop_before"; refused {
				if len(phone) != 0 {
					t.Errorf("the phone shows %+v", phone)
				}
				return
			}
			// The message was accepted all the same: it arrives, and its receipts come.
			if len(phone) != 1 || entry.MessageID != phone[0].ID {
				t.Errorf("the phone shows %+v, the log says %q", phone, entry.MessageID)
			}
			if status := b.nextStatus(); status["id"] != entry.MessageID || status["status"] != "sent" {
				t.Errorf("status = %v", status)
			}
		})
	}
}

func TestSlowAnswers(t *testing.T) {
	for _, kind := range []string{"slow", "slow_after"} {
		b := newBench(t, quick)
		b.open()
		b.fault(Fault{Kind: kind, DelayMS: 60_000}, Match{Endpoint: "messages"}, 1)
		answers := make(chan int, 1)
		go func() {
			a, err := b.do("POST", "/messages", textMessage("x"))
			if err != nil {
				a.status = -1
			}
			answers <- a.status
		}()
		for len(answers) == 0 {
			b.clock.Advance(time.Second)
		}
		if status := <-answers; status != 200 {
			t.Errorf("%s: status %d", kind, status)
		}
	}
}

func TestStatusFaults(t *testing.T) {
	b := newBench(t, quick)
	b.open()
	b.fault(Fault{Kind: "no_statuses"}, Match{}, 1)
	b.send(textMessage("silent"))
	b.fault(Fault{Kind: "undelivered"}, Match{}, 1)
	b.send(textMessage("only sent"))
	if got := b.nextStatus()["status"]; got != "sent" {
		t.Errorf("status = %v", got)
	}
	b.fault(Fault{Kind: "message_status", Text: "held_for_quality_assessment"}, Match{Type: "template"}, 1)
	body := b.want(200, "POST", "/messages", templateMessage("ola_mundo", "en"))
	if got := get[string](t, body, "messages", 0, "message_status"); got != "held_for_quality_assessment" {
		t.Errorf("message_status = %q", got)
	}
	for range 3 {
		b.settle()
	}
	b.quiet()
}

// The first receipt is at the receiver before the answer to the send is.
func TestStatusBeforeResponse(t *testing.T) {
	for _, byFault := range []bool{true, false} {
		b := newBench(t, func(s *Settings) { s.Statuses.BeforeResponse = !byFault })
		b.open()
		if byFault {
			b.fault(Fault{Kind: "status_before_response"}, Match{}, 0)
		}
		id := b.send(textMessage("x"))
		select {
		case h := <-b.hooks:
			if got := get[string](t, h.body, "entry", 0, "changes", 0, "value", "statuses", 0, "id"); got != id {
				t.Errorf("id = %q, want %q", got, id)
			}
		default:
			t.Error("the answer came before the status")
		}
	}
}

// A send is answered when its first receipt can't go anywhere.
func TestStatusBeforeResponseWithoutWebhook(t *testing.T) {
	b := newBench(t, func(s *Settings) { s.Statuses.BeforeResponse = true })
	b.open()
	if err := b.s.SetWebhook("", nil); err != nil {
		t.Fatal(err)
	}
	b.send(textMessage("x"))
	settings := b.s.Settings()
	settings.Statuses.Enabled = false
	if err := b.s.Configure(settings); err != nil {
		t.Fatal(err)
	}
	b.send(textMessage("y"))
}

func TestFaultsMatch(t *testing.T) {
	b := newBench(t, func(s *Settings) { s.Window = "off" })
	rules := []Rule{
		{Match: Match{Endpoint: "messages", Recipient: "+55 41 98888-7777"}, Skip: 1, Times: 2, Fault: Fault{Kind: "error", Code: 131026}},
		{Match: Match{Type: "template"}, Fault: Fault{Kind: "error", Code: 132001}},
		{Match: Match{Endpoint: "mark_read"}, Fault: Fault{Kind: "error", Code: 131000}},
		{Match: Match{Number: "another"}, Fault: Fault{Kind: "error", Code: 1}},
	}
	if err := b.s.SetFaults(rules); err != nil {
		t.Fatal(err)
	}
	status := func(to, body string) int {
		return b.call("POST", "/messages", with(textMessage(body), to, "to")).status
	}
	var got []int
	for _, to := range []string{"+554188887777", "+5541988887777", "+5521900000000", "+554188887777", "+554188887777"} {
		got = append(got, status(to, "x"))
	}
	if want := []int{200, 400, 200, 400, 200}; !slices.Equal(got, want) {
		t.Errorf("statuses = %v, want %v", got, want)
	}
	if a := b.call("POST", "/messages", templateMessage("ola_mundo", "en")); a.status != 404 {
		t.Errorf("template: %d", a.status)
	}
	if a := b.call("POST", "/messages", obj{"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.QQ=="}); a.status != 500 {
		t.Errorf("mark read: %d", a.status)
	}
	if hits := b.s.Faults(); hits[0].Hits != 2 || hits[3].Hits != 0 {
		t.Errorf("rules = %+v", hits)
	}
	if !b.s.RemoveFault(b.s.Faults()[1].ID) || b.s.RemoveFault("none") {
		t.Error("RemoveFault does not say what it did")
	}
	if a := b.call("POST", "/messages", templateMessage("ola_mundo", "en")); a.status != 200 {
		t.Errorf("template after removing: %d", a.status)
	}
}

func TestFaultRulesAreChecked(t *testing.T) {
	b := newBench(t)
	for _, r := range []Rule{
		{Fault: Fault{Kind: "nothing"}},
		{Fault: Fault{Kind: "error", Code: 7}},
		{Fault: Fault{Kind: "slow", DelayMS: -1}},
		{Fault: Fault{Kind: "slow"}, Times: -1},
		{Fault: Fault{Kind: "bad_gateway", Status: 99}},
		{Fault: Fault{Kind: "bad_gateway", Shape: "xml"}},
		{Fault: Fault{Kind: "slow"}, Match: Match{Endpoint: "nowhere"}},
	} {
		if _, err := b.s.AddFault(r); err == nil {
			t.Errorf("rule %+v was taken", r)
		}
		if err := b.s.SetFaults([]Rule{r}); err == nil {
			t.Errorf("rules with %+v were taken", r)
		}
	}
	if len(b.s.Faults()) != 0 {
		t.Error("refused rules are in force")
	}
}

func TestPairLimitRefills(t *testing.T) {
	b := newBench(t, func(s *Settings) { s.Statuses.Enabled = false })
	b.open()
	for range 45 {
		b.send(textMessage("x"))
	}
	refused := func() bool { return b.call("POST", "/messages", textMessage("x")).status == 400 }
	if !refused() {
		t.Error("the 46th passed")
	}
	other := with(textMessage("x"), "+5521955554444", "to")
	b.want(200, "POST", "/messages", other)
	b.clock.Advance(6 * time.Second)
	if refused() {
		t.Error("nothing came back after 6 s")
	}
	if !refused() {
		t.Error("more than one came back after 6 s")
	}
}

func TestThroughputCountsBothDirections(t *testing.T) {
	b := newBench(t, func(s *Settings) { s.Throttles.PairBurst = 0; s.Throttles.MessagesPerSecond = 4 })
	for i := range 4 {
		if _, err := b.s.CustomerWrite(testCustomer, InboundMessage{Type: "text", Text: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	if a := b.call("POST", "/messages", textMessage("x")); a.status != http.StatusBadRequest || get[float64](t, a.body, "error", "code") != 130429 {
		t.Errorf("answer = %d %s", a.status, a.raw)
	}
	b.clock.Advance(time.Second)
	b.send(textMessage("x"))
}

// A reset lets go of an answer that waits for a status that will never be sent.
func TestResetReleasesAWaitingAnswer(t *testing.T) {
	b := newBench(t, func(s *Settings) { s.Statuses.BeforeResponse = true; s.Webhooks.Batch = 10 })
	b.open()
	answers := make(chan int, 1)
	go func() {
		a, err := b.do("POST", "/messages", textMessage("x"))
		if err != nil {
			a.status = -1
		}
		answers <- a.status
	}()
	b.waitTimers(2) // the gathering, and the next receipt
	if err := b.s.Reset(); err != nil {
		t.Fatal(err)
	}
	select {
	case status := <-answers:
		if status != 200 {
			t.Errorf("status %d", status)
		}
	case <-time.After(patience):
		t.Fatal("the answer still waits")
	}
}
