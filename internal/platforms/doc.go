// Package platforms keeps the agent platforms of an account: consoles, CRMs
// and bots that answer its customers, each with the address that hears of
// events and the secret that signs them.
//
// An account that has any config has exactly one default, which the store's
// own index and transactions see to. What is read here is at most CacheFor
// old. A signing secret is shown once, when it is made, and lies sealed in the
// store; one that was replaced goes on signing for Overlap, so that a receiver
// can change over.
//
//	active --its URL takes nothing--> failing --it takes an event--> active
//	active, failing --410 from its URL--> disabled --url set again--> active
package platforms
