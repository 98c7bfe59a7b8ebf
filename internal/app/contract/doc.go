// Package contract holds the server to openapi.yaml: it checks exchanges and
// the table of routes against the document, and counts which answers of it no
// test has seen.
//
// It is for tests. What a server prints must validate strictly: a member that
// the document does not name is an error. A request is checked where it was
// answered with success: what we take must be what the document says we take.
package contract
