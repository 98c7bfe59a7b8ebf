// Package media keeps files: those that people send, and those that callers
// send or upload. The bytes lie in Blobs, a folder or an S3 bucket; what a file
// is, its bytes decide (Sniff). Nothing is ever held in memory whole: files
// are streamed, counted, typed and hashed on their way, and one that turns out
// too large, or breaks off, leaves nothing behind.
package media
