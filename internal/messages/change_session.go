package messages

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/sessions"
)

// sessionChange is a change of a session that is no message: it wants the row
// as it is now, and answers with the row as the change leaves it.
type sessionChange struct {
	channel ids.Channel
	session ids.Session
	to      []providers.Address // of its contact, for the route

	// plan decides on the session's row and changes it.
	plan func(b *batch, plan *sessionPlan) error

	stored sessions.Session
}

func (c *sessionChange) route() string { return routeOf(c.channel, c.to) }

func (c *sessionChange) wants(w *wants) { w.sessions[c.session] = struct{}{} }

func (c *sessionChange) apply(_ context.Context, b *batch) error {
	plan := b.bySession[c.session]
	if plan == nil || !plan.complete {
		return fault.Missing("session", c.session)
	}
	if err := c.plan(b, plan); err != nil {
		return err
	}
	row := plan.row
	b.done = append(b.done, func() { c.stored = row })
	return nil
}

// finish closes a session; a finished one stays as it is.
func finish(reason string) func(*batch, *sessionPlan) error {
	return func(b *batch, plan *sessionPlan) error {
		if plan.row.State == sessions.Finished {
			return nil
		}
		plan.row.State, plan.row.FinishedAt, plan.row.Reason = sessions.Finished, b.now, reason
		plan.mustBeActive = true
		plan.put("state", sessions.Finished)
		plan.put("finishedAt", b.now)
		plan.put("finishReason", reason)
		if b.active[plan.row.Contact] == plan {
			delete(b.active, plan.row.Contact)
		}
		b.keepWindow(plan.row.Contact, latest(plan.row.LastInboundAt, plan.lastInbound))
		b.aboutSession(plan, events.SessionFinished, bson.D{{Key: "reason", Value: reason}})
		return nil
	}
}

// markRead sets the unread counter to 0.
func markRead(b *batch, plan *sessionPlan) error {
	plan.row.Unread = 0
	plan.readFirst, plan.unread = true, 0
	b.touch(plan)
	return nil
}

// transfer moves a session to another platform and agent, once.
func transfer(one sessions.Transfer) func(*batch, *sessionPlan) error {
	return func(b *batch, plan *sessionPlan) error {
		if plan.row.Transferred(one.ID) { // committed already, without our hearing of it
			return nil
		}
		if plan.row.State == sessions.Finished {
			return fault.New(fault.SessionFinished, "Session %s is finished and cannot be transferred.", plan.id)
		}
		from, to := plan.row.Holder(), one.To
		note := one // a fresh copy: the plan may be made again
		note.At, note.From = b.now, from
		plan.row.Transfers = append(append([]sessions.Transfer{}, plan.row.Transfers...), note)
		if over := len(plan.row.Transfers) - sessions.MaxTransfers; over > 0 {
			plan.row.Transfers = plan.row.Transfers[over:]
		}
		plan.row.Platform, plan.row.Slug, plan.row.Agent = to.Platform.Config, to.Platform.Slug, to.Agent
		plan.mustBeActive = true
		b.hold(plan.row.Account, to.Platform.Config)
		plan.put("platformConfigId", to.Platform.Config)
		plan.put("platformSlug", to.Platform.Slug)
		plan.put("agent", to.Agent)
		plan.put("transfers", plan.row.Transfers)
		event := b.aboutSession(plan, events.SessionTransferred, bson.D{{Key: "from", Value: from}, {Key: "to", Value: to}, {Key: "at", Value: b.now}})
		address(event, from.Platform.Config) // both platforms are told
		return nil
	}
}

func (b *batch) aboutSession(plan *sessionPlan, t events.Type, facts bson.D) *events.Row {
	return b.event(plan, t, func(e *events.Row) {
		e.Account, e.Channel, e.Contact, e.Facts = plan.row.Account, plan.row.Channel, plan.row.Contact, facts
	})
}
