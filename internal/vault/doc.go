// Package vault encrypts what must not be readable in the store: credentials
// and device keys. AES-256-GCM under a master key of 32 bytes; every sealed
// value names the key that sealed it, so that keys can be changed while the
// service runs: seal with the current one, open with any known one, and seal
// again what NeedsRotation.
//
// A sealed value is bound to a purpose and a row: copied to another place it
// does not open.
//
// No error of this package holds a plaintext or a key.
package vault
