package events

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
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
	at        time.Time
}

const (
	// pageMost is how many batches are read from the store at once.
	pageMost = 20
	// pageRows is how many events are enough of them.
	pageRows = 200
)

// page reads and renders the events that follow a position and that want asks
// for; nil asks for all. It gives the position up to which it looked, the one
// that it was given once nothing is left. It ends before what is not kept any
// more; where that is what comes first, it is a fault CursorExpired.
func (s *Service) page(ctx context.Context, account ids.Account, after int64, want func(*Row) bool) (frames []frame, upTo int64, err error) {
	filter := bson.D{{Key: "accountId", Value: account}, {Key: "last", Value: bson.D{{Key: "$gt", Value: after}}}}
	cursor, err := s.events.Find(ctx, filter, options.Find().SetSort(bson.D{{Key: "last", Value: 1}}).SetLimit(pageMost).SetBatchSize(pageMost/4))
	if err != nil {
		return nil, after, fmt.Errorf("read the events of account %s behind position %d: %w", account, after, err)
	}
	defer func() { _ = cursor.Close(context.WithoutCancel(ctx)) }() // it was only read
	var rows []Row
	upTo = after
	for len(rows) < pageRows && cursor.Next(ctx) {
		var batch Batch
		if err := cursor.Decode(&batch); err != nil {
			return nil, after, fmt.Errorf("read the events of account %s behind position %d: %w", account, after, err)
		}
		if batch.first() > upTo+1 {
			if upTo > after {
				break
			}
			return nil, after, expired(account, after)
		}
		for _, row := range batch.Rows() {
			if row.Position > upTo && len(rows) < pageRows {
				upTo = row.Position
				if want == nil || want(&row) {
					rows = append(rows, row)
				}
			}
		}
	}
	if err := cursor.Err(); err != nil {
		return nil, after, fmt.Errorf("read the events of account %s behind position %d: %w", account, after, err)
	}
	frames, err = s.frames(ctx, account, rows)
	return frames, upTo, err
}

// kept fails unless the events that follow a position are still there.
func (s *Service) kept(ctx context.Context, account ids.Account, position, newest int64) error {
	if position == newest {
		return nil
	}
	var next struct {
		Last int64 `bson:"last"`
		Size int64 `bson:"size"`
	}
	err := s.events.FindOne(ctx, bson.D{{Key: "accountId", Value: account}, {Key: "last", Value: bson.D{{Key: "$gt", Value: position}}}},
		options.FindOne().SetSort(bson.D{{Key: "last", Value: 1}}).SetProjection(bson.D{{Key: "last", Value: 1}, {Key: "size", Value: bson.D{{Key: "$size", Value: "$events"}}}})).Decode(&next)
	if errors.Is(err, mongo.ErrNoDocuments) || err == nil && next.Last-next.Size > position {
		return expired(account, position)
	}
	return err
}

func expired(account ids.Account, after int64) error {
	return fault.New(fault.CursorExpired, "Events of account %s that follow position %d are not kept any more. Read what you need of sessions and contacts again, then listen without Last-Event-ID.", account, after)
}

// frames renders events for the stream.
func (s *Service) frames(ctx context.Context, account ids.Account, rows []Row) ([]frame, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	now := time.Now()
	// Notices are for the webhook of their number alone.
	bodies, err := s.render(ctx, account, slices.DeleteFunc(slices.Clone(rows), func(row Row) bool { return row.Gone || row.isNotice() }))
	if err != nil {
		return nil, err
	}
	frames := make([]frame, 0, len(rows))
	for _, row := range rows {
		f := frame{position: row.Position, kind: row.Type, session: row.Session, platforms: row.Platforms, at: now}
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
