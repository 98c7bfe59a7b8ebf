package storetest

import (
	"fmt"
	"time"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
)

func (b *bench) messageSecret(d *store.Device, chat, sender types.JID, id string, want []byte, as types.JID) {
	b.Helper()
	got, kept, err := d.MsgSecrets.GetMessageSecret(b.Context(), chat, sender, id)
	same(b, "secret of "+id, got, err, want)
	same(b, "sender of "+id, kept, err, as)
}

func messageSecrets(b *bench) {
	p, chat, ctx := somebody(), group(), b.Context()
	b.messageSecret(b.device, chat, p.lid, "A", nil, types.EmptyJID)
	b.ok(b.device.MsgSecrets.PutMessageSecret(ctx, chat, device(p.lid, 3), "A", []byte("first")))
	b.ok(b.device.MsgSecrets.PutMessageSecrets(ctx, []store.MessageSecretInsert{
		{Chat: chat, Sender: p.lid, ID: "A", Secret: []byte("second")},
		{Chat: chat, Sender: p.lid, ID: "B", Secret: []byte("b")},
		{Chat: types.EmptyJID, Sender: p.lid, ID: "C", Secret: []byte("c")},
		{Chat: chat, Sender: p.lid, ID: "", Secret: []byte("c")},
		{Chat: chat, Sender: p.lid, ID: "C", Secret: nil},
	}))
	b.ok(b.device.MsgSecrets.PutMessageSecrets(ctx, nil))
	b.twice(func(d *store.Device) {
		b.messageSecret(d, chat, device(p.lid, 9), "A", []byte("first"), p.lid)
		b.messageSecret(d, chat, p.lid, "B", []byte("b"), p.lid)
		b.messageSecret(d, chat, p.lid, "C", nil, types.EmptyJID)
		b.messageSecret(d, group(), p.lid, "A", nil, types.EmptyJID)
		b.messageSecret(d, chat, somebody().lid, "A", nil, types.EmptyJID)
	})
}

func messageSecretsMany(b *bench) {
	const many = 2500 // a history
	chat, p := group(), somebody()
	inserts := make([]store.MessageSecretInsert, many)
	for i := range inserts {
		inserts[i] = store.MessageSecretInsert{Chat: chat, Sender: p.lid, ID: fmt.Sprint("ID", i), Secret: sum(fmt.Sprint(i))}
	}
	b.ok(b.device.MsgSecrets.PutMessageSecrets(b.Context(), inserts))
	b.twice(func(d *store.Device) {
		for _, i := range []int{0, 999, 1000, many - 1} {
			b.messageSecret(d, chat, p.lid, fmt.Sprint("ID", i), sum(fmt.Sprint(i)), p.lid)
		}
	})
}

func messageSecretsAliases(b *bench) {
	p, ctx := somebody(), b.Context()
	b.ok(b.device.MsgSecrets.PutMessageSecret(ctx, p.pn, p.pn, "PN", []byte("by number")))
	b.ok(b.device.MsgSecrets.PutMessageSecret(ctx, p.lid, p.lid, "LID", []byte("by hidden address")))
	b.messageSecret(b.device, p.lid, p.lid, "PN", nil, types.EmptyJID)
	b.ok(b.device.LIDs.PutLIDMapping(ctx, p.lid, p.pn))
	b.twice(func(d *store.Device) {
		for _, chat := range []types.JID{p.pn, p.lid} {
			for _, sender := range []types.JID{p.pn, p.lid} {
				b.messageSecret(d, chat, device(sender, 2), "PN", []byte("by number"), p.pn)
				b.messageSecret(d, chat, sender, "LID", []byte("by hidden address"), p.lid)
			}
		}
	})
}

func (b *bench) token(d *store.Device, user types.JID, want *store.PrivacyToken) {
	b.Helper()
	got, err := d.PrivacyTokens.GetPrivacyToken(b.Context(), user)
	if err != nil || got == nil || want == nil {
		same(b, "token", got, err, want)
		return
	}
	if !got.Timestamp.Equal(want.Timestamp) || !got.SenderTimestamp.Equal(want.SenderTimestamp) || got.User != user.ToNonAD() || string(got.Token) != string(want.Token) {
		b.Errorf("token: got %v, want %v", got, want)
	}
}

func privacyTokens(b *bench) {
	p, q, ctx := somebody(), somebody(), b.Context()
	now := time.Now().Truncate(time.Second)
	token := func(user types.JID, text string, at, sent time.Time) store.PrivacyToken {
		return store.PrivacyToken{User: user, Token: []byte(text), Timestamp: at, SenderTimestamp: sent}
	}
	put := func(tokens ...store.PrivacyToken) {
		b.Helper()
		b.ok(b.device.PrivacyTokens.PutPrivacyTokens(ctx, tokens...))
	}
	check := func(user types.JID, want *store.PrivacyToken) {
		b.Helper()
		b.twice(func(d *store.Device) { b.token(d, user, want) })
	}
	check(p.lid, nil)
	first := token(device(p.lid, 4), "first", now, now.Add(-time.Hour))
	put(first, token(q.lid, "old", now.Add(-48*time.Hour), time.Time{}))
	check(p.lid, &first)
	put(token(p.lid, "older", now.Add(-time.Minute), now))
	check(p.lid, &first)
	put(token(p.lid, "newer", now.Add(time.Minute), time.Time{}))
	newer := token(p.lid, "newer", now.Add(time.Minute), now.Add(-time.Hour)) // when it was sent stays
	check(p.lid, &newer)
	n, err := b.device.PrivacyTokens.DeleteExpiredPrivacyTokens(ctx, now.Add(-time.Hour))
	same(b, "expired tokens", n, err, 1)
	check(q.lid, nil)
	check(p.lid, &newer)
	n, err = b.device.PrivacyTokens.DeleteExpiredPrivacyTokens(ctx, now.Add(-time.Hour))
	same(b, "expired tokens", n, err, 0)
}

func privacyTokensAliases(b *bench) {
	p, ctx := somebody(), b.Context()
	now := time.Now().Truncate(time.Second)
	older := store.PrivacyToken{User: p.lid, Token: []byte("older"), Timestamp: now.Add(-time.Hour)}
	newer := store.PrivacyToken{User: p.pn, Token: []byte("newer"), Timestamp: now}
	b.ok(b.device.PrivacyTokens.PutPrivacyTokens(ctx, older, newer))
	b.twice(func(d *store.Device) { b.token(d, p.lid, &older) })
	b.ok(b.device.LIDs.PutLIDMapping(ctx, p.lid, p.pn))
	b.twice(func(d *store.Device) {
		b.token(d, p.lid, &newer)
		b.token(d, p.pn, &newer)
	})
}

func salt(b *bench) {
	ctx := b.Context()
	check := func(want []byte) {
		b.Helper()
		b.twice(func(d *store.Device) {
			got, err := d.NCTSalt.GetNCTSalt(ctx)
			same(b, "salt", got, err, want)
		})
	}
	check(nil)
	b.ok(b.device.NCTSalt.PutNCTSalt(ctx, []byte("one")))
	b.ok(b.device.NCTSalt.PutNCTSalt(ctx, []byte("two")))
	check([]byte("two"))
	b.ok(b.device.NCTSalt.DeleteNCTSalt(ctx))
	check(nil)
}
