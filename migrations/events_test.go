package migrations_test

import (
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/events/eventstest"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/migrations"
)

// Events that had a row of their own keep their positions, their turn and their
// deliveries; those from before there were positions go.
func TestOldEventsAreBatches(t *testing.T) {
	t.Parallel()
	db := mongotest.Fresh(t)
	ctx := t.Context()
	if err := mongodb.Migrate(ctx, db, migrations.All()[:6]); err != nil {
		t.Fatal(err)
	}
	type doc = bson.M
	account, now := ids.NewAccount(), time.Now().UTC().Truncate(time.Second)
	row := func(more doc) ids.Event {
		id := ids.New[ids.Event]()
		all := doc{"_id": id, "accountId": account, "type": "message.received", "platformConfigIds": bson.A{}, "createdAt": now, "expiresAt": now.Add(time.Hour), "facts": doc{"n": 1}}
		for field, value := range more {
			all[field] = value
		}
		if _, err := db.Collection("events").InsertOne(ctx, all); err != nil {
			t.Fatal(err)
		}
		return id
	}
	placed, waiting := row(doc{"position": int64(7), "sequence": int64(3)}), row(doc{"unplaced": true})
	row(doc{})
	delivery := doc{"_id": bson.NewObjectID(), "accountId": account, "platformConfigId": bson.NewObjectID(), "platformSlug": "console", "eventId": placed, "type": "message.received",
		"position": int64(7), "key": bson.NewObjectID(), "status": "pending", "tries": 0, "pendingSince": now, "createdAt": now, "expiresAt": now}
	if _, err := db.Collection("deliveries").InsertOne(ctx, delivery); err != nil {
		t.Fatal(err)
	}
	for range 2 { // as after a break
		if err := migrations.All()[6].Up(ctx, db); err != nil {
			t.Fatal(err)
		}
	}
	rows := eventstest.Rows(t, db, account)
	if len(rows) != 2 || rows[0].ID != placed || rows[0].Position != 7 || rows[0].Sequence != 3 || len(rows[0].Facts) != 1 || !rows[0].ExpiresAt.IsZero() ||
		rows[1].ID != waiting || rows[1].Position != 0 {
		t.Errorf("events: %+v", rows)
	}
	var kept events.Delivery
	if err := db.Collection("deliveries").FindOne(ctx, doc{"_id": delivery["_id"]}).Decode(&kept); err != nil || kept.Batch != ids.EventBatch(placed) {
		t.Errorf("the delivery's batch is %s, want %s: %v", kept.Batch, placed, err)
	}
	for field, value := range map[string]any{"unplaced": true, "last": int64(7)} {
		if n, err := db.Collection(events.Collection).CountDocuments(ctx, doc{field: value}); err != nil || n != 1 {
			t.Errorf("%d batches with %s %v: %v", n, field, value, err)
		}
	}
}

// Deliveries that had a row of their own are found by their ids, and those that
// wait, wait.
func TestOldDeliveriesAreBatches(t *testing.T) {
	t.Parallel()
	db := mongotest.Fresh(t)
	ctx := t.Context()
	if err := mongodb.Migrate(ctx, db, migrations.All()[:17]); err != nil {
		t.Fatal(err)
	}
	type doc = bson.M
	now := time.Now().UTC().Truncate(time.Second)
	for _, status := range []string{"pending", "delivered"} {
		row := doc{"_id": bson.NewObjectID(), "accountId": ids.NewAccount(), "platformConfigId": bson.NewObjectID(), "platformSlug": "console", "eventId": bson.NewObjectID(),
			"batchId": bson.NewObjectID(), "type": "message.received", "position": int64(7), "key": bson.NewObjectID(), "status": status, "tries": 2, "pendingSince": now.Add(-time.Minute),
			"attempts": bson.A{doc{"at": now, "status": 503, "latencyMs": int64(3)}}, "createdAt": now.Add(-time.Hour), "expiresAt": now.Add(time.Hour)}
		if _, err := db.Collection("deliveries").InsertOne(ctx, row); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // as after a break
		if err := migrations.All()[17].Up(ctx, db); err != nil {
			t.Fatal(err)
		}
	}
	cursor, err := db.Collection(events.DeliveriesCollection).Find(ctx, doc{})
	var rows []events.DeliveryBatch
	if err == nil {
		err = cursor.All(ctx, &rows)
	}
	if err != nil || len(rows) != 2 {
		t.Fatalf("%d rows: %v", len(rows), err)
	}
	for _, row := range rows {
		if len(row.Deliveries) != 1 {
			t.Fatalf("row %+v", row)
		}
		d, waits := row.Deliveries[0], row.Deliveries[0].Status == events.Pending
		if ids.DeliveryBatch(d.ID) != row.ID || row.Pending != waits || (row.Left == 1) != waits || row.Last != 7 || d.Position != 7 || d.Tries != 2 || len(d.Attempts) != 1 ||
			row.Account == "" || d.Account != "" || !row.CreatedAt.Equal(now.Add(-time.Hour)) || !d.CreatedAt.IsZero() || !d.PendingSince.Equal(now.Add(-time.Minute)) {
			t.Errorf("row %+v", row)
		}
	}
}
