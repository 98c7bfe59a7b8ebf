package storetest

import (
	"fmt"
	"time"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
)

func (b *bench) contact(user types.JID, want types.ContactInfo) {
	b.Helper()
	b.twice(func(d *store.Device) {
		got, err := d.Contacts.GetContact(b.Context(), user)
		same(b, "contact", got, err, want)
	})
}

func contacts(b *bench) {
	p, ctx := somebody(), b.Context()
	rename := func(put func() (bool, string, error), changed bool, old string) {
		b.Helper()
		got, previous, err := put()
		same(b, "changed", got, err, changed)
		same(b, "was before", previous, err, old)
	}
	push := func(name string) func() (bool, string, error) {
		return func() (bool, string, error) { return b.device.Contacts.PutPushName(ctx, p.lid, name) }
	}
	business := func(name string) func() (bool, string, error) {
		return func() (bool, string, error) { return b.device.Contacts.PutBusinessName(ctx, p.lid, name) }
	}
	b.contact(p.lid, types.ContactInfo{})
	rename(push("Ana"), true, "")
	rename(push("Ana"), false, "")
	b.contact(p.lid, types.ContactInfo{Found: true, PushName: "Ana"})
	rename(push("Ana"), false, "")
	rename(push("Bia"), true, "Ana")
	rename(business("Shop"), true, "")
	rename(business("Shop"), false, "")
	rename(business("Store"), true, "Shop")
	b.contact(p.lid, types.ContactInfo{Found: true, PushName: "Bia", BusinessName: "Store"})
	b.contact(p.pn, types.ContactInfo{})
}

func contactsAddressBook(b *bench) {
	p, q, r, ctx := somebody(), somebody(), somebody(), b.Context()
	_, _, err := b.device.Contacts.PutPushName(ctx, p.pn, "Push")
	b.ok(err)
	// The client passes the first name first.
	b.ok(b.device.Contacts.PutContactName(ctx, p.pn, "First", "First Last"))
	want := types.ContactInfo{Found: true, FirstName: "First", FullName: "First Last", PushName: "Push"}
	b.contact(p.pn, want)
	b.ok(b.device.Contacts.PutAllContactNames(ctx, []store.ContactEntry{
		{JID: q.pn, FirstName: "Q", FullName: "Q R"},
		{JID: p.pn, FirstName: "F", FullName: "F L"},
		{JID: q.pn, FirstName: "Q", FullName: "Q R"},
	}))
	b.ok(b.device.Contacts.PutAllContactNames(ctx, nil))
	b.ok(b.device.Contacts.PutContactName(ctx, r.pn, "", ""))
	want.FirstName, want.FullName = "F", "F L"
	b.twice(func(d *store.Device) {
		all, err := d.Contacts.GetAllContacts(ctx)
		delete(all, r.pn) // nameless: kept or not
		same(b, "all contacts", all, err, map[types.JID]types.ContactInfo{
			p.pn: want, q.pn: {Found: true, FirstName: "Q", FullName: "Q R"},
		})
	})
}

func contactsMany(b *bench) {
	const many = 1500 // an address book
	entries := make([]store.ContactEntry, many)
	for i := range entries {
		entries[i] = store.ContactEntry{JID: somebody().pn, FirstName: "F", FullName: fmt.Sprint("F ", i)}
	}
	b.ok(b.device.Contacts.PutAllContactNames(b.Context(), entries))
	b.twice(func(d *store.Device) {
		all, err := d.Contacts.GetAllContacts(b.Context())
		same(b, "how many", len(all), err, many)
		same(b, "the last", all[entries[many-1].JID].FullName, nil, fmt.Sprint("F ", many-1))
	})
}

func redactedPhones(b *bench) {
	p, q, ctx := somebody(), somebody(), b.Context()
	_, _, err := b.device.Contacts.PutPushName(ctx, p.lid, "Push")
	b.ok(err)
	b.ok(b.device.Contacts.PutManyRedactedPhones(ctx, []store.RedactedPhoneEntry{
		{JID: p.lid, RedactedPhone: "+999····11"}, {JID: q.lid, RedactedPhone: "+999····22"},
	}))
	b.ok(b.device.Contacts.PutManyRedactedPhones(ctx, nil))
	b.contact(p.lid, types.ContactInfo{Found: true, PushName: "Push", RedactedPhone: "+999····11"})
	b.contact(q.lid, types.ContactInfo{Found: true, RedactedPhone: "+999····22"})
}

func chatSettings(b *bench) {
	chat, ctx := somebody().lid, b.Context()
	check := func(want types.LocalChatSettings) {
		b.Helper()
		b.twice(func(d *store.Device) {
			got, err := d.ChatSettings.GetChatSettings(ctx, chat)
			if !got.MutedUntil.Equal(want.MutedUntil) {
				b.Errorf("muted until %v, want %v", got.MutedUntil, want.MutedUntil)
			}
			got.MutedUntil = want.MutedUntil
			same(b, "settings", got, err, want)
		})
	}
	at := time.Unix(1_900_000_000, 0)
	check(types.LocalChatSettings{})
	b.ok(b.device.ChatSettings.PutPinned(ctx, chat, true))
	check(types.LocalChatSettings{Found: true, Pinned: true})
	b.ok(b.device.ChatSettings.PutMutedUntil(ctx, chat, at))
	b.ok(b.device.ChatSettings.PutArchived(ctx, chat, true))
	check(types.LocalChatSettings{Found: true, Pinned: true, Archived: true, MutedUntil: at})
	b.ok(b.device.ChatSettings.PutMutedUntil(ctx, chat, store.MutedForever))
	b.ok(b.device.ChatSettings.PutPinned(ctx, chat, false))
	check(types.LocalChatSettings{Found: true, Archived: true, MutedUntil: store.MutedForever})
	b.ok(b.device.ChatSettings.PutMutedUntil(ctx, chat, time.Time{}))
	check(types.LocalChatSettings{Found: true, Archived: true})
}
