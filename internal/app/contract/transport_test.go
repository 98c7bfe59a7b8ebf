package contract

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/cirrus/omnichannel/internal/web"
)

func TestTransportChecksAndPassesOn(t *testing.T) {
	t.Parallel()
	spec := loaded(t)
	answers := map[string]string{"good": sent, "bad": `{"sessionId":"x"}`}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || !strings.Contains(string(body), session) {
			t.Errorf("the server got %q, %v", body, err)
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Request-Id", "r")
		_, _ = io.WriteString(w, answers[r.Header.Get("X-Answer")])
	}))
	t.Cleanup(server.Close)
	recorder := NewRecorder(spec)
	var wrong []error
	client := &http.Client{Transport: Transport(http.DefaultTransport, spec, recorder, func(err error) { wrong = append(wrong, err) })}
	for _, c := range []struct {
		answer string
		wrong  int
	}{{"good", 0}, {"bad", 1}} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/api/message/send", strings.NewReader(`{"sessionId":"`+session+`","text":"x"}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-Answer", c.answer)
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || string(body) != answers[c.answer] {
			t.Errorf("%s: the caller got %q, %v", c.answer, body, err)
		}
		if len(wrong) != c.wrong {
			t.Errorf("%s: the errors are %v", c.answer, wrong)
		}
	}
	if missing := recorder.Missing(nil); slices.Contains(missing, "sendMessage 200") || !slices.Contains(missing, "sendMessage 202") {
		t.Errorf("missing is %v", missing)
	}
}

// roundTrip is a transport made of a function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

func TestTransportKeepsACutOffBodyCutOff(t *testing.T) {
	t.Parallel()
	cut := errors.New("cut off")
	next := roundTrip(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(io.MultiReader(strings.NewReader("half"), failing{cut}))}, nil
	})
	transport := Transport(next, loaded(t), nil, func(err error) { t.Errorf("an answer that never came whole was checked: %v", err) })
	resp, err := transport.RoundTrip(httptest.NewRequest(http.MethodGet, account+"/tags", nil))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, err := io.ReadAll(resp.Body); string(body) != "half" || !errors.Is(err, cut) {
		t.Errorf("the caller got %q, %v", body, err)
	}
}

func TestTransportLeavesAnEventStreamAlone(t *testing.T) {
	t.Parallel()
	stream, feed := io.Pipe()
	next := roundTrip(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"text/event-stream"}}, Body: stream}, nil
	})
	transport := Transport(next, loaded(t), nil, func(err error) { t.Error(err) })
	resp, err := transport.RoundTrip(httptest.NewRequest(http.MethodGet, account+"/events", nil))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	go func() { _, _ = feed.Write([]byte("x")) }() // read below, while the stream is open
	var first [1]byte
	if _, err := io.ReadFull(resp.Body, first[:]); err != nil || first[0] != 'x' {
		t.Errorf("the stream gave %q, %v", first, err)
	}
}

func TestMissingListsWhatNobodySaw(t *testing.T) {
	t.Parallel()
	spec := loaded(t)
	recorder := NewRecorder(spec)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			recorder.Saw(http.MethodGet, "/openapi.yaml", 200)
			recorder.Saw(http.MethodGet, "/nowhere", 404)
		})
	}
	group.Wait()
	missing := recorder.Missing(map[string]string{
		"* 500": "a store that fails is tested apart", "getDocs 200": "", "getTag 299": "there is none", "getHealth 200": "the operator's address",
	})
	for line, want := range map[string]bool{
		"getOpenAPI 200": false, "getTag 500": false, "getHealth 200": false, "getDocs 200": true, "getTag 404": true,
		`the exception "getTag 299" names no answer of the document`: true, `the exception "getDocs 200" has no reason`: true,
	} {
		if slices.Contains(missing, line) != want {
			t.Errorf("%q is listed: %t, want %t", line, !want, want)
		}
	}
}

func TestSeveralProcessesGatherWhatTheySaw(t *testing.T) {
	spec := loaded(t)
	t.Setenv(SeenFile, filepath.Join(t.TempDir(), "seen"))
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			one := NewRecorder(spec)
			one.Saw(http.MethodGet, account+"/tags", 200+i)
			if err := one.Save(); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	all := NewRecorder(spec)
	if err := all.Gather(); err != nil {
		t.Fatal(err)
	}
	for i := range 8 {
		if !all.seen[pair{"listTags", 200 + i}] {
			t.Errorf("status %d was lost", 200+i)
		}
	}
}

func TestCompareRoutes(t *testing.T) {
	t.Parallel()
	spec := loaded(t)
	var all []web.Route
	for _, op := range spec.operations {
		all = append(all, web.Route{Method: op.method, Path: op.path, OperationID: op.id, Scope: web.Scope(op.scope), Status: op.success, Idempotent: op.idempotent})
	}
	if differences := spec.CompareRoutes(all); len(differences) > 0 {
		t.Fatalf("the document differs from itself: %v", differences)
	}
	at := slices.IndexFunc(all, func(r web.Route) bool { return r.OperationID == "createTag" })
	for what, change := range map[string]func(*web.Route){
		"scope":               func(r *web.Route) { r.Scope = web.Public },
		"success":             func(r *web.Route) { r.Status = 0 },
		"Idempotency-Key":     func(r *web.Route) { r.Idempotent = false },
		"path":                func(r *web.Route) { r.Path += "/" },
		"method":              func(r *web.Route) { r.Method = http.MethodPut },
		"document only":       func(r *web.Route) { *r = all[0] },
		"not in the document": func(r *web.Route) { r.OperationID = "createTags" },
	} {
		changed := slices.Clone(all)
		change(&changed[at])
		if got := fmt.Sprint(spec.CompareRoutes(changed)); !strings.Contains(got, what) {
			t.Errorf("%s: the differences are %s", what, got)
		}
	}
}
