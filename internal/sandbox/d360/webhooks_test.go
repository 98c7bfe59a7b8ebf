package d360

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

func (b *bench) writes(phone, text string) string {
	b.t.Helper()
	id, err := b.s.CustomerWrite(phone, InboundMessage{Type: "text", Text: text})
	if err != nil {
		b.t.Fatal(err)
	}
	return id
}

func TestEnvelope(t *testing.T) {
	b := newBench(t)
	id := b.writes(testCustomer, "oi")
	h := b.next()
	if h.header.Get("Authorization") != "Bearer hook-secret" || h.header.Get("Content-Type") != "application/json" {
		t.Errorf("headers = %v", h.header)
	}
	if h.header.Get("X-360dialog-Signature") != "" {
		t.Error("signed without a secret")
	}
	if h.body["object"] != "whatsapp_business_account" || get[string](t, h.body, "entry", 0, "id") != testWABA {
		t.Errorf("body = %s", h.raw)
	}
	change := get[obj](t, h.body, "entry", 0, "changes", 0)
	value := change["value"].(obj)
	if change["field"] != "messages" || value["messaging_product"] != "whatsapp" {
		t.Errorf("change = %v", change)
	}
	if meta := value["metadata"].(obj); meta["display_phone_number"] != "5521977776666" || meta["phone_number_id"] != testPhoneID {
		t.Errorf("metadata = %v", meta)
	}
	contact, message := get[obj](t, value, "contacts", 0), get[obj](t, value, "messages", 0)
	if contact["wa_id"] != testCustomer || get[string](t, contact, "profile", "name") == "" || contact["user_id"] != message["from_user_id"] {
		t.Errorf("contact = %v", contact)
	}
	if message["id"] != id || message["from"] != testCustomer || message["timestamp"] != fmt.Sprint(b.clock.Now().Unix()) || get[string](t, message, "text", "body") != "oi" {
		t.Errorf("message = %v", message)
	}
}

func TestFlatEnvelope(t *testing.T) {
	b := newBench(t, func(s *Settings) { s.Webhooks.Envelope = "flat" })
	id := b.writes(testCustomer, "oi")
	h := b.next()
	if get[string](t, h.body, "messages", 0, "id") != id || h.body["entry"] != nil || h.body["metadata"] != nil {
		t.Errorf("body = %s", h.raw)
	}
}

func TestTimestamps(t *testing.T) {
	b := newBench(t)
	for form, want := range map[string]any{"string": "1772366400", "int": 1772366400.0, "millis": "1772366400000"} {
		s := b.s.Settings()
		s.Webhooks.Timestamps = form
		if err := b.s.Configure(s); err != nil {
			t.Fatal(err)
		}
		b.writes(testCustomer, "oi")
		if got := b.nextMessage()["timestamp"]; got != want {
			t.Errorf("%s: %v", form, got)
		}
	}
}

func TestSignature(t *testing.T) {
	for _, prefix := range []bool{false, true} {
		b := newBench(t, func(s *Settings) { s.Webhooks.SignatureSecret = "segredo"; s.Webhooks.SignaturePrefix = prefix })
		b.writes(testCustomer, "oi")
		h := b.next()
		mac := hmac.New(sha256.New, []byte("segredo"))
		mac.Write(h.raw)
		want := hex.EncodeToString(mac.Sum(nil))
		if prefix {
			want = "sha256=" + want
		}
		if got := h.header.Get("x-360dialog-signature"); got != want {
			t.Errorf("signature = %q, want %q", got, want)
		}
	}
}

// Only 200 counts; the pause doubles; attempts end.
func TestRetries(t *testing.T) {
	b := newBench(t, func(s *Settings) {
		s.Webhooks.MaxAttempts, s.Webhooks.BackoffMS, s.Webhooks.BackoffMaxMS = 4, 1000, 3000
	})
	b.status.Store(http.StatusAccepted)
	b.writes(testCustomer, "oi")
	first := b.next()
	for i, pause := range []time.Duration{time.Second, 2 * time.Second, 3 * time.Second} {
		e := b.nextAttempt()
		if e.Attempt != i+1 || e.Status != http.StatusAccepted || e.Error == "" || !e.RetryAt.Equal(b.clock.Now().Add(pause)) || e.GivenUp {
			t.Errorf("attempt = %+v", e)
		}
		b.clock.Advance(pause - time.Millisecond)
		b.quiet()
		b.clock.Advance(time.Millisecond)
		if again := b.next(); string(again.raw) != string(first.raw) {
			t.Errorf("the retry differs: %s", again.raw)
		}
	}
	if e := b.nextAttempt(); !e.GivenUp || !e.RetryAt.IsZero() {
		t.Errorf("last attempt = %+v", e)
	}
	log, counts := b.s.Deliveries()
	if len(log) != 4 || counts.Failed != 4 || counts.GivenUp != 1 || counts.Delivered != 0 {
		t.Errorf("%d lines, %+v", len(log), counts)
	}
}

