package devicestore

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// lidRow says which hidden address a number has. They are user parts.
type lidRow struct {
	LID string `bson:"_id"`
	PN  string `bson:"pn"`
}

// believed is an entry of the cache.
type believed struct {
	user  string
	until time.Time
}

// lidMap is the LID map and the process's cache of it.
type lidMap struct {
	rows *mongo.Collection
	now  func() time.Time
	byPN *cache[string, believed] // hidden addresses
	by   *cache[string, believed] // numbers, by hidden address
}

func newLIDMap(rows *mongo.Collection, now func() time.Time) *lidMap {
	return &lidMap{rows: rows, now: now, byPN: newCache[string, believed](cachedLIDs), by: newCache[string, believed](cachedLIDs)}
}

// direction is one way through the map.
type direction struct {
	cache  *cache[string, believed]
	field  string // that is asked by
	server string // of the address that is given
	give   func(lidRow) (asked, given string)
}

func (m *lidMap) toLID() direction {
	return direction{m.byPN, "pn", types.HiddenUserServer, func(r lidRow) (string, string) { return r.PN, r.LID }}
}

func (m *lidMap) toPN() direction {
	return direction{m.by, "_id", types.DefaultUserServer, func(r lidRow) (string, string) { return r.LID, r.PN }}
}

// lookUp gives the other addresses of users; those not known are missing.
func (d *device) lookUp(ctx context.Context, way direction, users []string) (map[string]string, error) {
	if err := d.readable(); err != nil {
		return nil, err
	}
	out := make(map[string]string, len(users))
	var missing []string
	var mark uint64
	for _, user := range users {
		entry, known, at := way.cache.get(user)
		if known && d.holding.store.now().Before(entry.until) {
			out[user] = entry.user
			continue
		}
		if len(missing) == 0 {
			mark = at
		}
		missing = append(missing, user)
	}
	if len(missing) == 0 {
		return out, nil
	}
	found, err := d.findLIDs(ctx, way.field, missing)
	if err != nil {
		return nil, err
	}
	until := d.holding.store.now().Add(trustLIDs)
	for _, r := range found {
		asked, given := way.give(r)
		out[asked] = given
		way.cache.fill(mark, asked, believed{given, until})
	}
	return out, nil
}

func (d *device) findLIDs(ctx context.Context, field string, users []string) ([]lidRow, error) {
	var found []lidRow
	err := d.read(ctx, func(ctx context.Context) error {
		found = nil
		cursor, err := d.holding.store.lids.rows.Find(ctx, bson.D{{Key: field, Value: bson.D{{Key: "$in", Value: users}}}})
		if err != nil {
			return err
		}
		return cursor.All(ctx, &found)
	})
	return found, err
}

// other gives the other address of somebody, of the same device; empty when it
// is not known.
func (d *device) other(ctx context.Context, way direction, j types.JID) (types.JID, error) {
	found, err := d.lookUp(ctx, way, []string{j.User})
	if err != nil || found[j.User] == "" {
		return types.EmptyJID, err
	}
	return types.JID{User: found[j.User], Device: j.Device, Server: way.server}, nil
}

// GetPNForLID gives the number of a hidden address, of the same device; empty
// when it is not known.
func (d *device) GetPNForLID(ctx context.Context, lid types.JID) (types.JID, error) {
	if lid.Server != types.HiddenUserServer {
		return types.EmptyJID, fmt.Errorf("%s is no hidden address: nobody can tell its number", lid)
	}
	return d.other(ctx, d.holding.store.lids.toPN(), lid)
}

// GetLIDForPN gives the hidden address of a number, of the same device; empty
// when it is not known.
func (d *device) GetLIDForPN(ctx context.Context, pn types.JID) (types.JID, error) {
	if pn.Server != types.DefaultUserServer {
		return types.EmptyJID, fmt.Errorf("%s is no number: nobody can tell its hidden address", pn)
	}
	return d.other(ctx, d.holding.store.lids.toLID(), pn)
}

