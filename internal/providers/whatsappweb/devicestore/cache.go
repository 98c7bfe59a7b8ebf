package devicestore

import (
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// cache keeps the recently used, bounded. What was read while something was
// written does not enter: it may be what was there before.
type cache[K comparable, V any] struct {
	mu      sync.Mutex
	entries *simplelru.LRU[K, V]
	changes uint64
}

func newCache[K comparable, V any](size int) *cache[K, V] {
	entries, err := simplelru.NewLRU[K, V](size, nil)
	if err != nil {
		panic(err) // a size below one: our own constant
	}
	return &cache[K, V]{entries: entries}
}

// get gives an entry, and a mark for fill.
func (c *cache[K, V]) get(key K) (value V, known bool, mark uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	value, known = c.entries.Get(key)
	return value, known, c.changes
}

// fill adds what was read after mark, unless something was written since.
func (c *cache[K, V]) fill(mark uint64, key K, value V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.changes == mark {
		c.entries.Add(key, value)
	}
}

// change lets fn put in what was written.
func (c *cache[K, V]) change(fn func(entries *simplelru.LRU[K, V])) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changes++
	fn(c.entries)
}

// clear forgets everything.
func (c *cache[K, V]) clear() {
	c.change(func(entries *simplelru.LRU[K, V]) { entries.Purge() })
}
