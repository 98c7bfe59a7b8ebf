package memstore

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
)

var (
	anaPN  = types.NewJID("5521988887777", types.DefaultUserServer)
	anaLID = types.NewJID("100000000000001", types.HiddenUserServer)
)

func newDevice(t *testing.T) (*Container, *store.Device) {
	t.Helper()
	c := New()
	d := c.NewDevice()
	id := types.JID{User: "5521977776666", Device: 1, Server: types.DefaultUserServer}
	d.ID = &id
	must(t, d.Save(t.Context()))
	return c, d
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestDevices(t *testing.T) {
	c, d := newDevice(t)
	ctx := t.Context()
	must(t, d.Sessions.PutSession(ctx, "a:1", []byte("s")))
	d.PushName = "not saved"
	again := c.Device(*d.ID)
	if again.PushName != "" || *again.ID != *d.ID || !again.Initialized {
		t.Errorf("loaded %+v", again)
	}
	if s, _ := again.Sessions.GetSession(ctx, "a:1"); string(s) != "s" {
		t.Error("a device that is loaded again has other rows")
	}
	must(t, d.Save(ctx))
	if list := c.Devices(); len(list) != 1 || list[0].PushName != "not saved" {
		t.Errorf("devices = %v", list)
	}
	must(t, d.Delete(ctx))
	if c.Device(*again.ID) != nil || len(c.Devices()) != 0 {
		t.Error("a deleted device is still there")
	}
	unpaired := c.NewDevice()
	if err := unpaired.Save(ctx); !errors.Is(err, ErrNoID) {
		t.Errorf("saved without an id: %v", err)
	}
	if err := c.DeleteDevice(ctx, unpaired); !errors.Is(err, ErrNoID) {
		t.Errorf("deleted without an id: %v", err)
	}
}

func TestAddresses(t *testing.T) {
	c := New()
	ctx := t.Context()
	must(t, c.PutManyLIDMappings(ctx, []store.LIDMapping{{}, {LID: anaLID, PN: anaPN}, {LID: anaPN, PN: anaLID}}))
	third := anaPN
	third.Device = 3
	if lid, _ := c.GetLIDForPN(ctx, third); lid.User != anaLID.User || lid.Device != 3 || lid.Server != types.HiddenUserServer {
		t.Errorf("lid = %v", lid)
	}
	if pn, _ := c.GetPNForLID(ctx, anaLID); pn != anaPN {
		t.Errorf("pn = %v", pn)
	}
	unknown := types.NewJID("1", types.DefaultUserServer)
	if many, _ := c.GetManyLIDsForPNs(ctx, []types.JID{third, unknown}); len(many) != 1 || many[third].Device != 3 {
		t.Errorf("many = %v", many)
	}
	if lid, _ := c.GetLIDForPN(ctx, unknown); !lid.IsEmpty() {
		t.Errorf("lid of nobody = %v", lid)
	}
	moved := types.NewJID("100000000000002", types.HiddenUserServer)
	must(t, c.PutLIDMapping(ctx, moved, anaPN))
	if pn, _ := c.GetPNForLID(ctx, anaLID); !pn.IsEmpty() {
		t.Errorf("the old address still leads to %v", pn)
	}
	must(t, c.PutLIDMapping(ctx, moved, unknown))
	if lid, _ := c.GetLIDForPN(ctx, anaPN); !lid.IsEmpty() {
		t.Errorf("the old number still leads to %v", lid)
	}
}

func TestSessionsAndIdentities(t *testing.T) {
	_, d := newDevice(t)
	ctx := t.Context()
	must(t, d.Sessions.PutManySessions(ctx, map[string][]byte{"a:0": []byte("0"), "a:1": []byte("1"), "ab:0": []byte("x")}))
	many, err := d.Sessions.GetManySessions(ctx, []string{"a:0", "none:0"})
	must(t, err)
	if missing, there := many["none:0"]; !there || missing != nil || string(many["a:0"]) != "0" {
		t.Errorf("many = %v", many)
	}
	must(t, d.Sessions.DeleteAllSessions(ctx, "a"))
	if has, _ := d.Sessions.HasSession(ctx, "a:1"); has {
		t.Error("a deleted session")
	}
	if has, _ := d.Sessions.HasSession(ctx, "ab:0"); !has {
		t.Error("somebody else's session was deleted")
	}
	must(t, d.Sessions.DeleteSession(ctx, "ab:0"))
	if s, _ := d.Sessions.GetSession(ctx, "ab:0"); s != nil {
		t.Error("a deleted session")
	}
	key := [32]byte{1}
	trusted := func(address string, k [32]byte) bool {
		ok, err := d.Identities.IsTrustedIdentity(ctx, address, k)
		must(t, err)
		return ok
	}
	must(t, d.Identities.PutIdentity(ctx, "a:0", key))
	must(t, d.Identities.PutIdentity(ctx, "a:1", key))
	if !trusted("a:0", key) || trusted("a:0", [32]byte{2}) || !trusted("new:0", key) {
		t.Error("trust")
	}
	must(t, d.Identities.DeleteIdentity(ctx, "a:0"))
	if !trusted("a:0", [32]byte{2}) || trusted("a:1", [32]byte{2}) {
		t.Error("one identity was to be deleted")
	}
	must(t, d.Identities.DeleteAllIdentities(ctx, "a"))
	if !trusted("a:1", [32]byte{2}) {
		t.Error("all identities were to be deleted")
	}
}

func TestMigration(t *testing.T) {
	_, d := newDevice(t)
	ctx := t.Context()
	from, to := anaPN.SignalAddressUser()+":2", anaLID.SignalAddressUser()+":2"
	must(t, d.Sessions.PutSession(ctx, from, []byte("new")))
	must(t, d.Sessions.PutSession(ctx, to, []byte("old")))
	must(t, d.Identities.PutIdentity(ctx, from, [32]byte{7}))
	must(t, d.SenderKeys.PutSenderKey(ctx, "g", from, []byte("k")))
	must(t, d.Sessions.MigratePNToLID(ctx, anaPN, anaLID))
	if s, _ := d.Sessions.GetSession(ctx, to); string(s) != "new" {
		t.Errorf("session = %q", s)
	}
	if has, _ := d.Sessions.HasSession(ctx, from); has {
		t.Error("the session is at both addresses")
	}
	if ok, _ := d.Identities.IsTrustedIdentity(ctx, to, [32]byte{8}); ok {
		t.Error("the identity did not move")
	}
	if k, _ := d.SenderKeys.GetSenderKey(ctx, "g", to); string(k) != "k" {
		t.Errorf("sender key = %q", k)
	}
	if k, _ := d.SenderKeys.GetSenderKey(ctx, "g", from); k != nil {
		t.Error("the sender key is at both addresses")
	}
}

func TestPreKeys(t *testing.T) {
	_, d := newDevice(t)
	ctx := t.Context()
	first, err := d.PreKeys.GetOrGenPreKeys(ctx, 3)
	must(t, err)
	again, err := d.PreKeys.GetOrGenPreKeys(ctx, 2)
	must(t, err)
	if len(first) != 3 || len(again) != 2 || again[0].KeyID != first[0].KeyID {
		t.Errorf("keys = %v, then %v", first, again)
	}
	must(t, d.PreKeys.MarkPreKeysAsUploaded(ctx, first[1].KeyID))
	if n, _ := d.PreKeys.UploadedPreKeyCount(ctx); n != 2 {
		t.Errorf("%d are uploaded", n)
	}
	single, err := d.PreKeys.GenOnePreKey(ctx)
	must(t, err)
	if n, _ := d.PreKeys.UploadedPreKeyCount(ctx); n != 3 || single.KeyID != 4 {
		t.Errorf("%d are uploaded, the newest is %d", n, single.KeyID)
	}
	must(t, d.PreKeys.RemovePreKey(ctx, single.KeyID))
	if k, _ := d.PreKeys.GetPreKey(ctx, single.KeyID); k != nil {
		t.Error("a removed key")
	}
	if k, _ := d.PreKeys.GetPreKey(ctx, first[0].KeyID); k == nil || *k.Priv != *first[0].Priv {
		t.Error("a key is not itself")
	}
	next, err := d.PreKeys.GenOnePreKey(ctx)
	must(t, err)
	if next.KeyID <= single.KeyID {
		t.Errorf("id %d was used before", next.KeyID)
	}
}

func TestTransactions(t *testing.T) {
	_, d := newDevice(t)
	ctx := t.Context()
	must(t, d.Sessions.PutSession(ctx, "a:0", []byte("before")))
	kept, err := d.PreKeys.GenOnePreKey(ctx)
	must(t, err)
	broken := errors.New("broken")
	work := func(end error) func(context.Context) error {
		return func(ctx context.Context) error {
			must(t, d.Sessions.PutSession(ctx, "a:0", []byte("after")))
			must(t, d.Sessions.PutSession(ctx, "b:0", []byte("new")))
			must(t, d.Identities.PutIdentity(ctx, "b:0", [32]byte{1}))
			must(t, d.PreKeys.RemovePreKey(ctx, kept.KeyID))
			must(t, d.SenderKeys.PutSenderKey(ctx, "g", "b:0", []byte("k")))
			return d.EventBuffer.DoDecryptionTxn(ctx, func(ctx context.Context) error {
				must(t, d.EventBuffer.PutBufferedEvent(ctx, [32]byte{1}, []byte("plain"), time.Unix(7, 0)))
				return end
			})
		}
	}
	if err := d.EventBuffer.DoDecryptionTxn(ctx, work(broken)); !errors.Is(err, broken) {
		t.Errorf("err = %v", err)
	}
	state := func() (session string, hasB, trusted, key, sender, event bool) {
		s, _ := d.Sessions.GetSession(ctx, "a:0")
		hasB, _ = d.Sessions.HasSession(ctx, "b:0")
		trusted, _ = d.Identities.IsTrustedIdentity(ctx, "b:0", [32]byte{2})
		k, _ := d.PreKeys.GetPreKey(ctx, kept.KeyID)
		g, _ := d.SenderKeys.GetSenderKey(ctx, "g", "b:0")
		e, _ := d.EventBuffer.GetBufferedEvent(ctx, [32]byte{1})
		return string(s), hasB, trusted, k != nil, g != nil, e != nil
	}
	if s, b, trusted, key, sender, event := state(); s != "before" || b || !trusted || !key || sender || event {
		t.Errorf("a failed transaction left %q %v %v %v %v %v", s, b, trusted, key, sender, event)
	}
	must(t, d.EventBuffer.DoDecryptionTxn(ctx, work(nil)))
	if s, b, trusted, key, sender, event := state(); s != "after" || !b || trusted || key || !sender || !event {
		t.Errorf("a transaction left %q %v %v %v %v %v", s, b, trusted, key, sender, event)
	}
}

func TestBufferedAndOutgoing(t *testing.T) {
	_, d := newDevice(t)
	ctx := t.Context()
	now := time.Now()
	r := d.EventBuffer.(*rows)
	r.now = func() time.Time { return now }
	hash := [32]byte{9}
	if e, _ := d.EventBuffer.GetBufferedEvent(ctx, hash); e != nil {
		t.Error("an event that never came")
	}
	must(t, d.EventBuffer.PutBufferedEvent(ctx, hash, []byte("plain"), time.Unix(7, 0)))
	must(t, d.EventBuffer.ClearBufferedEventPlaintext(ctx, hash))
	must(t, d.EventBuffer.ClearBufferedEventPlaintext(ctx, [32]byte{8}))
	if e, _ := d.EventBuffer.GetBufferedEvent(ctx, hash); e == nil || e.Plaintext != nil || e.ServerTime.Unix() != 7 {
		t.Errorf("event = %+v", e)
	}
	must(t, d.EventBuffer.AddOutgoingEvent(ctx, anaLID, "1", "wa", []byte("m")))
	if format, plain, _ := d.EventBuffer.GetOutgoingEvent(ctx, anaPN, anaLID, "1"); format != "wa" || string(plain) != "m" {
		t.Errorf("outgoing = %q %q", format, plain)
	}
	if format, _, _ := d.EventBuffer.GetOutgoingEvent(ctx, anaPN, anaLID, "2"); format != "" {
		t.Errorf("outgoing = %q", format)
	}
	must(t, d.EventBuffer.DeleteOldBufferedHashes(ctx))
	must(t, d.EventBuffer.DeleteOldOutgoingEvents(ctx))
	if len(r.buffered) != 1 || len(r.outgoing) != 1 {
		t.Error("what is young was deleted")
	}
	now = now.Add(keepBuffered + time.Minute)
	must(t, d.EventBuffer.DeleteOldBufferedHashes(ctx))
	must(t, d.EventBuffer.DeleteOldOutgoingEvents(ctx))
	if len(r.buffered) != 0 || len(r.outgoing) != 0 {
		t.Error("what is old is still there")
	}
}

func TestAppState(t *testing.T) {
	_, d := newDevice(t)
	ctx := t.Context()
	if id, _ := d.AppStateKeys.GetLatestAppStateSyncKeyID(ctx); id != nil {
		t.Errorf("latest of none = %v", id)
	}
	must(t, d.AppStateKeys.PutAppStateSyncKey(ctx, []byte{1}, store.AppStateSyncKey{Data: []byte("a"), Timestamp: 5}))
	must(t, d.AppStateKeys.PutAppStateSyncKey(ctx, []byte{1}, store.AppStateSyncKey{Data: []byte("older"), Timestamp: 4}))
	must(t, d.AppStateKeys.PutAppStateSyncKey(ctx, []byte{2}, store.AppStateSyncKey{Data: []byte("b"), Timestamp: 9}))
	if k, _ := d.AppStateKeys.GetAppStateSyncKey(ctx, []byte{1}); string(k.Data) != "a" {
		t.Errorf("key = %+v", k)
	}
	if k, _ := d.AppStateKeys.GetAppStateSyncKey(ctx, []byte{3}); k != nil {
		t.Errorf("key of none = %+v", k)
	}
	if id, _ := d.AppStateKeys.GetLatestAppStateSyncKeyID(ctx); !slices.Equal(id, []byte{2}) {
		t.Errorf("latest = %v", id)
	}
	if all, _ := d.AppStateKeys.GetAllAppStateSyncKeys(ctx); len(all) != 2 || all[0].Timestamp != 9 {
		t.Errorf("all = %v", all)
	}
	must(t, d.AppState.PutAppStateVersion(ctx, "c", 3, [128]byte{1}))
	if v, h, _ := d.AppState.GetAppStateVersion(ctx, "c"); v != 3 || h[0] != 1 {
		t.Errorf("version = %d", v)
	}
	must(t, d.AppState.PutAppStateMutationMACs(ctx, "c", 3, []store.AppStateMutationMAC{{IndexMAC: []byte("i"), ValueMAC: []byte("3")}, {IndexMAC: []byte("j"), ValueMAC: []byte("x")}}))
	must(t, d.AppState.PutAppStateMutationMACs(ctx, "c", 2, []store.AppStateMutationMAC{{IndexMAC: []byte("i"), ValueMAC: []byte("2")}}))
	if m, _ := d.AppState.GetAppStateMutationMAC(ctx, "c", []byte("i")); string(m) != "3" {
		t.Errorf("mac = %q", m)
	}
	must(t, d.AppState.DeleteAppStateMutationMACs(ctx, "c", [][]byte{[]byte("i")}))
	if m, _ := d.AppState.GetAppStateMutationMAC(ctx, "c", []byte("i")); m != nil {
		t.Errorf("deleted mac = %q", m)
	}
	must(t, d.AppState.DeleteAppStateVersion(ctx, "c"))
	if v, _, _ := d.AppState.GetAppStateVersion(ctx, "c"); v != 0 {
		t.Errorf("deleted version = %d", v)
	}
	if m, _ := d.AppState.GetAppStateMutationMAC(ctx, "c", []byte("j")); m != nil {
		t.Errorf("mac of a deleted collection = %q", m)
	}
}

func TestPeopleAndChats(t *testing.T) {
	_, d := newDevice(t)
	ctx := t.Context()
	if c, _ := d.Contacts.GetContact(ctx, anaPN); c.Found {
		t.Error("somebody unknown is found")
	}
	if changed, old, _ := d.Contacts.PutPushName(ctx, anaPN, "Ana"); !changed || old != "" {
		t.Errorf("first name: %v %q", changed, old)
	}
	if changed, _, _ := d.Contacts.PutPushName(ctx, anaPN, "Ana"); changed {
		t.Error("the same name is no change")
	}
	if changed, old, _ := d.Contacts.PutPushName(ctx, anaPN, "Aninha"); !changed || old != "Ana" {
		t.Errorf("second name: %v %q", changed, old)
	}
	if changed, _, _ := d.Contacts.PutBusinessName(ctx, anaPN, "Padaria"); !changed {
		t.Error("a business name is a change")
	}
	must(t, d.Contacts.PutContactName(ctx, anaPN, "Ana", "Ana Lima"))
	must(t, d.Contacts.PutAllContactNames(ctx, []store.ContactEntry{{JID: anaLID, FirstName: "B", FullName: "Bia"}}))
	must(t, d.Contacts.PutManyRedactedPhones(ctx, []store.RedactedPhoneEntry{{JID: anaLID, RedactedPhone: "+55 ** 77"}}))
	all, err := d.Contacts.GetAllContacts(ctx)
	must(t, err)
	want := types.ContactInfo{Found: true, FirstName: "Ana", FullName: "Ana Lima", PushName: "Aninha", BusinessName: "Padaria"}
	if len(all) != 2 || all[anaPN] != want || all[anaLID].RedactedPhone != "+55 ** 77" {
		t.Errorf("contacts = %+v", all)
	}
	if s, _ := d.ChatSettings.GetChatSettings(ctx, anaPN); s.Found {
		t.Error("settings of a chat that has none")
	}
	must(t, d.ChatSettings.PutArchived(ctx, anaPN, true))
	must(t, d.ChatSettings.PutPinned(ctx, anaPN, true))
	must(t, d.ChatSettings.PutMutedUntil(ctx, anaPN, store.MutedForever))
	if s, _ := d.ChatSettings.GetChatSettings(ctx, anaPN); !s.Found || !s.Archived || !s.Pinned || s.MutedUntil != store.MutedForever {
		t.Errorf("settings = %+v", s)
	}
}

func TestSecretsAndTokens(t *testing.T) {
	c, d := newDevice(t)
	ctx := t.Context()
	must(t, c.PutLIDMapping(ctx, anaLID, anaPN))
	must(t, d.MsgSecrets.PutMessageSecrets(ctx, []store.MessageSecretInsert{{}, {Chat: anaLID, Sender: anaLID, ID: "1", Secret: []byte("s")}}))
	must(t, d.MsgSecrets.PutMessageSecret(ctx, anaLID, anaLID, "1", []byte("second")))
	if key, sender, _ := d.MsgSecrets.GetMessageSecret(ctx, anaPN, anaPN, "1"); string(key) != "s" || sender != anaLID {
		t.Errorf("secret = %q of %v", key, sender)
	}
	if key, _, _ := d.MsgSecrets.GetMessageSecret(ctx, anaPN, anaPN, "2"); key != nil {
		t.Errorf("secret of none = %q", key)
	}
	given := time.Unix(100, 0)
	must(t, d.PrivacyTokens.PutPrivacyTokens(ctx, store.PrivacyToken{User: anaLID, Token: []byte("t"), Timestamp: time.Unix(10, 0), SenderTimestamp: given}))
	must(t, d.PrivacyTokens.PutPrivacyTokens(ctx, store.PrivacyToken{User: anaLID, Token: []byte("older"), Timestamp: time.Unix(9, 0)}))
	must(t, d.PrivacyTokens.PutPrivacyTokens(ctx, store.PrivacyToken{User: anaLID, Token: []byte("u"), Timestamp: time.Unix(11, 0)}))
	token, err := d.PrivacyTokens.GetPrivacyToken(ctx, anaPN)
	must(t, err)
	if string(token.Token) != "u" || token.User != anaPN || !token.SenderTimestamp.Equal(given) {
		t.Errorf("token = %+v", token)
	}
	if n, _ := d.PrivacyTokens.DeleteExpiredPrivacyTokens(ctx, time.Unix(12, 0)); n != 1 {
		t.Errorf("%d expired", n)
	}
	if token, _ := d.PrivacyTokens.GetPrivacyToken(ctx, anaPN); token != nil {
		t.Errorf("expired token = %+v", token)
	}
	must(t, d.NCTSalt.PutNCTSalt(ctx, []byte("salt")))
	if s, _ := d.NCTSalt.GetNCTSalt(ctx); string(s) != "salt" {
		t.Errorf("salt = %q", s)
	}
	must(t, d.NCTSalt.DeleteNCTSalt(ctx))
	if s, _ := d.NCTSalt.GetNCTSalt(ctx); s != nil {
		t.Errorf("deleted salt = %q", s)
	}
}
