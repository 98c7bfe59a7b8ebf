package platforms

import "slices"

// eventTypes are the types of event that a config may ask for: those of the
// conversations, and in upper case those of a WhatsApp gateway's receiver.
// Package events, which makes them, stands above this room; a test holds the
// lists together.
var eventTypes = slices.Concat(talkTypes, numberTypes)

var talkTypes = []string{
	"session.created", "session.transferred", "session.finished",
	"message.received", "message.sent", "message.status", "message.revoked", "message.edited", "message.media", "message.reaction",
	"contact.created", "contact.updated", "contact.merged", "contact.erased", "channel.status", "channel.qr",
}

// numberTypes are all that the webhook of one number hears.
var numberTypes = []string{
	"MESSAGE", "GROUP_MESSAGE", "ATTACHMENT", "MESSAGE_SENT", "MESSAGE_DELIVERED", "MESSAGE_READ", "MESSAGE_PLAYED",
	"MESSAGE_REVOKED", "MESSAGE_DELETED", "GROUP_UPDATE", "GROUP_JOIN", "GROUP_LEAVE", "GROUP_PERMISSION", "QRCODE",
	"AUTHENTICATED", "LOGGED_IN", "CONNECTION_STATE", "CONNECTION_FAILURE", "DISCONNECTED", "BATTERY",
}
