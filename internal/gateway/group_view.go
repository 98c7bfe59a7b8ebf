package gateway

import (
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb"
	"github.com/cirrus/omnichannel/internal/web"
)

// GroupView is a group without its members.
type GroupView struct {
	ID           string   `json:"id"` // …-group
	Subject      string   `json:"subject"`
	Description  string   `json:"description"`
	CreatedAt    *int64   `json:"createdAt"` // Unix seconds; null: not told
	CreatedBy    *WhoView `json:"createdBy"` // null: not told
	Size         int      `json:"size"`
	Role         *string  `json:"role"` // the number's own; null: not in it
	AnnounceOnly bool     `json:"announceOnly"`
	Locked       bool     `json:"locked"`
	Disappearing int64    `json:"disappearing"` // seconds; 0: never
}

// GroupDetailView is a group with its members.
type GroupDetailView struct {
	GroupView
	Participants []ParticipantView `json:"participants"`
}

// WhoView names a person; either name may be null, where WhatsApp does not tell.
type WhoView struct {
	Phone *string `json:"phone"`
	LID   *string `json:"lid"` // …@lid
}

// ParticipantView is somebody in a group.
type ParticipantView struct {
	WhoView
	Role string `json:"role"`
}

func whoView(who whatsappweb.Who) WhoView { return WhoView{Phone: given(who.Phone), LID: lidOf(who)} }

func groupID(user string) string {
	return providers.Address{Kind: providers.KindGroup, Value: user}.Print()
}

func groupView(g whatsappweb.GroupHead) GroupView {
	view := GroupView{
		ID: groupID(g.ID), Subject: g.Subject, Description: g.Description, CreatedAt: web.Seconds(g.CreatedAt), Size: g.Size, Role: given(string(g.Role)),
		AnnounceOnly: g.AnnounceOnly, Locked: g.Locked, Disappearing: g.Disappearing,
	}
	if g.CreatedBy != (whatsappweb.Who{}) {
		by := whoView(g.CreatedBy)
		view.CreatedBy = &by
	}
	return view
}

func groupDetailView(g whatsappweb.GroupNow) GroupDetailView {
	view := GroupDetailView{GroupView: groupView(g.GroupHead), Participants: []ParticipantView{}}
	for _, m := range g.Members {
		view.Participants = append(view.Participants, ParticipantView{WhoView: whoView(m.Who), Role: string(m.Role)})
	}
	return view
}

// Outcome is what came of a change for one participant.
type Outcome string

// The outcomes there are.
const (
	OutcomeDone          Outcome = "done"
	OutcomeNotOnWhatsApp Outcome = "not_on_whatsapp"
	OutcomeNotAllowed    Outcome = "not_allowed"   // they let only their contacts add them
	OutcomeNotInGroup    Outcome = "not_in_group"  // so that nothing of theirs can change
	OutcomeAlreadyThere  Outcome = "already_there" // in the group
	OutcomeRefused       Outcome = "refused"       // for another reason
	OutcomeUnknown       Outcome = "unknown"       // WhatsApp did not say; the group tells
)

// OutcomeView tells of one participant, in the order of the request.
type OutcomeView struct {
	WhoView
	Input        string  `json:"input"`
	Result       Outcome `json:"result"`
	ProviderCode *int    `json:"providerCode"` // WhatsApp's; null: none
}

// outcomeCodes are WhatsApp's.
var outcomeCodes = map[int]Outcome{
	-1: OutcomeUnknown, 0: OutcomeDone, 401: OutcomeNotAllowed, 403: OutcomeNotAllowed, 404: OutcomeNotInGroup, 408: OutcomeNotAllowed, 409: OutcomeAlreadyThere,
}

func outcomeViews(inputs []string, all []whatsappweb.MemberOutcome) []OutcomeView {
	views := make([]OutcomeView, 0, len(all))
	for i, one := range all {
		view := OutcomeView{WhoView: whoView(one.Who), Input: inputs[i], Result: OutcomeRefused}
		if result, known := outcomeCodes[one.Code]; known {
			view.Result = result
		}
		if one.Who == (whatsappweb.Who{}) {
			view.Result = OutcomeNotOnWhatsApp
		}
		if one.Code > 0 {
			view.ProviderCode = &one.Code
		}
		views = append(views, view)
	}
	return views
}
