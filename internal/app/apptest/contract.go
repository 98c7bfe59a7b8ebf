package apptest

import (
	"flag"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/cirrus/omnichannel/internal/app/contract"
)

// spoken is what the tests of this binary have said to servers and heard from
// them, held against openapi.yaml.
var spoken struct {
	once     sync.Once
	spec     *contract.Spec
	recorder *contract.Recorder
	err      error

	mu         sync.Mutex
	violations []string
}

// checked holds every exchange with the API at this address against
// openapi.yaml; other addresses pass.
func checked(base string) http.RoundTripper {
	spoken.once.Do(func() {
		if spoken.spec, spoken.err = contract.Load(); spoken.err == nil {
			spoken.recorder = contract.NewRecorder(spoken.spec)
		}
	})
	plain := &http.Transport{MaxIdleConnsPerHost: 64}
	if spoken.err != nil {
		violated(spoken.err)
		return plain
	}
	return choice{base: base, ours: contract.Transport(plain, spoken.spec, spoken.recorder, violated), others: plain}
}

// choice sends requests to the API through the check.
type choice struct {
	base         string
	ours, others http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (c choice) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasPrefix(r.URL.String(), c.base) {
		return c.ours.RoundTrip(r)
	}
	return c.others.RoundTrip(r)
}

func violated(err error) {
	spoken.mu.Lock()
	defer spoken.mu.Unlock()
	spoken.violations = append(spoken.violations, err.Error())
}

// Verdict tells where the exchanges of all tests differ from openapi.yaml, and,
// when the whole suite ran, which of its answers no test has seen, less those
// with a reason.
func Verdict(unseen map[string]string) error {
	spoken.mu.Lock()
	defer spoken.mu.Unlock()
	problems := spoken.violations
	if whole := flag.Lookup("test.run"); spoken.recorder != nil && whole != nil && whole.Value.String() == "" {
		problems = append(problems, spoken.recorder.Missing(unseen)...)
	}
	if len(problems) == 0 {
		return nil
	}
	return fmt.Errorf("%d differences from openapi.yaml:\n%s", len(problems), strings.Join(problems, "\n"))
}
