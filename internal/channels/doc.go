// Package channels keeps the numbers of an account at their providers: what
// each may do, its credentials, its live connection and its condition.
//
// # State
//
// A channel's condition is what its connection reported last, with what is
// wrong with its webhooks beside it. A report that says nothing new writes
// nothing; any other is stored together with its `channel.status` event. Which
// report counts after which is the table in state.go:
//
//	created ──▶ connecting ──▶ open ◀──▶ closed, failed, outdated
//	               │  ▲
//	               ▼  │
//	         qr ◀──▶ pairing            logged_out, banned: a late `closed`
//	                                    does not hide them
//
// New credentials begin again at created. A watch asks the providers that can
// tell how their numbers are, each every CheckEvery, on one server at a time.
//
// # Connections
//
// A connection to a provider that is asked by requests is opened when it is first
// needed, and kept. When what its adapter sees of the channel has changed, on this
// server or, within CacheFor, on another, it is told, and what is under way goes
// on.
//
// # Devices
//
// A linked device has one owner at a time, by a lease whose fence every write of
// its keys carries. What is wanted of it stands in the channel's row (link):
// every server looks each second, takes the leases that are free, and ends what
// is not wanted any more, or wanted otherwise. Only the holder may write what the
// device says of itself; what a former one says late is dropped. A server that
// dies is followed by another within deviceLease and a second.
//
//	not wanted --Want--> free --lease--> held --ended, again later--> free
//	                                     held --ended for good--> not wanted
//
// What another server asks of the holder travels as a command: a sealed row that
// is claimed once, and deleted by who asked. A QR code to scan lies sealed in
// `pairings` while it counts.
//
// # Secrets
//
// Credentials lie sealed in the store and never come out again; a webhook
// secret that we made is shown once. A deleted channel loses its credentials
// and keeps its history; its webhooks are not found any more, and its number
// can be added anew.
package channels
