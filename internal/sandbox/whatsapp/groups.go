package whatsapp

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.mau.fi/whatsmeow/types"

	"github.com/cirrus/omnichannel/internal/sandbox/control"
)

// GroupInfo is a group as it is now.
type GroupInfo struct {
	ID          string        `json:"id"`
	Subject     string        `json:"subject"`
	Description string        `json:"description,omitempty"`
	Creator     string        `json:"creator"`
	CreatedAt   time.Time     `json:"createdAt"`
	Members     []GroupMember `json:"members"`
	// Addressing is how members are addressed: lid or pn.
	Addressing string `json:"addressing"`
	// Announce lets only admins write, Locked only admins edit.
	Announce bool `json:"announce"`
	Locked   bool `json:"locked"`
	// Disappearing is after how many seconds messages do.
	Disappearing int    `json:"disappearing,omitempty"`
	Link         string `json:"link"`
	Picture      bool   `json:"picture"`
}

// GroupMember is a phone with its role: "", admin or superadmin.
type GroupMember struct {
	Phone string `json:"phone"`
	Role  string `json:"role,omitempty"`
}

// GroupDraft is a group that somebody makes.
type GroupDraft struct {
	// ID is the user part of the group's id; one is made when it is empty.
	ID       string   `json:"id,omitempty"`
	Subject  string   `json:"subject"`
	Members  []string `json:"members"` // phones
	Announce bool     `json:"announce,omitempty"`
	Locked   bool     `json:"locked,omitempty"`
	// Addressing is how members are addressed, lid or pn; empty: as Settings say.
	Addressing string `json:"addressing,omitempty"`
}

const linkPrefix = "https://chat.whatsapp.com/"

func (g *group) info() GroupInfo {
	out := GroupInfo{
		ID: g.id, Subject: g.subject, Description: g.description, Creator: g.creator.number, CreatedAt: g.created.UTC(), Addressing: g.mode,
		Announce: g.announce, Locked: g.locked, Link: linkPrefix + g.invite, Picture: g.picture.id != "", Members: []GroupMember{},
	}
	out.Disappearing, _ = strconv.Atoi(g.expiration) // 0 for never
	for _, m := range g.members {
		out.Members = append(out.Members, GroupMember{Phone: m.account.number, Role: m.role})
	}
	return out
}

// Groups lists all groups by id, or those that somebody is in.
func (s *Server) Groups(ref string) ([]GroupInfo, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var of *account
	if ref != "" {
		var err error
		if of, err = s.find(ref); err != nil {
			return nil, err
		}
	}
	out := []GroupInfo{}
	for _, g := range s.groups {
		if of == nil || g.member(of) != nil {
			out = append(out, g.info())
		}
	}
	slices.SortFunc(out, func(x, y GroupInfo) int { return cmp.Compare(x.ID, y.ID) })
	return out, nil
}

// Group returns one group.
func (s *Server) Group(id string) (GroupInfo, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.findGroup(id)
	if err != nil {
		return GroupInfo{}, err
	}
	return g.info(), nil
}

// GroupPicture is the picture of a group; nothing where it has none.
func (s *Server) GroupPicture(id string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.findGroup(id)
	if err != nil {
		return nil, err
	}
	return slices.Clone(g.picture.bytes), nil
}

func (s *Server) findGroup(id string) (*group, error) {
	g := s.groups[strings.TrimSuffix(id, "@"+types.GroupServer)]
	if g == nil {
		return nil, fmt.Errorf("%w: no group %q", control.ErrNotFound, id)
	}
	return g, nil
}

