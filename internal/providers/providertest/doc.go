// Package providertest is what every adapter is held to: tables of inbound
// fixtures and of sends, what phones show of what was sent, and the rule that a
// capability is listed if and only if it works. It knows no adapter, reaches
// loopback only, and reads "not expected" as "must not be there".
//
// RunSends is for every adapter: it drives an open Conn against the simulator of
// its provider and looks at both ends, never at what goes between them. A linked
// device's stanzas are encrypted anew each time; what they are for is the same.
// RunInbound, RunOutbound and Script are for providers with an HTTP API, whose
// requests and webhooks are compared word for word.
//
//	RunSends ─ Check, Send, … ─▶ Conn under test ──▶ simulator
//	    ▲                             │ sink             │
//	    └────── Told ─────────────────┘                  │
//	    └────── Shown, Typing ───────── phones ──────────┘
package providertest
