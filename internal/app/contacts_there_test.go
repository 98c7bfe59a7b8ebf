package app_test

import (
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// Who was merged into somebody is there for as long as they are.
func TestAMergedContactIsThereWithItsSurvivor(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	rows := w.App.DB.Collection(contacts.Collection)
	made := func(condition contacts.Condition, into ids.Contact) ids.Contact {
		row := contacts.NewContact(ids.New[ids.Contact](), w.Account, w.D360, contacts.Individual, []providers.Address{{Kind: providers.KindPhone, Value: apptest.Phone()}}, "Ana", time.Now())
		row.Condition, row.MergedInto = condition, into
		if _, err := rows.InsertOne(t.Context(), row); err != nil {
			t.Fatal(err)
		}
		return row.ID
	}
	live, erasing := made(contacts.Live, ids.Contact{}), made(contacts.Erasing, ids.Contact{})
	for id, want := range map[ids.Contact]bool{
		live: true, erasing: false, made(contacts.Merged, live): true, made(contacts.Merged, erasing): false, ids.New[ids.Contact](): false,
	} {
		if there, err := w.App.Rooms.Contacts.There(t.Context(), id); err != nil || there != want {
			t.Errorf("contact %s is there: %v, want %v; %v", id, there, want, err)
		}
	}
	if _, err := rows.DeleteMany(t.Context(), bson.D{{Key: "_id", Value: erasing}}); err != nil {
		t.Fatal(err)
	}
}
