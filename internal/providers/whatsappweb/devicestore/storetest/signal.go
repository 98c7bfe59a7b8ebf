package storetest

import (
	"fmt"
	"slices"
	"sync"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/util/keys"
)

func (b *bench) trusted(d *store.Device, address string, key [32]byte, want bool) {
	b.Helper()
	got, err := d.Identities.IsTrustedIdentity(b.Context(), address, key)
	same(b, "identity of "+address+" is trusted", got, err, want)
}

func identities(b *bench) {
	at, ctx := address(somebody().lid, 3), b.Context()
	b.trusted(b.device, at, key(1), true)
	b.ok(b.device.Identities.PutIdentity(ctx, at, key(1)))
	b.twice(func(d *store.Device) {
		b.trusted(d, at, key(1), true)
		b.trusted(d, at, key(2), false)
	})
	b.ok(b.device.Identities.PutIdentity(ctx, at, key(2)))
	b.twice(func(d *store.Device) { b.trusted(d, at, key(2), true) })
	b.ok(b.device.Identities.DeleteIdentity(ctx, at))
	b.twice(func(d *store.Device) { b.trusted(d, at, key(3), true) })
	b.ok(b.device.Identities.DeleteIdentity(ctx, at))
}

// prefixed is a number that another one begins with.
func prefixed() (short, long types.JID) {
	short = somebody().lid
	long = short
	long.User += "0"
	return short, long
}

func identitiesDeleted(b *bench) {
	short, long := prefixed()
	ctx := b.Context()
	for _, at := range []string{address(short, 0), address(short, 7), address(long, 0)} {
		b.ok(b.device.Identities.PutIdentity(ctx, at, key(1)))
	}
	b.ok(b.device.Identities.DeleteAllIdentities(ctx, short.SignalAddressUser()))
	b.twice(func(d *store.Device) {
		b.trusted(d, address(short, 0), key(2), true)
		b.trusted(d, address(short, 7), key(2), true)
		b.trusted(d, address(long, 0), key(2), false)
	})
}

func (b *bench) session(d *store.Device, address string, want []byte) {
	b.Helper()
	got, err := d.Sessions.GetSession(b.Context(), address)
	same(b, "session with "+address, got, err, want)
	has, err := d.Sessions.HasSession(b.Context(), address)
	same(b, "has a session with "+address, has, err, want != nil)
}

func sessions(b *bench) {
	at, ctx := address(somebody().lid, 3), b.Context()
	b.session(b.device, at, nil)
	b.ok(b.device.Sessions.PutSession(ctx, at, []byte("one")))
	b.twice(func(d *store.Device) { b.session(d, at, []byte("one")) })
	b.ok(b.device.Sessions.PutSession(ctx, at, []byte("two")))
	b.twice(func(d *store.Device) { b.session(d, at, []byte("two")) })
	b.ok(b.device.Sessions.DeleteSession(ctx, at))
	b.twice(func(d *store.Device) { b.session(d, at, nil) })
	b.ok(b.device.Sessions.DeleteSession(ctx, at))
}

func sessionsDeleted(b *bench) {
	short, long := prefixed()
	ctx := b.Context()
	b.ok(b.device.Sessions.PutManySessions(ctx, map[string][]byte{
		address(short, 0): []byte("a"), address(short, 12): []byte("b"), address(long, 0): []byte("c"),
	}))
	b.ok(b.device.Sessions.DeleteAllSessions(ctx, short.SignalAddressUser()))
	b.twice(func(d *store.Device) {
		b.session(d, address(short, 0), nil)
		b.session(d, address(short, 12), nil)
		b.session(d, address(long, 0), []byte("c"))
	})
}

func sessionsMissing(b *bench) {
	there, missing := address(somebody().lid, 0), address(somebody().lid, 0)
	b.ok(b.device.Sessions.PutManySessions(b.Context(), map[string][]byte{there: []byte("a")}))
	want := map[string][]byte{there: []byte("a"), missing: nil}
	b.twice(func(d *store.Device) {
		for range 2 { // from the store, then from what was remembered
			got, err := d.Sessions.GetManySessions(b.Context(), []string{there, missing})
			same(b, "sessions", got, err, want)
		}
	})
	if none, err := b.device.Sessions.GetManySessions(b.Context(), nil); err != nil || len(none) != 0 {
		b.Errorf("no sessions: got %v, %v", none, err)
	}
	b.ok(b.device.Sessions.PutManySessions(b.Context(), nil))
}

func (b *bench) senderKey(d *store.Device, group, user string, want []byte) {
	b.Helper()
	got, err := d.SenderKeys.GetSenderKey(b.Context(), group, user)
	same(b, "sender key of "+user, got, err, want)
}

func senderKeys(b *bench) {
	at, ctx := address(somebody().lid, 3), b.Context()
	one, other := group().String(), group().String()
	b.senderKey(b.device, one, at, nil)
	b.ok(b.device.SenderKeys.PutSenderKey(ctx, one, at, []byte("one")))
	b.ok(b.device.SenderKeys.PutSenderKey(ctx, other, at, []byte("other")))
	b.ok(b.device.SenderKeys.PutSenderKey(ctx, one, at, []byte("two")))
	b.twice(func(d *store.Device) {
		b.senderKey(d, one, at, []byte("two"))
		b.senderKey(d, other, at, []byte("other"))
	})
}

