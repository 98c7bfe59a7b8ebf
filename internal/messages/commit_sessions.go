package messages

import (
	"context"
	"errors"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/sessions"
)

// increment is what sessions share that are written by one update.
type increment struct {
	messages, events, unread        int64
	readFirst, active, plain, touch bool
	recalled                        bool // the sessions' numbers are remembered: their versions guard the update
	lastInbound, rev                int64
}

// writeSessions moves the sessions on and gives every row its number and every
// event its addressee.
func (s *store) writeSessions(ctx context.Context, b *batch) error {
	var opened []sessions.Session
	var moved []*sessionPlan
	for _, plan := range b.sessions {
		if plan.isNew {
			opened = append(opened, plan.opened(b.now))
		} else {
			moved = append(moved, plan)
		}
	}
	// Before the inserts: a session that finishes here makes room for the next.
	if err := s.moveSessions(ctx, b, moved); err != nil {
		return err
	}
	return mongodb.Insert(ctx, s.sessions, opened)
}

func (s *store) moveSessions(ctx context.Context, b *batch, plans []*sessionPlan) error {
	switch len(plans) {
	case 0:
		return nil
	case 1:
		return s.moveSession(ctx, b.now, plans[0])
	}
	var updates []mongo.WriteModel
	var unknown []*sessionPlan
	shared := map[increment][]*sessionPlan{}
	for _, plan := range plans {
		inc := plan.increment()
		if len(plan.set) > 0 {
			unknown = append(unknown, plan)
			updates = append(updates, mongo.NewUpdateOneModel().SetFilter(inc.filter(plan)).SetUpdate(inc.update(b.now, plan.set)))
			continue
		}
		if inc.recalled = b.recall(plan); !inc.recalled {
			unknown = append(unknown, plan)
		}
		shared[inc] = append(shared[inc], plan)
	}
	for inc, those := range shared {
		updates = append(updates, mongo.NewUpdateManyModel().SetFilter(inc.filter(those...)).SetUpdate(inc.update(b.now, nil)))
	}
	switch err := bulk(ctx, s.sessions, updates, int64(len(plans))); {
	case errors.Is(err, errStale) && len(unknown) < len(plans):
		return errNumbers
	case err != nil:
		return err
	}
	return s.readNumbers(ctx, unknown)
}

// numberFields are what rows take from their session.
var numberFields = bson.D{{Key: "sequence", Value: 1}, {Key: "eventSequence", Value: 1}, {Key: "platformConfigId", Value: 1}, {Key: "version", Value: 1}}

// moveSession is moveSessions for one: the update gives its numbers back, which
// saves most batches of a quiet server a round trip.
func (s *store) moveSession(ctx context.Context, now time.Time, plan *sessionPlan) error {
	inc := plan.increment()
	row, err := s.sessions.FindOneAndUpdate(ctx, inc.filter(plan), inc.update(now, plan.set),
		options.FindOneAndUpdate().SetReturnDocument(options.After).SetProjection(numberFields)).Raw()
	if errors.Is(err, mongo.ErrNoDocuments) {
		return errStale
	}
	if err != nil {
		return err
	}
	plan.number(numbersOf(row))
	return nil
}

// readNumbers reads back what the increments made of the sessions.
func (s *store) readNumbers(ctx context.Context, plans []*sessionPlan) error {
	if len(plans) == 0 {
		return nil
	}
	back, byID := make([]ids.Session, 0, len(plans)), make(map[ids.Session]*sessionPlan, len(plans))
	for _, plan := range plans {
		back, byID[plan.id] = append(back, plan.id), plan
	}
	cursor, err := s.sessions.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: back}}}}, options.Find().SetBatchSize(10_000).SetProjection(numberFields))
	if err != nil {
		return err
	}
	defer cursor.Close(ctx)
	for cursor.Next(ctx) {
		id, _ := cursor.Current.Lookup("_id").ObjectIDOK()
		if plan := byID[ids.Session(id)]; plan != nil {
			plan.number(numbersOf(cursor.Current))
			delete(byID, plan.id)
		}
	}
	if len(byID) > 0 && cursor.Err() == nil {
		return errStale
	}
	return cursor.Err()
}

// numbersOf takes them from a session's row.
func numbersOf(row bson.Raw) (n numbers) {
	n.messages, _ = row.Lookup("sequence").AsInt64OK()
	n.events, _ = row.Lookup("eventSequence").AsInt64OK()
	holder, _ := row.Lookup("platformConfigId").ObjectIDOK() // none where the session has no platform
	of, _ := row.Lookup("version", "of").ObjectIDOK()        // none in rows of before there were versions
	n.version.Count, _ = row.Lookup("version", "count").AsInt64OK()
	n.holder, n.version.Of = ids.PlatformConfig(holder), ids.Session(of)
	return n
}

