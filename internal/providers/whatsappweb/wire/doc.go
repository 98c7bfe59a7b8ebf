// Package wire is what WhatsApp's messages say, in both directions: events of
// a linked device become what package providers takes in (ReadMessage,
// ReadReceipt, ReadGroup), and what providers hand out becomes a message of
// WhatsApp's (Check, Compose). Every function is pure: no I/O, no client, and no
// clock but for the time of a reaction.
//
// It promises that nothing a person wrote is lost silently: what has no
// reader is kept as `unsupported` under the name that WhatsApp gives it, with
// its content as JSON less everything that opens a file or proves a secret.
// View-once messages stay unseen: their files are never named.
package wire
