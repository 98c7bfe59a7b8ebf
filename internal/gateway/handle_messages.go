package gateway

import (
	"context"
	"net/url"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/messages"
)

type sendRequest struct {
	Number string `path:"clientNumber" json:"-"`
	messages.ToNumber
}

// send sends to a number or a group, over this number.
func (s *Service) send(ctx context.Context, req *sendRequest) (messages.NumberAnswer, error) {
	if err := mayName(ctx, req.MediaURI); err != nil {
		return messages.NumberAnswer{}, err
	}
	return s.messages.SendOver(ctx, channelOf(ctx), req.ToNumber)
}

type sendToGroupRequest struct {
	Number string `path:"clientNumber" json:"-"`
	Group  string `path:"group" json:"-" validate:"max=128"`
	messages.Draft
}

// sendToGroup sends to a group, over this number.
func (s *Service) sendToGroup(ctx context.Context, req *sendToGroupRequest) (messages.NumberAnswer, error) {
	id, err := groupOf(req.Group)
	if err != nil {
		return messages.NumberAnswer{}, err
	}
	if err := mayName(ctx, req.MediaURI); err != nil {
		return messages.NumberAnswer{}, err
	}
	return s.messages.SendOver(ctx, channelOf(ctx), messages.ToNumber{Recipient: groupID(id), Draft: req.Draft})
}

// mayName refuses the files of the whole account to whoever has but the access
// code of one number: the ids of stored files, and the operator's buckets.
func mayName(ctx context.Context, uri string) error {
	at, err := url.Parse(uri)
	if uri == "" || !byItsCode(ctx) || err == nil && (at.Scheme == "http" || at.Scheme == "https") {
		return nil
	}
	return fault.Invalid("mediaUri", "scheme", "Give an http(s) address: other files are named with an API key only, not with an access code.")
}
