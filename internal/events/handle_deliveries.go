package events

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/platforms"
	"github.com/cirrus/omnichannel/internal/web"
)

// AttemptView is one call of a platform's URL on the wire.
type AttemptView struct {
	At        *web.Time `json:"at"`
	Status    *int      `json:"status"` // null: there was no answer
	LatencyMS int64     `json:"latencyMs"`
	Error     string    `json:"error,omitempty"`
	Answer    string    `json:"answer,omitempty"`
}

// DeliveryView is a delivery on the wire.
type DeliveryView struct {
	ID        ids.Delivery       `json:"_id"`
	Account   ids.Account        `json:"clientIdentifier"`
	Platform  ids.PlatformConfig `json:"platformConfigId"`
	Slug      string             `json:"platformSlug"`
	Event     string             `json:"eventId"`
	Type      Type               `json:"type"`
	Position  int64              `json:"position"`
	Channel   *ids.Channel       `json:"channelId,omitempty"`
	Session   *ids.Session       `json:"sessionId,omitempty"`
	Sequence  int64              `json:"sequence,omitempty"`
	Status    Status             `json:"status"`
	Error     string             `json:"error,omitempty"`
	Attempts  []AttemptView      `json:"attempts"`
	Tries     int                `json:"tries"`
	NextAt    *web.Time          `json:"nextAt"` // null unless it waits after a refusal
	CreatedAt *web.Time          `json:"createdAt"`
}

func (d Delivery) view() DeliveryView {
	view := DeliveryView{
		ID: d.ID, Account: d.Account, Platform: d.Platform, Slug: d.Slug, Event: wireID(d.Event), Type: d.Type, Position: d.Position,
		Sequence: d.Sequence, Status: d.Status, Error: d.Error, Attempts: []AttemptView{}, Tries: d.Tries, NextAt: web.At(d.NextAt), CreatedAt: web.At(d.CreatedAt),
	}
	if !d.Channel.IsZero() {
		view.Channel = &d.Channel
	}
	if !d.Session.IsZero() {
		view.Session = &d.Session
	}
	for _, a := range d.Attempts {
		one := AttemptView{At: web.At(a.At), LatencyMS: a.Latency, Error: a.Error, Answer: a.Answer}
		if a.Status != 0 {
			one.Status = &a.Status
		}
		view.Attempts = append(view.Attempts, one)
	}
	return view
}

type listRequest struct {
	Account ids.Account `path:"clientIdentifier"`
	web.ListQuery
	Status Status `query:"status" validate:"omitempty,oneof=pending delivered failed"`
	Type   Type   `query:"type" validate:"max=64"`
	Slug   string `query:"platformSlug" validate:"max=100"`
}

// list gives deliveries, those made last first.
func (s *Service) list(ctx context.Context, req *listRequest) (mongodb.ListPage[DeliveryView], error) {
	if err := checkType("type", req.Type, deliverable); err != nil {
		return mongodb.ListPage[DeliveryView]{}, err
	}
	fit := bson.D{}
	if req.Status != "" {
		fit = append(fit, bson.E{Key: "status", Value: req.Status})
	}
	rows := bson.D{{Key: "accountId", Value: req.Account}, {Key: "deliveries.status", Value: statusesOf(req.Status)}}
	query := req.Over(ofType(fit, "type", req.Type), "in", true)
	query.Elements = &mongodb.Elements{Rows: narrowed(rows, req.Type, req.Slug), Array: "deliveries", Stages: oneByOne,
		Counted: bson.D{{Key: "deliveries.status", Value: 1}, {Key: "deliveries.type", Value: 1}}}
	page, err := mongodb.List[Delivery](ctx, s.rows, query)
	if err != nil {
		return mongodb.ListPage[DeliveryView]{}, web.ListFault(err)
	}
	return web.Page(page, Delivery.view), nil
}

// statusesOf names all of them where none is asked for: the index has the
// status before the id.
func statusesOf(asked Status) any {
	if asked != "" {
		return asked
	}
	return bson.D{{Key: "$in", Value: bson.A{Pending, Delivered, Failed}}}
}

// narrowed limits a filter of rows to those with deliveries of a type, and to a
// platform.
func narrowed(rows bson.D, t Type, slug string) bson.D {
	if slug != "" {
		rows = append(rows, bson.E{Key: "platformSlug", Value: slug})
	}
	return ofType(rows, "deliveries.type", t)
}

