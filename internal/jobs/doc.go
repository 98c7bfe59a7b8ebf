// Package jobs is how work goes on behind the requests: leases that make one
// server the owner of something, the time of the next attempt, and loops that
// start and stop one way.
//
// # Leases
//
// A lease is a row with an owner, a fence and an expiry. A term is one
// holding of it: owner and fence together. The fence rises with every new
// term and never falls.
//
//	free --acquire--> held --renew--> held
//	held --resign--> free
//	held --expiry passes--> free; its holder may not know yet
//
// The expiry is by the server's clock. The holder trusts its term by its own
// clock, and for less long: from the start of the attempt that won or renewed
// it, for the lease's length less a margin. So it stops before another can
// begin, as long as the two clocks run at about the same speed; a clock set
// wrong does not matter.
//
// That alone is no safety: a process may be paused between looking at the
// time and writing. Every write that a lease protects therefore runs in a
// transaction that begins with Guard, or carries the fence in its own filter.
//
// Renewing and resigning name the term, so that a late one never touches the
// next holder's.
package jobs
