package storetest

import (
	"bytes"
	"time"

	"go.mau.fi/whatsmeow/proto/waAdv"
	"go.mau.fi/whatsmeow/store"
	"google.golang.org/protobuf/proto"
)

// account is a device identity with lengths as WhatsApp gives.
func account() *waAdv.ADVSignedDeviceIdentity {
	return &waAdv.ADVSignedDeviceIdentity{
		Details: []byte("details"), AccountSignature: bytes.Repeat([]byte{1}, 64),
		AccountSignatureKey: bytes.Repeat([]byte{2}, 32), DeviceSignature: bytes.Repeat([]byte{3}, 64),
	}
}

func deviceSaved(b *bench) {
	before := b.device
	before.Platform, before.BusinessName, before.PushName = "android", "Shop", "Me"
	before.LIDMigrationTimestamp, before.CompanionMetaNonce = 1_700_000_000, "nonce"
	b.ok(before.Save(b.Context()))
	b.reload()
	after := b.device
	same(b, "JID", *after.ID, nil, *before.ID)
	same(b, "LID", after.LID, nil, before.LID)
	same(b, "noise key", after.NoiseKey, nil, before.NoiseKey)
	same(b, "identity", after.IdentityKey, nil, before.IdentityKey)
	same(b, "signed key", after.SignedPreKey, nil, before.SignedPreKey)
	same(b, "registration", after.RegistrationID, nil, before.RegistrationID)
	same(b, "secret of the pairing", after.AdvSecretKey, nil, before.AdvSecretKey)
	same(b, "names", [3]string{after.Platform, after.BusinessName, after.PushName}, nil, [3]string{"android", "Shop", "Me"})
	same(b, "moved at", after.LIDMigrationTimestamp, nil, 1_700_000_000)
	same(b, "nonce", after.CompanionMetaNonce, nil, "nonce")
	if !proto.Equal(after.Account, before.Account) {
		b.Errorf("account: got %v, want %v", after.Account, before.Account)
	}
}

func deviceWithoutJID(b *bench) {
	d := b.container.NewDevice(b.T)
	if err := d.Save(b.Context()); err == nil {
		b.Error("a device was saved that has no JID")
	}
	if err := d.Delete(b.Context()); err == nil {
		b.Error("a device was deleted that has no JID")
	}
}

func deviceDeleted(b *bench) {
	d, ctx := b.device, b.Context()
	jid, p := *d.ID, somebody()
	fill(b, d, p)
	b.ok(d.Delete(ctx))
	if !d.Deleted || d.ID != nil {
		b.Error("the device does not know that it is deleted")
	}
	if err := d.Save(ctx); err == nil {
		b.Error("a deleted device was saved")
	}
	if again := b.container.Reload(b.T, jid); again != nil {
		b.Errorf("device %s is still there", jid)
	}
	// The number is paired again: nothing is there of the former device.
	d = b.container.NewDevice(b.T)
	d.ID, d.Account = &jid, account()
	b.ok(d.Save(ctx))
	isEmpty(b, d, p)
}

// fill puts something into each of a device's stores.
func fill(b *bench, d *store.Device, p person) {
	b.Helper()
	ctx := b.Context()
	b.ok(d.Sessions.PutSession(ctx, address(p.lid, 1), []byte("session")))
	b.ok(d.Identities.PutIdentity(ctx, address(p.lid, 1), key(1)))
	_, err := d.PreKeys.GenOnePreKey(ctx)
	b.ok(err)
	b.ok(d.SenderKeys.PutSenderKey(ctx, "group", address(p.lid, 1), []byte("sender key")))
	b.ok(d.AppStateKeys.PutAppStateSyncKey(ctx, []byte("id"), store.AppStateSyncKey{Data: []byte("key"), Fingerprint: []byte("print"), Timestamp: 1}))
	b.ok(d.AppState.PutAppStateVersion(ctx, "regular", 1, [128]byte{1}))
	b.ok(d.AppState.PutAppStateMutationMACs(ctx, "regular", 1, []store.AppStateMutationMAC{{IndexMAC: sum("i"), ValueMAC: sum("v")}}))
	_, _, err = d.Contacts.PutPushName(ctx, p.lid, "Ana")
	b.ok(err)
	b.ok(d.ChatSettings.PutPinned(ctx, p.lid, true))
	b.ok(d.MsgSecrets.PutMessageSecret(ctx, p.lid, p.lid, "ID", []byte("secret")))
	b.ok(d.PrivacyTokens.PutPrivacyTokens(ctx, store.PrivacyToken{User: p.lid, Token: []byte("token"), Timestamp: time.Now()}))
	b.ok(d.NCTSalt.PutNCTSalt(ctx, []byte("salt")))
	b.ok(d.EventBuffer.PutBufferedEvent(ctx, key(1), []byte("plain"), time.Now()))
	b.ok(d.EventBuffer.AddOutgoingEvent(ctx, p.lid, "ID", "wa", []byte("plain")))
}

// isEmpty holds for a device that has nothing of what fill puts in.
func isEmpty(b *bench, d *store.Device, p person) {
	b.Helper()
	ctx := b.Context()
	session, err := d.Sessions.GetSession(ctx, address(p.lid, 1))
	same(b, "session", session, err, nil)
	trusted, err := d.Identities.IsTrustedIdentity(ctx, address(p.lid, 1), key(9))
	same(b, "another identity is trusted", trusted, err, true)
	count, err := d.PreKeys.UploadedPreKeyCount(ctx)
	same(b, "uploaded keys", count, err, 0)
	sender, err := d.SenderKeys.GetSenderKey(ctx, "group", address(p.lid, 1))
	same(b, "sender key", sender, err, nil)
	latest, err := d.AppStateKeys.GetLatestAppStateSyncKeyID(ctx)
	same(b, "app state key", latest, err, nil)
	version, _, err := d.AppState.GetAppStateVersion(ctx, "regular")
	same(b, "app state version", version, err, 0)
	mac, err := d.AppState.GetAppStateMutationMAC(ctx, "regular", sum("i"))
	same(b, "app state MAC", mac, err, nil)
	contact, err := d.Contacts.GetContact(ctx, p.lid)
	same(b, "contact", contact.Found, err, false)
	chat, err := d.ChatSettings.GetChatSettings(ctx, p.lid)
	same(b, "chat", chat.Found, err, false)
	secret, _, err := d.MsgSecrets.GetMessageSecret(ctx, p.lid, p.lid, "ID")
	same(b, "message secret", secret, err, nil)
	token, err := d.PrivacyTokens.GetPrivacyToken(ctx, p.lid)
	same(b, "privacy token", token, err, nil)
	salt, err := d.NCTSalt.GetNCTSalt(ctx)
	same(b, "salt", salt, err, nil)
	event, err := d.EventBuffer.GetBufferedEvent(ctx, key(1))
	same(b, "buffered event", event, err, nil)
	if format, _, _ := d.EventBuffer.GetOutgoingEvent(ctx, p.lid, p.pn, "ID"); format != "" {
		b.Error("a sent message is there")
	}
}

func devicesApart(b *bench) {
	p := somebody()
	fill(b, b.device, p)
	isEmpty(b, b.pair(somebody()), p)
}
