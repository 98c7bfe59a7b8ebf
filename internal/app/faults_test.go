package app_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/app"
	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/config"
	"github.com/cirrus/omnichannel/internal/sandbox/d360"
)

// refusals are the ways in which 360dialog says no: what the caller is told,
// and what the message remembers.
var refusals = map[string]struct {
	fault  d360.Fault
	status int
	code   string
}{
	"a wrong key, in the hub's shape":   {d360.Fault{Kind: "unauthorized", Shape: d360.ShapeHub}, http.StatusUnauthorized, "d360_invalid_token"},
	"a wrong key, in a string":          {d360.Fault{Kind: "unauthorized", Shape: d360.ShapeString}, http.StatusUnauthorized, "d360_invalid_token"},
	"an expired token":                  {d360.Fault{Kind: "error", Code: 190}, http.StatusUnauthorized, "d360_invalid_token"},
	"too many requests":                 {d360.Fault{Kind: "too_many_requests", RetryAfter: 60}, http.StatusTooManyRequests, "d360_rate_limited"},
	"spam":                              {d360.Fault{Kind: "error", Code: 131048}, http.StatusTooManyRequests, "d360_rate_limited"},
	"the business's usage":              {d360.Fault{Kind: "error", Code: 80007, UsageMinutes: 5}, http.StatusTooManyRequests, "d360_rate_limited"},
	"no payment":                        {d360.Fault{Kind: "payment_required"}, http.StatusForbidden, "d360_account_blocked"},
	"an API that is disabled":           {d360.Fault{Kind: "api_disabled"}, http.StatusForbidden, "d360_account_blocked"},
	"an endpoint that is blocked":       {d360.Fault{Kind: "endpoint_blocked"}, http.StatusForbidden, "d360_account_blocked"},
	"a locked account":                  {d360.Fault{Kind: "error", Code: 131031}, http.StatusForbidden, "d360_account_blocked"},
	"a breach of policies":              {d360.Fault{Kind: "error", Code: 368}, http.StatusForbidden, "d360_account_blocked"},
	"no payment at Meta":                {d360.Fault{Kind: "error", Code: 131042}, http.StatusForbidden, "d360_account_blocked"},
	"a number that is not on WhatsApp":  {d360.Fault{Kind: "error", Code: 131026}, http.StatusNotFound, "number_not_on_whatsapp"},
	"a number that is its own sender":   {d360.Fault{Kind: "error", Code: 131021}, http.StatusBadRequest, "invalid_number"},
	"marketing over its cap":            {d360.Fault{Kind: "error", Code: 131049}, http.StatusUnprocessableEntity, "recipient_unavailable"},
	"marketing that is unwanted":        {d360.Fault{Kind: "error", Code: 131050}, http.StatusUnprocessableEntity, "recipient_unavailable"},
	"an experiment of Meta's":           {d360.Fault{Kind: "error", Code: 130472}, http.StatusUnprocessableEntity, "recipient_unavailable"},
	"a window that is closed there":     {d360.Fault{Kind: "error", Code: 131047}, http.StatusUnprocessableEntity, "reply_window_closed"},
	"a type that is unknown":            {d360.Fault{Kind: "error", Code: 131051}, http.StatusBadRequest, "d360_invalid_message"},
	"a user id that cannot get it":      {d360.Fault{Kind: "error", Code: 131062}, http.StatusBadRequest, "d360_invalid_message"},
	"a missing parameter":               {d360.Fault{Kind: "error", Code: 131008}, http.StatusBadRequest, "d360_invalid_message"},
	"a wrong parameter, in legacy form": {d360.Fault{Kind: "error", Code: 131009, Shape: d360.ShapeLegacy}, http.StatusBadRequest, "d360_invalid_message"},
	"a file that is not there":          {d360.Fault{Kind: "error", Code: 131053}, http.StatusUnprocessableEntity, "media_unavailable"},
	"maintenance":                       {d360.Fault{Kind: "error", Code: 131057}, http.StatusInternalServerError, "d360_internal_error"},
}

