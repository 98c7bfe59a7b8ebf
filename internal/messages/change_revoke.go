package messages

import (
	"context"

	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/providers"
)

// revokeChange marks a message as deleted for everyone.
type revokeChange struct {
	news
	revoke providers.MessageRevoked
}

func newRevoke(ch channelFacts, revoke providers.MessageRevoked) *revokeChange {
	return &revokeChange{news: news{ch: ch, target: revoke.Target, fromPhone: revoke.FromPhone, by: revoke.By, chat: revoke.Chat, byAdmins: true}, revoke: revoke}
}

func (c *revokeChange) wants(w *wants) {
	c.news.wants(w)
	if c.wantsStray() {
		w.bodies[c.key()], w.bodies[c.strayKey()] = struct{}{}, struct{}{}
	}
}

func (c *revokeChange) apply(_ context.Context, b *batch) error {
	if c.tellStray(b) {
		return nil
	}
	plan := c.find(b, waitingRevoke, c.revoke)
	if plan == nil {
		return nil
	}
	if plan.row.RevokedAt.IsZero() {
		plan.row.RevokedAt = orNow(c.revoke.Timestamp, b.now)
		b.update(plan, "revokedAt", plan.row.RevokedAt)
		b.about(plan, events.MessageRevoked, nil)
		c.tellNumber(b, plan)
	}
	return nil
}
