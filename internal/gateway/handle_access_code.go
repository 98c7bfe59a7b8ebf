package gateway

import (
	"context"

	"github.com/cirrus/omnichannel/internal/web"
)

// AccessCodeView tells of a channel's access code, never the code itself.
type AccessCodeView struct {
	Set   bool   `json:"set"`   // whether the channel has one
	Valid *bool  `json:"valid"` // true: the caller showed it; null: a key did, and no code was looked at
	Since *int64 `json:"since"` // Unix seconds; null: there is none, or it is not known
}

// accessCode checks the code that the caller gave: a wrong one does not come this
// far.
func (s *Service) accessCode(ctx context.Context, _ *numberRequest) (AccessCodeView, error) {
	code, err := s.channels.AccessCode(ctx, channelOf(ctx))
	if err != nil {
		return AccessCodeView{}, err
	}
	view := AccessCodeView{Set: code.Set, Since: web.Seconds(code.Since)}
	if valid := byItsCode(ctx); valid {
		view.Valid = &valid
	}
	return view, nil
}

// NewAccessCodeView is a new access code, which is not shown again.
type NewAccessCodeView struct {
	AccessCode string `json:"accessCode"`
	Since      *int64 `json:"since"`
}

// renewAccessCode makes another access code; the one before opens nothing any
// more.
func (s *Service) renewAccessCode(ctx context.Context, _ *numberRequest) (NewAccessCodeView, error) {
	code, made, err := s.channels.NewAccessCode(ctx, channelOf(ctx))
	return NewAccessCodeView{AccessCode: code, Since: web.Seconds(made.Since)}, err
}
