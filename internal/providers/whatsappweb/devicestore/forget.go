package devicestore

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.mau.fi/whatsmeow/types"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// Forget deletes every row of the device that names one of these people or
// groups, by any of their addresses: sessions, identities, sender keys, names,
// settings and timers of chats, privacy tokens, message secrets and sent messages; at last
// the pairs of the LID map that they are in, which all devices share and which
// is cleared also where no device is paired. Again is no error. Whoever writes
// after it is met like a stranger.
//
// It leaves what names nobody: the buffer of received events, under hashes and
// without a plaintext once they were handled.
func (h *Holding) Forget(ctx context.Context, who []types.JID) error {
	h.mu.Lock()
	d := h.paired
	h.mu.Unlock()
	var err error
	if d == nil {
		err = h.forgetPairs(ctx, who)
	} else {
		err = d.forgetAll(ctx, who)
	}
	if err != nil {
		return fmt.Errorf("forget people on the device of channel %s: %w", h.channel, err)
	}
	return nil
}

// forgetPairs is Forget where no device is paired.
func (h *Holding) forgetPairs(ctx context.Context, who []types.JID) error {
	if err := h.Err(); err != nil {
		return err
	}
	ctx, cancel, err := h.trusted(ctx)
	if err != nil {
		return h.stop(err)
	}
	defer cancel()
	return h.again(ctx, func() error {
		pairs, err := h.store.lids.pairs(ctx, who)
		if err != nil || len(pairs) == 0 {
			return err
		}
		err = h.store.lids.remove(ctx, pairs)
		if err == nil {
			h.store.lids.unlearn(pairs)
		}
		return err
	})
}

// forgetAll deletes the secrets first, which may be many, and the pairs last:
// done again after a failure, it finds the same people.
func (d *device) forgetAll(ctx context.Context, who []types.JID) error {
	who, _, err := d.everyName(ctx, who)
	if err != nil {
		return err
	}
	secrets, err := d.idsOf(ctx, d.secretsOf(who))
	if err != nil {
		return err
	}
	for some := range slices.Chunk(secrets, rowsPerWrite) {
		if err := d.remove(ctx, some...); err != nil {
			return err
		}
	}
	return d.write(ctx, func(ctx context.Context, c *change) error {
		who, pairs, err := d.everyName(ctx, who)
		if err != nil {
			return err
		}
		ids, err := d.idsOf(ctx, d.rowsOf(who).filter())
		if err != nil {
			return err
		}
		c.remove(ids...)
		for _, j := range who { // of these the cache may know that there are none
			c.remove(d.contactID(j), d.id(kindChat, j.String()), d.tokenID(j), d.timerID(j))
		}
		c.mu.Lock()
		c.unpaired = pairs
		c.mu.Unlock()
		c.then(func() { d.holding.store.lids.unlearn(pairs) })
		return nil
	})
}

