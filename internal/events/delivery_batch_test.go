package events

import (
	"context"
	"slices"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
)

// Deliveries of one platform share rows, in their order; what is fleeting is alone,
// and an id tells its row.
func TestDeliveriesShareRows(t *testing.T) {
	t.Parallel()
	s := &Service{deliveryIDs: newDeliveryIDs()}
	one, other, now := ids.New[ids.PlatformConfig](), ids.New[ids.PlatformConfig](), time.Now()
	var offers []offered
	for i := range 2*deliveriesMost + 1 {
		d := Delivery{Platform: one, Slug: "one", Position: int64(i + 1), Status: Pending, CreatedAt: now, PendingSince: now, ExpiresAt: now, PassesOn: i == 1}
		if i == 2 {
			d.Platform, d.Slug, d.Status = other, "other", Failed
		}
		offers = append(offers, offered{Delivery: d})
	}
	rows := s.packed(offers)
	var sizes []int
	var last ids.DeliveryBatch
	for _, row := range rows {
		sizes = append(sizes, len(row.Deliveries))
		if slices.Compare(row.ID[:], last[:]) <= 0 || ids.Delivery(row.ID) != row.Deliveries[0].ID {
			t.Errorf("row %s behind %s begins with %s", row.ID, last, row.Deliveries[0].ID)
		}
		if last = row.ID; row.Last != row.Deliveries[len(row.Deliveries)-1].Position || row.Pending == (row.Slug == "other") || row.Left != len(row.Deliveries) && row.Pending {
			t.Errorf("row %+v", row)
		}
		for i, d := range row.Deliveries {
			if d.Slug != "" || !d.CreatedAt.IsZero() || i > 0 && d.Position <= row.Deliveries[i-1].Position {
				t.Errorf("delivery %+v", d)
			}
		}
	}
	if !slices.Equal(sizes, []int{1, 1, 1, deliveriesMost, deliveriesMost - 2}) {
		t.Errorf("rows of %d", sizes)
	}
	for _, o := range offers {
		if at := slices.IndexFunc(rows, func(row *DeliveryBatch) bool { return row.ID == o.In }); at < 0 || o.Slug == "" ||
			!slices.ContainsFunc(rows[at].Deliveries, func(d Delivery) bool { return d.ID == o.ID && d.Position == o.Position }) {
			t.Errorf("delivery %s of position %d is not in row %s", o.ID, o.Position, o.In)
		}
	}
}

// stored writes three pending deliveries and gives them as they are read.
func stored(t *testing.T) (*Service, []Delivery) {
	t.Helper()
	db := mongotest.Database(t)
	s := &Service{db: db, rows: db.Collection(DeliveriesCollection), deliveryIDs: newDeliveryIDs(), now: time.Now}
	account, config, now := ids.NewAccount(), ids.New[ids.PlatformConfig](), time.Now().UTC().Truncate(time.Millisecond)
	var offers []offered
	for i := range 3 {
		offers = append(offers, offered{Delivery: Delivery{Account: account, Platform: config, Slug: "console", Position: int64(i + 1), Status: Pending, CreatedAt: now, PendingSince: now, ExpiresAt: now.Add(time.Hour)}})
	}
	if err := mongodb.Transaction(t.Context(), db.Client(), func(ctx context.Context) error { return mongodb.Insert(ctx, s.rows, s.packed(offers)) }); err != nil {
		t.Fatal(err)
	}
	found, err := s.pending(t.Context(), account, config, 0, 10)
	if err != nil || len(found) != 3 {
		t.Fatalf("%d deliveries: %v", len(found), err)
	}
	for i, d := range found { // what is shared, too
		if d.ID != offers[i].ID || d.In != offers[i].In || d.Account != account || d.Slug != "console" || !d.PendingSince.Equal(now) || !d.CreatedAt.Equal(now) {
			t.Errorf("delivery %+v", d)
		}
	}
	return s, found
}