func TestRetryUntilDelivered(t *testing.T) {
	b := newBench(t)
	b.status.Store(500)
	b.writes(testCustomer, "oi")
	b.next()
	b.nextAttempt()
	b.status.Store(200)
	b.clock.Advance(time.Second)
	b.next()
	if e := b.nextAttempt(); e.Status != 200 || e.Attempt != 2 || !e.RetryAt.IsZero() {
		t.Errorf("attempt = %+v", e)
	}
}

func TestTimeoutAndRedirect(t *testing.T) {
	release := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/moved" {
			http.Redirect(w, r, "/slow", http.StatusFound)
			return
		}
		<-release
	}))
	defer slow.Close()
	defer close(release)
	for path, c := range map[string]struct{ timeoutMS, want int }{"/slow": {20, 0}, "/moved": {10_000, 302}} {
		b := newBench(t, func(s *Settings) { s.Webhooks.TimeoutMS = c.timeoutMS })
		if err := b.s.SetWebhook("", &WebhookTarget{URL: slow.URL + path}); err != nil {
			t.Fatal(err)
		}
		b.writes(testCustomer, "oi")
		if e := b.nextAttempt(); e.Status != c.want || e.Error == "" || e.RetryAt.IsZero() {
			t.Errorf("%s: %+v", path, e)
		}
	}
}

func TestDuplicates(t *testing.T) {
	b := newBench(t, func(s *Settings) { s.Webhooks.Duplicates = 2 })
	id := b.writes(testCustomer, "oi")
	for range 3 {
		if got := b.nextMessage()["id"]; got != id {
			t.Errorf("id = %v", got)
		}
	}
}

func TestBatch(t *testing.T) {
	b := newBench(t, func(s *Settings) { s.Webhooks.Batch = 3; s.Webhooks.GatherMS = 100 })
	var sent []string
	for i := range 4 {
		sent = append(sent, b.writes(testCustomer, fmt.Sprint(i)))
	}
	value := get[obj](t, b.next().body, "entry", 0, "changes", 0, "value")
	if n := len(value["messages"].([]any)); n != 3 {
		t.Errorf("%d messages in the first webhook", n)
	}
	if n := len(value["contacts"].([]any)); n != 1 {
		t.Errorf("%d contacts of one customer", n)
	}
	b.quiet()
	b.clock.Advance(100 * time.Millisecond)
	if got := b.nextMessage()["id"]; got != sent[3] {
		t.Errorf("the rest = %v", got)
	}
}

