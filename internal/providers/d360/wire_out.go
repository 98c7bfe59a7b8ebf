package d360

import "github.com/go-json-experiment/json/jsontext"

// sendRequest is the body of POST /messages. Exactly one of the kinds is set,
// the one that Type names.
type sendRequest struct {
	MessagingProduct string       `json:"messaging_product"`
	RecipientType    string       `json:"recipient_type"`
	To               string       `json:"to,omitempty"`        // a phone, with plus
	Recipient        string       `json:"recipient,omitempty"` // a business-scoped user id, instead of To
	Type             string       `json:"type"`
	Context          *sendContext `json:"context,omitempty"`
	CallbackData     string       `json:"biz_opaque_callback_data,omitempty"`

	Text        *sendText      `json:"text,omitempty"`
	Image       *sendMedia     `json:"image,omitempty"`
	Video       *sendMedia     `json:"video,omitempty"`
	Document    *sendMedia     `json:"document,omitempty"`
	Audio       *sendMedia     `json:"audio,omitempty"`
	Sticker     *sendMedia     `json:"sticker,omitempty"`
	Location    *sendLocation  `json:"location,omitempty"`
	Contacts    jsontext.Value `json:"contacts,omitempty"`
	Reaction    *sendReaction  `json:"reaction,omitempty"`
	Interactive jsontext.Value `json:"interactive,omitempty"`
	Template    *sendTemplate  `json:"template,omitempty"`
}

type sendContext struct {
	MessageID string `json:"message_id"`
}

type sendText struct {
	Body       string `json:"body"`
	PreviewURL bool   `json:"preview_url,omitzero"`
}

type sendMedia struct {
	ID       string `json:"id"`
	Caption  string `json:"caption,omitempty"`
	FileName string `json:"filename,omitempty"`
}

type sendLocation struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
	Name      string  `json:"name,omitempty"`
	Address   string  `json:"address,omitempty"`
}

type sendReaction struct {
	MessageID string `json:"message_id"`
	Emoji     string `json:"emoji"` // empty takes it back
}

type sendTemplate struct {
	Name       string           `json:"name"`
	Language   sendLanguage     `json:"language"`
	Components []jsontext.Value `json:"components,omitempty"`
}

type sendLanguage struct {
	Code string `json:"code"`
}

// sendAnswer is the answer to a send that was taken.
type sendAnswer struct {
	Contacts []struct {
		WaID   label `json:"wa_id"`
		UserID label `json:"user_id"`
	} `json:"contacts"`
	Messages []struct {
		ID     label `json:"id"`
		Status label `json:"message_status"`
	} `json:"messages"`
}

// readRequest marks an inbound message as read, and with Typing shows the
// contact that somebody is typing.
type readRequest struct {
	MessagingProduct string      `json:"messaging_product"`
	Status           string      `json:"status"`
	MessageID        string      `json:"message_id"`
	Typing           *typingMark `json:"typing_indicator,omitempty"`
}

type typingMark struct {
	Type string `json:"type"`
}
