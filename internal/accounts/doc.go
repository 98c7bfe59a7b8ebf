// Package accounts keeps who may use the service: accounts, their API keys and
// their tags, and answers the edge's question whose a key is.
//
// Of a key only a SHA-256 is stored; it is 32 random bytes, so there is nothing
// to guess. A key that was seen a moment ago costs no round trip to the store,
// and a revoked one stops working within CacheFor on every server.
package accounts