// number stamps the plan's rows by what its session's row has behind the batch.
func (p *sessionPlan) number(after numbers) {
	p.after = after
	p.stamp(after.messages-p.messages, after.events-p.events, after.holder)
}

// opened is the row of a session that opens in this batch, and numbers the plan's
// rows by it.
func (p *sessionPlan) opened(now time.Time) sessions.Session {
	row := p.row
	row.Sequence, row.EventSequence, row.Unread = p.messages, p.events, p.unread
	row.Version = sessions.Version{Of: row.ID, Count: 1}
	p.number(numbers{messages: p.messages, events: p.events, holder: row.Platform, version: row.Version})
	row.LastInboundAt = latest(row.LastInboundAt, p.lastInbound)
	if p.touched {
		row.LastMessageAt = now
	}
	return row
}

func (p *sessionPlan) increment() increment {
	inc := increment{
		messages: p.messages, events: p.events, unread: p.unread, readFirst: p.readFirst,
		active: p.mustBeActive, plain: p.unignored, touch: p.touched,
	}
	if p.unignored {
		inc.rev = p.rev
	}
	if !p.lastInbound.IsZero() {
		inc.lastInbound = p.lastInbound.UnixMilli()
	}
	return inc
}

// filter finds the sessions' rows as long as they are what the update relies on.
func (i increment) filter(plans ...*sessionPlan) bson.D {
	wanted, versions := make([]ids.Session, 0, len(plans)), make([]sessions.Version, 0, len(plans))
	for _, plan := range plans {
		wanted, versions = append(wanted, plan.id), append(versions, plan.before)
	}
	filter := bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: wanted}}}}
	if len(wanted) == 1 {
		filter[0].Value = wanted[0]
	}
	if i.recalled {
		filter = append(filter, bson.E{Key: "version", Value: bson.D{{Key: "$in", Value: versions}}})
	}
	if i.active {
		filter = append(filter, bson.E{Key: "state", Value: sessions.Active})
	}
	if i.plain {
		filter = append(filter, bson.E{Key: "ignored", Value: false}, bson.E{Key: "identityRev", Value: i.rev})
	}
	return filter
}

func (i increment) update(now time.Time, more bson.D) bson.D {
	inc := bson.D{{Key: "sequence", Value: i.messages}, {Key: "eventSequence", Value: i.events}, {Key: sessions.VersionCount, Value: 1}}
	var set, most bson.D
	if i.readFirst {
		set = append(set, bson.E{Key: "unreadCount", Value: i.unread})
	} else {
		inc = append(inc, bson.E{Key: "unreadCount", Value: i.unread})
	}
	if i.touch {
		most = append(most, bson.E{Key: "lastMessageAt", Value: now})
	}
	if i.lastInbound != 0 {
		most = append(most, bson.E{Key: "lastInboundAt", Value: time.UnixMilli(i.lastInbound)})
	}
	update := bson.D{{Key: "$inc", Value: inc}}
	if set = append(set, more...); len(set) > 0 {
		update = append(update, bson.E{Key: "$set", Value: set})
	}
	if len(most) > 0 {
		update = append(update, bson.E{Key: "$max", Value: most})
	}
	return update
}

func (p *sessionPlan) stamp(messages, numbered int64, holder ids.PlatformConfig) {
	for i := range p.stamps {
		st := &p.stamps[i]
		if st.message != nil {
			st.message.Sequence = messages + st.relative
			continue
		}
		st.event.Sequence = numbered + st.relative
		st.tell(holder)
	}
	for i := range p.addressee {
		p.addressee[i].tell(holder)
	}
}

// tell lets the session's holder hear of the event. The transaction may run twice,
// and the session be another's by then: who held it before is not told.
func (st *stamp) tell(holder ids.PlatformConfig) {
	if !st.holder.IsZero() {
		st.event.Platforms = slices.DeleteFunc(st.event.Platforms, func(id ids.PlatformConfig) bool { return id == st.holder })
		st.holder = ids.PlatformConfig{}
	}
	if !slices.Contains(st.event.Platforms, holder) {
		address(st.event, holder)
		st.holder = holder
	}
}

// address adds a platform to whom the event is for already.
func address(row *events.Row, to ids.PlatformConfig) {
	if !to.IsZero() && !slices.Contains(row.Platforms, to) {
		row.Platforms = append(row.Platforms, to)
	}
}
