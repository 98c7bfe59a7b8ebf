package devicestore

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"sync/atomic"

	lru "github.com/hashicorp/golang-lru/v2"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/util/keys"
	waLog "go.mau.fi/whatsmeow/util/log"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/vault"
)

// deviceRow is a channel's row in Devices.
type deviceRow struct {
	ID      ids.Channel   `bson:"_id"`
	Fence   int64         `bson:"fence"`
	Opening bson.ObjectID `bson:"opening"`
	Writes  int64         `bson:"writes"`
	Pairing *pairingRow   `bson:"pairing,omitempty"`
	// Leftovers are former pairings whose rows are still to be swept.
	Leftovers []bson.ObjectID `bson:"leftovers,omitempty"`
}

// condition is how far a device has come.
type condition int

const (
	fresh condition = iota // never saved
	saved
	gone // deleted, or another was paired in its place
)

// device is one pairing: its keys, and all stores of whatsmeow over its rows.
type device struct {
	holding  *Holding
	pairing  bson.ObjectID
	prefix   string       // of the ids of its rows
	keys     *vault.Vault // seals its rows
	key      vault.Secret // of keys
	device   *store.Device
	recent   *cache[string, *row]
	moved    *lru.Cache[string, struct{}] // numbers whose rows have moved to their hidden address
	handled  handled
	unwanted unwanted
	ahead    atomic.Pointer[decryption] // that is not durable yet; nil: none
	// lastPreKey is the id of the newest one-time key; whoever writes has it.
	lastPreKey uint32
	is         condition // under the holding's mutex
}

var (
	_ store.AllStores       = (*device)(nil)
	_ store.DeviceContainer = (*device)(nil)
)

func (h *Holding) newDevice(pairing bson.ObjectID, key vault.Secret) (*device, error) {
	sealer, err := vault.New(key)
	if err != nil {
		return nil, fmt.Errorf("the key of pairing %s: %w", pairing.Hex(), err)
	}
	moved, err := lru.New[string, struct{}](cachedMoves)
	if err != nil {
		return nil, err
	}
	return &device{
		holding: h, pairing: pairing, prefix: pairing.Hex() + separator, keys: sealer, key: key,
		recent: newCache[string, *row](cachedRows), moved: moved,
	}, nil
}

// attach gives whatsmeow's device its stores.
func (d *device) attach(sd *store.Device) {
	sd.Log = waLog.Noop
	sd.SetAllStores(d)
	sd.LIDs, sd.Container, sd.Initialized = d, d, true
	d.device = sd
}

// NewDevice makes a device with new keys, to be paired; nothing is stored until
// the client saves it. Saved, it takes the place of a device that was paired
// before.
func (h *Holding) NewDevice() (*store.Device, error) {
	d, err := h.newDevice(bson.NewObjectID(), vault.NewKey())
	if err != nil {
		return nil, err
	}
	var random [36]byte
	rand.Read(random[:]) // never fails
	sd := &store.Device{
		NoiseKey: keys.NewKeyPair(), IdentityKey: keys.NewKeyPair(),
		RegistrationID: binary.BigEndian.Uint32(random[:4]), AdvSecretKey: random[4:],
	}
	sd.SignedPreKey = sd.IdentityKey.CreateSignedPreKey(1)
	d.attach(sd)
	return sd, nil
}

func (d *device) condition() condition {
	d.holding.mu.Lock()
	defer d.holding.mu.Unlock()
	return d.is
}

// forget empties the caches.
func (d *device) forget() {
	d.recent.clear()
	d.moved.Purge()
}

// readable tells why nothing can be read through the device; nil when it can.
func (d *device) readable() error {
	d.holding.mu.Lock()
	defer d.holding.mu.Unlock()
	switch {
	case d.is == gone:
		return fmt.Errorf("device %s of channel %s: %w", d.pairing.Hex(), d.holding.channel, store.ErrDeviceDeleted)
	case d.holding.err != nil:
		return d.holding.err
	}
	return nil
}

// ready tells why nothing can be written through the device; nil when it can.
func (d *device) ready() error {
	if err := d.readable(); err != nil {
		return err
	}
	if d.condition() == fresh {
		return fmt.Errorf("channel %s: %w", d.holding.channel, ErrNotPaired)
	}
	return nil
}

// PutDevice saves the device. The first time, it becomes the channel's.
func (d *device) PutDevice(ctx context.Context, sd *store.Device) error {
	if sd.ID == nil {
		return fmt.Errorf("save the device of channel %s, which has no JID: %w", d.holding.channel, ErrNotPaired)
	}
	return d.writeIf(ctx, d.readable, func(_ context.Context, c *change) error {
		profile, err := d.profile(sd)
		if err != nil {
			return err
		}
		if d.condition() == fresh {
			return d.begin(c, profile)
		}
		return c.setAll("pairing.", profile)
	})
}

// begin makes the device the channel's.
func (d *device) begin(c *change, profile profileRow) error {
	h := d.holding
	c.update = bson.D{{Key: "$set", Value: bson.D{{Key: "pairing", Value: pairingRow{
		ID: d.pairing, Key: h.store.vault.Seal(d.binding(purposeKey), []byte(d.key.Reveal())), Profile: profile,
	}}}}}
	h.mu.Lock()
	former := h.paired
	h.mu.Unlock()
	if former != nil {
		c.update = append(c.update, bson.E{Key: "$push", Value: bson.D{{Key: "leftovers", Value: former.pairing}}})
	}
	c.after = append(c.after, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		d.is, h.paired = saved, d
		if former != nil {
			former.is = gone
			former.forget()
		}
	})
	return nil
}

// DeleteDevice deletes the device, with all that it keeps. The channel's row
// stays, for its fence.
func (d *device) DeleteDevice(ctx context.Context, sd *store.Device) error {
	if sd.ID == nil {
		return fmt.Errorf("delete the device of channel %s, which has no JID: %w", d.holding.channel, ErrNotPaired)
	}
	h := d.holding
	err := d.write(ctx, func(_ context.Context, c *change) error {
		c.update = bson.D{
			{Key: "$unset", Value: bson.D{{Key: "pairing", Value: ""}}},
			{Key: "$push", Value: bson.D{{Key: "leftovers", Value: d.pairing}}},
		}
		c.after = append(c.after, func() {
			h.mu.Lock()
			defer h.mu.Unlock()
			d.is, h.paired = gone, nil
			d.forget()
		})
		return nil
	})
	if err != nil {
		return err
	}
	// It is deleted now. What cannot be swept here, Sweep finds.
	_ = h.store.sweep(ctx, h.channel, d.pairing)
	return nil
}
