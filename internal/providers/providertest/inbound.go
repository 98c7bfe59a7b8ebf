package providertest

import (
	"strings"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/providers"
)

// Inbound is one webhook and everything that it leads to.
type Inbound struct {
	Label string
	Body  string
	// Want are the payloads, in their order. For a webhook that names its
	// number, Number is expected on each.
	Want   []providers.InboundPayload
	Number string
	// Problems has one text per expected problem, contained in it.
	Problems []string
	// Refused expects that the body as a whole is refused.
	Refused bool
}

// ReceivedAt is when every Inbound arrives.
var ReceivedAt = time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)

// RunInbound receives each case and compares all that comes of it. What a case
// does not expect must not be there.
func RunInbound(t *testing.T, receiver providers.WebhookReceiver, cases []Inbound) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.Label, func(t *testing.T) {
			t.Parallel()
			body := []byte(c.Body)
			got, err := receiver.Receive(body, ReceivedAt)
			if (err != nil) != c.Refused {
				t.Fatalf("error %v, refused should be %t", err, c.Refused)
			}
			// What was given back must not hang on the caller's buffer.
			for i := range body {
				body[i] = 'x'
			}
			var want []providers.Routed
			for _, payload := range c.Want {
				want = append(want, providers.Routed{Number: c.Number, Payload: payload})
			}
			if diff := Diff(want, got.Items); diff != "" {
				t.Error(diff)
			}
			compareProblems(t, c.Problems, got.Problems)
		})
	}
}

func compareProblems(t *testing.T, want []string, got []error) {
	t.Helper()
	if len(want) != len(got) {
		t.Errorf("problems %v, want %d", got, len(want))
		return
	}
	for i, problem := range got {
		if !strings.Contains(problem.Error(), want[i]) {
			t.Errorf("problem %d is %q, want %q in it", i, problem, want[i])
		}
	}
}
