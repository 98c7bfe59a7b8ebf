package whatsappweb

import (
	"context"
	"fmt"
	"slices"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"

	"github.com/cirrus/omnichannel/internal/providers"
)

// MemberChange is what is done to members of a group.
type MemberChange string

// The changes there are.
const (
	AddMembers     MemberChange = "add"
	RemoveMembers  MemberChange = "remove"
	PromoteMembers MemberChange = "promote" // to admins
	DemoteMembers  MemberChange = "demote"
)

var memberChanges = map[MemberChange]whatsmeow.ParticipantChange{
	AddMembers: whatsmeow.ParticipantChangeAdd, RemoveMembers: whatsmeow.ParticipantChangeRemove,
	PromoteMembers: whatsmeow.ParticipantChangePromote, DemoteMembers: whatsmeow.ParticipantChangeDemote,
}

// MemberOutcome is what came of a change for one of those named.
type MemberOutcome struct {
	Who `bson:",inline"` // zero: nobody on WhatsApp
	// Code is 0 where it was done, else WhatsApp's: 403, they let only their
	// contacts add them; 404, not in the group; 409, in it already. -1: it did not
	// say.
	Code int `bson:"code,omitempty"`
}

// unsaid is the code of somebody of whom WhatsApp said nothing.
const unsaid = -1

// ChangeMembers changes members of a group and tells for each, in the order in
// which they were named, what came of it.
func (c *Conn) ChangeMembers(ctx context.Context, id string, change MemberChange, who []providers.Address) ([]MemberOutcome, error) {
	if err := c.online(ctx); err != nil {
		return nil, err
	}
	people, chats, err := c.people(ctx, who)
	if err != nil {
		return nil, err
	}
	if len(chats) == 0 {
		return outcomes(people, nil), nil
	}
	changed, err := c.client.UpdateGroupParticipants(ctx, groupJID(id), chats, memberChanges[change])
	if err != nil {
		return nil, c.askError(fmt.Errorf("%s members of group %s: %w", change, id, err))
	}
	return outcomes(people, changed), nil
}

// GroupMade is a new group, and what came of inviting each of those named.
type GroupMade struct {
	Group   GroupNow        `bson:"group"`
	Members []MemberOutcome `bson:"members"`
}

// CreateGroup makes a group. Those whom WhatsApp does not know are left out of
// it; with nobody left none is made, which a zero Group says.
func (c *Conn) CreateGroup(ctx context.Context, subject string, who []providers.Address) (GroupMade, error) {
	if err := c.online(ctx); err != nil {
		return GroupMade{}, err
	}
	people, chats, err := c.people(ctx, who)
	if err != nil {
		return GroupMade{}, err
	}
	if len(chats) == 0 {
		return GroupMade{Members: outcomes(people, nil)}, nil
	}
	made, err := c.client.CreateGroup(ctx, whatsmeow.ReqCreateGroup{Name: subject, Participants: chats})
	if err != nil {
		return GroupMade{}, c.askError(fmt.Errorf("make a group: %w", err))
	}
	return GroupMade{Group: c.readGroup(made), Members: outcomes(people, made.Participants)}, nil
}

// people finds those named, and where to write to those who are there.
func (c *Conn) people(ctx context.Context, who []providers.Address) (people []person, chats []types.JID, err error) {
	for _, of := range who {
		p, err := c.personOf(ctx, of)
		if err != nil {
			return nil, nil, err
		}
		people = append(people, p)
		if jid := p.chat(); !p.isNobody() && !slices.Contains(chats, jid) {
			chats = append(chats, jid)
		}
	}
	return people, chats, nil
}

// outcomes finds what WhatsApp said of each.
func outcomes(people []person, said []types.GroupParticipant) []MemberOutcome {
	out := make([]MemberOutcome, 0, len(people))
	for _, p := range people {
		one := MemberOutcome{Who: whoOf(p)}
		if !p.isNobody() {
			one.Code = unsaid
		}
		for _, about := range said {
			if same(p, about) {
				one.Code = about.Error
			}
		}
		out = append(out, one)
	}
	return out
}

func same(p person, about types.GroupParticipant) bool {
	for _, jid := range []types.JID{about.JID, about.PhoneNumber, about.LID} {
		if !jid.IsEmpty() && (jid.ToNonAD() == p.phone || jid.ToNonAD() == p.lid) {
			return true
		}
	}
	return false
}
