package messages

import (
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/providers"
)

// nowhere are channels of which no other server has any.
type nowhere struct{ Channels }

func (nowhere) Elsewhere() []ids.Channel { return nil }

// What a server had under way when it died hides nothing else that is due: as long
// as a claim counts, nobody need look at its message.
func TestClaimedMessagesHideNoOthers(t *testing.T) {
	t.Parallel()
	s := New(Options{DB: mongotest.Fresh(t), Channels: nowhere{}, Now: time.Now, Registry: prometheus.NewRegistry()})
	now := time.Now()
	var last Message
	for i := range sweepMost + 1 {
		last = Message{ID: ids.New[ids.Message](), Channel: ids.New[ids.Channel](), Status: providers.MessageQueued, Unsettled: true, NotBefore: now.Add(time.Duration(i) * time.Millisecond)}
		if _, err := s.store.messages.InsertOne(t.Context(), &last); err != nil {
			t.Fatal(err)
		}
		if i == sweepMost {
			break
		}
		if token, err := s.claim(t.Context(), last, channels.Hold{Here: true}); err != nil || token.IsZero() {
			t.Fatalf("claimed by %s, %v", token, err)
		}
	}
	due := func(at time.Time) []Message {
		rows, err := s.due(t.Context(), bson.E{Key: "unsettled", Value: true}, "notBefore", at, options.Find().SetLimit(sweepMost))
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	if rows := due(now.Add(time.Minute)); len(rows) != 1 || rows[0].ID != last.ID {
		t.Errorf("%d messages are due, want the one that nobody is at", len(rows))
	}
	if rows := due(now.Add(time.Hour)); len(rows) != sweepMost {
		t.Errorf("%d messages are due once the claims are over", len(rows))
	}
	if err := s.Close(t.Context()); err != nil {
		t.Error(err)
	}
}