// What 360dialog refuses is told by its code, kept as a failed message, and not
// tried again.
func TestWhatD360Refuses(t *testing.T) {
	t.Parallel()
	for name, c := range refusals {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := apptest.NewWorld(t)
			phone := apptest.Phone()
			session := w.Session(phone)
			fail(w, c.fault, d360.Match{}, 0)
			a := w.Call(http.MethodPost, "/api/message/send", said(session, doc{"text": "Olá"}))
			refused(t, name, a, c.status, c.code)
			if seconds, _ := strconv.Atoi(a.Header.Get("Retry-After")); c.status == http.StatusTooManyRequests && seconds < 60 {
				t.Errorf("Retry-After is %q", a.Header.Get("Retry-After"))
			}
			row := message(w, text(a.JSON(), "_id"))
			expect(t, name, row, doc{"status": "failed", "error.code": c.code, "sessionId": session, "messageId": nil})
			if c.fault.Code != 0 {
				expect(t, name, a.JSON(), doc{"providerCode": strconv.Itoa(c.fault.Code)})
				expect(t, name, row, doc{"error.providerCode": strconv.Itoa(c.fault.Code)})
			}
			if n := attempts(w); n != 1 {
				t.Errorf("360dialog was asked %d times", n)
			}
		})
	}
}

// attempts counts the messages that 360dialog was asked to send, reads and
// typing left out.
func attempts(w *apptest.World) int {
	w.T.Helper()
	number, n := numberID(w), 0
	for _, r := range w.Simulator.Requests() {
		if r.Number == number && r.Endpoint == "messages" {
			n++
		}
	}
	return n
}

// A throttle that passes is waited for before the answer.
func TestAThrottleThatPassesIsWaitedFor(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]d360.Fault{
		"too many requests":   {Kind: "too_many_requests", RetryAfter: 1},
		"the pair's limit":    {Kind: "error", Code: 131056},
		"the endpoint's rate": {Kind: "endpoint_rate_limit"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := apptest.NewWorld(t)
			phone := apptest.Phone()
			session := w.Session(phone)
			fail(w, fault, d360.Match{}, 1)
			answer := send(w, session, doc{"text": "Olá"})
			if got := shown(w, phone).Text; got != "Olá" || attempts(w) != 2 {
				t.Errorf("the phone shows %q after %d attempts", got, attempts(w))
			}
			await(w, text(answer, "_id"), doc{"status": "read"})
		})
	}
}

// A pair's limit that lasts is a 429; who sends on to the same recipient is
// held back without asking, and the message is tried later.
func TestAPairLimitThatLasts(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	session := w.Session(phone)
	fail(w, d360.Fault{Kind: "error", Code: 131056}, d360.Match{}, 2)
	a := w.Call(http.MethodPost, "/api/message/send", said(session, doc{"text": "um"}))
	refused(t, "the pair's limit", a, http.StatusTooManyRequests, "d360_rate_limited")
	if a.Header.Get("Retry-After") == "" {
		t.Error("a 429 without Retry-After")
	}
	next := w.Call(http.MethodPost, "/api/message/send", said(session, doc{"text": "dois"}))
	if next.Status != http.StatusAccepted {
		t.Fatalf("a send while the pair is held: %s", next)
	}
	expect(t, "a send while the pair is held", next.JSON(), doc{"status": "queued", "messageId": nil, "sessionId": session})
	await(w, text(next.JSON(), "_id"), doc{"status": "read"})
	if got := shown(w, phone).Text; got != "dois" || attempts(w) != 3 {
		t.Errorf("the phone shows %q after %d attempts", got, attempts(w))
	}
	expect(t, "the refused one", message(w, text(a.JSON(), "_id")), doc{"status": "failed"})
}

// doubts are the ways in which nobody can know whether a message went.
var doubts = map[string]struct {
	fault   d360.Fault
	status  int
	code    string
	arrives bool
}{
	"a connection cut before":   {d360.Fault{Kind: "drop_before"}, http.StatusGatewayTimeout, "provider_timeout", false},
	"a connection cut after":    {d360.Fault{Kind: "drop_after"}, http.StatusGatewayTimeout, "provider_timeout", true},
	"no id":                     {d360.Fault{Kind: "no_id"}, http.StatusInternalServerError, "d360_internal_error", true},
	"an empty list":             {d360.Fault{Kind: "empty_list"}, http.StatusInternalServerError, "d360_internal_error", true},
	"an answer cut off":         {d360.Fault{Kind: "truncated"}, http.StatusInternalServerError, "d360_internal_error", true},
	"an answer that is no JSON": {d360.Fault{Kind: "not_json"}, http.StatusInternalServerError, "d360_internal_error", true},
	"an empty answer":           {d360.Fault{Kind: "empty_body"}, http.StatusInternalServerError, "d360_internal_error", true},
	"an error of the hub":       {d360.Fault{Kind: "hub_internal"}, http.StatusInternalServerError, "d360_internal_error", false},
	"a bad gateway":             {d360.Fault{Kind: "bad_gateway"}, http.StatusInternalServerError, "d360_internal_error", false},
	"a page of HTML":            {d360.Fault{Kind: "html_error"}, http.StatusInternalServerError, "d360_internal_error", false},
	"something went wrong":      {d360.Fault{Kind: "error", Code: 131000}, http.StatusInternalServerError, "d360_internal_error", false},
	"service unavailable":       {d360.Fault{Kind: "error", Code: 131016}, http.StatusInternalServerError, "d360_internal_error", false},
}

