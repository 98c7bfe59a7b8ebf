package messages

import (
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// A failure counts only as long as the message is as it was when it failed: who
// made no attempt knows nothing of one that was made since.
func TestAFailureDoesNotOverwriteWhatIsProven(t *testing.T) {
	t.Parallel()
	mine, other := bson.NewObjectID(), bson.NewObjectID()
	for name, c := range map[string]struct {
		token  bson.ObjectID
		seen   providers.MessageStatus
		status providers.MessageStatus
		claim  *Claim
		want   providers.MessageStatus
	}{
		"deleted while it is queued":           {status: providers.MessageQueued, want: providers.MessageFailed},
		"deleted, but claimed since":           {status: providers.MessageQueued, claim: &Claim{Token: other}, want: providers.MessageQueued},
		"deleted, but perhaps sent since":      {status: providers.MessageUnknown, want: providers.MessageUnknown},
		"deleted, but sent since":              {status: providers.MessageSent, want: providers.MessageSent},
		"expired while nobody knows":           {seen: providers.MessageUnknown, status: providers.MessageUnknown, want: providers.MessageFailed},
		"expired, but proven since":            {seen: providers.MessageUnknown, status: providers.MessageSent, want: providers.MessageSent},
		"refused under its claim":              {token: mine, status: providers.MessageQueued, claim: &Claim{Token: mine}, want: providers.MessageFailed},
		"refused, but another has the claim":   {token: mine, status: providers.MessageQueued, claim: &Claim{Token: other}, want: providers.MessageQueued},
		"refused, but sent for all that":       {token: mine, status: providers.MessageSent, want: providers.MessageSent},
		"refused, but the claim is taken away": {token: mine, status: providers.MessageQueued, want: providers.MessageQueued},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			row := Message{ID: ids.New[ids.Message](), Status: c.status, Rank: c.status.Rank(), Claim: c.claim, Unsettled: c.status == providers.MessageQueued}
			b := newBatch(time.Now(), false)
			plan := &messagePlan{row: row}
			b.byMessage[row.ID] = plan
			change := &outcomeChange{message: row.ID, token: c.token, seen: c.seen, failure: &providers.MessageError{Code: "code"}}
			if err := change.apply(t.Context(), b); err != nil {
				t.Fatal(err)
			}
			if plan.row.Status != c.want || (plan.row.Error != nil) != (c.want == providers.MessageFailed) {
				t.Errorf("the message is %s, %v", plan.row.Status, plan.row.Error)
			}
			if written := len(b.messages) > 0; written != (c.status != c.want) {
				t.Errorf("it is written: %v", written)
			}
		})
	}
}

// What a row remembers is told by a code that callers know.
func TestAStoredFailureHasAKnownCode(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]fault.Code{
		expired: fault.ProviderTimeout, deletedUnsent: fault.Conflict, string(fault.RecipientUnavailable): fault.RecipientUnavailable,
	} {
		if err := storedFault(Message{Error: &providers.MessageError{Code: code}}); fault.CodeOf(err) != want {
			t.Errorf("%s is told as %s, want %s", code, fault.CodeOf(err), want)
		}
	}
}
