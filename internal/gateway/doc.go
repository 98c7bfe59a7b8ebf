// Package gateway is the WhatsApp gateway's own REST: what can be done with one
// linked number, under `/{clientNumber}/…`, by an API key of its account or by
// the channel's access code.
//
// It promises that every call works whichever server holds the number's
// connection: what needs the connection travels there as a command, is done
// once and never again by itself, and is answered within 25 s or by a 504 that
// says that it was perhaps done.
//
// What is under a first segment that is no number is 404 before anything else.
// Whoever guesses access codes is locked out, per address and number.
package gateway
