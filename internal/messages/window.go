package messages

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/sessions"
)

// A reply window is the contact's, whichever session it is that they wrote into. The
// open session has it, so that a message writes one row; the contact gets it when
// the session finishes, or when they react to what an earlier one was about, and
// gives it to the session that opens next.

// heard notes that a contact wrote into a session. What goes into a session that
// is not the open one counts for that one, too.
func (b *batch) heard(contact *contactPlan, session *sessionPlan, at time.Time) {
	session.lastInbound = latest(session.lastInbound, at)
	open := b.active[contact.contact]
	if open == session {
		return
	}
	b.keepWindow(contact.contact, at)
	if open != nil {
		open.lastInbound = latest(open.lastInbound, at)
		b.touch(open)
	}
}

// keepWindow plans that a contact remembers when they wrote; a zero time says
// nothing.
func (b *batch) keepWindow(contact ids.Contact, at time.Time) {
	if !at.IsZero() {
		b.wrote[contact] = latest(b.wrote[contact], at)
	}
}

// writeWindows lets contacts remember when they wrote last. One that is gone by
// now needs it no more.
func (s *store) writeWindows(ctx context.Context, wrote map[ids.Contact]time.Time) error {
	if len(wrote) == 0 {
		return nil
	}
	updates := make([]mongo.WriteModel, 0, len(wrote))
	for contact, at := range wrote {
		updates = append(updates, mongo.NewUpdateOneModel().SetFilter(bson.D{{Key: "_id", Value: contact}}).
			SetUpdate(bson.D{{Key: "$max", Value: bson.D{{Key: "lastInboundAt", Value: at}}}}))
	}
	_, err := s.contacts.BulkWrite(ctx, updates, options.BulkWrite().SetOrdered(true))
	return err
}

// inherit gives the open session of a contact what sessions had that were merged
// into it: the reply window, and how many messages nobody has read.
func (s *store) inherit(ctx context.Context, heir ids.Session, window time.Time, unread int64) error {
	update := bson.D{{Key: "$inc", Value: bson.D{{Key: "unreadCount", Value: unread}}}}
	if !window.IsZero() {
		update = append(update, bson.E{Key: "$max", Value: bson.D{{Key: "lastInboundAt", Value: window}}})
	}
	_, err := s.sessions.UpdateOne(ctx, bson.D{{Key: "_id", Value: heir}, {Key: "state", Value: sessions.Active}}, update)
	return err
}

// latest is the later of two times.
func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