func ofType(filter bson.D, field string, t Type) bson.D {
	if t == "" {
		return filter
	}
	return append(filter, bson.E{Key: field, Value: t})
}

type deliveryRequest struct {
	Account  ids.Account  `path:"clientIdentifier"`
	Delivery ids.Delivery `path:"deliveryId"`
}

func (s *Service) get(ctx context.Context, req *deliveryRequest) (DeliveryView, error) {
	row, err := s.find(ctx, req)
	return row.view(), err
}

func (s *Service) find(ctx context.Context, req *deliveryRequest) (Delivery, error) {
	pipeline := append(mongo.Pipeline{{{Key: "$match", Value: rowOf(req.Account, req.Delivery)}}}, oneByOne...)
	cursor, err := s.rows.Aggregate(ctx, append(pipeline, bson.D{{Key: "$match", Value: bson.D{{Key: "_id", Value: req.Delivery}}}}))
	var found []Delivery
	if err == nil {
		err = mongodb.All(ctx, cursor, &found)
	}
	if err != nil {
		return Delivery{}, fmt.Errorf("read delivery %s: %w", req.Delivery, err)
	}
	if len(found) == 0 {
		return Delivery{}, fault.Missing("delivery", req.Delivery)
	}
	return found[0], nil
}

// replay makes a delivery pending again; one that is pending stays so. The
// platform gets the same event id again.
func (s *Service) replay(ctx context.Context, req *deliveryRequest) (DeliveryView, error) {
	row, err := s.find(ctx, req)
	if err != nil {
		return DeliveryView{}, err
	}
	ctx, cancel := unhurried(ctx)
	defer cancel()
	if row.Status == Pending { // whoever made it so has perhaps not told the owner
		return row.view(), s.tellOwner(ctx, req.Account)
	}
	kept, err := s.read(ctx, req.Account, []Delivery{row})
	if err != nil {
		return DeliveryView{}, err
	}
	if len(kept) == 0 || row.PassesOn && row.Status == Delivered { // or is about to be deleted
		return DeliveryView{}, fault.New(fault.Conflict, "The event %s of delivery %s is not kept any more, and cannot be replayed.", wireID(row.Event), row.ID)
	}
	this := bson.D{{Key: "$eq", Value: bson.A{"$$d._id", row.ID}}}
	if _, err := s.rows.UpdateOne(ctx, bson.D{{Key: "_id", Value: row.In}}, changed(nil, this, s.pendingAgain())); err != nil {
		return DeliveryView{}, fmt.Errorf("replay delivery %s: %w", row.ID, err)
	}
	if row, err = s.find(ctx, req); err != nil {
		return DeliveryView{}, err
	}
	return row.view(), s.tellOwner(ctx, req.Account)
}

// replayPatience is how long a replay may take, whoever waits for its answer.
const replayPatience = 5 * time.Minute

// unhurried goes on when the caller leaves: what has become pending the owner
// must be told. (What it is not told, since this server dies, say, it finds by
// itself after a while.)
func unhurried(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), replayPatience)
}

// pendingAgain is the change that a replay makes. The tries go on: whatever an
// owner still has in mind of the row changes nothing.
func (s *Service) pendingAgain() bson.D {
	return with(less("nextAt", "error", "refusals"), bson.D{{Key: "status", Value: Pending}, {Key: "pendingSince", Value: s.now()}, triesOn})
}

// tellOwner lets whoever owns the account's events see what was replayed.
func (s *Service) tellOwner(ctx context.Context, account ids.Account) error {
	_, err := s.counters.UpdateOne(ctx, bson.D{{Key: "_id", Value: account}}, bson.D{{Key: "$inc", Value: bson.D{{Key: "replays", Value: int64(1)}}}}, options.UpdateOne().SetUpsert(true))
	if err != nil {
		return fmt.Errorf("note a replay of account %s: %w", account, err)
	}
	s.wake(account)
	s.poke(account)
	return nil
}

