package messages_test

import (
	"errors"
	"fmt"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/providers"
)

// Who hangs up in the middle of an export leaves nothing open in the store.
func TestAnExportThatIsCutOffClosesItsCursor(t *testing.T) {
	t.Parallel()
	w := apart(t)
	var in []providers.Inbound
	for i := range 110 { // more than the store hands out at once
		in = append(in, w.text("5521988889901", fmt.Sprintf("wamid.%d", i), "oi"))
	}
	w.accept(in...)
	one := w.contacts()[0]
	gone := errors.New("nobody listens any more")
	err := w.service.Export(t.Context(), contacts.Person{Account: w.channel.Account, Channel: w.channel.ID, Contact: one.ID, Family: []ids.Contact{one.ID}},
		func(string, any) error { return gone })
	if !errors.Is(err, gone) {
		t.Fatalf("the export came to %v", err)
	}
	cursor, err := mongotest.Client(t).Database("admin", options.Database().SetReadConcern(readconcern.Local())).Aggregate(t.Context(), mongo.Pipeline{
		{{Key: "$currentOp", Value: bson.D{{Key: "idleCursors", Value: true}}}},
		{{Key: "$match", Value: bson.D{{Key: "type", Value: "idleCursor"}, {Key: "ns", Value: w.db.Name() + "." + messages.Collection}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	var open []bson.M
	if err := cursor.All(t.Context(), &open); err != nil || len(open) > 0 {
		t.Errorf("%d cursors are open, %v", len(open), err)
	}
}