// What was perhaps sent is unknown until its status tells, and is never sent a
// second time. The provider keeps its statuses until this test hands one in:
// a proof that races the doubt would leave open which of the two is answered.
func TestWhatIsUnknownIsSettledAndNeverSentTwice(t *testing.T) {
	t.Parallel()
	silent := func(s *d360.Settings) { s.Statuses.Enabled = false }
	server := apptest.Start(t, apptest.Options{Settings: silent})
	for name, c := range doubts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := server.World(t, apptest.Preset{})
			phone := apptest.Phone()
			session := w.Session(phone)
			fail(w, c.fault, d360.Match{}, 1)
			a := w.Call(http.MethodPost, "/api/message/send", said(session, doc{"text": "talvez"}))
			refused(t, name, a, c.status, c.code)
			expect(t, name, a.JSON(), doc{"messageStatus": "unknown"})
			id := text(a.JSON(), "_id")
			expect(t, name, message(w, id), doc{"status": "unknown", "error.code": c.code, "messageId": nil})
			if c.arrives {
				settle(t, w, phone, id)
			}
			send(w, session, doc{"text": "o próximo"})
			arrived := 0
			for _, m := range w.Simulator.CustomerMessages(phone) {
				if m.Text == "talvez" {
					arrived++
				}
			}
			if want := map[bool]int{true: 1}[c.arrives]; arrived != want || attempts(w) != 2 {
				t.Errorf("it arrived %d times, want %d, in %d attempts for two messages", arrived, want, attempts(w))
			}
		})
	}
}

// settle hands in the status of the one message that the phone shows.
func settle(t *testing.T, w *apptest.World, phone, id string) {
	t.Helper()
	arrived := shown(w, phone).ID
	proof := doc{"id": arrived, "status": "read", "recipient_id": phone, "biz_opaque_callback_data": id}
	if err := w.Simulator.EmitStatus(w.APIKey, proof); err != nil {
		t.Fatal(err)
	}
	if row := await(w, id, doc{"status": "read"}); text(row, "messageId") != arrived || row["error"] != nil {
		t.Errorf("the settled message has the id %v and the error %v", row["messageId"], row["error"])
	}
}

// What nothing settles within a day has failed; a late proof lifts even that.
func TestAnUnknownMessageExpires(t *testing.T) {
	t.Parallel()
	var time0 clock
	w := apptest.Start(t, apptest.Options{App: app.Options{Now: time0.Now}}).World(t, apptest.Preset{})
	session := w.Session(apptest.Phone())
	fail(w, d360.Fault{Kind: "hub_internal"}, d360.Match{}, 1)
	a := w.Call(http.MethodPost, "/api/message/send", said(session, doc{"text": "talvez"}))
	id := text(a.JSON(), "_id")
	time0.Advance(23 * time.Hour)
	expect(t, "after 23 hours", message(w, id), doc{"status": "unknown"})
	time0.Advance(2 * time.Hour)
	for _, l := range w.App.Rooms.Messages.Loops() {
		if l.Name == "unknown" { // it looks once a minute
			if err := l.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	expect(t, "after a day", message(w, id), doc{"status": "failed", "error.code": "expired"})
	if err := w.Simulator.EmitStatus(w.APIKey, doc{"id": "wamid.LATE0PROOF0OF0ALL", "status": "delivered", "biz_opaque_callback_data": id}); err != nil {
		t.Fatal(err)
	}
	expect(t, "after the proof", await(w, id, doc{"status": "delivered"}), doc{"messageId": "wamid.LATE0PROOF0OF0ALL", "error": nil})
}

func TestAnswersAndStatusesOutOfStep(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]d360.Fault{
		"a slow answer":              {Kind: "slow_after", DelayMS: 300},
		"a slow call":                {Kind: "slow", DelayMS: 300},
		"a status before the answer": {Kind: "status_before_response"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := apptest.NewWorld(t)
			phone := apptest.Phone()
			session := w.Session(phone)
			fail(w, fault, d360.Match{}, 1)
			answer := send(w, session, doc{"text": "Olá"})
			row := await(w, text(answer, "_id"), doc{"status": "read"})
			if row["messageId"] != answer["messageId"] || shown(w, phone).ID != answer["messageId"] {
				t.Errorf("the answer names %v, the message %v, the phone %v", answer["messageId"], row["messageId"], shown(w, phone).ID)
			}
			for i, step := range row["statusHistory"].([]any) {
				for _, other := range row["statusHistory"].([]any)[:i] {
					if text(step, "status") == text(other, "status") {
						t.Errorf("the history says %q twice: %s", text(step, "status"), steps(row))
					}
				}
			}
		})
	}
}

