// Package web is the HTTP edge: a table of routes, the binding of a request to
// one struct, authentication, Idempotency-Key, limits, request ids, and the
// one place where an error becomes a problem document.
//
// Routes are rows of data. Everything that a route needs besides its handler
// (who may call it, whether it may be repeated by key, how large its body may
// be) hangs on the row, so that no route can forget it; the contract test
// reads the same rows.
package web
