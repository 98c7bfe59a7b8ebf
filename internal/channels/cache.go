package channels

import (
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/expirable"

	"github.com/cirrus/omnichannel/internal/ids"
)

// CacheFor is how long a channel is believed without asking the store again.
const CacheFor = 3 * time.Second

// cacheMost bounds the channels, and the accounts, that are remembered.
const cacheMost = 10_000

// loaded is a channel with its secrets opened.
type loaded struct {
	row
	secrets  credentials
	unopened error // why the secrets could not be opened
}

// cache remembers for CacheFor. What was read before this server's own last
// write is not put in, so that a server never misses what it did itself.
type cache struct {
	mu       sync.Mutex
	writes   int
	byID     *expirable.LRU[ids.Channel, loaded]
	accounts *expirable.LRU[ids.Account, []Channel]
}

func newCache() *cache {
	return &cache{
		byID:     expirable.NewLRU[ids.Channel, loaded](cacheMost, nil, CacheFor),
		accounts: expirable.NewLRU[ids.Account, []Channel](cacheMost, nil, CacheFor),
	}
}

// get gives a channel, and else the mark to put what is read under.
func (c *cache) get(id ids.Channel) (l loaded, known bool, mark int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l, known = c.byID.Get(id)
	return l, known, c.writes
}

func (c *cache) put(l loaded, mark int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if mark == c.writes {
		c.byID.Add(l.ID, l)
	}
}

func (c *cache) account(id ids.Account) (list []Channel, known bool, mark int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	list, known = c.accounts.Get(id)
	return list, known, c.writes
}

func (c *cache) putAccount(id ids.Account, list []Channel, mark int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if mark == c.writes {
		c.accounts.Add(id, list)
	}
}

// written forgets one channel and its account's list.
func (c *cache) written(id ids.Channel, account ids.Account) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writes++
	c.byID.Remove(id)
	c.accounts.Remove(account)
}
