package whatsappweb

import (
	"sync"

	"go.mau.fi/whatsmeow"
)

// trusting lets servers of one process start at the same time.
var trusting sync.Mutex

// TrustRoot takes certificates from this root instead of WhatsApp's own, for
// the whole process: a simulated WhatsApp has keys of its own. It is for the
// start, before the first connection.
func TrustRoot(key [32]byte) { trustRoot(&whatsmeow.WACertPubKey, key) }

func trustRoot(root *[32]byte, key [32]byte) {
	trusting.Lock()
	defer trusting.Unlock()
	if *root != key { // connections of another server may be reading it
		*root = key
	}
}
