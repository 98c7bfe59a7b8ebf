// Package providertest is what every adapter is held to: tables of inbound
// fixtures and of sends, and the rule that a capability is listed if and only
// if it works. It knows no adapter, reaches loopback only, and reads "not
// expected" as "must not be there".
//
// RunInbound, RunOutbound and Script are for providers with an HTTP API. The sends
// of a linked device are stanzas that are encrypted anew each time, over a
// connection that is: its tests send to simulated phones and compare what those
// show.
package providertest
