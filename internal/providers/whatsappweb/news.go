package whatsappweb

import (
	"encoding/json"
	"slices"
	"time"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/wire"
)

// The news that have no place in a conversation, in the words of the gateway.
const (
	newsGroupUpdate     = "GROUP_UPDATE"
	newsGroupJoin       = "GROUP_JOIN"
	newsGroupLeave      = "GROUP_LEAVE"
	newsGroupPermission = "GROUP_PERMISSION"
	newsDeleted         = "MESSAGE_DELETED"
)

// groupSaid is what news of a group say.
type groupSaid struct {
	From    string        `json:"from,omitempty"` // who did it
	To      string        `json:"to"`
	Group   string        `json:"group"`
	Info    groupInfoSaid `json:"groupInfo"`
	Changes *groupChanges `json:"changes,omitempty"`
}

type groupInfoSaid struct {
	ID           string   `json:"id"`
	Name         string   `json:"name,omitempty"`
	Participants []string `json:"participants,omitempty"`
}

// groupChanges are what is different of a group; nil fields stay.
type groupChanges struct {
	Subject      *string  `json:"subject,omitempty"`
	Description  *string  `json:"description,omitempty"`
	AnnounceOnly *bool    `json:"announceOnly,omitempty"`
	Locked       *bool    `json:"locked,omitempty"`
	Disappearing *uint32  `json:"disappearing,omitempty"` // seconds; 0: never
	Photo        *bool    `json:"photo,omitempty"`        // whether there is one now
	Joined       []string `json:"joined,omitempty"`
	Left         []string `json:"left,omitempty"`
	Promoted     []string `json:"promoted,omitempty"`
	Demoted      []string `json:"demoted,omitempty"`
	Deleted      *bool    `json:"deleted,omitempty"`
}

func (g groupChanges) none() bool {
	return g.Subject == nil && g.Description == nil && g.AnnounceOnly == nil && g.Locked == nil && g.Disappearing == nil && g.Photo == nil && g.Deleted == nil &&
		len(g.Joined)+len(g.Left)+len(g.Promoted)+len(g.Demoted) == 0
}

// permissionSaid is what the linked account may do in a group; nil: not known.
type permissionSaid struct {
	groupSaid
	Role         *Role `json:"role"`
	AnnounceOnly *bool `json:"announceOnly"`
}

// deletedSaid is which message the phone shows no more.
type deletedSaid struct {
	MessageID string         `json:"messageId"`
	From      string         `json:"from"`
	To        string         `json:"to"`
	FromMe    bool           `json:"fromMe,omitempty"`
	Info      *groupInfoSaid `json:"groupInfo,omitempty"`
}

// teller writes the news of one group, and keeps whom they name.
type teller struct {
	*Conn
	group types.JID
	at    time.Time
	by    *types.JID
	byPN  *types.JID
	who   []providers.Address
}

// names prints people, by number where that is known.
func (t *teller) names(jids ...types.JID) []string {
	var list []string
	for _, jid := range jids {
		if name := t.name(jid, types.EmptyJID); name != "" {
			list = append(list, name)
		}
	}
	return list
}

func (t *teller) name(jid, alias types.JID) string {
	best := wire.AddressOf(jid)
	other := wire.AddressOf(t.alias(jid, alias))
	for _, a := range []providers.Address{best, other} {
		if !a.IsZero() {
			t.who = append(t.who, a)
		}
	}
	if other.Kind == providers.KindPhone {
		best = other
	}
	return best.PrintFull()
}

func (t *teller) doer() string {
	if t.by == nil {
		return ""
	}
	alias := types.EmptyJID
	if t.byPN != nil {
		alias = *t.byPN
	}
	return t.name(*t.by, alias)
}

// said begins what news of the group say.
func (t *teller) said() groupSaid {
	id := wire.AddressOf(t.group).PrintFull()
	return groupSaid{From: t.doer(), To: providers.PrintOwn(t.channel.Identifier), Group: id, Info: groupInfoSaid{ID: id}}
}

// event is one piece of news.
func (t *teller) event(kind string, said any) providers.GatewayEvent {
	raw, err := json.Marshal(said)
	if err != nil { // our own types: a mistake of ours
		t.logger.Error("news of a WhatsApp group cannot be written", "type", kind, "error", err)
	}
	chat := wire.AddressOf(t.group)
	return providers.GatewayEvent{Type: kind, Timestamp: t.at.UTC(), Chat: chat, Who: append([]providers.Address{chat}, t.who...), Raw: raw}
}

// joined tells that the account is in a group now. WhatsApp says no time, and the
// same again must be the same: the version of the group's members tells it from
// the next time that the account joins.
func (c *Conn) joined(e *events.JoinedGroup) []providers.InboundPayload {
	t := teller{Conn: c, group: e.JID, by: e.Sender, byPN: e.SenderPN}
	said := t.said()
	said.Info.Name = e.Name
	for _, p := range e.Participants {
		if p.Error == 0 {
			said.Info.Participants = append(said.Info.Participants, t.name(p.JID, p.PhoneNumber))
		}
	}
	event := t.event(newsGroupJoin, said)
	if event.Version = e.ParticipantVersionID; event.Version == "" { // rather told twice than not at all
		event.Timestamp = c.options.Now().UTC()
	}
	return []providers.InboundPayload{event}
}

