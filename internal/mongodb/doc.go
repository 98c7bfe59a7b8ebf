// Package mongodb is the one way to the store: connecting with the promises
// the rest relies on (majority, journalled), transactions that retry what may
// be retried, the meaning of errors, numbered migrations that are safe when
// several servers start at once, and lists with pages and cursors.
//
// Operations are bounded by their context alone: a client-wide time limit
// would end change streams that are merely quiet. Give every operation a
// context with a deadline.
package mongodb