// everyName gives these people under all their addresses, and the pairs of the
// LID map that say so.
func (d *device) everyName(ctx context.Context, who []types.JID) (all []types.JID, pairs []lidRow, err error) {
	if err := d.readable(); err != nil {
		return nil, nil, err
	}
	err = d.read(ctx, func(ctx context.Context) error {
		pairs, err = d.holding.store.lids.pairs(ctx, who)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	for _, p := range pairs {
		who = append(who, types.NewJID(p.LID, types.HiddenUserServer), types.NewJID(p.PN, types.DefaultUserServer))
	}
	for _, j := range who {
		for _, one := range hosts(j.ToNonAD()) {
			if !slices.Contains(all, one) {
				all = append(all, one)
			}
		}
	}
	return all, pairs, nil
}

// hosts are an address and the one that the same user has when a business's
// phone is hosted.
func hosts(j types.JID) []types.JID {
	switch j.Server {
	case types.DefaultUserServer:
		return []types.JID{j, types.NewJID(j.User, types.HostedServer)}
	case types.HiddenUserServer:
		return []types.JID{j, types.NewJID(j.User, types.HostedLIDServer)}
	default:
		return []types.JID{j}
	}
}

// rowsOf finds the rows of people and groups whose ids begin with an address,
// and the sender keys of people.
func (d *device) rowsOf(who []types.JID) match {
	var m match
	for _, j := range who {
		m.prefixes = append(m.prefixes, d.id(kindOutgoing, j.String(), ""))
		if j.Server == types.GroupServer {
			m.prefixes = append(m.prefixes, d.id(kindSenderKey, j.String(), ""))
			continue
		}
		user := j.SignalAddressUser()
		m.prefixes = append(m.prefixes, d.id(kindSession, user+":"), d.id(kindIdentity, user+":"))
		m.members = append(m.members, d.member(user))
	}
	return m
}

// secretsOf finds the secrets of messages in the chats of people, or by them.
// It looks at all of the device's: their ids begin with the message's.
func (d *device) secretsOf(who []types.JID) bson.D {
	names := make([]string, len(who))
	for i, j := range who {
		names[i] = regexp.QuoteMeta(j.String())
	}
	named := bson.D{{Key: "$regex", Value: separator + "(?:" + strings.Join(names, "|") + ")(?:" + separator + "|$)"}}
	return bson.D{{Key: "$and", Value: bson.A{within(d.id(kindSecret, "")), bson.D{{Key: "_id", Value: named}}}}}
}

// idsOf finds the ids of rows, without opening them.
func (d *device) idsOf(ctx context.Context, filter bson.D) ([]string, error) {
	if err := d.readable(); err != nil {
		return nil, err
	}
	rows, err := d.find(ctx, filter, options.Find().SetProjection(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	return ids, nil
}

// ForgetMessage deletes what came of a message that nobody may keep: its secrets,
// as far as they name one of these people as its chat or sender, and what these
// people call themselves. Again is no error.
func (h *Holding) ForgetMessage(ctx context.Context, id types.MessageID, who []types.JID) error {
	h.mu.Lock()
	d := h.paired
	h.mu.Unlock()
	if d == nil {
		return nil
	}
	err := d.forgetMessage(ctx, id, who)
	if err != nil {
		return fmt.Errorf("forget message %s on the device of channel %s: %w", id, h.channel, err)
	}
	return nil
}

func (d *device) forgetMessage(ctx context.Context, id types.MessageID, who []types.JID) error {
	who, _, err := d.everyName(ctx, who)
	if err != nil {
		return err
	}
	d.unwanted.add(who, d.holding.store.now())
	if err := d.forgetNames(ctx, who); err != nil {
		return err
	}
	all, err := d.idsOf(ctx, within(d.id(kindSecret, id, "")))
	if err != nil || len(all) == 0 {
		return err
	}
	theirs := slices.DeleteFunc(all, func(row string) bool {
		parts := strings.Split(d.keyOf(kindSecret, row), separator)
		return !slices.ContainsFunc(who, func(j types.JID) bool { return slices.Contains(parts[1:], j.String()) })
	})
	if len(theirs) == 0 {
		return nil
	}
	return d.remove(ctx, theirs...)
}

// forgetNames takes off what people call themselves; what the owner's phone calls
// them stays.
func (d *device) forgetNames(ctx context.Context, who []types.JID) error {
	return d.write(ctx, func(ctx context.Context, c *change) error {
		ids := make([]string, len(who))
		for i, j := range who {
			ids[i] = d.contactID(j)
		}
		known, err := d.getMany(ctx, ids...)
		if err != nil {
			return err
		}
		for id, r := range known {
			contact := contactOf(r)
			contact.Push, contact.Business = "", ""
			switch {
			case r == nil || r.Contact == nil || *contact == *r.Contact:
			case *contact == contactRow{}:
				c.remove(id)
			default:
				c.put(&row{ID: id, Contact: contact})
			}
		}
		return nil
	})
}
