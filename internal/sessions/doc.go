// Package sessions is the life of a conversation: how it opens, who holds it,
// when replies may go out, how it ends.
//
//	     contact's first message, or a template
//	                  │
//	                  ▼
//	┌──────────── active ────────────┐
//	│ transfer: another platform     │ finish, or its contact is merged
//	└────────────────┘               ▼
//	                             finished ── the contact's next message
//	                                         opens the next session
//
// The database guarantees that a channel and contact have at most one active
// session. Whatever changes a session takes a number of it and goes through
// the group commit of package messages, which registers itself here as Changes.
package sessions
