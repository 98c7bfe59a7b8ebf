package events_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/platforms"
	"github.com/cirrus/omnichannel/internal/vault"
	"github.com/cirrus/omnichannel/migrations"
)

// startled panics when it is asked for the first time.
type startled struct{ asked atomic.Int32 }

// Read implements events.Reader.
func (s *startled) Read(context.Context, ids.Account, events.Wanted) (events.Subjects, error) {
	if s.asked.Add(1) == 1 {
		panic("what nobody thought of")
	}
	return events.Subjects{}, nil
}

type anyURL struct{}

func (anyURL) CheckURL(context.Context, string) error { return nil }

// An event whose rendering panics is tried again, like one that the store failed
// at; it does not end the server.
func TestARenderingThatPanicsIsTriedAgain(t *testing.T) {
	t.Parallel()
	db := mongotest.Fresh(t)
	if err := mongodb.Migrate(t.Context(), db, migrations.All()); err != nil {
		t.Fatal(err)
	}
	came := make(chan struct{}, 10)
	receiver := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { came <- struct{}{} }))
	defer receiver.Close()
	account := ids.NewAccount()
	configs := platforms.New(platforms.Options{DB: db, Vault: must(vault.New(vault.NewKey())), Egress: anyURL{}, Now: time.Now})
	config, _, err := configs.CreateConfig(t.Context(), platforms.Spec{Account: account, Slug: "console", URL: receiver.URL})
	if err != nil {
		t.Fatal(err)
	}
	row := events.New(account, events.MessageReceived, time.Now())
	row.Session, row.Message, row.Sequence, row.Platforms = ids.Session{1}, ids.Message{1}, 1, []ids.PlatformConfig{config.ID}
	err = mongodb.Transaction(t.Context(), db.Client(), func(ctx context.Context) error { return events.Append(ctx, db, row) })
	if err != nil {
		t.Fatal(err)
	}
	subjects := &startled{}
	s := events.NewService(events.Options{DB: db, Platforms: configs, Subjects: subjects, Client: receiver.Client(), Now: time.Now, Registry: prometheus.NewRegistry()})
	defer func() {
		if err := s.Close(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	for deadline := time.Now().Add(30 * time.Second); ; {
		sweep(t, s)
		select {
		case <-came:
			if n := subjects.asked.Load(); n < 2 {
				t.Errorf("it was rendered %d times", n)
			}
			return
		case <-time.After(50 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			t.Fatalf("the event did not come; it was rendered %d times", subjects.asked.Load())
		}
	}
}
