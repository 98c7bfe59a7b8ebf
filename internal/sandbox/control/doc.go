// Package control is what the simulated providers share: the small HTTP
// interface under /control/ by which a person or a test works them, and the book
// of faults that they meet.
package control
