// Package events keeps what happened, for the platforms that must hear of it,
// and sees to it that they do.
//
// Events are written in the transaction of the change itself, so that there is
// never a change without its event nor an event without its change. An event
// holds its own facts; the message and the contact are rendered when it is
// delivered, except that a Notice itself holds all that it says. Session events carry the
// session's event number (Sequence), which has no gap. The events that one commit
// makes are one row of the store (Batch).
//
// # Owners
//
// One server at a time owns an account's events, by a lease that it takes when
// it hears of work and gives back after IdleFor without any. A change stream
// wakes it; a sweep finds what the stream did not tell: after a crash, a lost
// stream, a lost lease.
//
// # Positions
//
// The owner numbers the account's events, many in a transaction that begins
// with the lease's guard: those of a session in their order, without gap or
// repeat in the account. A batch's events follow one another, so that it is
// updated once. The same transaction inserts a delivery for each platform that
// is to hear of an event; those of one platform share rows of the store
// (DeliveryBatch).
//
// # Deliveries
//
//	pending --2xx--> delivered
//	pending --refused five times, three days of silence, 410--> failed
//	delivered, failed --replay--> pending
//
// Each endpoint goes its own way. Events of one key (the session, else the
// contact, else the channel) go out strictly in order, one at a time; different
// keys side by side. An endpoint that is down is probed with the heads of its keys
// in turn: an event that fails while others are taken counts as refused, and stops
// its own key only. A delivery is made at least once: what a server had under way
// when it died is delivered again. A delivery's count of tries guards every change
// to it, so that a server that lost the lease without noticing changes nothing that
// its successor has changed.
package events
