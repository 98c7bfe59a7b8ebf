package messages

import (
	"context"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/sessions"
)

// learnAddresses adds names that a contact did not have, and which of them all to
// reply to.
func (b *batch) learnAddresses(channel ids.Channel, plan *contactPlan, addresses []providers.Address, replyTo providers.Address) {
	changed := false
	for _, address := range addresses {
		key := address.Key()
		if slices.Contains(plan.keys, key) {
			continue
		}
		plan.learned = append(plan.learned, address)
		plan.keys = append(slices.Clone(plan.keys), key)
		b.byIdentity[identity{channel, key}] = plan
		changed = true
	}
	if plan.replyTo != replyTo {
		plan.replyTo = replyTo
		plan.put("replyTo", replyTo)
		changed = true
	}
	if plan.isNew { // its row is still to be written, with all of this
		plan.row.Addresses = append(plan.row.Addresses, plan.learned...)
		plan.row.Identities, plan.row.ReplyTo, plan.learned = plan.keys, plan.replyTo, nil
	}
	if changed {
		b.changeContact(plan)
	}
}

// put plans a field of the contact's row.
func (p *contactPlan) put(field string, value any) {
	for i := range p.set {
		if p.set[i].Key == field {
			p.set[i].Value = value
			return
		}
	}
	p.set = append(p.set, bson.E{Key: field, Value: value})
}

// rename gives a contact its person's, or its group's, name. Its row must have
// been read: the shadow fields follow from all its names.
func (b *batch) rename(plan *contactPlan, name string) error {
	if !plan.complete {
		return errStale
	}
	plan.name, plan.row.Name = name, name
	plan.row.Index()
	if plan.isNew {
		return nil
	}
	plan.put("name", name)
	plan.put("nameKey", plan.row.NameKey)
	plan.put("search", plan.row.Search)
	plan.put("names", plan.row.Names)
	b.changeContact(plan)
	return nil
}

// learnPerson brings up to date what a person is called: the profile's name, unless
// a caller has given one, and handle. Who is called as before costs nothing.
func (b *batch) learnPerson(ch channelFacts, plan *contactPlan, person providers.Party) error {
	renamed := person.Name != "" && person.Name != plan.name && !plan.given
	moved := person.Username != "" && person.Username != plan.handle
	if renamed {
		if err := b.rename(plan, person.Name); err != nil {
			return err
		}
	}
	if moved {
		plan.handle, plan.row.Username = person.Username, person.Username
		plan.put("username", person.Username)
		b.changeContact(plan)
	}
	if (renamed || moved) && !plan.isNew {
		b.tellUpdated(ch, plan)
	}
	return nil
}

// tellUpdated plans the event of a changed contact: for the platform of its open
// session, else the channel's.
func (b *batch) tellUpdated(ch channelFacts, plan *contactPlan) {
	event := contactEvent(events.ContactUpdated, ch, plan.contact, b.now)
	if session := b.active[plan.contact]; session != nil {
		b.tell(session, event)
		return
	}
	address(&event, ch.Holder.Config)
	b.events = append(b.events, &event)
}

// learnGroup brings a group's name and participants up to date.
func (b *batch) learnGroup(ch channelFacts, plan *contactPlan, group providers.Group) error {
	if group.Name == "" && group.Participants == nil || signature(group) == plan.group || plan.isNew {
		return nil
	}
	if !plan.complete {
		return errStale
	}
	plan.group = signature(group)
	renamed := group.Name != "" && group.Name != plan.row.Name
	moved := group.Participants != nil && !slices.Equal(printed(group.Participants), plan.row.Members)
	if !renamed && !moved {
		return nil
	}
	if renamed {
		if err := b.rename(plan, group.Name); err != nil {
			return err
		}
	}
	if moved {
		plan.row.Members = printed(group.Participants)
		plan.put("participants", plan.row.Members)
	}
	b.changeContact(plan)
	b.tellUpdated(ch, plan)
	return nil
}

// holderFor gives the platform that gets a contact's next session: the
// contact's own, else the channel's.
func (b *batch) holderFor(ctx context.Context, ch channelFacts, contact *contactPlan) (sessions.PlatformRef, error) {
	if !contact.complete { // the cache does not know its platform
		return sessions.PlatformRef{}, errStale
	}
	if contact.slug == "" {
		return ch.Holder, nil
	}
	ref, ok, err := b.platform(ctx, ch.Account, contact.slug)
	if err != nil || !ok {
		return ch.Holder, err
	}
	return ref, nil
}

func contactEvent(t events.Type, ch channelFacts, contact ids.Contact, at time.Time) events.Row {
	row := events.New(ch.Account, t, at)
	row.Channel, row.Contact = ch.ID, contact
	return row
}

// groupChange brings a group up to date outside any message; a group that is
// not known yet becomes a contact.
type groupChange struct {
	ch    channelFacts
	group providers.Group
}

func (c *groupChange) route() string {
	return routeOf(c.ch.ID, []providers.Address{c.group.Address})
}

func (c *groupChange) wants(w *wants) {
	w.identities[identity{c.ch.ID, c.group.Address.Key()}] = struct{}{}
}

func (c *groupChange) apply(_ context.Context, b *batch) error {
	found := b.contactOf(c.ch.ID, []providers.Address{c.group.Address})
	if len(found) == 0 {
		plan := b.newContact(c.ch.Account, c.ch.ID, contacts.GroupType, []providers.Address{c.group.Address}, c.group.Name)
		plan.row.PhotoDue = c.ch.shows()
		plan.row.Members, plan.group, plan.announced = printed(c.group.Participants), signature(c.group), true
		event := contactEvent(events.ContactCreated, c.ch, plan.contact, b.now)
		address(&event, c.ch.Holder.Config)
		b.events = append(b.events, &event)
		return nil
	}
	if found[0].ignored {
		return nil
	}
	return b.learnGroup(c.ch, found[0], c.group)
}
