package gateway

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb"
	"github.com/cirrus/omnichannel/internal/web"
)

type listRequest struct {
	Number string `path:"clientNumber"`
	web.ListQuery
}

// listGroups lists the groups that the number is in, by their ids.
func (s *Service) listGroups(ctx context.Context, req *listRequest) (mongodb.ListPage[GroupView], error) {
	var all groupList
	if err := s.askDevice(ctx, commandGroups, none{}, &all); err != nil {
		return mongodb.ListPage[GroupView]{}, err
	}
	page, err := pageOf(req.ListQuery, all.Groups, func(g whatsappweb.GroupHead) string { return g.ID })
	return web.Page(page, groupView), err
}

type groupRequest struct {
	Number string `path:"clientNumber"`
	Group  string `path:"group" validate:"max=128"`
}

// group gives one group with its members.
func (s *Service) group(ctx context.Context, req *groupRequest) (GroupDetailView, error) {
	return s.askGroup(ctx, commandGroup, req.Group, groupCommand{})
}

type createGroupRequest struct {
	Number       string   `path:"clientNumber" json:"-"`
	Subject      string   `json:"subject" validate:"required,max=100"`
	Participants []string `json:"participants" validate:"required,min=1,max=256,dive,required,max=128"`
}

// GroupMadeView is a new group, and what came of inviting each.
type GroupMadeView struct {
	Group   GroupDetailView `json:"group"`
	Results []OutcomeView   `json:"results"`
}

// subjectOf is a group's name without the blanks around it.
func subjectOf(text string) (string, error) {
	subject := strings.TrimSpace(text)
	if subject == "" {
		return "", fault.Invalid("subject", "required", "The subject is blank; WhatsApp wants one.")
	}
	return subject, nil
}

// createGroup makes a group.
func (s *Service) createGroup(ctx context.Context, req *createGroupRequest) (GroupMadeView, error) {
	subject, err := subjectOf(req.Subject)
	if err != nil {
		return GroupMadeView{}, err
	}
	who, err := people("participants", req.Participants)
	if err != nil {
		return GroupMadeView{}, err
	}
	var made whatsappweb.GroupMade
	err = onField("subject", s.askDevice(ctx, commandCreateGroup, groupCommand{Text: subject, Who: who}, &made))
	if code := fault.CodeOf(err); err != nil && (code == fault.ProviderTimeout || code == fault.Internal) {
		web.Final(ctx) // it was perhaps made: the same key must not make another
	}
	if err != nil {
		return GroupMadeView{}, err
	}
	if made.Group.ID == "" {
		return GroupMadeView{}, fault.New(fault.NumberNotOnWhatsApp, "None of the participants is on WhatsApp, so that no group was made. Check their numbers.")
	}
	return GroupMadeView{Group: groupDetailView(made.Group), Results: outcomeViews(req.Participants, made.Members)}, nil
}

type joinGroupRequest struct {
	Number string `path:"clientNumber" json:"-"`
	Invite string `json:"invite" validate:"required,max=256"`
}

// GroupJoinedView is what came of following a link.
type GroupJoinedView struct {
	Group  string `json:"group"`
	Joined bool   `json:"joined"` // false: the group's admins must first say yes
}

// joinGroup follows a link into a group.
func (s *Service) joinGroup(ctx context.Context, req *joinGroupRequest) (GroupJoinedView, error) {
	code := inviteCode(req.Invite)
	if code == "" {
		return GroupJoinedView{}, fault.Invalid("invite", "malformed", "%.60q is no link to a group, and no code of one.", req.Invite)
	}
	var joined whatsappweb.GroupJoined
	err := s.askDevice(ctx, commandJoinGroup, groupCommand{Text: code}, &joined)
	if f := new(fault.Error); errors.As(err, &f) && (f.ProviderCode == "406" || f.ProviderCode == "410") {
		f = fault.Wrap(err, fault.NotFound, "No group has the invitation %.60q: it was mistyped, or revoked. Ask the group's admins for a new one.", req.Invite)
		return GroupJoinedView{}, f
	}
	return GroupJoinedView{Group: groupID(joined.ID), Joined: joined.In}, onField("invite", err)
}

// inviteCode is what makes an invitation; empty where a text is none.
func inviteCode(invite string) string {
	code := strings.TrimSpace(invite)
	for _, prefix := range []string{"https://", "http://", "chat.whatsapp.com/", "invite/"} {
		code = strings.TrimPrefix(code, prefix)
	}
	code, _, _ = strings.Cut(code, "?")
	code = strings.TrimSuffix(code, "/")
	for _, c := range []byte(code) {
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && c != '_' && c != '-' {
			return ""
		}
	}
	return code
}

// leaveGroup takes the number out of a group.
func (s *Service) leaveGroup(ctx context.Context, req *groupRequest) (web.None, error) {
	id, err := groupOf(req.Group)
	if err != nil {
		return web.None{}, err
	}
	return web.None{}, inGroup(req.Group, s.askDevice(ctx, commandLeaveGroup, groupCommand{Group: id}, nil))
}

// askGroup lets the device do something to a group that ends with how it is then.
func (s *Service) askGroup(ctx context.Context, kind, text string, c groupCommand) (GroupDetailView, error) {
	var err error
	if c.Group, err = groupOf(text); err != nil {
		return GroupDetailView{}, err
	}
	var now whatsappweb.GroupNow
	if err := s.askDevice(ctx, kind, c, &now); err != nil {
		return GroupDetailView{}, inGroup(text, err)
	}
	return groupDetailView(now), nil
}

// groupOf reads a group's id, …-group or …@g.us. What can be none is not found.
func groupOf(text string) (string, error) {
	of, err := providers.ParseRecipient(text)
	if err != nil || of.Kind != providers.KindGroup {
		return "", noGroup(text)
	}
	return of.Value, nil
}

func noGroup(text string) *fault.Error {
	return fault.New(fault.NotFound, "There is no group %.60q that this number knows. Groups are written …%s or …@g.us; GET …/groups lists them.", text, providers.GroupSuffix)
}

// inGroup names the group in a refusal about it.
func inGroup(text string, err error) error {
	var f *fault.Error
	switch {
	case fault.Is(err, fault.NotFound) && errors.As(err, &f) && f.ProviderCode != "":
		missing := noGroup(text)
		missing.ProviderCode, missing.Err = f.ProviderCode, f.Err
		return missing
	case fault.Is(err, fault.Forbidden) && errors.As(err, &f):
		named := fault.Wrap(f.Err, fault.Forbidden, "%s The group is %.60q.", f.Detail, text)
		named.ProviderCode = f.ProviderCode
		return named
	}
	return err
}

// notNumber says that a field of a body is no number.
func notNumber(field, text string) *fault.Error {
	return fault.New(fault.InvalidNumber, "%s names %.40q, which is no number with its country code.", field, text).On(field, "malformed")
}

// people reads whom a list names.
func people(field string, texts []string) ([]providers.Address, error) {
	who := make([]providers.Address, 0, len(texts))
	for i, text := range texts {
		of, err := person(text)
		if err != nil {
			return nil, notNumber(fmt.Sprintf("%s.%d", field, i), text)
		}
		who = append(who, of)
	}
	return who, nil
}
