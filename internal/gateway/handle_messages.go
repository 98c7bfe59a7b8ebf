package gateway

import (
	"context"

	"github.com/cirrus/omnichannel/internal/messages"
)

type sendRequest struct {
	Number string `path:"clientNumber" json:"-"`
	messages.ToNumber
}

// send sends to a number or a group, over this number.
func (s *Service) send(ctx context.Context, req *sendRequest) (messages.NumberAnswer, error) {
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
	return s.messages.SendOver(ctx, channelOf(ctx), messages.ToNumber{Recipient: groupID(id), Draft: req.Draft})
}
