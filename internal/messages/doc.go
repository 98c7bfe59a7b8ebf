// Package messages takes in what providers deliver, keeps it, and sends what
// platforms answer.
//
// # The promise
//
// What Accept or a send has acknowledged is stored by a majority of the
// replica set, once, with its session, its numbers and its events; what was
// not acknowledged is stored wholly or not at all. Any number of servers may
// run on one store.
//
// # The group commit
//
// Whatever takes a message's or an event's number in a session is a change of
// one group commit (commit_*.go): inbound messages, accepted sends and their
// outcomes, statuses, reactions, edits, revokes, media results, transfers,
// finishes, reads. Changes are collected while a batch is under way; a batch
// reads the rows it lacks, plans all its changes in order of arrival, and
// writes them in one majority transaction. One change alone is a batch of one.
// Changes of one route (a contact, by its first name) never overtake each
// other, and are never in two batches at once.
// Numbers come from the sessions' rows, which the transaction increments: read back
// from them, or remembered of the batch before, where the rows' versions prove in
// the same transaction that nobody has been there since. So every server gets the
// right ones.
//
// # The way of an outbound message
//
//	queued ──claim──▶ (claimed) ──receipt──▶ sent ──▶ delivered ──▶ read ──▶ played
//	   │                  │
//	   │                  ├─ refused ───────▶ failed
//	   │                  ├─ for a moment ──▶ queued, once no request waits for it
//	   │                  └─ no word ───────▶ unknown ──proof──▶ sent, failed, …
//	   └─ ten minutes without a claim ──────▶ failed
//
// A status only moves up. The row is the hand-over to the sender: the claim is
// the start of the attempt, and a claim that expires makes the message
// unknown, never queued again, because sent twice is worse than not sent.
package messages
