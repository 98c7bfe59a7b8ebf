// Package providers is the contract between the rooms that keep conversations
// and the adapters that carry them: what comes in (Inbound), what goes out
// (Outbound), what a provider can do (Capabilities) and how a send may fail
// (SendError). An adapter is one package that implements Adapter and one line
// of registration in package app.
//
// Ids and addresses of a provider are opaque outside of its adapter, with one
// exception that the wire demands: a phone number is a phone number everywhere.
//
// Optional abilities are small interfaces that a Conn may implement; a
// capability is listed if and only if its ability works, which the suite in
// providertest holds every adapter to.
package providers
