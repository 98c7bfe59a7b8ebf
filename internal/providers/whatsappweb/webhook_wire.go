package whatsappweb

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/cirrus/omnichannel/internal/providers/tolerant"
)

// event is a gateway's webhook body. `to`, the gateway's own number, is read
// only to see whether it names a group.
type event struct {
	Type         tolerant.Label                `json:"type"`
	ID           tolerant.Label                `json:"id"`
	MessageID    tolerant.Label                `json:"messageId"`
	From         tolerant.Label                `json:"from"`
	FromUserName tolerant.Label                `json:"fromUserName"`
	Author       tolerant.Label                `json:"author"`
	To           tolerant.Label                `json:"to"`
	FromMe       tolerant.Flag                 `json:"fromMe"`
	Body         jsontext.Value                `json:"body"`
	Timestamp    tolerant.Label                `json:"timestamp"`
	Group        tolerant.Loose[groupInfo]     `json:"groupInfo"`
	Quoted       tolerant.Loose[quotedMessage] `json:"quotedMessage"`
}

type groupInfo struct {
	ID           tolerant.Label                `json:"id"`
	Name         tolerant.Label                `json:"name"`
	Participants tolerant.List[tolerant.Label] `json:"participants"`
}

type quotedMessage struct {
	ID      tolerant.Label `json:"id"`
	Message tolerant.Label `json:"message"`
}

// messageBody is what a message says. Content is a text, or for a location or
// contacts the thing itself.
type messageBody struct {
	Type      tolerant.Label                `json:"type"`
	Content   jsontext.Value                `json:"content"`
	MediaURI  tolerant.Label                `json:"mediaUri"`
	Mimetype  tolerant.Label                `json:"mimetype"`
	FileName  tolerant.Label                `json:"fileName"`
	Caption   tolerant.Label                `json:"caption"`
	Voice     tolerant.Flag                 `json:"voice"`
	Animated  tolerant.Flag                 `json:"animated"`
	Contacts  jsontext.Value                `json:"contacts"`
	MessageID tolerant.Label                `json:"messageId"`
	Emoji     tolerant.Label                `json:"emoji"`
	Forwarded tolerant.Flag                 `json:"forwarded"`
	Quoted    tolerant.Loose[quotedMessage] `json:"quotedMessage"`
	place
}

type place struct {
	Latitude  tolerant.Number `json:"latitude"`
	Longitude tolerant.Number `json:"longitude"`
	Name      tolerant.Label  `json:"name"`
	Address   tolerant.Label  `json:"address"`
	URL       tolerant.Label  `json:"url"`
}
