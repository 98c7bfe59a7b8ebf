// Package devicestore keeps what a linked WhatsApp device must remember in
// MongoDB: all of whatsmeow's stores, so that any server can take a device over
// from another without a new pairing.
//
// Its promise: what a method has acknowledged is durable (majority, journalled)
// and was written by the device's one owner; keys, sessions, plaintexts and
// secrets are encrypted at rest; whatever another owner did since is never
// overwritten.
//
// # Owner
//
// Open begins a holding of one channel's device under the fence of its lease.
// The row of the device notes the fence and, since the same lease may open a
// device twice, an id of the holding. Every write, a delete as much as any, is
// a transaction that begins by counting itself in that row under this fence,
// this holding and this pairing. Where that matches nothing, another owner has
// begun: the transaction is not done, and the holding stops. A fence kept in each row would
// be none, since rows that nobody rewrote carry the old number and deleted ones
// could come back.
//
//	open --write, read--> open
//	open --fenced, store fails, lease no longer trusted--> stopped
//	open, stopped --Close--> closed
//
// A holding that stopped refuses everything from then on, in every goroutine:
// its caches are gone, and Fence.OnStop is told, once, before the call that
// failed returns. The receiver cancels the client's context. This matters: the
// client answers most failures of a store with a retry receipt and an
// acknowledgement, which loses the message, but not when its context has ended
// or the error is context.Canceled; errors of a stopped holding are that too.
// Open the device again to go on.
//
// What is merely a moment's trouble (an election, a lost connection, a write
// conflict) stops nothing: it is tried again for as long as the lease is
// trusted, which is as long as it is renewed. Nor does a row that cannot be
// opened: it counts as missing.
//
// # Transactions
//
// Writes of one holding run one at a time. A write first gathers what it would
// change, reading past it, and then does all of it in one short transaction. So
// DoDecryptionTxn needs no open transaction while it decrypts, its function runs
// once, and a write conflict repeats only what was gathered. Sessions,
// identities, one-time keys, sender keys and the plaintext of the buffer become
// durable together or not at all. The first failure of the store inside of the
// function decides, even if the function hides it; an error of the function's
// own counts only if the device is still held, since rows that a new owner
// deleted look like a missing session.
//
// A client that acknowledges a message only when it is told that the message was
// handled may go Ahead: it handles the message while that transaction is on its way,
// and the message's secret goes with it. The turn to write stays taken, so that all
// else becomes durable behind it; what is read waits for it where only the store
// knows. The client's last word on a message, before it acknowledges it, waits until
// both are done. A crash in between has stored neither or, of what was handled, only
// that: WhatsApp delivers the message again, and the same keys open it.
//
// What several devices of a process write at the same time is one transaction:
// each under its own guard, and each alone when one of them does not match, or
// is held up. What is alone from the start writes addresses or a pairing.
//
// That a message was handled needs no transaction: it waits for the next write,
// for a second at most, or for Close. After a crash the client tells of the
// message once more if WhatsApp delivers it again, which whoever takes messages
// in must bear anyway.
//
// Once begun, a transaction is not cut short by its caller, only by the lease:
// half-known outcomes would spoil the caches.
//
// # Rows
//
// `devices` has one row per channel. It outlives the pairing, so that its fence
// never falls. Each pairing has an id and a key of its own, sealed by the master
// key; everything secret in `device_rows` is sealed by the pairing's key and
// bound to its row. So changing the master key touches one row per device, no
// key seals more values than random nonces allow, and deleting a device drops
// its key: whatever is left of it cannot be read any more.
//
// `device_rows` has all rows of all kinds, under `<pairing>/<kind>/<key>`. One
// collection, since a transaction then has three round trips whatever it
// changes, and every read is by id or by a range of ids. Deleting a device is
// one small transaction; its rows, which nobody can reach any more, are swept
// after it, or later by Sweep.
//
// `lid_map` has which hidden address belongs to which number. All devices share
// it.
//
// Rows that are of no use any more go by a TTL index: buffered events after 14
// days, since WhatsApp redelivers nothing older; sent messages after 7 days, the
// time whatsmeow answers retries for; privacy tokens after 35 days, since the
// client neither sends nor keeps those older than four weeks and what is left of
// the present one; message secrets, which the client never deletes, after 180
// days: later votes, edits and encrypted reactions to a message cannot be read.
//
// # Forgetting
//
// Forget deletes what names a person, whoever of its kinds it is; ForgetMessage
// the secrets of one message. Both are writes like all others. Of a person who
// writes again the device has no session: the client asks for the message once
// more, with new keys.
//
// # Caches
//
// There is one writer, so that what it read and wrote stays true: sessions,
// identities, sender keys and contacts of the recently active stay in memory,
// bounded, also that there are none. They change after the commit only; of a client
// that goes Ahead before it, since a commit that fails ends the holding, and its
// caches with it. A write that changes nothing is no transaction. The LID map is
// written by all devices; its cache lives per process and for ten minutes.
//
// Nothing that a store is given or gives may be changed afterwards.
package devicestore
