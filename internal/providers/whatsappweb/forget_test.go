package whatsappweb

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/devicestore"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// naming finds the rows of devices that name somebody.
func (w *world) naming(p whatsapp.PhoneInfo) []string {
	w.Helper()
	var found []string
	for _, name := range []string{devicestore.Devices, devicestore.Rows, devicestore.LIDs} {
		cursor, err := mongotest.Database(w.T).Collection(name).Find(w.Context(), bson.D{})
		w.must(err)
		for cursor.Next(w.Context()) {
			if row := cursor.Current.String(); strings.Contains(row, p.Phone) || strings.Contains(row, p.LID) || strings.Contains(row, p.Name) {
				found = append(found, name+" "+row)
			}
		}
		w.must(cursor.Err())
	}
	return found
}

// stranger is somebody whom no other test's device has met.
func (w *world) stranger(number, name string) whatsapp.PhoneInfo {
	w.Helper()
	return w.person(func(c *whatsapp.PhoneConfig) { c.Phone, c.Name = number, name })
}

// Somebody is forgotten while the connection goes on, and heard again when they
// write, in their chat and in a group; somebody else never was unheard.
func TestForget(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, friend := w.person(), w.person()
	them := w.stranger("5521977001234", "Zózimo")
	l := w.fresh(owner)
	group := one(w.s.CreateGroup(them.Phone, whatsapp.GroupDraft{Subject: "grupo", Members: []string{owner.Phone, friend.Phone}}))(w)
	l.message(w.write(them, whatsapp.Draft{To: owner.Phone, Text: "um"}))
	l.message(w.write(them, whatsapp.Draft{To: group.ID, Text: "dois"}))
	l.message(w.write(friend, whatsapp.Draft{To: group.ID, Text: "três"}))
	l.send(l.text(phoneOf(them), "quatro"))
	w.showsText(them, "quatro")
	l.settled()
	if len(w.naming(them)) < 5 {
		t.Fatalf("the test is blind: %v", w.naming(them))
	}
	w.must(l.Forget(t.Context(), []providers.Address{phoneOf(them)}))
	w.must(l.Forget(t.Context(), []providers.Address{phoneOf(them), {Kind: providers.KindBSUID, Value: "BR.1"}}))
	if left := w.naming(them); len(left) > 0 {
		t.Errorf("left are:\n%s", strings.Join(left, "\n"))
	}
	if found, known := l.numbers.get(them.Phone); known {
		t.Errorf("the connection remembers %v", found)
	}
	// The owner's phone repeats what the device cannot read, by one address only.
	back := l.message(w.write(them, whatsapp.Draft{To: owner.Phone, Text: "cinco"}))
	if !slices.Equal(back.From.Addresses, []providers.Address{phoneOf(them), lidOf(them)}) {
		t.Errorf("they come back as %v", back.From.Addresses)
	}
	l.message(w.write(them, whatsapp.Draft{To: group.ID, Text: "seis"}))
	l.message(w.write(friend, whatsapp.Draft{To: owner.Phone, Text: "sete"}))
	l.send(l.text(phoneOf(them), "oito"))
	w.showsText(them, "oito")
}

// Of a message that may not be kept, the secret goes; those of others stay.
func TestForgetAMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.person()
	them := w.stranger("5521977001235", "Zenóbia")
	l := w.fresh(owner)
	group := one(w.s.CreateGroup(them.Phone, whatsapp.GroupDraft{Subject: "grupo", Members: []string{owner.Phone}}))(w)
	kept := w.write(them, whatsapp.Draft{To: owner.Phone, Text: "um"})
	dropped := []ids.ProviderMessage{w.write(them, whatsapp.Draft{To: owner.Phone, Text: "dois"}), w.write(them, whatsapp.Draft{To: group.ID, Text: "três"})}
	secrets := func(id ids.ProviderMessage) int {
		rows := w.naming(them)
		n := 0
		for _, row := range rows {
			if strings.Contains(row, "/secret/"+string(id)+"/") {
				n++
			}
		}
		return n
	}
	for _, id := range append(dropped, kept) {
		drop := l.dropping(l.message(id))
		l.settled()
		if secrets(id) != 1 {
			t.Fatalf("%d secrets of %s before", secrets(id), id)
		}
		if id != kept {
			w.must(drop(t.Context()))
		}
	}
	for _, id := range dropped {
		if n := secrets(id); n != 0 {
			t.Errorf("%d secrets of %s are left", n, id)
		}
	}
	if secrets(kept) != 1 {
		t.Error("the other message's secret is gone")
	}
	if drop := l.dropping(providers.StatusChanged{ID: kept}); drop != nil {
		t.Error("a status keeps nothing, and has something to drop")
	}
}

// A device that nobody has open is opened for it; then it works as ever.
func TestForgetWithoutAConnection(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.person()
	them := w.stranger("5521977001236", "Zulmira")
	l := w.fresh(owner)
	l.message(w.write(them, whatsapp.Draft{To: owner.Phone, Text: "um"}))
	l.settled()
	w.must(l.Close(t.Context()))
	unheld := l.channel
	unheld.Lease = nil
	if err := w.adapter.Forget(t.Context(), unheld, []providers.Address{lidOf(them)}); !errors.Is(err, ErrNoLease) {
		t.Errorf("without a lease: %v", err)
	}
	term := &lease{fence: 5}
	w.must(w.adapter.Forget(t.Context(), term.channel(l.channel.ID, owner.Phone), []providers.Address{lidOf(them)}))
	if left := w.naming(them); len(left) > 0 {
		t.Errorf("left are:\n%s", strings.Join(left, "\n"))
	}
	again := w.reopen(w.adapter, l.channel.ID, owner, 6, newSink())
	again.waitOpen()
	again.message(w.write(them, whatsapp.Draft{To: owner.Phone, Text: "dois"}))
}

// A discarded device is gone; the channel can be linked anew.
func TestDiscard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	l := w.fresh(w.person())
	w.must(l.Close(t.Context()))
	w.must(w.adapter.Discard(t.Context(), (&lease{fence: 5}).channel(l.channel.ID, l.owner.Phone)))
	again := w.reopen(w.adapter, l.channel.ID, l.owner, 6, newSink())
	again.code()
}
