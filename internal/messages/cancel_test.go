package messages

import (
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// Who deletes a message that is being sent sees that it was sent meanwhile.
func TestADeletionSeesTheEndOfAnAttempt(t *testing.T) {
	t.Parallel()
	s := serverOf(t)
	now := time.Now()
	sent := Message{
		ID: ids.New[ids.Message](), Channel: ids.New[ids.Channel](), Account: ids.NewAccount(), Session: ids.New[ids.Session](), Contact: ids.New[ids.Contact](), Sequence: 1,
		Direction: Outbound, Origin: FromAPI, Status: providers.MessageSent, Rank: providers.MessageSent.Rank(), Content: providers.Content{Type: providers.TypeText, Text: "olá"},
		Timestamp: now, ReceivedAt: now,
	}
	if _, err := s.store.messages.InsertOne(t.Context(), &sent); err != nil {
		t.Fatal(err)
	}
	read := sent // before its attempt ended
	read.Status, read.Rank, read.Unsettled, read.NotBefore = providers.MessageQueued, providers.MessageQueued.Rank(), true, now
	read.Claim = &Claim{Token: bson.NewObjectID(), Until: now.Add(time.Minute)}
	row, canceled, err := s.cancel(t.Context(), read)
	if err != nil || canceled || row.Unsettled || row.Claim != nil || row.Status != providers.MessageSent {
		t.Errorf("the message is %s, unsettled: %v, claim: %+v, canceled: %v, %v", row.Status, row.Unsettled, row.Claim, canceled, err)
	}
}
