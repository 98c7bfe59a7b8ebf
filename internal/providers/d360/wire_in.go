package d360

import "github.com/go-json-experiment/json/jsontext"

// webhook is a webhook's body: Meta's envelope, or one value's lists at the
// top level (flat, as the sandbox and older setups send it).
type webhook struct {
	Entry list[entry] `json:"entry"`
	value
}

// entry is one WhatsApp business account's share of a webhook.
type entry struct {
	Changes list[change] `json:"changes"`
}

// change is one field's news. Value is read according to Field.
type change struct {
	Field label          `json:"field"`
	Value jsontext.Value `json:"value"`
}

// value is what a change of field `messages` (or `smb_message_echoes`) holds,
// its lists in any combination.
type value struct {
	Metadata loose[metadata]  `json:"metadata"`
	Contacts list[contact]    `json:"contacts"`
	Messages list[message]    `json:"messages"`
	Echoes   list[message]    `json:"message_echoes"`
	Statuses list[status]     `json:"statuses"`
	Errors   list[valueError] `json:"errors"`
}

// metadata names the number that a value is for.
type metadata struct {
	PhoneNumberID label `json:"phone_number_id"`
}

// contact is a person's card beside the messages.
type contact struct {
	Profile loose[profile] `json:"profile"`
	WaID    label          `json:"wa_id"`
	UserID  label          `json:"user_id"`
}

// profile is what a person chose to be called.
type profile struct {
	Name     label `json:"name"`
	Username label `json:"username"`
}

// message is one inbound message, or with To the echo of an outbound one.
// Kinds holds every other member, the one named by Type among them.
type message struct {
	From       label                     `json:"from"`
	FromUserID label                     `json:"from_user_id"`
	To         label                     `json:"to"`
	ToUserID   label                     `json:"to_user_id"`
	ID         label                     `json:"id"`
	Timestamp  label                     `json:"timestamp"`
	Type       label                     `json:"type"`
	GroupID    label                     `json:"group_id"`
	Context    loose[messageContext]     `json:"context"`
	Referral   jsontext.Value            `json:"referral"`
	Errors     jsontext.Value            `json:"errors"`
	Kinds      map[string]jsontext.Value `json:",embed"`
}

// messageContext says what a message refers to.
type messageContext struct {
	ID                  label                  `json:"id"`
	From                label                  `json:"from"`
	Forwarded           flag                   `json:"forwarded"`
	FrequentlyForwarded flag                   `json:"frequently_forwarded"`
	ReferredProduct     loose[referredProduct] `json:"referred_product"`
}

type referredProduct struct {
	CatalogID         label `json:"catalog_id"`
	ProductRetailerID label `json:"product_retailer_id"`
}

// status is a receipt of an outbound message, or with another Type of
// something else (a call).
type status struct {
	ID              label            `json:"id"`
	Status          label            `json:"status"`
	Type            label            `json:"type"`
	Timestamp       label            `json:"timestamp"`
	RecipientID     label            `json:"recipient_id"`
	RecipientUserID label            `json:"recipient_user_id"`
	RecipientType   label            `json:"recipient_type"`
	CallbackData    label            `json:"biz_opaque_callback_data"`
	Errors          list[valueError] `json:"errors"`
}

// valueError is Meta's description of a failure in a webhook.
type valueError struct {
	Code    label            `json:"code"`
	Title   label            `json:"title"`
	Message label            `json:"message"`
	Data    loose[errorData] `json:"error_data"`
	Details label            `json:"details"` // the legacy API's place
}

type errorData struct {
	Details label `json:"details"`
}

// textBody and the types after it are the bodies of the message kinds.
type textBody struct {
	Body scalar `json:"body"`
}

type mediaBody struct {
	ID       scalar `json:"id"`
	MimeType scalar `json:"mime_type"`
	SHA256   label  `json:"sha256"`
	Caption  scalar `json:"caption"`
	FileName scalar `json:"filename"`
	Voice    flag   `json:"voice"`
	Animated flag   `json:"animated"`
	URL      label  `json:"url"`
	Link     label  `json:"link"`
}

type locationBody struct {
	Latitude  number `json:"latitude"`
	Longitude number `json:"longitude"`
	Name      label  `json:"name"`
	Address   label  `json:"address"`
	URL       label  `json:"url"`
}

type reactionBody struct {
	MessageID scalar `json:"message_id"`
	Emoji     scalar `json:"emoji"`
}

type buttonBody struct {
	Payload scalar `json:"payload"`
	Text    scalar `json:"text"`
}

// interactiveBody has its answer in the member that Type names.
type interactiveBody struct {
	Type    scalar                    `json:"type"`
	Answers map[string]jsontext.Value `json:",embed"`
}

// replyBody is a button_reply or a list_reply.
type replyBody struct {
	ID          scalar `json:"id"`
	Title       scalar `json:"title"`
	Description scalar `json:"description"`
}

// formBody is the answer of a flow. ResponseJSON is a text, null or garbage.
type formBody struct {
	Name         label          `json:"name"`
	Body         label          `json:"body"`
	ResponseJSON jsontext.Value `json:"response_json"`
}

type orderBody struct {
	CatalogID scalar      `json:"catalog_id"`
	Text      scalar      `json:"text"`
	Items     []orderItem `json:"product_items"`
}

type orderItem struct {
	ProductRetailerID scalar `json:"product_retailer_id"`
	Quantity          number `json:"quantity"`
	ItemPrice         number `json:"item_price"`
	Currency          scalar `json:"currency"`
}

// systemBody tells of a person's new number or user id; the new ones stand in
// WaID and UserID, the old ones in the message's sender or Previous….
type systemBody struct {
	Type           scalar `json:"type"`
	Body           label  `json:"body"`
	WaID           label  `json:"wa_id"`
	NewWaID        label  `json:"new_wa_id"`
	UserID         label  `json:"user_id"`
	PreviousUserID label  `json:"previous_user_id"`
	Customer       label  `json:"customer"`
}

type unsupportedBody struct {
	Type label `json:"type"`
}

type revokeBody struct {
	OriginalID scalar `json:"original_message_id"`
}

type editBody struct {
	OriginalID scalar  `json:"original_message_id"`
	Message    message `json:"message"`
}

// userIDUpdate is one rotation of a business-scoped user id.
type userIDUpdate struct {
	WaID      label            `json:"wa_id"`
	UserID    loose[idChanged] `json:"user_id"`
	Timestamp label            `json:"timestamp"`
}

type idChanged struct {
	Previous label `json:"previous"`
	Current  label `json:"current"`
}

// userIDUpdates is the value of field `user_id_update`.
type userIDUpdates struct {
	Metadata loose[metadata]    `json:"metadata"`
	Updates  list[userIDUpdate] `json:"user_id_update"`
}
