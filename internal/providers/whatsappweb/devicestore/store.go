package devicestore

import (
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/vault"
)

// The collections of this room.
const (
	// Devices has one row per channel: who owns its device, and the device.
	Devices = "devices"
	// Rows has what the devices keep.
	Rows = "device_rows"
	// LIDs has which hidden address belongs to which number.
	LIDs = "lid_map"
)

const (
	// cachedRows bounds the cache of one device. A session has one or two
	// kilobytes.
	cachedRows = 1024
	// cachedMoves bounds how many people are known to have moved to their
	// hidden address.
	cachedMoves = 4096
	// cachedLIDs bounds the process's cache of the LID map, each way.
	cachedLIDs = 1 << 16
	// trustLIDs is how long a cached entry of the LID map is believed, since
	// other servers write it too.
	trustLIDs = 10 * time.Minute
)

// Options is what the room is made of.
type Options struct {
	DB    *mongo.Database
	Vault *vault.Vault
	// Now is the clock that leases are trusted by.
	Now func() time.Time
}

// Store keeps the devices of all channels. It is safe for concurrent use.
type Store struct {
	client  *mongo.Client
	devices *mongo.Collection
	rows    *mongo.Collection
	lids    *lidMap
	commits *commits
	vault   *vault.Vault
	now     func() time.Time
}

// New makes the room. There should be one in a process, for its cache of the
// LID map.
func New(o Options) *Store {
	s := &Store{
		client: o.DB.Client(), devices: o.DB.Collection(Devices), rows: o.DB.Collection(Rows),
		lids: newLIDMap(o.DB.Collection(LIDs), o.Now), vault: o.Vault, now: o.Now,
	}
	s.commits = newCommits(s)
	return s
}
