package app_test

import (
	"net/http"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/devicestore"
)

// An account that is deleted right after its channels leaves nothing of its
// linked device: the keys of that were still to be deleted.
func TestADeletedAccountLeavesNoDevice(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Link()
	step(w, "disconnect") // nobody to unlink the device
	rows := func(collection string, filter bson.D) int64 {
		return must(w.App.DB.Collection(collection).CountDocuments(t.Context(), filter))
	}
	device := bson.D{{Key: "_id", Value: w.WhatsApp}, {Key: "pairing", Value: bson.D{{Key: "$exists", Value: true}}}}
	var linked struct {
		Pairing struct {
			ID bson.ObjectID `bson:"id"`
		}
	}
	if err := w.App.DB.Collection(devicestore.Devices).FindOne(t.Context(), device).Decode(&linked); err != nil {
		t.Fatal(err)
	}
	keys := bson.D{{Key: "_id", Value: bson.Regex{Pattern: "^" + linked.Pairing.ID.Hex()}}}
	if rows(devicestore.Rows, keys) == 0 {
		t.Fatal("no device is linked")
	}
	for _, path := range []string{"/channels/" + w.WhatsApp.String(), "/channels/" + w.D360.String(), ""} {
		if a := w.Do(apptest.Request{Method: http.MethodDelete, Path: w.Base() + path, Key: apptest.AdminKey}); a.Status != http.StatusNoContent {
			t.Fatalf("deleting %s: %s", path, a)
		}
	}
	w.Eventually("the device to go", func() bool {
		return rows(devicestore.Devices, device)+rows(devicestore.Rows, keys)+rows(channels.Collection, bson.D{{Key: "accountId", Value: w.Account}}) == 0
	})
}
