package memstore

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"

	"go.mau.fi/util/random"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/util/keys"
)

// ErrNoID is for a device that cannot be saved: it is not paired yet.
var ErrNoID = errors.New("a device without a JID cannot be saved: pair it first")

// Container holds devices and the addresses of people, which devices share.
type Container struct {
	mu      sync.Mutex
	devices map[types.JID]store.Device // as they were saved
	rows    map[types.JID]*rows
	lidOf   map[string]string // user parts
	pnOf    map[string]string
}

var (
	_ store.DeviceContainer = (*Container)(nil)
	_ store.AllGlobalStores = (*Container)(nil)
)

// New returns an empty container.
func New() *Container {
	return &Container{devices: map[types.JID]store.Device{}, rows: map[types.JID]*rows{}, lidOf: map[string]string{}, pnOf: map[string]string{}}
}

// NewDevice makes a device with new keys, to be paired. It is saved by the
// client, once it is.
func (c *Container) NewDevice() *store.Device {
	d := &store.Device{
		Container: c, NoiseKey: keys.NewKeyPair(), IdentityKey: keys.NewKeyPair(),
		RegistrationID: rand.Uint32(), AdvSecretKey: random.Bytes(32),
	}
	d.SignedPreKey = d.IdentityKey.CreateSignedPreKey(1)
	return d
}

// Device loads a saved device as a process does that starts again: its changes
// that were not saved are gone. It is nil when there is none.
func (c *Container) Device(jid types.JID) *store.Device {
	c.mu.Lock()
	defer c.mu.Unlock()
	saved, there := c.devices[jid]
	if !there {
		return nil
	}
	c.attach(&saved)
	return &saved
}

// Devices loads all of them, by number.
func (c *Container) Devices() []*store.Device {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make([]*store.Device, 0, len(c.devices))
	for _, saved := range c.devices {
		c.attach(&saved)
		out = append(out, &saved)
	}
	slices.SortFunc(out, func(x, y *store.Device) int { return cmp.Compare(x.ID.String(), y.ID.String()) })
	return out
}

// PutDevice saves a device, and gives it its stores the first time.
func (c *Container) PutDevice(_ context.Context, d *store.Device) error {
	if d.ID == nil {
		return ErrNoID
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !d.Initialized {
		c.attach(d)
	}
	saved := *d
	id := *d.ID
	saved.ID = &id
	c.devices[id] = saved
	return nil
}

// DeleteDevice forgets a device and all that it kept, once the calls that are
// under way for it have ended: clients clear the device's fields right after,
// without a lock.
func (c *Container) DeleteDevice(_ context.Context, d *store.Device) error {
	if d.ID == nil {
		return ErrNoID
	}
	c.mu.Lock()
	r := c.rows[*d.ID]
	delete(c.devices, *d.ID)
	delete(c.rows, *d.ID)
	c.mu.Unlock()
	if r != nil {
		r.txn.Lock()
		defer r.txn.Unlock()
		r.mu.Lock()
		defer r.mu.Unlock()
	}
	return nil
}

// Attach gives a device that has a JID its stores without saving it.
func (c *Container) Attach(d *store.Device) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.attach(d)
}

func (c *Container) attach(d *store.Device) {
	r := c.rows[*d.ID]
	if r == nil {
		r = newRows(c)
		c.rows[*d.ID] = r
	}
	d.SetAllStores(r)
	d.LIDs, d.Container, d.Initialized = c, c, true
}

// PutManyLIDMappings keeps pairs of addresses; what is no such pair is passed
// over, since clients hand such in with the members of groups.
func (c *Container) PutManyLIDMappings(ctx context.Context, mappings []store.LIDMapping) error {
	for _, m := range mappings {
		if err := c.PutLIDMapping(ctx, m.LID, m.PN); err != nil {
			return err
		}
	}
	return nil
}

// PutLIDMapping keeps one pair, in place of any other that either was in.
func (c *Container) PutLIDMapping(_ context.Context, lid, pn types.JID) error {
	if lid.Server != types.HiddenUserServer || pn.Server != types.DefaultUserServer || lid.User == "" || pn.User == "" {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if old := c.lidOf[pn.User]; old != "" && old != lid.User {
		delete(c.pnOf, old)
	}
	if old := c.pnOf[lid.User]; old != "" && old != pn.User {
		delete(c.lidOf, old)
	}
	c.lidOf[pn.User], c.pnOf[lid.User] = lid.User, pn.User
	return nil
}

// GetPNForLID gives the number of a hidden address, of the same device; empty
// when it is not known.
func (c *Container) GetPNForLID(_ context.Context, lid types.JID) (types.JID, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return other(c.pnOf, lid, types.DefaultUserServer), nil
}

// GetLIDForPN gives the hidden address of a number, of the same device; empty
// when it is not known.
func (c *Container) GetLIDForPN(_ context.Context, pn types.JID) (types.JID, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return other(c.lidOf, pn, types.HiddenUserServer), nil
}

// GetManyLIDsForPNs has those that are known.
func (c *Container) GetManyLIDsForPNs(_ context.Context, pns []types.JID) (map[types.JID]types.JID, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make(map[types.JID]types.JID, len(pns))
	for _, pn := range pns {
		if lid := other(c.lidOf, pn, types.HiddenUserServer); !lid.IsEmpty() {
			out[pn] = lid
		}
	}
	return out, nil
}

func other(users map[string]string, j types.JID, server string) types.JID {
	user, known := users[j.User]
	if !known {
		return types.EmptyJID
	}
	return types.JID{User: user, Device: j.Device, Server: server}
}

// aliases are the addresses under which somebody's rows may stand.
func (c *Container) aliases(j types.JID) []types.JID {
	c.mu.Lock()
	defer c.mu.Unlock()
	j = j.ToNonAD()
	out := []types.JID{j}
	var alias types.JID
	switch j.Server {
	case types.DefaultUserServer:
		alias = other(c.lidOf, j, types.HiddenUserServer)
	case types.HiddenUserServer:
		alias = other(c.pnOf, j, types.DefaultUserServer)
	}
	if !alias.IsEmpty() {
		out = append(out, alias)
	}
	return out
}