// groupNews tells what is different of a group.
func (c *Conn) groupNews(e *events.GroupInfo) []providers.InboundPayload {
	t := &teller{Conn: c, group: e.JID, at: e.Timestamp, by: e.Sender, byPN: e.SenderPN}
	var news []providers.InboundPayload
	if changes := t.changes(e); !changes.none() {
		said := t.said()
		said.Changes = &changes
		if changes.Subject != nil {
			said.Info.Name = *changes.Subject
		}
		news = append(news, t.event(newsGroupUpdate, said))
	}
	if c.hasOwn(e.Join) && !c.standings.get(e.JID).joined {
		news = append(news, t.event(newsGroupJoin, t.said()))
	}
	if c.hasOwn(e.Leave) {
		return append(news, t.event(newsGroupLeave, t.said()))
	}
	if permission, is := t.permission(e); is {
		news = append(news, permission)
	}
	return news
}

// changes reads what is different; the account's own coming and going is news of
// its own.
func (t *teller) changes(e *events.GroupInfo) groupChanges {
	others := func(list []types.JID) []string {
		return t.names(slices.DeleteFunc(slices.Clone(list), t.isOwn)...)
	}
	changes := groupChanges{Joined: others(e.Join), Left: others(e.Leave), Promoted: t.names(e.Promote...), Demoted: t.names(e.Demote...)}
	if e.Name != nil {
		changes.Subject = &e.Name.Name
	}
	if e.Topic != nil {
		changes.Description = &e.Topic.Topic
	}
	if e.Announce != nil {
		changes.AnnounceOnly = &e.Announce.IsAnnounce
	}
	if e.Locked != nil {
		changes.Locked = &e.Locked.IsLocked
	}
	if e.Ephemeral != nil {
		timer := e.Ephemeral.DisappearingTimer
		if !e.Ephemeral.IsEphemeral {
			timer = 0
		}
		changes.Disappearing = &timer
	}
	if e.Delete != nil {
		changes.Deleted = &e.Delete.Deleted
	}
	return changes
}

// permission tells what the account may do in the group now, where that changed.
func (t *teller) permission(e *events.GroupInfo) (news providers.GatewayEvent, is bool) {
	if e.Announce == nil && !t.hasOwn(e.Promote) && !t.hasOwn(e.Demote) {
		return providers.GatewayEvent{}, false
	}
	now := t.standingAfter(e)
	said := permissionSaid{groupSaid: t.said(), AnnounceOnly: now.announce}
	if now.role != RoleNone {
		said.Role = &now.role
	}
	return t.event(newsGroupPermission, said), true
}

// groupPhoto tells that a group has another picture, or none any more; nil where
// it is a person's.
func (c *Conn) groupPhoto(e *events.Picture) []providers.InboundPayload {
	if e.JID.Server != types.GroupServer {
		return nil
	}
	t := &teller{Conn: c, group: e.JID, at: e.Timestamp}
	if !e.Author.IsEmpty() {
		t.by = &e.Author
	}
	said, there := t.said(), !e.Remove
	said.Changes = &groupChanges{Photo: &there}
	return []providers.InboundPayload{t.event(newsGroupUpdate, said)}
}

// deleted tells that the phone shows a message no more, which others still see.
// What comes with the whole of a phone's settings is no news.
func (c *Conn) deleted(e *events.DeleteForMe) []providers.InboundPayload {
	if e.FromFullSync || e.MessageID == "" {
		return nil
	}
	t := &teller{Conn: c, group: e.ChatJID, at: e.Timestamp}
	chat, self := t.name(e.ChatJID, types.EmptyJID), providers.PrintOwn(c.channel.Identifier)
	said := deletedSaid{MessageID: e.MessageID, From: chat, To: self, FromMe: e.IsFromMe}
	if e.ChatJID.Server == types.GroupServer {
		said.Info = &groupInfoSaid{ID: chat}
		if !e.SenderJID.IsEmpty() {
			said.From = t.name(e.SenderJID, types.EmptyJID)
		}
	}
	if e.IsFromMe {
		said.From, said.To = self, chat
	}
	event := t.event(newsDeleted, said)
	event.ID = ids.ProviderMessage(e.MessageID)
	return []providers.InboundPayload{event}
}

// hasOwn tells whether the linked account is among people.
func (c *Conn) hasOwn(list []types.JID) bool { return slices.ContainsFunc(list, c.isOwn) }

// isOwn tells whether an address is the linked account's.
func (c *Conn) isOwn(jid types.JID) bool {
	return slices.ContainsFunc(c.names(), func(own types.JID) bool {
		return !own.IsEmpty() && own.User == jid.User && own.Server == jid.Server
	})
}
