package web

import (
	"context"
	"io"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/fault"
)

// holdingBody is a streamed body whose reading holds on to the request's key:
// it may take longer than a holder may be silent.
type holdingBody struct {
	io.ReadCloser
	hold func() error
	now  func() time.Time
	held time.Time
}

// Read reads on, and fails once the key is another's.
func (b *holdingBody) Read(p []byte) (int, error) {
	if now := b.now(); now.Sub(b.held) > holderDead/4 {
		if err := b.hold(); err != nil {
			return 0, err
		}
		b.held = now
	}
	return b.ReadCloser.Read(p)
}

// hold tells other callers that a record's holder lives.
func (s *Idempotency) hold(ctx context.Context, rec record) error {
	mine := bson.D{{Key: "_id", Value: rec.ID}, {Key: "holder", Value: rec.Holder}}
	result, err := s.records.UpdateOne(ctx, mine, bson.D{{Key: "$set", Value: bson.D{{Key: "heldAt", Value: s.now()}}}})
	if err != nil {
		return fault.Wrap(err, fault.Internal, "An Idempotency-Key could not be held.")
	}
	if result.MatchedCount == 0 {
		return fault.New(fault.Conflict, "This request was silent for too long: another with its Idempotency-Key took over.")
	}
	return nil
}
