package devicestore_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
)

var (
	ana = types.NewJID("999000000001", types.DefaultUserServer)
	lid = types.NewJID("1000000000001", types.HiddenUserServer)
)

func addressOf(number uint16) string {
	jid := lid
	jid.Device = number
	return jid.SignalAddress().String()
}

// writes are all of a device's methods that write, each with what it needs.
var writes = map[string]func(ctx context.Context, d *store.Device) error{
	"PutDevice":    func(ctx context.Context, d *store.Device) error { return d.Save(ctx) },
	"DeleteDevice": func(ctx context.Context, d *store.Device) error { return d.Container.DeleteDevice(ctx, d) },
	"PutIdentity": func(ctx context.Context, d *store.Device) error {
		return d.Identities.PutIdentity(ctx, addressOf(1), [32]byte{9})
	},
	"DeleteIdentity": func(ctx context.Context, d *store.Device) error {
		return d.Identities.DeleteIdentity(ctx, addressOf(1))
	},
	"DeleteAllIdentities": func(ctx context.Context, d *store.Device) error {
		return d.Identities.DeleteAllIdentities(ctx, lid.SignalAddressUser())
	},
	"PutSession": func(ctx context.Context, d *store.Device) error {
		return d.Sessions.PutSession(ctx, addressOf(1), []byte("stale"))
	},
	"PutManySessions": func(ctx context.Context, d *store.Device) error {
		return d.Sessions.PutManySessions(ctx, map[string][]byte{addressOf(2): []byte("stale")})
	},
	"DeleteSession": func(ctx context.Context, d *store.Device) error { return d.Sessions.DeleteSession(ctx, addressOf(1)) },
	"DeleteAllSessions": func(ctx context.Context, d *store.Device) error {
		return d.Sessions.DeleteAllSessions(ctx, lid.SignalAddressUser())
	},
	"MigratePNToLID": func(ctx context.Context, d *store.Device) error { return d.Sessions.MigratePNToLID(ctx, ana, lid) },
	"GetOrGenPreKeys": func(ctx context.Context, d *store.Device) error {
		_, err := d.PreKeys.GetOrGenPreKeys(ctx, 20)
		return err
	},
	"GenOnePreKey": func(ctx context.Context, d *store.Device) error {
		_, err := d.PreKeys.GenOnePreKey(ctx)
		return err
	},
	"RemovePreKey":          func(ctx context.Context, d *store.Device) error { return d.PreKeys.RemovePreKey(ctx, 1) },
	"MarkPreKeysAsUploaded": func(ctx context.Context, d *store.Device) error { return d.PreKeys.MarkPreKeysAsUploaded(ctx, 3) },
	"PutSenderKey": func(ctx context.Context, d *store.Device) error {
		return d.SenderKeys.PutSenderKey(ctx, "group", addressOf(1), []byte("stale"))
	},
	"PutAppStateSyncKey": func(ctx context.Context, d *store.Device) error {
		return d.AppStateKeys.PutAppStateSyncKey(ctx, []byte("id"), store.AppStateSyncKey{Data: []byte("stale"), Timestamp: 9})
	},
	"PutAppStateVersion": func(ctx context.Context, d *store.Device) error {
		return d.AppState.PutAppStateVersion(ctx, "regular", 9, [128]byte{9})
	},
	"DeleteAppStateVersion": func(ctx context.Context, d *store.Device) error {
		return d.AppState.DeleteAppStateVersion(ctx, "regular")
	},
	"PutAppStateMutationMACs": func(ctx context.Context, d *store.Device) error {
		return d.AppState.PutAppStateMutationMACs(ctx, "regular", 9, []store.AppStateMutationMAC{{IndexMAC: []byte("i"), ValueMAC: []byte("stale")}})
	},
	"DeleteAppStateMutationMACs": func(ctx context.Context, d *store.Device) error {
		return d.AppState.DeleteAppStateMutationMACs(ctx, "regular", [][]byte{[]byte("i")})
	},
	"PutPushName": func(ctx context.Context, d *store.Device) error {
		_, _, err := d.Contacts.PutPushName(ctx, lid, "stale")
		return err
	},
	"PutBusinessName": func(ctx context.Context, d *store.Device) error {
		_, _, err := d.Contacts.PutBusinessName(ctx, lid, "stale")
		return err
	},
	"PutContactName": func(ctx context.Context, d *store.Device) error {
		return d.Contacts.PutContactName(ctx, lid, "stale", "stale")
	},
	"PutManyRedactedPhones": func(ctx context.Context, d *store.Device) error {
		return d.Contacts.PutManyRedactedPhones(ctx, []store.RedactedPhoneEntry{{JID: lid, RedactedPhone: "stale"}})
	},
	"PutMutedUntil": func(ctx context.Context, d *store.Device) error {
		return d.ChatSettings.PutMutedUntil(ctx, lid, time.Unix(9, 0))
	},
	"PutPinned":   func(ctx context.Context, d *store.Device) error { return d.ChatSettings.PutPinned(ctx, lid, true) },
	"PutArchived": func(ctx context.Context, d *store.Device) error { return d.ChatSettings.PutArchived(ctx, lid, true) },
	"PutMessageSecret": func(ctx context.Context, d *store.Device) error {
		return d.MsgSecrets.PutMessageSecret(ctx, lid, lid, "STALE", []byte("stale"))
	},
	"PutPrivacyTokens": func(ctx context.Context, d *store.Device) error {
		return d.PrivacyTokens.PutPrivacyTokens(ctx, store.PrivacyToken{User: lid, Token: []byte("stale"), Timestamp: time.Now()})
	},
	"DeleteExpiredPrivacyTokens": func(ctx context.Context, d *store.Device) error {
		_, err := d.PrivacyTokens.DeleteExpiredPrivacyTokens(ctx, time.Now().Add(time.Hour))
		return err
	},
	"PutNCTSalt":    func(ctx context.Context, d *store.Device) error { return d.NCTSalt.PutNCTSalt(ctx, []byte("stale")) },
	"DeleteNCTSalt": func(ctx context.Context, d *store.Device) error { return d.NCTSalt.DeleteNCTSalt(ctx) },
	"PutBufferedEvent": func(ctx context.Context, d *store.Device) error {
		return d.EventBuffer.PutBufferedEvent(ctx, [32]byte{9}, []byte("stale"), time.Now())
	},
	"ClearBufferedEventPlaintext": func(ctx context.Context, d *store.Device) error {
		for n := range byte(64) { // as many as are written together
			if err := d.EventBuffer.ClearBufferedEventPlaintext(ctx, [32]byte{1, n}); err != nil {
				return err
			}
		}
		return nil
	},
	"AddOutgoingEvent": func(ctx context.Context, d *store.Device) error {
		return d.EventBuffer.AddOutgoingEvent(ctx, lid, "STALE", "wa", []byte("stale"))
	},
	"PutLIDMapping": func(ctx context.Context, d *store.Device) error {
		return d.LIDs.PutLIDMapping(ctx, types.NewJID("1009", types.HiddenUserServer), types.NewJID("9999", types.DefaultUserServer))
	},
	"DoDecryptionTxn": func(ctx context.Context, d *store.Device) error {
		return d.EventBuffer.DoDecryptionTxn(ctx, func(ctx context.Context) error {
			return d.Sessions.PutSession(ctx, addressOf(1), []byte("stale"))
		})
	},
}

