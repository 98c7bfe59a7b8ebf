package storetest

import (
	"crypto/sha256"
	"fmt"

	"go.mau.fi/whatsmeow/store"
)

// sum is 32 bytes, as MACs have.
func sum(text string) []byte {
	out := sha256.Sum256([]byte(text))
	return out[:]
}

func appStateKeys(b *bench) {
	ctx := b.Context()
	put := func(id string, at int64, content string) {
		b.Helper()
		b.ok(b.device.AppStateKeys.PutAppStateSyncKey(ctx, []byte(id), store.AppStateSyncKey{
			Data: []byte(content), Fingerprint: []byte("print"), Timestamp: at,
		}))
	}
	want := func(at int64, content string) *store.AppStateSyncKey {
		return &store.AppStateSyncKey{Data: []byte(content), Fingerprint: []byte("print"), Timestamp: at}
	}
	none, err := b.device.AppStateKeys.GetAppStateSyncKey(ctx, []byte("a"))
	same(b, "no key", none, err, nil)
	latest, err := b.device.AppStateKeys.GetLatestAppStateSyncKeyID(ctx)
	same(b, "no latest key", latest, err, nil)
	put("a", 20, "a")
	put("b\x00\xff", 30, "b")
	put("c", 10, "c")
	put("a", 19, "an older one")
	b.twice(func(d *store.Device) {
		got, err := d.AppStateKeys.GetAppStateSyncKey(ctx, []byte("a"))
		same(b, "key", got, err, want(20, "a"))
		latest, err := d.AppStateKeys.GetLatestAppStateSyncKeyID(ctx)
		same(b, "latest key", string(latest), err, "b\x00\xff")
		all, err := d.AppStateKeys.GetAllAppStateSyncKeys(ctx)
		same(b, "all keys", all, err, []*store.AppStateSyncKey{want(30, "b"), want(20, "a"), want(10, "c")})
	})
	put("a", 40, "a newer one")
	b.twice(func(d *store.Device) {
		got, err := d.AppStateKeys.GetAppStateSyncKey(ctx, []byte("a"))
		same(b, "key", got, err, want(40, "a newer one"))
	})
}

func appStateVersions(b *bench) {
	ctx := b.Context()
	check := func(name string, want uint64) {
		b.Helper()
		b.twice(func(d *store.Device) {
			version, hash, err := d.AppState.GetAppStateVersion(ctx, name)
			same(b, "version of "+name, version, err, want)
			same(b, "hash of "+name, hash, err, [128]byte{byte(want)})
		})
	}
	check("regular", 0)
	b.ok(b.device.AppState.PutAppStateVersion(ctx, "regular", 7, [128]byte{7}))
	b.ok(b.device.AppState.PutAppStateVersion(ctx, "regular_high", 3, [128]byte{3}))
	check("regular", 7)
	b.ok(b.device.AppState.PutAppStateVersion(ctx, "regular", 8, [128]byte{8}))
	check("regular", 8)
	b.ok(b.device.AppState.DeleteAppStateVersion(ctx, "regular"))
	check("regular", 0)
	check("regular_high", 3)
}

func (b *bench) mac(d *store.Device, name, index string, want []byte) {
	b.Helper()
	got, err := d.AppState.GetAppStateMutationMAC(b.Context(), name, sum(index))
	same(b, "MAC of "+index, got, err, want)
}

func appStateMACs(b *bench) {
	ctx := b.Context()
	put := func(name string, version uint64, macs ...store.AppStateMutationMAC) {
		b.Helper()
		b.ok(b.device.AppState.PutAppStateVersion(ctx, name, version, [128]byte{byte(version)}))
		b.ok(b.device.AppState.PutAppStateMutationMACs(ctx, name, version, macs))
	}
	mac := func(index, value string) store.AppStateMutationMAC {
		return store.AppStateMutationMAC{IndexMAC: sum(index), ValueMAC: sum(value)}
	}
	put("regular", 1, mac("a", "a1"), mac("b", "b1"), mac("c", "c1"))
	put("regular", 2, mac("a", "a2"))
	put("regular_high", 1, mac("a", "high"))
	put("regular", 3)
	put("regular", 5, mac("c", "c5"))
	put("regular", 4, mac("c", "c4")) // an older one, late
	b.twice(func(d *store.Device) {
		b.mac(d, "regular", "a", sum("a2"))
		b.mac(d, "regular", "b", sum("b1"))
		b.mac(d, "regular_high", "a", sum("high"))
		b.mac(d, "regular", "c", sum("c5"))
		b.mac(d, "regular", "d", nil)
	})
	b.ok(b.device.AppState.DeleteAppStateMutationMACs(ctx, "regular", [][]byte{sum("a"), sum("d")}))
	b.ok(b.device.AppState.DeleteAppStateMutationMACs(ctx, "regular", nil))
	b.twice(func(d *store.Device) {
		b.mac(d, "regular", "a", nil)
		b.mac(d, "regular", "b", sum("b1"))
	})
	// A collection goes with its MACs, and leaves those of others.
	b.ok(b.device.AppState.DeleteAppStateVersion(ctx, "regular"))
	b.twice(func(d *store.Device) {
		b.mac(d, "regular", "b", nil)
		b.mac(d, "regular_high", "a", sum("high"))
	})
}

func appStateManyMACs(b *bench) {
	const many = 2500
	macs := make([]store.AppStateMutationMAC, many)
	for i := range macs {
		macs[i] = store.AppStateMutationMAC{IndexMAC: sum(fmt.Sprint("i", i)), ValueMAC: sum(fmt.Sprint("v", i))}
	}
	b.ok(b.device.AppState.PutAppStateVersion(b.Context(), "regular", 1, [128]byte{1}))
	b.ok(b.device.AppState.PutAppStateMutationMACs(b.Context(), "regular", 1, macs))
	b.twice(func(d *store.Device) {
		b.mac(d, "regular", "i0", sum("v0"))
		b.mac(d, "regular", fmt.Sprint("i", many-1), sum(fmt.Sprint("v", many-1)))
	})
}
