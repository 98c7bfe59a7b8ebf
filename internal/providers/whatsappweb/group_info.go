package whatsappweb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"
)

// GroupHead is a group without its members.
type GroupHead struct {
	ID           string    `bson:"id"` // the user part
	Subject      string    `bson:"subject"`
	Description  string    `bson:"description,omitempty"`
	CreatedAt    time.Time `bson:"createdAt"` // zero: not told
	CreatedBy    Who       `bson:"createdBy"` // zero: not told
	Size         int       `bson:"size"`      // how many are in it
	Role         Role      `bson:"role"`      // the linked account's own
	AnnounceOnly bool      `bson:"announceOnly,omitempty"`
	Locked       bool      `bson:"locked,omitempty"`       // only admins change subject, description and photo
	Disappearing int64     `bson:"disappearing,omitempty"` // after how many seconds messages do; 0: never
}

// GroupNow is a group with its members, as it is at this moment.
type GroupNow struct {
	GroupHead `bson:",inline"`
	Members   []GroupMember `bson:"members"`
}

// Role is what a member may do in a group.
type Role string

// The roles there are. RoleNone is of who is not in the group.
const (
	RoleNone       Role = ""
	RoleMember     Role = "member"
	RoleAdmin      Role = "admin"
	RoleSuperadmin Role = "superadmin" // who made the group
)

// GroupMember is somebody in a group.
type GroupMember struct {
	Who  `bson:",inline"`
	Role Role `bson:"role"`
}

// GroupHeads lists the groups that the account is in.
func (c *Conn) GroupHeads(ctx context.Context) ([]GroupHead, error) {
	if err := c.online(ctx); err != nil {
		return nil, err
	}
	joined, err := c.client.GetJoinedGroups(ctx)
	if err != nil {
		return nil, c.askError(fmt.Errorf("list the groups: %w", err))
	}
	heads := make([]GroupHead, 0, len(joined))
	for _, g := range joined {
		heads = append(heads, c.readGroup(g).GroupHead)
	}
	return heads, nil
}

// Group gives one group that the account is in.
func (c *Conn) Group(ctx context.Context, id string) (GroupNow, error) {
	if err := c.online(ctx); err != nil {
		return GroupNow{}, err
	}
	return c.group(ctx, groupJID(id))
}

func (c *Conn) group(ctx context.Context, jid types.JID) (GroupNow, error) {
	g, err := c.client.GetGroupInfo(ctx, jid)
	if err != nil {
		return GroupNow{}, c.askError(fmt.Errorf("ask for group %s: %w", jid.User, err))
	}
	return c.readGroup(g), nil
}

func groupJID(id string) types.JID { return types.NewJID(id, types.GroupServer) }

func (c *Conn) readGroup(g *types.GroupInfo) GroupNow {
	now := GroupNow{GroupHead: GroupHead{
		ID: g.JID.User, Subject: g.Name, Description: g.Topic, CreatedAt: g.GroupCreated.UTC(), CreatedBy: whoIs(g.OwnerJID, g.OwnerPN),
		Size: g.ParticipantCount, AnnounceOnly: g.IsAnnounce, Locked: g.IsLocked, Disappearing: int64(g.DisappearingTimer),
	}}
	own := c.names()
	for _, p := range g.Participants {
		if p.Error != 0 {
			continue // is not in it
		}
		member := GroupMember{Who: whoIs(p.JID, p.PhoneNumber, p.LID), Role: roleOf(p)}
		now.Members = append(now.Members, member)
		for _, name := range own {
			if !name.IsEmpty() && (name.User == member.Phone || name.User == member.LID) {
				now.Role = member.Role
			}
		}
	}
	now.Size = max(now.Size, len(now.Members))
	return now
}

func roleOf(p types.GroupParticipant) Role {
	switch {
	case p.IsSuperAdmin:
		return RoleSuperadmin
	case p.IsAdmin:
		return RoleAdmin
	default:
		return RoleMember
	}
}

// whoIs sorts somebody's names.
func whoIs(names ...types.JID) Who {
	var who Who
	for _, jid := range names {
		switch jid.Server {
		case types.DefaultUserServer:
			who.Phone = jid.User
		case types.HiddenUserServer:
			who.LID = jid.User
		}
	}
	return who
}

// GroupJoined is what came of following a link.
type GroupJoined struct {
	ID string `bson:"id"`
	// In tells whether the account is in the group now; else its admins must
	// first say yes.
	In bool `bson:"in,omitempty"`
}

// JoinGroup follows a link into a group, or the code that is its end. Where it was
// followed and the group then cannot be seen, that is an *UnseenError.
func (c *Conn) JoinGroup(ctx context.Context, invite string) (GroupJoined, error) {
	if err := c.online(ctx); err != nil {
		return GroupJoined{}, err
	}
	jid, err := c.client.JoinGroupWithLink(ctx, invite)
	if err != nil {
		return GroupJoined{}, c.askError(fmt.Errorf("join a group: %w", err))
	}
	_, err = c.client.GetGroupInfo(ctx, jid)
	switch {
	case errors.Is(err, whatsmeow.ErrNotInGroup):
		return GroupJoined{ID: jid.User}, nil
	case err != nil:
		return GroupJoined{}, &UnseenError{c.askError(fmt.Errorf("ask for group %s that was joined: %w", jid.User, err))}
	}
	return GroupJoined{ID: jid.User, In: true}, nil
}

// LeaveGroup takes the account out of a group.
func (c *Conn) LeaveGroup(ctx context.Context, id string) error {
	return c.onGroup(ctx, id, "leave", func(jid types.JID) error {
		err := c.client.LeaveGroup(ctx, jid)
		if err == nil {
			c.meet(jid)
		}
		return err
	})
}

// SetGroupSubject names a group anew.
func (c *Conn) SetGroupSubject(ctx context.Context, id, subject string) error {
	return c.onGroup(ctx, id, "rename", func(jid types.JID) error { return c.client.SetGroupName(ctx, jid, subject) })
}

// SetGroupDescription describes a group anew; empty takes the description away.
func (c *Conn) SetGroupDescription(ctx context.Context, id, description string) error {
	return c.onGroup(ctx, id, "describe", func(jid types.JID) error {
		before, err := c.client.GetGroupInfo(ctx, jid) // the client's own look would hide why it failed
		if err != nil {
			return err
		}
		return c.client.SetGroupTopic(ctx, jid, before.TopicID, c.client.GenerateMessageID(), description)
	})
}

// GroupLink is the link that lets people into a group; renew ends the one that
// there was and makes another.
func (c *Conn) GroupLink(ctx context.Context, id string, renew bool) (link string, err error) {
	err = c.onGroup(ctx, id, "ask for the link of", func(jid types.JID) error {
		link, err = c.client.GetGroupInviteLink(ctx, jid, renew)
		return err
	})
	return link, err
}

// onGroup does something to a group once the connection is open.
func (c *Conn) onGroup(ctx context.Context, id, what string, do func(types.JID) error) error {
	if err := c.online(ctx); err != nil {
		return err
	}
	if err := do(groupJID(id)); err != nil {
		return c.askError(fmt.Errorf("%s group %s: %w", what, id, err))
	}
	return nil
}
