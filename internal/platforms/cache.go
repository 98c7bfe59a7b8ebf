package platforms

import (
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/expirable"

	"github.com/cirrus/omnichannel/internal/ids"
)

// CacheFor is how long a config is believed without asking the store again.
const CacheFor = 3 * time.Second

// cacheMost bounds the configs that are remembered.
const cacheMost = 10_000

// wanted names one config: by id, by slug, by whose webhook it is, or, with none
// of them, the default.
type wanted struct {
	account ids.Account
	id      ids.PlatformConfig
	slug    string
	channel ids.Channel
}

// found is what the store said; there is false where it has no such config.
type found struct {
	config Config
	there  bool
}

// cache remembers for CacheFor. What was read before this server's own last
// write is not put in, so that a server never misses what it did itself.
type cache struct {
	mu     sync.Mutex
	writes int
	seen   *expirable.LRU[wanted, found]
}

func newCache() *cache {
	return &cache{seen: expirable.NewLRU[wanted, found](cacheMost, nil, CacheFor)}
}

// get gives what is remembered, and else the mark to put what is read under.
func (c *cache) get(w wanted) (f found, known bool, mark int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f, known = c.seen.Get(w)
	return f, known, c.writes
}

func (c *cache) put(w wanted, f found, mark int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if mark == c.writes {
		c.seen.Add(w, f)
	}
}

// written forgets everything: a write may move the default, and is rare.
func (c *cache) written() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writes++
	c.seen.Purge()
}