// settle writes what each of writes would change.
func settle(t *testing.T, d *store.Device, content string) {
	t.Helper()
	ctx := t.Context()
	_, _, nameErr := d.Contacts.PutPushName(ctx, lid, content)
	_, keysErr := d.PreKeys.GetOrGenPreKeys(ctx, 3)
	check(t, errors.Join(
		nameErr, keysErr,
		d.Sessions.PutManySessions(ctx, map[string][]byte{addressOf(1): []byte(content), addressOf(3): []byte(content), ana.SignalAddress().String(): []byte(content)}),
		d.Identities.PutIdentity(ctx, addressOf(1), [32]byte{1}), d.Identities.PutIdentity(ctx, addressOf(3), [32]byte{1}),
		d.SenderKeys.PutSenderKey(ctx, "group", addressOf(1), []byte(content)),
		d.AppStateKeys.PutAppStateSyncKey(ctx, []byte("id"), store.AppStateSyncKey{Data: []byte(content), Timestamp: 1}),
		d.AppState.PutAppStateVersion(ctx, "regular", 1, [128]byte{1}),
		d.AppState.PutAppStateMutationMACs(ctx, "regular", 1, []store.AppStateMutationMAC{{IndexMAC: []byte("i"), ValueMAC: []byte(content)}}),
		d.ChatSettings.PutPinned(ctx, lid, false),
		d.MsgSecrets.PutMessageSecret(ctx, lid, lid, "ID", []byte(content)),
		d.PrivacyTokens.PutPrivacyTokens(ctx, store.PrivacyToken{User: lid, Token: []byte(content), Timestamp: time.Unix(1_700_000_000, 0)}),
		d.NCTSalt.PutNCTSalt(ctx, []byte(content)),
		d.EventBuffer.PutBufferedEvent(ctx, [32]byte{1}, []byte(content), time.Now()),
		d.EventBuffer.AddOutgoingEvent(ctx, lid, "ID", "wa", []byte(content)),
	))
}