// A message that fails after it was taken says why.
func TestAMessageThatFailsLater(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	for code, want := range map[int]string{
		131047: "reply_window_closed", 131026: "number_not_on_whatsapp", 131049: "recipient_unavailable", 131053: "media_unavailable", 130472: "recipient_unavailable",
	} {
		phone := apptest.Phone()
		session := w.Session(phone)
		fail(w, d360.Fault{Kind: "status_failed", Code: code}, d360.Match{Recipient: phone}, 1)
		answer := send(w, session, doc{"text": "Olá"})
		row := await(w, text(answer, "_id"), doc{"status": "failed"})
		expect(t, want, row, doc{"error.code": want, "error.providerCode": strconv.Itoa(code), "messageId": answer["messageId"]})
		// The failure may be heard of before the answer to the send.
		told := false
		for _, step := range row["statusHistory"].([]any) {
			told = told || text(step, "status") == "failed" && text(step, "error.code") == want
		}
		if !told {
			t.Errorf("%s: the history does not say so: %s", want, steps(row))
		}
	}
}

// A number that is not on WhatsApp is learned of by the failed status.
func TestACustomerWhoIsNotOnWhatsApp(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	if _, err := w.Simulator.PutCustomer(d360.CustomerConfig{WaID: phone, NotOnWhatsApp: true}); err != nil {
		t.Fatal(err)
	}
	a := start(w, doc{"to": phone, "template": "ola_mundo"})
	if a.Status != http.StatusOK {
		t.Fatalf("start: %s", a)
	}
	await(w, text(a.JSON(), "_id"), doc{"status": "failed", "error.code": "number_not_on_whatsapp", "error.providerCode": "131026"})
}

// Nobody listens at the provider's address: certainly nothing was sent.
func TestAProviderThatCannotBeReached(t *testing.T) {
	t.Parallel()
	server := apptest.Start(t, apptest.Options{Config: func(c *config.Config) {
		c.D360BaseURL, c.SendTimeout = "http://127.0.0.1:1", time.Second
	}})
	w := server.World(t, apptest.Preset{})
	phone := apptest.Phone()
	body := doc{"messages": []any{doc{"from": phone, "id": "wamid.A", "timestamp": strconv.FormatInt(time.Now().Unix(), 10), "type": "text", "text": doc{"body": "oi"}}}}
	if a := w.Deliver("360dialog", body); a.Status != http.StatusOK {
		t.Fatalf("the webhook: %s", a)
	}
	a := w.Call(http.MethodPost, "/api/message/send", said(w.AwaitSession(phone), doc{"text": "Olá"}))
	refused(t, "an address where nobody is", a, http.StatusServiceUnavailable, "provider_unavailable")
	expect(t, "the message", message(w, text(a.JSON(), "_id")), doc{"status": "failed", "error.code": "provider_unavailable"})
}

// A wrong key shows in the channel's state, and a right one mends it.
func TestAWrongKeyShowsInTheChannelsState(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	session := w.Session(apptest.Phone())
	path := w.Base() + "/channels/" + w.D360.String()
	expect(t, "a good channel", w.Want(http.StatusOK, http.MethodGet, path, nil), doc{"state.status": "open"})
	fresh, err := w.Simulator.RotateKey(w.APIKey)
	if err != nil {
		t.Fatal(err)
	}
	w.APIKey = fresh.APIKey
	refused(t, "a send with the old key", w.Call(http.MethodPost, "/api/message/send", said(session, doc{"text": "Olá"})), http.StatusUnauthorized, "d360_invalid_token")
	if state := w.Want(http.StatusOK, http.MethodGet, path, nil); !strings.Contains(text(state, "state.detail"), "key") {
		t.Errorf("the state does not say what to do: %v", state["state"])
	}
	w.Want(http.StatusOK, http.MethodPatch, path, doc{"credentials": doc{"apiKey": fresh.APIKey}})
	w.Eventually("an open channel", func() bool {
		state := w.Want(http.StatusOK, http.MethodGet, path, nil)
		return at(state, "state.status") == "open" && text(state, "state.detail") == ""
	})
	send(w, session, doc{"text": "Olá de novo"})
	w.Session(apptest.Phone()) // the webhook was set again
}
