package gateway

import (
	"context"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb"
)

// The commands about groups.
const (
	commandGroups           = "groups"
	commandGroup            = "group"
	commandCreateGroup      = "createGroup"
	commandJoinGroup        = "joinGroup"
	commandLeaveGroup       = "leaveGroup"
	commandGroupSubject     = "groupSubject"
	commandGroupDescription = "groupDescription"
	commandGroupMembers     = "groupMembers"
	commandGroupLink        = "groupLink"
)

// groupCommand is what the commands about groups need.
type groupCommand struct {
	Group  string                   `bson:"group,omitempty"` // the user part of its id
	Text   string                   `bson:"text,omitempty"`  // subject, description, or invite
	Who    []providers.Address      `bson:"who,omitempty"`
	Change whatsappweb.MemberChange `bson:"change,omitempty"`
	Renew  bool                     `bson:"renew,omitempty"`
}

// The results of those that have one which is no document by itself.
type (
	groupList    struct{ Groups []whatsappweb.GroupHead }
	groupMembers struct{ Members []whatsappweb.MemberOutcome }
	groupLink    struct{ Link string }
)

func groupCommands(s *channels.Service) {
	type conn = *whatsappweb.Conn
	answer(s, commandGroups, func(ctx context.Context, c conn, _ none) (groupList, error) {
		all, err := c.GroupHeads(ctx)
		return groupList{all}, err
	})
	answer(s, commandGroup, func(ctx context.Context, c conn, g groupCommand) (whatsappweb.GroupNow, error) {
		return c.Group(ctx, g.Group)
	})
	answer(s, commandCreateGroup, func(ctx context.Context, c conn, g groupCommand) (whatsappweb.GroupMade, error) {
		return c.CreateGroup(ctx, g.Text, g.Who)
	})
	answer(s, commandJoinGroup, func(ctx context.Context, c conn, g groupCommand) (whatsappweb.GroupJoined, error) {
		return c.JoinGroup(ctx, g.Text)
	})
	answer(s, commandLeaveGroup, func(ctx context.Context, c conn, g groupCommand) (none, error) {
		return none{}, c.LeaveGroup(ctx, g.Group)
	})
	answer(s, commandGroupMembers, func(ctx context.Context, c conn, g groupCommand) (groupMembers, error) {
		all, err := c.ChangeMembers(ctx, g.Group, g.Change, g.Who)
		return groupMembers{all}, err
	})
	answer(s, commandGroupLink, func(ctx context.Context, c conn, g groupCommand) (groupLink, error) {
		link, err := c.GroupLink(ctx, g.Group, g.Renew)
		return groupLink{link}, err
	})
	for kind, change := range map[string]func(c conn, ctx context.Context, id, text string) error{
		commandGroupSubject: conn.SetGroupSubject, commandGroupDescription: conn.SetGroupDescription,
	} {
		answer(s, kind, func(ctx context.Context, c conn, g groupCommand) (whatsappweb.GroupNow, error) {
			if err := change(c, ctx, g.Group, g.Text); err != nil {
				return whatsappweb.GroupNow{}, err
			}
			now, err := c.Group(ctx, g.Group)
			if err != nil {
				err = &whatsappweb.UnseenError{Err: err}
			}
			return now, err
		})
	}
}
