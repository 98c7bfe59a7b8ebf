package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/cirrus/omnichannel/bench/rig"
)

// A platform takes nothing while it is down, and nothing that is not signed.
func TestAPlatformTakesWhatIsSigned(t *testing.T) {
	t.Parallel()
	signer, err := standardwebhooks.NewWebhookRaw([]byte("the platform's secret"))
	if err != nil {
		t.Fatal(err)
	}
	p := &platform{webhook: signer}
	call := func(id, body string) int {
		now := time.Now()
		signature, err := signer.Sign("evt_1", now, []byte(`{"id":"evt_1","sessionId":"s","sequence":7}`))
		if err != nil {
			t.Fatal(err)
		}
		req := httptest.NewRequest(http.MethodPost, "/events", strings.NewReader(body))
		for name, value := range map[string]string{"id": id, "timestamp": strconv.FormatInt(now.Unix(), 10), "signature": signature} {
			req.Header.Set("webhook-"+name, value)
		}
		answer := httptest.NewRecorder()
		p.ServeHTTP(answer, req)
		return answer.Code
	}
	const good = `{"id":"evt_1","sessionId":"s","sequence":7}`
	if got := call("evt_1", good); got != http.StatusServiceUnavailable {
		t.Errorf("while it is down it answers %d", got)
	}
	p.rose = time.Now()
	if got := call("evt_1", good); got != http.StatusNoContent {
		t.Errorf("a good event is answered %d", got)
	}
	if got := call("evt_1", strings.Replace(good, "7", "8", 1)); got != http.StatusBadRequest {
		t.Errorf("a changed event is answered %d", got)
	}
	if got := call("evt_2", good); got != http.StatusBadRequest {
		t.Errorf("an event by another's id is answered %d", got)
	}
	came, _ := p.arrivals()
	for i := range came {
		came[i].At = time.Time{}
	}
	want := arrival{ID: "1", Session: "s", Sequence: 7}
	taken := want
	taken.Taken = true
	if !slices.Equal(came, []arrival{want, taken}) {
		t.Errorf("it remembers %+v", came)
	}
	if wrong := p.protests(); len(wrong) != 2 {
		t.Errorf("it protests: %q", wrong)
	}
}

// An ear goes on behind the last whole frame, and gives up only when it is
// refused.
func TestAnEarGoesOn(t *testing.T) {
	t.Parallel()
	event := func(n int) string { return fmt.Sprintf("id: %d\nevent: x\ndata: {\"id\":\"evt_%d\"}\n\n", n, n) }
	answers := []string{
		"retry: 1000\nid: 0\n\n" + event(1) + event(2) + "id: 3\nevent: x\ndata: {\"id\":\"ev",
		"",
		":\n\n" + event(3) + "id: 4\n\n",
	}
	asked := make(chan string, 10)
	server := httptest.NewServer(http.HandlerFunc(func(to http.ResponseWriter, req *http.Request) {
		asked <- req.Header.Get("Last-Event-ID")
		switch n := len(asked); {
		case n == 2:
			to.WriteHeader(http.StatusServiceUnavailable)
		case n > len(answers):
			to.WriteHeader(http.StatusGone)
		default:
			fmt.Fprint(to, answers[n-1])
		}
	}))
	t.Cleanup(server.Close)
	e := listen(t.Context(), server.URL, rig.World{})
	<-e.done
	close(asked)
	var behind []string
	for last := range asked {
		behind = append(behind, last)
	}
	if want := []string{"0", "2", "2", "4"}; !slices.Equal(behind, want) {
		t.Errorf("it went on behind %v, want %v", behind, want)
	}
	heard, connections := e.heard()
	if want := []frame{{1, "1"}, {2, "2"}, {3, "3"}}; !slices.Equal(heard, want) || connections != 2 {
		t.Errorf("over %d connections it heard %v, want %v", connections, heard, want)
	}
	if wrong := e.protests(); len(wrong) != 1 {
		t.Errorf("it protests: %q", wrong)
	}
}
