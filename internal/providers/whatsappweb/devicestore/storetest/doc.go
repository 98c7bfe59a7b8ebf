// Package storetest is what every store of WhatsApp devices has to do, as tests:
// what whatsmeow's client relies on, as its SQL store does it, and what it would
// have to rely on if it knew of crashes.
//
// Its promise: a store that passes Run can stand behind a client, whatever it
// keeps its rows in; two stores that pass cannot be told apart by a client. It
// asks for nothing that only one of them has: time limits, fences and encryption
// are each store's own to test.
//
// whatsmeow's SQL store passes, but for three tests that are stricter on purpose:
// it keeps the privacy tokens of a deleted device; it gives the id of a used
// one-time key to the next when the newest was used; and it remembers for good
// that somebody moved to their hidden address, also when rows came back under
// the number.
package storetest
