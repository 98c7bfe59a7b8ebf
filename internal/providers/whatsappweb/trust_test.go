package whatsappweb

import (
	"sync"
	"testing"
)

// Servers that start together do not trip over the one root that they trust; the
// race detector would tell.
func TestServersTrustARootTogether(t *testing.T) {
	t.Parallel()
	var root [32]byte
	key := [32]byte{1, 2, 3}
	var starting sync.WaitGroup
	for range 8 {
		starting.Go(func() { trustRoot(&root, key) })
	}
	starting.Wait()
	if root != key {
		t.Errorf("the root is %v", root)
	}
}