type replayRequest struct {
	Account ids.Account `path:"clientIdentifier" json:"clientIdentifier"`
	From    web.Time    `json:"from" validate:"required"`
	To      web.Time    `json:"to" validate:"required"`
	Status  Status      `json:"status" validate:"omitempty,oneof=delivered failed"`
	Type    Type        `json:"type" validate:"max=64"`
	Slug    string      `json:"platformSlug" validate:"max=100"`
}

type replayAnswer struct {
	Replayed int64 `json:"replayed"`
}

// replayRange makes all deliveries that were made in a time pending again.
func (s *Service) replayRange(ctx context.Context, req *replayRequest) (replayAnswer, error) {
	from, to := req.From.Time, req.To.Time
	if !from.Before(to) {
		return replayAnswer{}, fault.Invalid("to", "before_from", "The range ends at %s, before it begins at %s.", to.Format(time.RFC3339), from.Format(time.RFC3339))
	}
	if err := checkType("type", req.Type, deliverable); err != nil {
		return replayAnswer{}, err
	}
	statuses := bson.A{Delivered, Failed}
	if req.Status != "" {
		statuses = bson.A{req.Status}
	}
	// Ids tell the second, and are in the index.
	rows := bson.D{
		{Key: "accountId", Value: req.Account}, {Key: "deliveries.status", Value: bson.D{{Key: "$in", Value: statuses}}},
		{Key: "_id", Value: bson.D{{Key: "$gte", Value: firstID(from)}, {Key: "$lt", Value: firstID(to.Add(time.Second))}}},
		{Key: "createdAt", Value: bson.D{{Key: "$gte", Value: from}, {Key: "$lt", Value: to}}},
		// What was fleeting and is delivered is not there any more.
		{Key: "$nor", Value: bson.A{bson.D{{Key: "deliveries.status", Value: Delivered}, {Key: "passesOn", Value: true}}}},
	}
	is := bson.A{bson.D{{Key: "$in", Value: bson.A{"$$d.status", statuses}}}}
	if req.Type != "" {
		is = append(is, bson.D{{Key: "$eq", Value: bson.A{"$$d.type", req.Type}}})
	}
	ctx, cancel := unhurried(ctx)
	defer cancel()
	n, err := s.alter(ctx, narrowed(rows, req.Type, req.Slug), bson.D{{Key: "$and", Value: is}}, s.pendingAgain())
	if n > 0 { // also of what was done before it failed
		told, end := unhurried(ctx)
		defer end()
		err = errors.Join(err, s.tellOwner(told, req.Account))
	}
	if err != nil {
		return replayAnswer{}, fmt.Errorf("replay deliveries of account %s, of which %d are: %w", req.Account, n, err)
	}
	return replayAnswer{Replayed: n}, nil
}

// firstID is before every id of a second.
func firstID(at time.Time) ids.DeliveryBatch {
	var id ids.DeliveryBatch
	binary.BigEndian.PutUint32(id[:4], uint32(at.Unix()))
	return id
}

type testRequest struct {
	Account ids.Account        `path:"clientIdentifier"`
	Config  ids.PlatformConfig `path:"platformConfigId"`
}

type testAnswer struct {
	Event string `json:"eventId"`
}

// test makes an event for one platform only, so that its receiver can be seen
// to work.
func (s *Service) test(ctx context.Context, req *testRequest) (testAnswer, error) {
	config, err := s.platforms.Get(ctx, req.Account, req.Config)
	switch {
	case err != nil:
		return testAnswer{}, err
	case config.URL == "":
		return testAnswer{}, fault.New(fault.Conflict, "Platform config %s has no URL. Set one first.", req.Config)
	case config.State.Status == platforms.Disabled:
		return testAnswer{}, fault.New(fault.Conflict, "Platform config %s is disabled: its URL answered 410. Set the URL again first.", req.Config)
	}
	row := New(req.Account, PlatformTest, s.now())
	row.ID = web.NewID[ids.Event](ctx)
	row.Platforms = []ids.PlatformConfig{config.ID}
	row.Facts = bson.D{{Key: "platformConfigId", Value: config.ID}, {Key: "platformSlug", Value: config.Slug}}
	if err := Append(ctx, s.db, row); err != nil && !mongodb.IsDuplicateKey(err) { // else an earlier run of the request made it
		return testAnswer{}, err
	}
	return testAnswer{Event: wireID(row.ID)}, nil
}