func (s *Service) again(t *testing.T, d Delivery) Delivery {
	t.Helper()
	found, err := s.find(t.Context(), &deliveryRequest{Account: d.Account, Delivery: d.ID})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// Marks of one writing change their own deliveries only, each as often as it was
// tried; those that come late change nothing.
func TestMarksChangeTheirOwn(t *testing.T) {
	t.Parallel()
	s, d := stored(t)
	at, next := time.Now().UTC().Truncate(time.Millisecond), time.Now().Add(time.Minute).UTC().Truncate(time.Millisecond)
	once := d[0]
	once.Tries, once.Refusals = 1, 1
	late := d[2]
	late.Tries = 7
	marks := []mark{
		{row: d[0], status: Pending, refused: true, nextAt: next, attempt: &Attempt{At: at, Status: 422, Error: "$no"}},
		{row: d[1], status: Failed, reason: "$gone"},
		{row: late, status: Delivered, attempt: &Attempt{At: at, Status: 200}},
	}
	for range 2 { // written twice, as after an answer that was lost
		if err := s.write(t.Context(), marks); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.again(t, d[0]); got.Status != Pending || got.Tries != 1 || got.Refusals != 1 || !got.NextAt.Equal(next) || len(got.Attempts) != 1 || got.Attempts[0].Error != "$no" {
		t.Errorf("refused: %+v", got)
	}
	if got := s.again(t, d[1]); got.Status != Failed || got.Tries != 1 || got.Error != "$gone" || len(got.Attempts) != 0 {
		t.Errorf("parked: %+v", got)
	}
	if got := s.again(t, d[2]); got.Status != Pending || got.Tries != 0 || len(got.Attempts) != 0 {
		t.Errorf("marked too late: %+v", got)
	}
	// Two marks of one delivery in one writing, and all that there is after it.
	err := s.write(t.Context(), []mark{
		{row: d[2], status: Pending, attempt: &Attempt{At: at, Status: 503}}, {row: once, status: Delivered, attempt: &Attempt{At: at, Status: 200}},
		{row: Delivery{ID: d[2].ID, In: d[2].In, Tries: 1}, status: Delivered, attempt: &Attempt{At: at, Status: 204}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.again(t, d[0]); got.Status != Delivered || got.Tries != 2 || !got.NextAt.IsZero() || len(got.Attempts) != 2 || got.Attempts[1].Status != 200 {
		t.Errorf("taken at last: %+v", got)
	}
	if got := s.again(t, d[2]); got.Status != Delivered || got.Tries != 2 || len(got.Attempts) != 2 {
		t.Errorf("tried twice: %+v", got)
	}
	var row DeliveryBatch
	if err := s.rows.FindOne(t.Context(), bson.D{{Key: "_id", Value: d[0].In}}).Decode(&row); err != nil || row.Pending || row.Left != 0 {
		t.Errorf("row %+v: %v", row, err)
	}
}

// What waits is counted by its rows, and altered with its number told.
func TestDeliveriesAreAltered(t *testing.T) {
	t.Parallel()
	s, d := stored(t)
	own := pendingOf(d[0].Account, d[0].Platform)
	if err := s.write(t.Context(), []mark{{row: d[1], status: Delivered, attempt: &Attempt{Status: 200}}}); err != nil {
		t.Fatal(err)
	}
	if n, err := s.left(t.Context(), own, 10); err != nil || n != 2 {
		t.Errorf("%d are left: %v", n, err)
	}
	if found, err := s.pending(t.Context(), d[0].Account, d[0].Platform, 1, 10); err != nil || len(found) != 1 || found[0].ID != d[2].ID {
		t.Errorf("behind the first there are %+v: %v", found, err)
	}
	n, err := s.alter(t.Context(), own, isPending, with("$$d", bson.D{{Key: "status", Value: Failed}, triesOn}))
	if err != nil || n != 2 {
		t.Errorf("%d were altered: %v", n, err)
	}
	if n, err = s.left(t.Context(), own, 10); err != nil || n != 0 {
		t.Errorf("%d are left: %v", n, err)
	}
	every := bson.D{{Key: "accountId", Value: d[0].Account}}
	if n, err = s.alter(t.Context(), every, bson.D{{Key: "$ne", Value: bson.A{"$$d.status", Pending}}}, s.pendingAgain()); err != nil || n != 3 {
		t.Errorf("%d were replayed: %v", n, err)
	}
	for i, one := range d {
		if got := s.again(t, one); got.Status != Pending || got.Tries != []int{2, 2, 2}[i] || got.Error != "" || !got.PendingSince.After(got.CreatedAt.Add(-time.Second)) {
			t.Errorf("replayed: %+v", got)
		}
	}
	if n, err = s.left(t.Context(), own, 10); err != nil || n != 3 {
		t.Errorf("%d are left: %v", n, err)
	}
}

// A replay that nobody was told of is found, also where it stands behind all that
// was pending in its row.
func TestAReplayWithinARowIsCounted(t *testing.T) {
	t.Parallel()
	s, d := stored(t)
	if err := s.write(t.Context(), []mark{{row: d[1], status: Delivered, attempt: &Attempt{Status: 200}}, {row: d[2], status: Delivered, attempt: &Attempt{Status: 200}}}); err != nil {
		t.Fatal(err)
	}
	e := newEndpoint(s, d[0].Account, d[0].Platform)
	if err := e.takeIn(t.Context()); err != nil || !e.complete || len(e.window.byID) != 1 {
		t.Fatalf("%d were taken in, all there are: %v, %v", len(e.window.byID), e.complete, err)
	}
	e.look()
	if err := e.takeIn(t.Context()); err != nil || len(e.window.byID) != 1 {
		t.Errorf("looked again there are %d: %v", len(e.window.byID), err)
	}
	this := bson.D{{Key: "$eq", Value: bson.A{"$$d._id", d[1].ID}}}
	if n, err := s.alter(t.Context(), bson.D{{Key: "_id", Value: d[1].In}}, this, s.pendingAgain()); err != nil || n != 1 {
		t.Fatalf("%d were replayed: %v", n, err)
	}
	e.look()
	if err := e.takeIn(t.Context()); err != nil || len(e.window.byID) != 2 {
		t.Errorf("after a replay there are %d: %v", len(e.window.byID), err)
	}
}