// GetManyLIDsForPNs has those that are known.
func (d *device) GetManyLIDsForPNs(ctx context.Context, pns []types.JID) (map[types.JID]types.JID, error) {
	var users []string
	for _, pn := range pns {
		if pn.Server == types.DefaultUserServer {
			users = append(users, pn.User)
		}
	}
	found, err := d.lookUp(ctx, d.holding.store.lids.toLID(), users)
	if err != nil {
		return nil, err
	}
	out := make(map[types.JID]types.JID, len(pns))
	for _, pn := range pns {
		if user := found[pn.User]; user != "" && pn.Server == types.DefaultUserServer {
			out[pn] = types.JID{User: user, Device: pn.Device, Server: types.HiddenUserServer}
		}
	}
	return out, nil
}

// aliases are the addresses under which somebody's rows may stand.
func (d *device) aliases(ctx context.Context, j types.JID) ([]types.JID, error) {
	j = j.ToNonAD()
	var alias types.JID
	var err error
	switch j.Server {
	case types.DefaultUserServer:
		alias, err = d.GetLIDForPN(ctx, j)
	case types.HiddenUserServer:
		alias, err = d.GetPNForLID(ctx, j)
	}
	if err != nil || alias.IsEmpty() {
		return []types.JID{j}, err
	}
	return []types.JID{j, alias}, nil
}

// PutLIDMapping keeps one pair, in place of any other that either was in.
func (d *device) PutLIDMapping(ctx context.Context, lid, pn types.JID) error {
	return d.PutManyLIDMappings(ctx, []store.LIDMapping{{LID: lid, PN: pn}})
}

// PutManyLIDMappings keeps pairs of addresses; what is no such pair is passed
// over, since the client hands such in with the members of groups.
func (d *device) PutManyLIDMappings(ctx context.Context, mappings []store.LIDMapping) error {
	pairs := usable(mappings)
	if news, err := d.unknown(ctx, pairs); err != nil || len(news) == 0 {
		return err
	}
	return d.write(ctx, func(ctx context.Context, c *change) error {
		news, err := d.unknown(ctx, pairs)
		if err != nil || len(news) == 0 {
			return err
		}
		c.mu.Lock()
		c.lids = append(c.lids, news...)
		c.mu.Unlock()
		c.then(func() { d.holding.store.lids.learn(news) })
		return nil
	})
}

// usable gives the pairs that are some, the last of each number and hidden
// address.
func usable(mappings []store.LIDMapping) []store.LIDMapping {
	var out []store.LIDMapping
	pns, lids := map[string]bool{}, map[string]bool{}
	for i := len(mappings) - 1; i >= 0; i-- {
		m := mappings[i]
		if m.LID.Server != types.HiddenUserServer || m.PN.Server != types.DefaultUserServer || m.LID.User == "" || m.PN.User == "" ||
			pns[m.PN.User] || lids[m.LID.User] {
			continue
		}
		pns[m.PN.User], lids[m.LID.User] = true, true
		out = append(out, m)
	}
	return out
}

// unknown gives the pairs that the map does not have.
func (d *device) unknown(ctx context.Context, pairs []store.LIDMapping) ([]store.LIDMapping, error) {
	users := make([]string, len(pairs))
	for i, p := range pairs {
		users[i] = p.PN.User
	}
	known, err := d.lookUp(ctx, d.holding.store.lids.toLID(), users)
	if err != nil {
		return nil, err
	}
	var out []store.LIDMapping
	for _, p := range pairs {
		if known[p.PN.User] != p.LID.User {
			out = append(out, p)
		}
	}
	return out, nil
}

