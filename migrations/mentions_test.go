package migrations_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/migrations"
)

func TestMain(m *testing.M) {
	os.Exit(mongotest.Run(m, func(context.Context, *mongo.Database) error { return nil }))
}

// Rows from before are found by what they name, too, and the step can be run
// again when it broke off.
func TestOldMessagesNameWhatTheyNamed(t *testing.T) {
	t.Parallel()
	db := mongotest.Fresh(t)
	ctx := t.Context()
	if err := mongodb.Migrate(ctx, db, migrations.All()[:4]); err != nil {
		t.Fatal(err)
	}
	type doc = bson.M
	channel := bson.NewObjectID()
	rows := map[string]struct {
		row  doc
		want []string
	}{
		"a plain text":      {doc{"content": doc{"type": "text", "text": "oi"}}, nil},
		"one of a group":    {doc{"author": doc{"id": "5521988880001"}}, []string{"by:5521988880001"}},
		"one with emojis":   {doc{"reactions": bson.A{doc{"author": doc{"id": "self"}}, doc{"author": doc{"id": "5521988880002"}}}}, []string{"by:5521988880002"}},
		"a quote":           {doc{"quotedMessage": doc{"id": "wamid.Q", "author": doc{"kind": "phone", "value": "5521988880003"}}}, []string{"by:5521988880003", "of:wamid.Q"}},
		"a quote of nobody": {doc{"quotedMessage": doc{"id": "wamid.N", "author": doc{"kind": "", "value": ""}}}, []string{"of:wamid.N"}},
		"a reaction":        {doc{"content": doc{"type": "reaction", "target": "wamid.T"}}, []string{"of:wamid.T"}},
	}
	for name, c := range rows {
		c.row["_id"], c.row["channelId"] = bson.NewObjectID(), channel
		if _, err := db.Collection("messages").InsertOne(ctx, c.row); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	for range 2 {
		if err := migrations.All()[4].Up(ctx, db); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range rows {
		var got struct {
			Mentions []string `bson:"mentions"`
		}
		if err := db.Collection("messages").FindOne(ctx, doc{"_id": c.row["_id"]}).Decode(&got); err != nil {
			t.Fatal(err)
		}
		slices.Sort(got.Mentions)
		if fmt.Sprint(got.Mentions) != fmt.Sprint(c.want) {
			t.Errorf("%s names %v, want %v", name, got.Mentions, c.want)
		}
	}
}
