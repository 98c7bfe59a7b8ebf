package migrations_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/migrations"
)

// Names from before are found by the words within them, too, and the keys of
// those without measure are cut.
func TestOldNamesAreFoundAndCut(t *testing.T) {
	t.Parallel()
	db := mongotest.Fresh(t)
	ctx := t.Context()
	all := migrations.All()
	at := slices.IndexFunc(all, func(m mongodb.Migration) bool { return m.Name == "contact_names" })
	if err := mongodb.Migrate(ctx, db, all[:at]); err != nil {
		t.Fatal(err)
	}
	rows := db.Collection("contacts")
	insert := func(row bson.M) bson.ObjectID {
		t.Helper()
		id := bson.NewObjectID()
		usual := bson.M{
			"_id": id, "channelId": bson.NewObjectID(), "accountId": "a", "type": "individual", "condition": "live", "contactIdentifier": id.Hex(),
			"nameKey": row["name"], "names": row["name"], "isIgnored": false, "createdAt": time.Now(), "search": bson.A{"old"},
		}
		for field, value := range usual {
			if _, set := row[field]; !set {
				row[field] = value
			}
		}
		if _, err := rows.InsertOne(ctx, row); err != nil {
			t.Fatal(err)
		}
		return id
	}
	bracket := insert(bson.M{"name": "ana (padaria)"})
	custom := insert(bson.M{"name": "ana", "customName": "bia"})
	plain := insert(bson.M{"name": "ana lima"})
	long := insert(bson.M{"name": strings.Repeat("ж", 500)})
	for range 2 {
		if err := all[at].Up(ctx, db); err != nil {
			t.Fatal(err)
		}
	}
	for id, want := range map[bson.ObjectID]string{bracket: "pad", custom: "bia", plain: "old", long: "old"} {
		var got struct {
			Search  []string `bson:"search"`
			NameKey string   `bson:"nameKey"`
		}
		if err := rows.FindOne(ctx, bson.D{{Key: "_id", Value: id}}).Decode(&got); err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(got.Search, want) || len(got.NameKey) > 200 || got.NameKey == "" {
			t.Errorf("a contact is found by %q and sorted by %q, want %q", got.Search, got.NameKey, want)
		}
	}
}