// A batch mixes messages, statuses and numbers of one WABA.
func TestBatchMixes(t *testing.T) {
	b := newBench(t, quick, func(s *Settings) { s.Webhooks.Batch = 100; s.Webhooks.GatherMS = 100 })
	other, err := b.s.AddNumber(NumberConfig{DisplayPhoneNumber: "+5521955550000", WABAID: testWABA, Webhook: &WebhookTarget{URL: b.receiver.URL}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.s.CustomerWrite(testCustomer, InboundMessage{Type: "text", Number: other.PhoneNumberID}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.s.CustomerWrite(testCustomer, InboundMessage{Type: "text", Number: testPhoneID}); err != nil {
		t.Fatal(err)
	}
	if err := b.s.EmitStatus(testPhoneID, obj{"status": "delivered"}); err != nil {
		t.Fatal(err)
	}
	b.waitTimers(1)
	b.clock.Advance(100 * time.Millisecond)
	changes := get[[]any](t, b.next().body, "entry", 0, "changes")
	if len(changes) != 2 {
		t.Fatalf("changes = %v", changes)
	}
	second := get[obj](t, changes[1], "value")
	if len(second["messages"].([]any)) != 1 || len(second["statuses"].([]any)) != 1 {
		t.Errorf("value = %v", second)
	}
	if get[string](t, changes[0], "value", "metadata", "phone_number_id") != other.PhoneNumberID {
		t.Errorf("changes = %v", changes)
	}
}

func TestShuffle(t *testing.T) {
	b := newBench(t, func(s *Settings) {
		s.Webhooks.Shuffle = true
		s.Webhooks.GatherMS = 100
		s.Throttles = ThrottleSettings{}
	})
	var sent, got []string
	for i := range 20 {
		sent = append(sent, b.writes(testCustomer, fmt.Sprint(i)))
	}
	b.clock.Advance(100 * time.Millisecond)
	for range sent {
		got = append(got, b.nextMessage()["id"].(string))
	}
	if slices.Equal(got, sent) {
		t.Error("the order is the same")
	}
	slices.Sort(got)
	slices.Sort(sent)
	if !slices.Equal(got, sent) {
		t.Error("something is missing or doubled")
	}
}

// Unless told otherwise, what concerns one customer arrives in order.
func TestOrderWithinACustomer(t *testing.T) {
	b := newBench(t)
	for i := range 50 {
		b.writes(testCustomer, fmt.Sprint(i))
	}
	for i := range 50 {
		if got := get[string](t, b.nextMessage(), "text", "body"); got != fmt.Sprint(i) {
			t.Fatalf("message %d is %q", i, got)
		}
	}
}

func TestNoWebhook(t *testing.T) {
	b := newBench(t)
	if err := b.s.SetWebhook("", nil); err != nil {
		t.Fatal(err)
	}
	b.writes(testCustomer, "oi")
	if _, counts := b.s.Deliveries(); counts.NoWebhook != 1 {
		t.Errorf("counts = %+v", counts)
	}
}

func TestStatusesOff(t *testing.T) {
	b := newBench(t, quick, func(s *Settings) { s.Statuses.Enabled = false })
	b.open()
	b.send(textMessage("x"))
	id := b.writes(testCustomer, "oi")
	if got := b.nextMessage()["id"]; got != id {
		t.Errorf("id = %v", got)
	}
	b.quiet()
}

func TestQueueIsBounded(t *testing.T) {
	release := make(chan struct{})
	stuck := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer stuck.Close()
	defer close(release)
	s := New(Options{
		WebhookWorkers: 1, Limits: Limits{Queue: 10, Messages: 30, Deliveries: 5, Requests: 5, Customers: 20},
		Numbers: []NumberConfig{{DisplayPhoneNumber: testPhone, Webhook: &WebhookTarget{URL: stuck.URL}}},
	})
	defer s.Close()
	for i := range 100 {
		if _, err := s.CustomerWrite(fmt.Sprintf("55219%08d", 70000000+i), InboundMessage{Type: "text"}); err != nil {
			t.Fatal(err)
		}
	}
	_, counts := s.Deliveries()
	if counts.Queued > 10 || counts.Dropped < 89 {
		t.Errorf("counts = %+v", counts)
	}
	if n := len(s.Customers()); n != 20 {
		t.Errorf("%d customers are kept", n)
	}
	s.mu.Lock()
	messages, ids := len(s.messages), len(s.byUserID)
	s.mu.Unlock()
	if messages != 30 || ids != 20 {
		t.Errorf("%d messages and %d user ids are kept", messages, ids)
	}
}

// Thousands of sends and their receipts go through without a loss.
func TestManyAtOnce(t *testing.T) {
	const senders, each = 8, 250
	received := make(chan int, 1<<16)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { received <- 1 }))
	defer receiver.Close()
	settings := DefaultSettings()
	quick(&settings)
	settings.Throttles = ThrottleSettings{}
	s := New(Options{Settings: &settings, Numbers: []NumberConfig{{APIKey: testKey, DisplayPhoneNumber: testPhone, Webhook: &WebhookTarget{URL: receiver.URL}}}})
	defer s.Close()
	api := httptest.NewServer(s.Handler())
	defer api.Close()
	failures := make(chan error, senders)
	for i := range senders {
		go func() {
			var err error
			for n := range each {
				if err = postTo(api.URL, fmt.Sprintf("+55219%08d", 70000000+i*each+n)); err != nil {
					break
				}
			}
			failures <- err
		}()
	}
	for range senders {
		if err := <-failures; err != nil {
			t.Fatal(err)
		}
	}
	for range 3 * senders * each {
		select {
		case <-received:
		case <-time.After(patience):
			_, counts := s.Deliveries()
			t.Fatalf("webhooks are missing: %+v", counts)
		}
	}
}

func postTo(url, to string) error {
	body := string(encode(with(templateMessage("ola_mundo", "en"), to, "to")))
	req, err := http.NewRequest("POST", url+"/messages", strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("D360-API-KEY", testKey)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return err
	}
	if res.StatusCode != 200 {
		return fmt.Errorf("status %d", res.StatusCode)
	}
	return nil
}
