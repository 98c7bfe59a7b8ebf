package rig

import (
	"encoding/json"
	"strconv"
)

// TextWebhook is 360dialog's webhook of one or more text messages.
func TextWebhook(messages ...Text) []byte {
	v := value{}
	for _, m := range messages {
		v.Contacts = append(v.Contacts, person{WaID: m.From, Profile: profile{Name: "Cliente " + m.From[len(m.From)-4:]}})
		v.Messages = append(v.Messages, inbound{From: m.From, ID: m.ID, Timestamp: strconv.FormatInt(m.Unix, 10), Type: "text", Text: body{m.Body}})
	}
	return envelope(v)
}

// Text is one inbound text.
type Text struct {
	From, ID, Body string
	Unix           int64
}

// StatusWebhook is 360dialog's webhook of one status.
func StatusWebhook(id, ours, step, recipient string, unix int64) []byte {
	return envelope(value{Statuses: []status{{ID: id, Status: step, Timestamp: strconv.FormatInt(unix, 10), Recipient: recipient, Ours: ours}}})
}

// The webhook's parts, as structs: building them costs the load process less
// than maps do.
type (
	value struct {
		Product  string    `json:"messaging_product"`
		Metadata metadata  `json:"metadata"`
		Contacts []person  `json:"contacts,omitempty"`
		Messages []inbound `json:"messages,omitempty"`
		Statuses []status  `json:"statuses,omitempty"`
	}
	metadata struct {
		Number string `json:"display_phone_number"`
		ID     string `json:"phone_number_id"`
	}
	person struct {
		Profile profile `json:"profile"`
		WaID    string  `json:"wa_id"`
	}
	profile struct {
		Name string `json:"name"`
	}
	inbound struct {
		From      string `json:"from"`
		ID        string `json:"id"`
		Timestamp string `json:"timestamp"`
		Type      string `json:"type"`
		Text      body   `json:"text"`
	}
	body struct {
		Body string `json:"body"`
	}
	status struct {
		ID        string `json:"id"`
		Status    string `json:"status"`
		Timestamp string `json:"timestamp"`
		Recipient string `json:"recipient_id"`
		Ours      string `json:"biz_opaque_callback_data,omitempty"`
	}
	change struct {
		Field string `json:"field"`
		Value value  `json:"value"`
	}
	entry struct {
		ID      string   `json:"id"`
		Changes []change `json:"changes"`
	}
	notification struct {
		Object string  `json:"object"`
		Entry  []entry `json:"entry"`
	}
)

func envelope(v value) []byte {
	v.Product, v.Metadata = "whatsapp", metadata{Number: "5521977776666", ID: "106540352242922"}
	text, err := json.Marshal(notification{Object: "whatsapp_business_account", Entry: []entry{{ID: "1", Changes: []change{{Field: "messages", Value: v}}}}})
	if err != nil {
		panic(err) // structs of strings
	}
	return text
}
