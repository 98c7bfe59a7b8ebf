package messages

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/providers"
)

const (
	// queuesMeasured is how often the queues are looked at.
	queuesMeasured = 15 * time.Second
	// countedMost bounds how many rows of one queue are counted: a queue that
	// long needs its operator, and its exact length changes nothing.
	countedMost = 10_000
)

// queueMetrics tell what waits in the store, for all servers together: every
// server shows the same.
type queueMetrics struct {
	queued, queuedAge, expired, unknown, unknownAge, files, filesAge, waiting prometheus.Gauge
}

func newQueueMetrics(registry prometheus.Registerer) *queueMetrics {
	gauge := func(name, help string) prometheus.Gauge {
		g := prometheus.NewGauge(prometheus.GaugeOpts{Name: "omnichannel_" + name, Help: help + " Of the whole store, as of the last 15 seconds."})
		registry.MustRegister(g)
		return g
	}
	return &queueMetrics{
		queued:     gauge("queued_messages", "Messages that wait to be sent, up to 10000."),
		queuedAge:  gauge("queued_oldest_seconds", "How long the oldest message has waited to be sent; 0 when none waits."),
		expired:    gauge("expired_claims", "Messages whose sender stopped in the middle and that nobody has taken up, up to 10000."),
		unknown:    gauge("unknown_messages", "Messages of which nobody knows whether they were sent, up to 10000."),
		unknownAge: gauge("unknown_oldest_seconds", "How old the oldest message is whose fate nobody knows; 0 when there is none."),
		files:      gauge("pending_files", "Files of inbound messages that are still to be fetched, up to 10000."),
		filesAge:   gauge("pending_files_oldest_seconds", "How long the oldest file has waited to be fetched; 0 when none waits."),
		waiting:    gauge("waiting_rows", "News of messages that have not come themselves yet."),
	}
}

// queue is what one look at a queue tells.
type queue struct {
	Rows    float64   `bson:"rows"`
	Oldest  time.Time `bson:"oldest"`
	Expired float64   `bson:"expired"`
}

// measureQueues sets the gauges. Each look walks a partial index that holds
// nothing but the queue.
func (s *Service) measureQueues(ctx context.Context) error {
	m, now := s.queueMetrics, s.now()
	for _, q := range []struct {
		filter            bson.D
		index             string
		rows, age, claims prometheus.Gauge
	}{
		{bson.D{{Key: "unsettled", Value: true}}, "notBefore", m.queued, m.queuedAge, m.expired},
		{bson.D{{Key: "status", Value: providers.MessageUnknown}}, "giveUpAt", m.unknown, m.unknownAge, nil},
		{bson.D{{Key: "media.status", Value: MediaPending}}, "media.nextAt", m.files, m.filesAge, nil},
	} {
		got, err := s.measure(ctx, q.filter, q.index, now)
		if err != nil {
			return err
		}
		q.rows.Set(got.Rows)
		q.age.Set(0)
		if !got.Oldest.IsZero() {
			q.age.Set(max(0, now.Sub(got.Oldest).Seconds()))
		}
		if q.claims != nil {
			q.claims.Set(got.Expired)
		}
	}
	rows, err := s.store.waiting.EstimatedDocumentCount(ctx)
	if err != nil {
		return fmt.Errorf("count waiting rows: %w", err)
	}
	m.waiting.Set(float64(rows))
	return nil
}

// measure looks at the rows that are due first.
func (s *Service) measure(ctx context.Context, filter bson.D, index string, now time.Time) (queue, error) {
	until := "$claim.until"
	cursor, err := s.store.messages.Aggregate(ctx, mongo.Pipeline{
		{{Key: "$match", Value: filter}},
		{{Key: "$sort", Value: bson.D{{Key: index, Value: 1}}}},
		{{Key: "$limit", Value: countedMost}},
		{{Key: "$group", Value: bson.D{
			{Key: "_id", Value: nil},
			{Key: "rows", Value: bson.D{{Key: "$sum", Value: 1}}},
			{Key: "oldest", Value: bson.D{{Key: "$min", Value: "$receivedAt"}}},
			{Key: "expired", Value: bson.D{{Key: "$sum", Value: bson.D{{Key: "$cond", Value: bson.A{
				// A row without a claim has none that could run out.
				bson.D{{Key: "$and", Value: bson.A{bson.D{{Key: "$gt", Value: bson.A{until, nil}}}, bson.D{{Key: "$lte", Value: bson.A{until, now}}}}}}, 1, 0,
			}}}}}},
		}}},
	}, options.Aggregate().SetHint(bson.D{{Key: index, Value: 1}}))
	if err != nil {
		return queue{}, fmt.Errorf("measure the queue of %s: %w", index, err)
	}
	var groups []queue
	if err := mongodb.All(ctx, cursor, &groups); err != nil {
		return queue{}, fmt.Errorf("measure the queue of %s: %w", index, err)
	}
	if len(groups) == 0 {
		return queue{}, nil
	}
	return groups[0], nil
}
