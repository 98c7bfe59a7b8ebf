package jobs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/mongodb"
)

var (
	// ErrHeld says that somebody else holds the lease now.
	ErrHeld = errors.New("the lease is held by another")
	// ErrLost says that a term is over: it expired and another has begun, or
	// it was resigned.
	ErrLost = errors.New("the lease was lost")
)

// Term is one holding of a lease.
type Term struct {
	Name  string
	Owner string
	// Fence is higher than that of every earlier term of this lease.
	Fence int64
	// TrustedUntil is when the holder must have stopped, by its own clock.
	TrustedUntil time.Time
}

// Leases is a collection of leases and the owner who takes them here. It is
// safe for concurrent use.
type Leases struct {
	rows  *mongo.Collection
	owner string
	ttl   time.Duration
	now   func() time.Time
}

// NewLeases makes the leases of an owner in a collection. The owner's name is
// new with every start of a process. A lease lasts for ttl (some seconds at
// least) unless renewed. now is the local clock; nil means time.Now.
func NewLeases(rows *mongo.Collection, owner string, ttl time.Duration, now func() time.Time) *Leases {
	if now == nil {
		now = time.Now
	}
	return &Leases{rows: rows, owner: owner, ttl: ttl, now: now}
}

// margin is how much earlier the holder stops than others may begin.
func (l *Leases) margin() time.Duration { return l.ttl / 5 }

// Acquire begins a term, when the lease is free; else it fails with ErrHeld,
// also when this very owner holds it.
func (l *Leases) Acquire(ctx context.Context, name string) (Term, error) {
	began := l.now()
	fence, err := l.take(ctx, name)
	if errors.Is(err, mongo.ErrNoDocuments) {
		// Never seen, or held. A row cannot be upserted by the server's clock.
		free := bson.D{{Key: "_id", Value: name}, {Key: "fence", Value: int64(0)}, {Key: "owner", Value: ""}, {Key: "expiresAt", Value: time.Unix(0, 0)}}
		_, insertErr := l.rows.InsertOne(ctx, free)
		switch {
		case mongodb.IsDuplicateKey(insertErr):
			return Term{}, fmt.Errorf("lease %s: %w", name, ErrHeld)
		case insertErr != nil:
			return Term{}, fmt.Errorf("acquire lease %s: %w", name, insertErr)
		}
		if fence, err = l.take(ctx, name); errors.Is(err, mongo.ErrNoDocuments) {
			return Term{}, fmt.Errorf("lease %s: %w", name, ErrHeld)
		}
	}
	if err != nil {
		return Term{}, fmt.Errorf("acquire lease %s: %w", name, err)
	}
	return Term{Name: name, Owner: l.owner, Fence: fence, TrustedUntil: l.trustedFrom(began)}, nil
}

// take begins a term of a row that is there and free, and gives its fence.
func (l *Leases) take(ctx context.Context, name string) (int64, error) {
	free := bson.D{
		{Key: "_id", Value: name},
		{Key: "$expr", Value: bson.D{{Key: "$lt", Value: bson.A{"$expiresAt", "$$NOW"}}}},
	}
	begin := bson.A{bson.D{{Key: "$set", Value: bson.D{
		{Key: "owner", Value: bson.D{{Key: "$literal", Value: l.owner}}},
		{Key: "fence", Value: bson.D{{Key: "$add", Value: bson.A{"$fence", int64(1)}}}},
		{Key: "expiresAt", Value: l.expiry()},
	}}}}
	var row struct{ Fence int64 }
	after := options.FindOneAndUpdate().SetReturnDocument(options.After)
	err := l.rows.FindOneAndUpdate(ctx, free, begin, after).Decode(&row)
	return row.Fence, err
}

// Taken gives those of the names whose lease somebody holds now. It spares an
// Acquire that would fail; one that it does not give may be taken in between.
func (l *Leases) Taken(ctx context.Context, names []string) (map[string]bool, error) {
	cursor, err := l.rows.Find(ctx, bson.D{
		{Key: "_id", Value: bson.D{{Key: "$in", Value: names}}},
		{Key: "$expr", Value: bson.D{{Key: "$gte", Value: bson.A{"$expiresAt", "$$NOW"}}}},
	}, options.Find().SetProjection(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return nil, fmt.Errorf("read leases: %w", err)
	}
	var rows []struct {
		ID string `bson:"_id"`
	}
	if err := mongodb.All(ctx, cursor, &rows); err != nil {
		return nil, fmt.Errorf("read leases: %w", err)
	}
	taken := make(map[string]bool, len(rows))
	for _, row := range rows {
		taken[row.ID] = true
	}
	return taken, nil
}

func (l *Leases) trustedFrom(began time.Time) time.Time { return began.Add(l.ttl - l.margin()) }

func (l *Leases) expiry() bson.D {
	return bson.D{{Key: "$add", Value: bson.A{"$$NOW", l.ttl.Milliseconds()}}}
}

// Renew prolongs a term and gives it back with its new TrustedUntil. It fails
// with ErrLost when the term is over. A term that expired with nobody else
// beginning is prolonged: nothing happened in between.
func (l *Leases) Renew(ctx context.Context, term Term) (Term, error) {
	began := l.now()
	longer := bson.A{bson.D{{Key: "$set", Value: bson.D{{Key: "expiresAt", Value: l.expiry()}}}}}
	result, err := l.rows.UpdateOne(ctx, term.filter(), longer)
	if err != nil {
		return term, fmt.Errorf("renew lease %s: %w", term.Name, err)
	}
	if result.MatchedCount == 0 {
		return term, fmt.Errorf("renew lease %s, fence %d: %w", term.Name, term.Fence, ErrLost)
	}
	term.TrustedUntil = l.trustedFrom(began)
	return term, nil
}

// Resign ends a term early, so that another need not wait for its expiry. A
// term that is over already is no error.
func (l *Leases) Resign(ctx context.Context, term Term) error {
	// Without an owner, a late Renew of this term finds nothing to prolong.
	over := bson.D{{Key: "$set", Value: bson.D{{Key: "owner", Value: ""}, {Key: "expiresAt", Value: time.Unix(0, 0)}}}}
	if _, err := l.rows.UpdateOne(ctx, term.filter(), over); err != nil {
		return fmt.Errorf("resign lease %s: %w", term.Name, err)
	}
	return nil
}

// Guard ties a transaction to a term: ctx is the transaction's, and Guard its
// first operation. It fails with ErrLost when the term is over, and the
// transaction cannot commit when another begins meanwhile.
func (l *Leases) Guard(ctx context.Context, term Term) error {
	// A write, not a read: only two writers of one row conflict.
	result, err := l.rows.UpdateOne(ctx, term.filter(), bson.D{{Key: "$inc", Value: bson.D{{Key: "writes", Value: int64(1)}}}})
	if err != nil {
		return fmt.Errorf("guard by lease %s: %w", term.Name, err)
	}
	if result.MatchedCount == 0 {
		return fmt.Errorf("guard by lease %s, fence %d: %w", term.Name, term.Fence, ErrLost)
	}
	return nil
}

func (t Term) filter() bson.D {
	return bson.D{{Key: "_id", Value: t.Name}, {Key: "owner", Value: t.Owner}, {Key: "fence", Value: t.Fence}}
}