func migration(b *bench) {
	p, ctx := somebody(), b.Context()
	neighbour := p.pn
	neighbour.User += "0"
	in := group().String()
	for _, number := range []uint16{0, 5} {
		b.ok(b.device.Sessions.PutSession(ctx, address(p.pn, number), []byte{byte(number), 1}))
		b.ok(b.device.Identities.PutIdentity(ctx, address(p.pn, number), key(byte(number+1))))
		b.ok(b.device.SenderKeys.PutSenderKey(ctx, in, address(p.pn, number), []byte{byte(number), 2}))
	}
	b.ok(b.device.Sessions.PutSession(ctx, address(p.lid, 0), []byte("is written over")))
	b.ok(b.device.Sessions.PutSession(ctx, address(neighbour, 0), []byte("stays")))
	b.ok(b.device.Sessions.MigratePNToLID(ctx, p.pn, p.lid))
	b.twice(func(d *store.Device) {
		for _, number := range []uint16{0, 5} {
			b.session(d, address(p.pn, number), nil)
			b.session(d, address(p.lid, number), []byte{byte(number), 1})
			b.trusted(d, address(p.pn, number), key(9), true)
			b.trusted(d, address(p.lid, number), key(9), false)
			b.trusted(d, address(p.lid, number), key(byte(number+1)), true)
			b.senderKey(d, in, address(p.pn, number), nil)
			b.senderKey(d, in, address(p.lid, number), []byte{byte(number), 2})
		}
		b.session(d, address(neighbour, 0), []byte("stays"))
		b.ok(d.Sessions.MigratePNToLID(ctx, p.pn, p.lid)) // nothing is left to move
		b.session(d, address(p.lid, 0), []byte{0, 1})
	})
}

func migrationAgain(b *bench) {
	p, ctx := somebody(), b.Context()
	early, late := group().String(), group().String()
	b.ok(b.device.SenderKeys.PutSenderKey(ctx, early, address(p.pn, 0), []byte("early")))
	b.ok(b.device.Sessions.MigratePNToLID(ctx, p.pn, p.lid))
	b.ok(b.device.Sessions.PutSession(ctx, address(p.pn, 0), []byte("late")))
	b.ok(b.device.SenderKeys.PutSenderKey(ctx, late, address(p.pn, 0), []byte("late")))
	b.ok(b.device.Sessions.MigratePNToLID(ctx, p.pn, p.lid))
	b.twice(func(d *store.Device) {
		b.session(d, address(p.pn, 0), nil)
		b.session(d, address(p.lid, 0), []byte("late"))
		b.senderKey(d, early, address(p.lid, 0), []byte("early"))
		b.senderKey(d, late, address(p.lid, 0), []byte("late"))
	})
}

func keyIDs(made []*keys.PreKey) []uint32 {
	out := make([]uint32, len(made))
	for i, k := range made {
		out[i] = k.KeyID
	}
	return out
}

func (b *bench) generate(count uint32) []*keys.PreKey {
	b.Helper()
	made, err := b.device.PreKeys.GetOrGenPreKeys(b.Context(), count)
	b.ok(err)
	if len(made) != int(count) {
		b.Fatalf("got %d keys, want %d", len(made), count)
	}
	return made
}

func preKeys(b *bench) {
	ctx := b.Context()
	made := b.generate(5)
	same(b, "made again", b.generate(3), nil, made[:3])
	b.reload()
	same(b, "made in another process", b.generate(5), nil, made)
	got, err := b.device.PreKeys.GetPreKey(ctx, made[1].KeyID)
	same(b, "one key", got, err, made[1])
	b.ok(b.device.PreKeys.MarkPreKeysAsUploaded(ctx, made[2].KeyID))
	count, err := b.device.PreKeys.UploadedPreKeyCount(ctx)
	same(b, "uploaded", count, err, 3)
	more := b.generate(4)
	same(b, "not uploaded yet", more[:2], nil, made[3:])
	got, err = b.device.PreKeys.GetPreKey(ctx, made[1].KeyID)
	same(b, "one key after the upload", got, err, made[1])
	b.ok(b.device.PreKeys.RemovePreKey(ctx, made[1].KeyID))
	b.twice(func(d *store.Device) {
		got, err := d.PreKeys.GetPreKey(ctx, made[1].KeyID)
		same(b, "a used key", got, err, nil)
		count, err := d.PreKeys.UploadedPreKeyCount(ctx)
		same(b, "uploaded, one of them used", count, err, 2)
	})
	one, err := b.device.PreKeys.GenOnePreKey(ctx)
	b.ok(err)
	count, err = b.device.PreKeys.UploadedPreKeyCount(ctx)
	same(b, "with one handed out", count, err, 3)
	if slices.Contains(keyIDs(b.generate(4)), one.KeyID) {
		b.Error("a key that was handed out is uploaded too")
	}
}

func preKeyIDs(b *bench) {
	ctx := b.Context()
	seen := map[uint32]bool{}
	for range 3 {
		made := b.generate(2)
		for _, id := range keyIDs(made) {
			if id == 0 || seen[id] {
				b.Fatalf("id %d is used again", id)
			}
			seen[id] = true
			b.ok(b.device.PreKeys.RemovePreKey(ctx, id))
		}
	}
}

func preKeysAtOnce(b *bench) {
	const workers, each = 8, 5
	made := make([][]uint32, workers)
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			for range each {
				one, err := b.device.PreKeys.GenOnePreKey(b.Context())
				if err != nil {
					b.Error(err)
					return
				}
				made[w] = append(made[w], one.KeyID)
			}
		})
	}
	group.Wait()
	ids := slices.Concat(made...)
	slices.Sort(ids)
	if all := len(ids); len(slices.Compact(ids)) != all || all != workers*each {
		b.Errorf("%d keys with ids %s", all, fmt.Sprint(ids))
	}
}