// CreateGroup lets somebody make a group with others in it.
func (s *Server) CreateGroup(ref string, d GroupDraft) (GroupInfo, error) {
	if d.Subject == "" || len([]rune(d.Subject)) > 100 {
		return GroupInfo{}, fmt.Errorf("a group's subject must have 1 to 100 characters, this one has %d", len([]rune(d.Subject)))
	}
	if !slices.Contains([]string{"", "lid", "pn"}, d.Addressing) {
		return GroupInfo{}, fmt.Errorf("addressing %q of a group must be lid or pn", d.Addressing)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.find(ref)
	if err != nil {
		return GroupInfo{}, err
	}
	with, err := s.findAll(d.Members)
	if err != nil {
		return GroupInfo{}, err
	}
	if d.ID != "" {
		if strings.Trim(d.ID, "0123456789-") != "" {
			return GroupInfo{}, fmt.Errorf("the id of a group, %q, must be digits, with a hyphen in the old form", d.ID)
		}
		if s.groups[d.ID] != nil {
			return GroupInfo{}, fmt.Errorf("group %s exists already", d.ID)
		}
	}
	g := &group{id: d.ID, subject: d.Subject, announce: d.Announce, locked: d.Locked, mode: d.Addressing}
	s.newGroup(a.phone.self, g, with, "")
	s.news.ring()
	return g.info(), nil
}

func (s *Server) findAll(refs []string) ([]*account, error) {
	out := make([]*account, 0, len(refs))
	for _, ref := range refs {
		a, err := s.find(ref)
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}

// GroupPatch changes a group; nil fields stay.
type GroupPatch struct {
	Subject      *string `json:"subject"`
	Description  *string `json:"description"`
	Announce     *bool   `json:"announce"`
	Locked       *bool   `json:"locked"`
	Disappearing *int    `json:"disappearing"` // seconds; 0 ends it
	Picture      *[]byte `json:"picture"`      // base64 in JSON; none removes it
	// NewLink ends the old link.
	NewLink bool `json:"newLink"`
}

// PatchGroup lets a member change a group. Who may not is refused.
func (s *Server) PatchGroup(ref, id string, patch GroupPatch) (GroupInfo, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, g, err := s.memberOf(ref, id)
	if err != nil {
		return GroupInfo{}, err
	}
	if edits := patch.Subject != nil || patch.Description != nil || patch.Picture != nil; edits && g.mayEdit(a) != 0 {
		return GroupInfo{}, fmt.Errorf("phone %s may not edit group %s: only admins may", ref, id)
	}
	if rules := patch.Announce != nil || patch.Locked != nil || patch.Disappearing != nil || patch.NewLink; rules && g.mayRule(a) != 0 {
		return GroupInfo{}, fmt.Errorf("phone %s is no admin of group %s", ref, id)
	}
	if d := patch.Disappearing; d != nil && *d < 0 {
		return GroupInfo{}, fmt.Errorf("disappearing must not be negative, %d is", *d)
	}
	s.editGroup(g, a.phone.self, patch)
	s.news.ring()
	return g.info(), nil
}

func (s *Server) editGroup(g *group, by *device, patch GroupPatch) {
	if patch.Subject != nil {
		s.setSubject(g, by, *patch.Subject)
	}
	if patch.Description != nil {
		s.setDescription(g, by, "", *patch.Description)
	}
	if patch.Picture != nil {
		s.setGroupPicture(g, by, *patch.Picture)
	}
	if patch.Announce != nil {
		s.setGroupSwitch(g, by, switchTag("announcement", "not_announcement", *patch.Announce), "")
	}
	if patch.Locked != nil {
		s.setGroupSwitch(g, by, switchTag("locked", "unlocked", *patch.Locked), "")
	}
	if d := patch.Disappearing; d != nil && *d > 0 {
		s.setGroupSwitch(g, by, "ephemeral", strconv.Itoa(*d))
	} else if d != nil {
		s.setGroupSwitch(g, by, "not_ephemeral", "")
	}
	if patch.NewLink {
		g.invite = newInvite()
	}
}

func switchTag(on, off string, is bool) string {
	if is {
		return on
	}
	return off
}

func (s *Server) memberOf(ref, id string) (*account, *group, error) {
	a, err := s.find(ref)
	if err != nil {
		return nil, nil, err
	}
	g, err := s.findGroup(id)
	if err != nil {
		return nil, nil, err
	}
	if g.member(a) == nil {
		return nil, nil, fmt.Errorf("%w: phone %s is not in group %s", control.ErrNotFound, ref, id)
	}
	return a, g, nil
}

// ChangeMembers lets an admin add, remove, promote or demote people. It gives an
// error for the first that it did not work with; the others are done.
func (s *Server) ChangeMembers(ref, id, action string, who []string) (GroupInfo, error) {
	if !slices.Contains([]string{"add", "remove", "promote", "demote"}, action) {
		return GroupInfo{}, fmt.Errorf("action %q must be add, remove, promote or demote", action)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a, g, err := s.memberOf(ref, id)
	if err != nil {
		return GroupInfo{}, err
	}
	if g.mayRule(a) != 0 {
		return GroupInfo{}, fmt.Errorf("phone %s is no admin of group %s", ref, id)
	}
	people, err := s.findAll(who)
	if err != nil {
		return GroupInfo{}, err
	}
	for i, n := range s.changeMembers(g, a.phone.self, action, people) {
		if code, failed := n.Attrs["error"]; failed && err == nil {
			err = fmt.Errorf("cannot %s %s: error %v", action, who[i], code)
		}
	}
	s.news.ring()
	return g.info(), err
}

// LeaveGroup lets a member leave.
func (s *Server) LeaveGroup(ref, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, g, err := s.memberOf(ref, id)
	if err != nil {
		return err
	}
	s.leaveGroup(g, a.phone.self)
	s.news.ring()
	return nil
}

// JoinGroup lets somebody in who has the link, or only its code.
func (s *Server) JoinGroup(ref, link string) (GroupInfo, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.find(ref)
	if err != nil {
		return GroupInfo{}, err
	}
	g := s.groupByInvite(strings.TrimPrefix(link, linkPrefix))
	if g == nil {
		return GroupInfo{}, fmt.Errorf("%w: no group has the link %q", control.ErrNotFound, link)
	}
	s.joinGroup(g, a.phone.self)
	s.news.ring()
	return g.info(), nil
}
