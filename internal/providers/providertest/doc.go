// Package providertest is what every adapter is held to: tables of inbound
// fixtures and of sends, and the rule that a capability is listed if and only
// if it works. It knows no adapter, reaches loopback only, and reads "not
// expected" as "must not be there".
package providertest
