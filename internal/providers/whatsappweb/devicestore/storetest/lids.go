package storetest

import (
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
)

// lid checks a pair both ways; an empty address is not known.
func (b *bench) lid(d *store.Device, pn, lid types.JID) {
	b.Helper()
	ctx := b.Context()
	if !pn.IsEmpty() {
		got, err := d.LIDs.GetLIDForPN(ctx, pn)
		same(b, "hidden address of "+pn.String(), got, err, lid)
		alt, err := d.GetAltJID(ctx, pn)
		same(b, "other address of "+pn.String(), alt, err, lid)
	}
	if !lid.IsEmpty() {
		got, err := d.LIDs.GetPNForLID(ctx, lid)
		same(b, "number of "+lid.String(), got, err, pn)
	}
}

func lids(b *bench) {
	p, q, unknown, ctx := somebody(), somebody(), somebody(), b.Context()
	b.lid(b.device, p.pn, types.EmptyJID)
	b.lid(b.device, types.EmptyJID, p.lid)
	b.ok(b.device.LIDs.PutLIDMapping(ctx, p.lid, p.pn))
	b.ok(b.device.LIDs.PutManyLIDMappings(ctx, []store.LIDMapping{{LID: q.lid, PN: q.pn}, {LID: p.lid, PN: p.pn}}))
	b.twice(func(d *store.Device) {
		b.lid(d, p.pn, p.lid)
		b.lid(d, device(q.pn, 7), device(q.lid, 7))
		got, err := d.LIDs.GetManyLIDsForPNs(ctx, []types.JID{p.pn, device(p.pn, 1), device(q.pn, 2), unknown.pn})
		same(b, "many", got, err, map[types.JID]types.JID{
			p.pn: p.lid, device(p.pn, 1): device(p.lid, 1), device(q.pn, 2): device(q.lid, 2),
		})
	})
	if none, err := b.device.LIDs.GetManyLIDsForPNs(ctx, nil); err != nil || len(none) != 0 {
		b.Errorf("nobody: got %v, %v", none, err)
	}
	// All devices share them.
	b.lid(b.pair(somebody()), p.pn, p.lid)
}

func lidsChange(b *bench) {
	p, q, ctx := somebody(), somebody(), b.Context()
	b.ok(b.device.LIDs.PutLIDMapping(ctx, p.lid, p.pn))
	b.ok(b.device.LIDs.PutLIDMapping(ctx, q.lid, p.pn)) // the number has a new hidden address
	b.twice(func(d *store.Device) {
		b.lid(d, p.pn, q.lid)
		b.lid(d, types.EmptyJID, p.lid)
	})
	b.ok(b.device.LIDs.PutLIDMapping(ctx, q.lid, q.pn)) // the person has a new number
	b.twice(func(d *store.Device) {
		b.lid(d, q.pn, q.lid)
		b.lid(d, p.pn, types.EmptyJID)
	})
}

func lidsSwap(b *bench) {
	p, q, ctx := somebody(), somebody(), b.Context()
	b.ok(b.device.LIDs.PutManyLIDMappings(ctx, []store.LIDMapping{{LID: p.lid, PN: p.pn}, {LID: q.lid, PN: q.pn}}))
	b.ok(b.device.LIDs.PutManyLIDMappings(ctx, []store.LIDMapping{{LID: p.lid, PN: q.pn}, {LID: q.lid, PN: p.pn}}))
	b.twice(func(d *store.Device) {
		b.lid(d, p.pn, q.lid)
		b.lid(d, q.pn, p.lid)
	})
}

func lidsEmpty(b *bench) {
	p, ctx := somebody(), b.Context()
	b.ok(b.device.LIDs.PutManyLIDMappings(ctx, []store.LIDMapping{
		{}, {LID: p.pn, PN: p.lid}, {LID: p.lid, PN: p.pn}, {LID: p.lid}, {PN: p.pn},
	}))
	b.ok(b.device.LIDs.PutManyLIDMappings(ctx, nil))
	b.twice(func(d *store.Device) { b.lid(d, p.pn, p.lid) })
}