// write puts pairs into the map within a transaction.
func (m *lidMap) write(ctx context.Context, pairs []store.LIDMapping) error {
	if len(pairs) == 0 {
		return nil
	}
	// First all that is in the way: two numbers may have changed places.
	models := make([]mongo.WriteModel, 0, 2*len(pairs))
	for _, p := range pairs {
		models = append(models, mongo.NewDeleteManyModel().SetFilter(bson.D{
			{Key: "pn", Value: p.PN.User}, {Key: "_id", Value: bson.D{{Key: "$ne", Value: p.LID.User}}},
		}))
	}
	for _, p := range pairs {
		models = append(models, mongo.NewReplaceOneModel().SetUpsert(true).
			SetFilter(bson.D{{Key: "_id", Value: p.LID.User}}).SetReplacement(lidRow{p.LID.User, p.PN.User}))
	}
	_, err := m.rows.BulkWrite(ctx, models, options.BulkWrite().SetOrdered(true))
	return err
}

// learn lets the cache know pairs that were written, and forget what they
// replaced.
func (m *lidMap) learn(pairs []store.LIDMapping) {
	until := m.now().Add(trustLIDs)
	replace := func(from, back *cache[string, believed], asked, given string) {
		var former string
		from.change(func(entries *simplelru.LRU[string, believed]) {
			if old, known := entries.Peek(asked); known && old.user != given {
				former = old.user
			}
			entries.Add(asked, believed{given, until})
		})
		if former != "" {
			back.change(func(entries *simplelru.LRU[string, believed]) { entries.Remove(former) })
		}
	}
	for _, p := range pairs {
		replace(m.byPN, m.by, p.PN.User, p.LID.User)
		replace(m.by, m.byPN, p.LID.User, p.PN.User)
	}
}

// pairs gives the entries of the map that somebody is in, as they are stored.
func (m *lidMap) pairs(ctx context.Context, who []types.JID) ([]lidRow, error) {
	pns, lids := []string{}, []string{}
	for _, j := range who {
		switch j.Server {
		case types.DefaultUserServer:
			pns = append(pns, j.User)
		case types.HiddenUserServer:
			lids = append(lids, j.User)
		}
	}
	cursor, err := m.rows.Find(ctx, bson.D{{Key: "$or", Value: bson.A{
		bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: lids}}}}, bson.D{{Key: "pn", Value: bson.D{{Key: "$in", Value: pns}}}},
	}}})
	if err != nil {
		return nil, err
	}
	var found []lidRow
	err = cursor.All(ctx, &found)
	return found, err
}

// remove takes pairs out of the map; one that was replaced meanwhile stays.
func (m *lidMap) remove(ctx context.Context, pairs []lidRow) error {
	models := make([]mongo.WriteModel, len(pairs))
	for i, p := range pairs {
		models[i] = mongo.NewDeleteOneModel().SetFilter(bson.D{{Key: "_id", Value: p.LID}, {Key: "pn", Value: p.PN}})
	}
	if len(models) == 0 {
		return nil
	}
	_, err := m.rows.BulkWrite(ctx, models, options.BulkWrite().SetOrdered(false))
	return err
}

// unlearn lets the cache forget pairs that were removed.
func (m *lidMap) unlearn(pairs []lidRow) {
	m.byPN.change(func(entries *simplelru.LRU[string, believed]) {
		for _, p := range pairs {
			entries.Remove(p.PN)
		}
	})
	m.by.change(func(entries *simplelru.LRU[string, believed]) {
		for _, p := range pairs {
			entries.Remove(p.LID)
		}
	})
}

// OtherNames gives the other addresses of people, as far as any device was told:
// the hidden ones of numbers, the numbers of hidden ones. It needs no device, and
// asks the store, since a cache may lack what another server learned.
func (s *Store) OtherNames(ctx context.Context, who []types.JID) ([]types.JID, error) {
	pairs, err := s.lids.pairs(ctx, who)
	if err != nil {
		return nil, fmt.Errorf("look for the other addresses of people: %w", err)
	}
	var others []types.JID
	for _, p := range pairs {
		for _, j := range []types.JID{types.NewJID(p.LID, types.HiddenUserServer), types.NewJID(p.PN, types.DefaultUserServer)} {
			if !slices.Contains(who, j) {
				others = append(others, j)
			}
		}
	}
	return others, nil
}
