package whatsappweb

import (
	"context"
	"errors"
	"fmt"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/wire"
)

// groupsAtOnce bounds how many groups the sink takes in one call.
const groupsAtOnce = 50

// Groups asks WhatsApp for the groups that the account is in, as they are now.
func (c *Conn) Groups(ctx context.Context) ([]providers.GroupSynced, error) {
	joined, err := c.client.GetJoinedGroups(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the groups of channel %s: %w", c.channel.ID, err)
	}
	groups := make([]providers.GroupSynced, 0, len(joined))
	for _, g := range joined {
		c.learnGroup(g)
		groups = append(groups, wire.ReadGroup(g))
	}
	return groups, nil
}

// syncGroups tells the sink of groups that changed, each as it is now, since the
// news of a group say only what is different.
func (c *Conn) syncGroups() {
	for {
		select {
		case <-c.groups.rung():
		case <-c.ctx.Done():
			return
		}
		asked := map[types.JID]bool{}
		for _, jid := range c.groups.takeAll() {
			if asked[jid] || c.until(c.ctx, isOpen) != nil {
				continue
			}
			asked[jid] = true
			if err := c.syncGroup(jid); err != nil && c.ctx.Err() == nil {
				c.logger.Info("telling of a WhatsApp group failed; the next login tells of all", "group_id", jid.User, "error", err)
				c.tell(signal{run: func() { c.life.synced = false }})
			}
		}
	}
}

// syncGroup tells of one group, or of all.
func (c *Conn) syncGroup(jid types.JID) error {
	// A query that is cut off by its context races with its answer inside the
	// client; this one ends with the socket.
	ctx := context.WithoutCancel(c.ctx)
	var groups []providers.GroupSynced
	if jid.IsEmpty() {
		all, err := c.Groups(ctx)
		if err != nil {
			return err
		}
		groups = all
	} else {
		g, err := c.client.GetGroupInfo(ctx, jid)
		if errors.Is(err, whatsmeow.ErrNotInGroup) || errors.Is(err, whatsmeow.ErrGroupNotFound) {
			return nil // we left it, or it is gone: there is no state to tell
		}
		if err != nil {
			return err
		}
		c.learnGroup(g)
		groups = append(groups, wire.ReadGroup(g))
	}
	for len(groups) > 0 {
		n := min(groupsAtOnce, len(groups))
		payloads := make([]providers.InboundPayload, 0, n)
		for _, g := range groups[:n] {
			payloads = append(payloads, g)
		}
		if err := c.accept(c.ctx, payloads...); err != nil {
			return err
		}
		groups = groups[n:]
	}
	return nil
}
