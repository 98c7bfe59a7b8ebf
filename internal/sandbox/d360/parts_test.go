package d360

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestManualClock(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	c := NewManualClock(start)
	var got []string
	c.AfterFunc(3*time.Second, func() { got = append(got, "3") })
	stopped := c.AfterFunc(2*time.Second, func() { got = append(got, "never") })
	c.AfterFunc(time.Second, func() {
		got = append(got, "1 at "+c.Now().Sub(start).String())
		c.AfterFunc(time.Second, func() { got = append(got, "2") })
	})
	if !stopped.Stop() || stopped.Stop() {
		t.Error("Stop does not say whether it prevented the call")
	}
	c.Advance(3 * time.Second)
	if want := []string{"1 at 1s", "2", "3"}; !slices.Equal(got, want) {
		t.Errorf("calls = %v, want %v", got, want)
	}
	if !c.Now().Equal(start.Add(3 * time.Second)) {
		t.Errorf("now = %v", c.Now())
	}
}

func TestSchedulerIsBounded(t *testing.T) {
	s := newScheduler(NewManualClock(time.Now()), 2)
	for i, want := range []bool{true, true, false} {
		if got := s.after(time.Second, func() {}); got != want {
			t.Errorf("timer %d: %v", i, got)
		}
	}
	if pending, refused := s.waiting(); pending != 2 || refused != 1 {
		t.Errorf("pending %d, refused %d", pending, refused)
	}
	s.close()
	if s.after(0, func() { t.Error("ran after close") }) {
		t.Error("took a call after close")
	}
}

func TestRing(t *testing.T) {
	r := newRing[int](3)
	for i := range 5 {
		old, pushed := r.add(i)
		if pushed != (i >= 3) || (pushed && old != i-3) {
			t.Errorf("add(%d) = %d, %v", i, old, pushed)
		}
	}
	if got := r.all(); !slices.Equal(got, []int{2, 3, 4}) {
		t.Errorf("all = %v", got)
	}
	r.clear()
	if got := r.all(); len(got) != 0 {
		t.Errorf("all after clear = %v", got)
	}
}

func TestSeedRepeatsIDs(t *testing.T) {
	a, b, other := newMinter(1), newMinter(1), newMinter(2)
	if a.outboundID("1") != b.outboundID("1") || a.digits(9) != b.digits(9) {
		t.Error("the same seed makes other ids")
	}
	if a.hex(20) == other.hex(20) {
		t.Error("another seed makes the same ids")
	}
}

// Every code that the sandbox names anywhere is in the table, and the table has
// what is known of the real service.
func TestTableOfCodes(t *testing.T) {
	for _, code := range factCodes {
		if row, known := refusals[code]; !known || row.status < 400 || row.title == "" {
			t.Errorf("code %d: %+v", code, row)
		}
	}
	if len(refusals) != len(factCodes)+1 { // 2500 is the unknown path
		t.Errorf("%d codes in the table, %d are tested", len(refusals), len(factCodes))
	}
	if e := refuse(424242, "x"); e.status != http.StatusBadRequest || e.code != 424242 {
		t.Errorf("unknown code = %+v", e)
	}
}

func TestCanonicalPhone(t *testing.T) {
	for phone, want := range map[string]string{
		"5541988887777": "554188887777", "554188887777": "554188887777", "5541932221111": "5541932221111",
		"554132221111": "554132221111", "5215512345678": "525512345678", "5491112345678": "541112345678", "4915100000001": "4915100000001",
	} {
		if got := canonicalPhone(phone); got != want {
			t.Errorf("canonicalPhone(%s) = %s, want %s", phone, got, want)
		}
	}
}

func TestListen(t *testing.T) {
	s := New(Options{Numbers: []NumberConfig{{APIKey: testKey, DisplayPhoneNumber: testPhone}}})
	defer s.Close()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	r, err := s.Listen(ctx, "127.0.0.1:0", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for url, want := range map[string]int{r.APIURL + "/health_status": 401, r.ControlURL + "/control/numbers": 200} {
		res, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		if err := res.Body.Close(); err != nil || res.StatusCode != want {
			t.Errorf("%s: %d, %v", url, res.StatusCode, err)
		}
	}
	if _, err := s.Listen(ctx, strings.TrimPrefix(r.APIURL, "http://"), "127.0.0.1:0"); err == nil {
		t.Error("a taken address was listened on")
	}
	if _, err := s.Listen(ctx, "127.0.0.1:0", strings.TrimPrefix(r.APIURL, "http://")); err == nil {
		t.Error("a taken control address was listened on")
	}
	cancel()
	r.Close()
	if _, err := http.Get(r.APIURL); err == nil {
		t.Error("it listens after the end")
	}
	s.Close()
	s.Close()
}

func TestNewPanicsOnMistakes(t *testing.T) {
	bad := DefaultSettings()
	bad.Window = "ajar"
	for name, o := range map[string]Options{
		"settings": {Settings: &bad}, "number": {Numbers: []NumberConfig{{DisplayPhoneNumber: "x"}}},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			New(o)
		}()
	}
}

func TestSettingsMergeKeepsWhatIsShared(t *testing.T) {
	before := DefaultSettings()
	before.AutoReply = AutoReply{Mode: "script", Replies: []string{"a", "b"}}
	after, err := before.merge([]byte(`{"autoReply":{"replies":["c"]}}`))
	if err != nil || !slices.Equal(after.AutoReply.Replies, []string{"c"}) || !slices.Equal(before.AutoReply.Replies, []string{"a", "b"}) {
		t.Errorf("after = %v, before = %v, %v", after.AutoReply, before.AutoReply, err)
	}
}

// FuzzCheckSend: no body makes the validator panic, and every body is either
// understood or refused with a code of the table.
func FuzzCheckSend(f *testing.F) {
	for _, body := range accepted() {
		f.Add(encode(body))
	}
	for _, r := range append(limitRows(), templateRows()...) {
		if raw, is := r.body.([]byte); is {
			f.Add(raw)
			continue
		}
		f.Add(encode(r.body))
	}
	var templates []*Template
	for _, t := range SeedTemplates() {
		templates = append(templates, &t)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		root, err := decodeJSON(body)
		if err != nil {
			return
		}
		_ = isReadMark(root)
		if _, refused := checkReadMark(root); refused != nil {
			checkRefusal(t, refused)
		}
		m, refused := checkSend(root, RecipientSettings{AcceptUserIDs: true})
		if refused != nil {
			checkRefusal(t, refused)
			return
		}
		if m.template == nil {
			return
		}
		for _, tpl := range templates {
			if _, refused := m.template.match(tpl); refused != nil {
				checkRefusal(t, refused)
			}
		}
	})
}

func checkRefusal(t *testing.T, e *apiError) {
	t.Helper()
	if _, known := refusals[e.code]; !known || e.details == "" {
		t.Errorf("refusal %+v is not of the table", e)
	}
	if _, err := json.Marshal(e.body("trace")); err != nil {
		t.Errorf("refusal %+v can't be rendered: %v", e, err)
	}
}
