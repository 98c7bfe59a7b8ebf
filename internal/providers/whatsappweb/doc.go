// Package whatsappweb speaks for numbers that are linked devices of WhatsApp.
//
// # The connection
//
// Adapter opens a channel's device under a lease and keeps it connected. Its
// promise: what WhatsApp delivers is acknowledged once the sink has it and the keys
// that it changed are stored, and comes again until then, to us or to the next
// owner; what is sent goes out under the id it was given beforehand, so that a
// repeat is the same message, and a failed send says whether it may have gone out
// all the same; a device that is another's by now does nothing more.
//
// A Conn lives by itself. One goroutine of its own connects and disconnects, by
// the table of states.go:
//
//	connecting ──codes──▶ qr ──scanned──▶ pairing ──opened──▶ open
//	    │  ▲                                                  │
//	    │  └──── lost, unreachable, replaced: after a pause ──┤
//	    └──────────────────────opened────────────────────────▶┘
//	any of them ──▶ logged_out, banned, outdated, failed, closed: it has ended
//
// Reports of states and codes go to the sink in their order; one that the next
// overtakes is left out, and a connection that is open again within Debounce was
// never away. That a connection was closed by Close, or because the device is
// another's, is not reported: the channel may be open elsewhere by then.
//
// The client's events are handled by one flat switch. A handler that fails, takes
// too long or panics has not taken its event in: WhatsApp is not told that we have
// it, and the connection is made anew soon, since only a login brings what was not
// acknowledged. So the sink may be told of a message more than once, and a later
// one before an earlier one that it refused. What the sink refuses comes for as
// long as it takes; what panics here each time is given up, and the sink is told
// that there was a message, without its content.
//
// Two things do not come again: that there was a message to be seen once, which
// WhatsApp keeps from linked devices, and what the account's phone repeats of a
// message that could not be decrypted. The client acknowledges both whatever the
// sink says. The sink is asked until it takes it or the connection ends, and once
// more then; a server that crashes in between, or stops while the sink refuses,
// loses that message, and only that.
//
// History is read for the names and keys that come with it. Its chats go to the
// sink with as many messages as Options says; what else is done to chats, here
// or on the phone, goes there too, and so does what was sent.
//
// A chat may have a timer after which its messages disappear. It is learned from
// whoever sets it, from messages that have it, from what groups say of themselves
// and from history, is kept with the device for half a year from then on, and is
// set on what goes out. Of one that was set before all of these nothing is known.
//
// # What devices share
//
// Which chats are archived, muted or read, and what the account is called, is
// state that its devices share: collections, each a row of patches that only
// devices can read. A patch names the version that it follows, and WhatsApp takes
// it for no other. So changes are sent by one goroutine, those that wait for the
// same collection in one patch, and built anew where another device was faster;
// of two of the same thing the later counts. A collection's version and its MACs
// are stored in one write: a patch that was built upon one without the other would
// be taken, and no device of the account could read the collection any more.
//
// # The webhook
//
// Receiver reads the webhook of any gateway that sends our gateway's events,
// so that one deployment's gateway can feed another's conversations; it needs
// no device and promises to take what such gateways print: every writing of an
// address, media by URL, messages without an id.
package whatsappweb
