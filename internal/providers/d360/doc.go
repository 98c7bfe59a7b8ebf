// Package d360 speaks 360dialog's API, which is Meta's Cloud API under another
// host: the channel's key, not the path, chooses the number.
//
// Its promises: Receive never loses a neighbour of an element that it cannot
// read, and never panics. Send never says "not sent" when the provider may
// have taken the message. Nothing is kept in memory without a bound, no file
// is ever held in memory as a whole, and the key goes to the configured host
// only.
//
// The two directions mirror each other: from_*.go reads webhooks, to_*.go
// writes requests, wire_*.go has the JSON of each. tables.go holds every
// decision that a provider's code leads to.
package d360
