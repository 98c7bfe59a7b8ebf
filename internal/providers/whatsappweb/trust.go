package whatsappweb

import "go.mau.fi/whatsmeow"

// TrustRoot takes certificates from this root instead of WhatsApp's own, for
// the whole process: a simulated WhatsApp has keys of its own. It is for the
// start, before the first connection.
func TrustRoot(key [32]byte) {
	if whatsmeow.WACertPubKey != key { // connections of another server may be reading it
		whatsmeow.WACertPubKey = key
	}
}
