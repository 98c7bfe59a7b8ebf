package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.mau.fi/whatsmeow/store"
)

// atOnce lets one device's sends, receipts of messages and the rest run at once,
// as they do in a client, each with people of its own.
func atOnce(b *bench) {
	const workers, rounds = 6, 8
	d := b.device
	people := make([]person, workers)
	var group sync.WaitGroup
	for w := range workers {
		people[w] = somebody()
		group.Go(func() {
			for round := range rounds {
				if err := oneRound(b.Context(), d, people[w], byte(w), byte(round)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	if b.Failed() {
		return
	}
	b.twice(func(d *store.Device) {
		for w, p := range people {
			last := []byte{byte(w), rounds - 1}
			b.session(d, address(p.lid, 1), last)
			b.session(d, address(p.lid, 2), last)
			got, err := d.Contacts.GetContact(b.Context(), p.lid)
			same(b, "name", got.PushName, err, fmt.Sprint("name ", rounds-1))
			b.lid(d, p.pn, p.lid)
			for round := range byte(rounds) {
				event, err := d.EventBuffer.GetBufferedEvent(b.Context(), hashOf(byte(w), round))
				same(b, "a message was kept and handled", event != nil && event.Plaintext == nil, err, true)
			}
		}
	})
}

func hashOf(worker, round byte) (out [32]byte) {
	out[0], out[1] = worker+1, round
	return out
}

func oneRound(ctx context.Context, d *store.Device, p person, worker, round byte) error {
	content := []byte{worker, round}
	hash := hashOf(worker, round)
	received := d.EventBuffer.DoDecryptionTxn(ctx, func(ctx context.Context) error {
		old, err := d.Sessions.GetSession(ctx, address(p.lid, 1))
		if err != nil {
			return err
		}
		if round > 0 && (len(old) != 2 || old[1] != round-1) {
			return fmt.Errorf("round %d found session %v", round, old)
		}
		return errors.Join(
			d.Identities.PutIdentity(ctx, address(p.lid, 1), key(worker)),
			d.Sessions.PutSession(ctx, address(p.lid, 1), content),
			d.EventBuffer.PutBufferedEvent(ctx, hash, content, time.Now()),
		)
	})
	_, _, renamed := d.Contacts.PutPushName(ctx, p.lid, fmt.Sprint("name ", round))
	_, asked := d.Sessions.GetManySessions(ctx, []string{address(p.lid, 1), address(p.lid, 2)})
	return errors.Join(
		received, renamed, asked,
		d.LIDs.PutLIDMapping(ctx, p.lid, p.pn),
		d.Sessions.MigratePNToLID(ctx, p.pn, p.lid),
		d.MsgSecrets.PutMessageSecret(ctx, p.lid, p.lid, fmt.Sprint("ID", round), content),
		d.Sessions.PutManySessions(ctx, map[string][]byte{address(p.lid, 2): content}),
		d.EventBuffer.ClearBufferedEventPlaintext(ctx, hash),
	)
}
