package app_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/app"
	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/egress"
	"github.com/cirrus/omnichannel/internal/mongodb/local"
)

// store starts a store of the test's own.
func store(t *testing.T) *local.Server {
	t.Helper()
	dir, remove, err := local.TempDir()
	if err != nil {
		t.Fatal(err)
	}
	s, err := local.Start(t.Context(), local.Options{Dir: dir, Stdout: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Errorf("stop the store: %v", err)
		}
		if err := remove(); err != nil {
			t.Errorf("remove the store: %v", err)
		}
	})
	return s
}

// The store's primary steps down, and its change streams break off: what was
// accepted is told by webhook and by stream, in order and without a gap.
func TestAPrimaryStepsDown(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t, apptest.Options{
		MongoURI: store(t).URI(), Database: "omnichannel", App: app.Options{Egress: egress.Options{Allow: []string{"127.0.0.1"}}},
	}).World(t, apptest.Preset{})
	r := listen(t, w)
	live := hear(t, w, -1, "")
	begin, phone, n := live.at(), apptest.Phone(), 0
	deliver := func() {
		t.Helper()
		n++
		in := doc{"from": phone, "id": fmt.Sprintf("wamid.PRIMARY%d", n), "type": "text", "text": doc{"body": fmt.Sprint(n)}}
		w.Eventually("the webhook is taken", func() bool { return deliverFlat(w, in).Status == http.StatusOK }) // as a provider repeats it
	}
	for range 2 {
		deliver()
		admin := w.App.DB.Client().Database("admin")
		// It ends the connections, perhaps this one, too; whether it worked, the
		// next line sees.
		_ = admin.RunCommand(t.Context(), bson.D{{Key: "replSetStepDown", Value: 2}, {Key: "secondaryCatchUpPeriodSecs", Value: 0}, {Key: "force", Value: true}}).Err()
		for range 5 {
			deliver()
		}
	}
	settled(w)
	var hello struct {
		Term int64 `bson:"term"`
	}
	if err := w.App.DB.Client().Database("admin").RunCommand(t.Context(), bson.D{{Key: "replSetGetStatus", Value: 1}}).Decode(&hello); err != nil || hello.Term < 3 {
		t.Errorf("the primary did not step down twice: term %d, %v", hello.Term, err)
	}
	talks := sessionsOf(r.taken())
	if len(talks) != 1 {
		t.Fatalf("events of %d sessions came", len(talks))
	}
	inOrder(t, of(r.taken(), talks[0]))
	contiguous(t, w)
	w.Eventually("the stream tells all", func() bool {
		got := 0
		for _, e := range live.heard() {
			if e.event == "message.received" {
				got++
			}
		}
		return got == n
	})
	for i, e := range live.heard() {
		if e.id != begin+int64(i)+1 {
			t.Fatalf("frame %d has id %d", i, e.id)
		}
	}
}
