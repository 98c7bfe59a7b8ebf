package gateway

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb"
)

type groupSubjectRequest struct {
	Number  string `path:"clientNumber" json:"-"`
	Group   string `path:"group" json:"-" validate:"max=128"`
	Subject string `json:"subject" validate:"required,max=100"`
}

// setGroupSubject names a group anew.
func (s *Service) setGroupSubject(ctx context.Context, req *groupSubjectRequest) (GroupDetailView, error) {
	subject, err := subjectOf(req.Subject)
	if err != nil {
		return GroupDetailView{}, err
	}
	view, err := s.askGroup(ctx, commandGroupSubject, req.Group, groupCommand{Text: subject})
	return view, onField("subject", err)
}

type groupDescriptionRequest struct {
	Number      string  `path:"clientNumber" json:"-"`
	Group       string  `path:"group" json:"-" validate:"max=128"`
	Description *string `json:"description" validate:"required,max=2048"` // empty takes it away
}

// setGroupDescription describes a group anew.
func (s *Service) setGroupDescription(ctx context.Context, req *groupDescriptionRequest) (GroupDetailView, error) {
	view, err := s.askGroup(ctx, commandGroupDescription, req.Group, groupCommand{Text: *req.Description})
	return view, onField("description", err)
}

type participantsRequest struct {
	Number       string   `path:"clientNumber" json:"-"`
	Group        string   `path:"group" json:"-" validate:"max=128"`
	Participants []string `json:"participants" validate:"required,min=1,max=256,dive,required,max=128"`
}

// OutcomesView tells what came of a change for each of those named.
type OutcomesView struct {
	Results []OutcomeView `json:"results"`
}

// addParticipants adds people to a group.
func (s *Service) addParticipants(ctx context.Context, req *participantsRequest) (OutcomesView, error) {
	results, err := s.changeMembers(ctx, req.Group, "participants", req.Participants, whatsappweb.AddMembers)
	return OutcomesView{results}, err
}

// removeParticipants takes people out of a group.
func (s *Service) removeParticipants(ctx context.Context, req *participantsRequest) (OutcomesView, error) {
	results, err := s.changeMembers(ctx, req.Group, "participants", req.Participants, whatsappweb.RemoveMembers)
	return OutcomesView{results}, err
}

func (s *Service) changeMembers(ctx context.Context, group, field string, texts []string, change whatsappweb.MemberChange) ([]OutcomeView, error) {
	id, err := groupOf(group)
	if err != nil {
		return nil, err
	}
	who, err := people(field, texts)
	if err != nil {
		return nil, err
	}
	var all groupMembers
	if err := s.askDevice(ctx, commandGroupMembers, groupCommand{Group: id, Change: change, Who: who}, &all); err != nil {
		return nil, onField(field, inGroup(group, err))
	}
	return outcomeViews(texts, all.Members), nil
}

type adminsRequest struct {
	Number  string   `path:"clientNumber" json:"-"`
	Group   string   `path:"group" json:"-" validate:"max=128"`
	Promote []string `json:"promote" validate:"max=256,dive,required,max=128"`
	Demote  []string `json:"demote" validate:"max=256,dive,required,max=128"`
}

// AdminsView tells what came of each promotion, and then of each demotion.
type AdminsView struct {
	Promoted []OutcomeView `json:"promoted"`
	Demoted  []OutcomeView `json:"demoted"`
}

// setAdmins makes members admins, and admins members again. Where only the first
// was done, its failure says so.
func (s *Service) setAdmins(ctx context.Context, req *adminsRequest) (AdminsView, error) {
	view := AdminsView{Promoted: []OutcomeView{}, Demoted: []OutcomeView{}}
	if len(req.Promote)+len(req.Demote) == 0 {
		return view, fault.Invalid("promote", "required", "Name somebody to promote or to demote.")
	}
	// Read all before anything is done.
	up, err := people("promote", req.Promote)
	if err != nil {
		return view, err
	}
	down, err := people("demote", req.Demote)
	if err != nil {
		return view, err
	}
	for i, of := range down {
		if slices.ContainsFunc(up, func(other providers.Address) bool { return other.Key() == of.Key() }) {
			return view, fault.Invalid(fmt.Sprintf("demote.%d", i), "exclusive", "Nobody can be promoted and demoted at once.")
		}
	}
	if len(req.Promote) > 0 {
		if view.Promoted, err = s.changeMembers(ctx, req.Group, "promote", req.Promote, whatsappweb.PromoteMembers); err != nil {
			return view, err
		}
	}
	if len(req.Demote) > 0 {
		view.Demoted, err = s.changeMembers(ctx, req.Group, "demote", req.Demote, whatsappweb.DemoteMembers)
	}
	if len(req.Promote) > 0 {
		err = onlyPromoted(req.Group, err)
	}
	return view, err
}

// onlyPromoted says, in the failure of the demotions, that the promotions were made.
func onlyPromoted(group string, err error) error {
	var f *fault.Error
	if !errors.As(err, &f) {
		return err
	}
	told := *f
	told.Detail = fmt.Sprintf("Who was to be promoted was, as far as WhatsApp allows it: GET …/groups/%.60s tells who. Only the demotions failed. %s", group, f.Detail)
	return &told
}

// InviteView is the way into a group.
type InviteView struct {
	Link string `json:"link"`
	Code string `json:"code"` // the link's end
}

// groupInvite gives the link into a group.
func (s *Service) groupInvite(ctx context.Context, req *groupRequest) (InviteView, error) {
	return s.invite(ctx, req.Group, false)
}

// revokeGroupInvite ends the link into a group, and gives the new one.
func (s *Service) revokeGroupInvite(ctx context.Context, req *groupRequest) (InviteView, error) {
	return s.invite(ctx, req.Group, true)
}

func (s *Service) invite(ctx context.Context, group string, renew bool) (InviteView, error) {
	id, err := groupOf(group)
	if err != nil {
		return InviteView{}, err
	}
	var now groupLink
	if err := s.askDevice(ctx, commandGroupLink, groupCommand{Group: id, Renew: renew}, &now); err != nil {
		return InviteView{}, inGroup(group, err)
	}
	return InviteView{Link: now.Link, Code: now.Link[strings.LastIndexByte(now.Link, '/')+1:]}, nil
}
