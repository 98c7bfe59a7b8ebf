package messages

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/jobs"
	"github.com/cirrus/omnichannel/internal/providers"
)

const (
	// deletedUnsent is the code of a message that was deleted before it was sent.
	deletedUnsent = "revoked"
	// attemptPatience is how long a deletion waits for an attempt that is under way.
	attemptPatience = 5 * time.Second
)

// cancel ends the queueing of a message that nobody has begun to send, and gives
// the row as it is now. canceled: nothing of it has left, nor will. One whose
// earlier attempt perhaps succeeded is only kept from being tried again.
func (s *Service) cancel(ctx context.Context, row Message) (now Message, canceled bool, err error) {
	waiting, stop := context.WithTimeout(ctx, attemptPatience)
	defer stop()
	for row.Unsettled {
		if row.Claim != nil { // somebody is at it
			if jobs.Pause(waiting, settledLook) != nil {
				return row, false, ctx.Err()
			}
			var current Message // another row: in this one what the store has no more would stay
			if err := s.store.messages.FindOne(ctx, bson.D{{Key: "_id", Value: row.ID}}).Decode(&current); err != nil {
				return row, false, fmt.Errorf("look what became of message %s: %w", row.ID, err)
			}
			row = current
			continue
		}
		failure := &providers.MessageError{Code: deletedUnsent, Detail: "The message was deleted before it was sent."}
		outcome := outcomeChange{failure: failure}
		if row, err = s.recordFor(ctx, row, &outcome); err != nil {
			return row, false, err
		}
		canceled = row.Error != nil && row.Error.Code == deletedUnsent && row.Status == providers.MessageFailed
	}
	return row, canceled, nil
}
