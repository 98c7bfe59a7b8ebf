package messages_test

import (
	"context"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/migrations"
)

// gauges reads every gauge of a registry by its name.
func gauges(t *testing.T, registry *prometheus.Registry) map[string]float64 {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]float64{}
	for _, family := range families {
		for _, metric := range family.GetMetric() {
			if metric.GetGauge() != nil {
				values[family.GetName()] = metric.GetGauge().GetValue()
			}
		}
	}
	return values
}

// TestQueuesAreMeasured: on a store of its own, since the gauges are of the
// whole store.
func TestQueuesAreMeasured(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.db = mongotest.Fresh(t)
	if err := mongodb.Migrate(t.Context(), w.db, migrations.All()); err != nil {
		t.Fatal(err)
	}
	now, registry := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC), prometheus.NewRegistry()
	service := messages.New(messages.Options{
		DB: w.db, Channels: w, Platforms: platformDirectory{w}, Now: func() time.Time { return now }, Registry: registry, SendTimeout: 5 * time.Second,
	})
	t.Cleanup(func() {
		if err := service.Close(context.Background()); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	measure := func() map[string]float64 {
		t.Helper()
		for _, loop := range service.Loops() {
			if loop.Name != "queues" {
				continue
			}
			if loop.Interval != 15*time.Second {
				t.Errorf("measured every %s", loop.Interval)
			}
			if err := loop.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			return gauges(t, registry)
		}
		t.Fatal("no loop measures the queues")
		return nil
	}
	compare := func(when string, want map[string]float64) {
		t.Helper()
		got := measure()
		for name, value := range want {
			if seen, there := got["omnichannel_"+name]; !there || seen != value {
				t.Errorf("%s: %s is %v, want %v", when, name, seen, value)
			}
		}
	}
	compare("empty", map[string]float64{
		"queued_messages": 0, "queued_oldest_seconds": 0, "expired_claims": 0, "unknown_messages": 0, "unknown_oldest_seconds": 0,
		"pending_files": 0, "pending_files_oldest_seconds": 0, "waiting_rows": 0,
	})

	sequence := int64(0)
	message := func(age time.Duration, change func(*messages.Message)) any {
		sequence++
		row := messages.Message{
			ID: ids.New[ids.Message](), Channel: w.channel.ID, Account: w.channel.Account, Session: ids.New[ids.Session](), Sequence: sequence,
			Content: providers.Content{Type: providers.TypeText, Text: "x"}, Timestamp: now.Add(-age), ReceivedAt: now.Add(-age),
		}
		change(&row)
		return row
	}
	queued := func(claim *messages.Claim) func(*messages.Message) {
		return func(m *messages.Message) {
			m.Status, m.Unsettled, m.NotBefore, m.GiveUpAt, m.Claim = providers.MessageQueued, true, now.Add(time.Hour), now.Add(time.Hour), claim
		}
	}
	file := func(status messages.MediaStatus) func(*messages.Message) {
		return func(m *messages.Message) { m.Media = &messages.Media{Status: status, NextAt: now} }
	}
	rows := []any{
		message(30*time.Second, queued(nil)),
		message(90*time.Second, queued(&messages.Claim{Until: now.Add(time.Second)})),
		message(60*time.Second, queued(&messages.Claim{Until: now.Add(-time.Second)})),
		message(time.Hour, func(m *messages.Message) { m.Status, m.GiveUpAt = providers.MessageUnknown, now.Add(time.Hour) }),
		message(10*time.Hour, func(m *messages.Message) { m.Status = providers.MessageSent }),
		message(2*time.Minute, file(messages.MediaPending)), message(time.Minute, file(messages.MediaPending)), message(9*time.Hour, file(messages.MediaReady)),
	}
	if _, err := w.db.Collection("messages").InsertMany(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	waiting := bson.D{{Key: "channelId", Value: w.channel.ID}, {Key: "dedupeKey", Value: bson.Binary{Data: make([]byte, 16)}}, {Key: "kind", Value: "status"}, {Key: "expiresAt", Value: now}}
	if _, err := w.db.Collection("waiting").InsertOne(t.Context(), waiting); err != nil {
		t.Fatal(err)
	}
	compare("filled", map[string]float64{
		"queued_messages": 3, "queued_oldest_seconds": 90, "expired_claims": 1, "unknown_messages": 1, "unknown_oldest_seconds": 3600,
		"pending_files": 2, "pending_files_oldest_seconds": 120, "waiting_rows": 1,
	})
	for _, name := range []string{"messages", "waiting"} {
		if _, err := w.db.Collection(name).DeleteMany(t.Context(), bson.D{}); err != nil {
			t.Fatal(err)
		}
	}
	compare("emptied", map[string]float64{"queued_messages": 0, "queued_oldest_seconds": 0, "expired_claims": 0, "unknown_messages": 0, "pending_files": 0, "waiting_rows": 0})
}
