package platforms

// gatewayEvents are the types of event that a WhatsApp gateway's receiver may
// ask for, beside those of the conversations.
var gatewayEvents = []string{
	"MESSAGE", "GROUP_MESSAGE", "ATTACHMENT", "MESSAGE_SENT", "MESSAGE_DELIVERED", "MESSAGE_READ", "MESSAGE_PLAYED",
	"MESSAGE_REVOKED", "MESSAGE_DELETED", "GROUP_UPDATE", "GROUP_JOIN", "GROUP_LEAVE", "GROUP_PERMISSION", "QRCODE",
	"AUTHENTICATED", "LOGGED_IN", "CONNECTION_STATE", "CONNECTION_FAILURE", "DISCONNECTED", "BATTERY",
}
