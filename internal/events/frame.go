package events

import (
	"context"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
)

// frame is one event of the stream.
type frame struct {
	position  int64
	kind      Type
	session   ids.Session
	platforms []ids.PlatformConfig
	text      []byte // as it is sent; nil: nothing is left to tell
}

// pageMost is how many batches are read from the store at once.
const pageMost = 20

// page reads and renders the events that follow a position and that want asks
// for; nil asks for all. It gives the position up to which it looked: that of
// the last event there is, once nothing is left. What is not kept any more is a
// fault CursorExpired.
func (s *Service) page(ctx context.Context, account ids.Account, after int64, want func(*Row) bool) (frames []frame, upTo int64, err error) {
	filter := bson.D{{Key: "accountId", Value: account}, {Key: "last", Value: bson.D{{Key: "$gt", Value: after}}}}
	cursor, err := s.events.Find(ctx, filter, options.Find().SetSort(bson.D{{Key: "last", Value: 1}}).SetLimit(pageMost))
	var batches []Batch
	if err == nil {
		err = cursor.All(ctx, &batches)
	}
	if err != nil {
		return nil, after, fmt.Errorf("read the events of account %s behind position %d: %w", account, after, err)
	}
	upTo = after
	var rows []Row
	for _, batch := range batches {
		if batch.first() > upTo+1 {
			return nil, after, expired(account, after)
		}
		for _, row := range batch.Rows() {
			if row.Position > after && (want == nil || want(&row)) {
				rows = append(rows, row)
			}
		}
		upTo = batch.Last
	}
	frames, err = s.frames(ctx, account, rows)
	return frames, upTo, err
}

func expired(account ids.Account, after int64) error {
	return fault.New(fault.CursorExpired, "Events of account %s that follow position %d are not kept any more. Read what you need of sessions and contacts again, then listen without Last-Event-ID.", account, after)
}

// frames renders events for the stream.
func (s *Service) frames(ctx context.Context, account ids.Account, rows []Row) ([]frame, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	bodies, err := s.render(ctx, account, slices.DeleteFunc(slices.Clone(rows), func(row Row) bool { return row.Gone }))
	if err != nil {
		return nil, err
	}
	frames := make([]frame, 0, len(rows))
	for _, row := range rows {
		f := frame{position: row.Position, kind: row.Type, session: row.Session, platforms: row.Platforms}
		if body, there := bodies[row.ID]; there {
			f.text = fmt.Appendf(make([]byte, 0, len(body)+64), "id: %d\nevent: %s\ndata: %s\n\n", row.Position, row.Type, body)
		}
		frames = append(frames, f)
	}
	return frames, nil
}

// position is that of the account's last event; 0 when there was none.
func (s *Service) position(ctx context.Context, account ids.Account) (int64, error) {
	counter, err := s.counter(ctx, account)
	return counter.Position, err
}
