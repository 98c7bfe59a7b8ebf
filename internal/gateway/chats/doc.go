// Package chats keeps what the phone of a linked device shows: its chats, and
// the newest messages of each, as many as the operator lets it keep.
//
// It is fed by the devices only: by what they hear and send, by the history that
// their phones tell, and by what people do to chats on their phones. Nothing that
// is kept here opens a session or raises an event. It promises:
//
//   - What a device acknowledged to WhatsApp is kept before: Take's promise.
//   - Nothing is kept of channels in gateway mode, of ignored contacts, or where
//     the operator keeps no messages.
//   - One person is one chat, by number in either way of writing it, and by the
//     hidden address once both are known to be one.
//   - A chat keeps its newest messages; a quarter more until it is trimmed.
//   - What was erased does not come back, by a redelivery or a history: the ids of
//     its messages stay for a year, hashed. Who writes anew has a new chat.
//
// Rows are written without transactions: each write may be repeated and changes
// nothing the second time. How many messages of a chat are unread counts those only
// that were added, and each once; it may lack some where a server died, or lost the
// database, between adding messages and counting them.
package chats
