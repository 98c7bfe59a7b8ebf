package events

import (
	"context"
	"log/slog"
	"slices"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/jobs"
	"github.com/cirrus/omnichannel/internal/mongodb"
)

// renderPause is the wait after what events show could not be read.
const renderPause = 500 * time.Millisecond

// renderedBatch is what the rendering of some items gave.
type renderedBatch struct {
	items   []*item
	bodies  map[ids.Event][]byte
	at      time.Time
	signers []*standardwebhooks.Webhook
	err     error
}

// render reads, beside the calls under way, what the next ones say. For a
// probe that is one event.
func (e *endpoint) render(ctx context.Context, now time.Time, parallel int) {
	if e.rendering || time.Now().Before(e.renderAt) {
		return
	}
	most := renderMost
	if parallel == 1 {
		most = 1
	}
	items := e.window.upcoming(now, most, func(it *item) bool {
		return it.missing == "" && !e.underWay(it) && (!e.fresh(it) || time.Since(it.renderedAt) >= renderedFor/2)
	})
	if parallel == 1 { // just the one that will probe
		items = items[:0]
		if it := e.next(now); it != nil {
			items = append(items, it)
		}
	}
	if len(items) == 0 {
		return
	}
	e.rendering = true
	var known []Row
	var unread []Delivery
	for _, it := range items {
		if it.event != nil {
			known = append(known, *it.event)
		} else {
			unread = append(unread, it.Delivery)
		}
	}
	e.under.Go(func() {
		batch := renderedBatch{items: items, at: time.Now()}
		batch.bodies, batch.err = jobs.Guarded(func() (map[ids.Event][]byte, error) { return e.room.bodies(ctx, e.account, known, unread) })
		if batch.err == nil {
			batch.signers, batch.err = e.room.signers(ctx, e.account, e.id)
		}
		e.rendered <- batch
	})
}

// underWay tells whether an item is the one of its line that is under way.
func (e *endpoint) underWay(it *item) bool { return it.line.busy && it.line.items[0] == it }

// take keeps what was rendered. After a failure of the store the next look
// tries again.
func (e *endpoint) take(batch renderedBatch) {
	e.rendering = false
	if batch.err != nil {
		e.renderAt = time.Now().Add(renderPause)
		if !fault.Is(batch.err, fault.NotFound) { // else the config is gone, which the next look sees
			slog.Warn("events were not rendered", "platform_config_id", e.id.String(), "error", batch.err)
		}
		return
	}
	e.signers = batch.signers
	for _, it := range batch.items {
		if e.window.byID[it.ID] != it || e.underWay(it) {
			continue // it went on meanwhile
		}
		body, there := batch.bodies[it.Event]
		if !there {
			it.missing = expiredReason
			continue
		}
		if it.body == nil {
			e.prepared++
		}
		it.body, it.renderedAt = body, batch.at
	}
}

// bodies renders events, those of unread deliveries too; what is not kept any
// more is missing in the answer.
func (s *Service) bodies(ctx context.Context, account ids.Account, known []Row, unread []Delivery) (map[ids.Event][]byte, error) {
	if len(unread) > 0 {
		more, err := s.read(ctx, account, unread)
		if err != nil {
			return nil, err
		}
		known = append(known, more...)
	}
	return s.render(ctx, account, known)
}

// read gives the events of deliveries, where they are still kept.
func (s *Service) read(ctx context.Context, account ids.Account, list []Delivery) ([]Row, error) {
	wanted := make([]ids.Event, 0, len(list))
	var from []ids.EventBatch
	for _, d := range list {
		wanted = append(wanted, d.Event)
		if !slices.Contains(from, d.Batch) {
			from = append(from, d.Batch)
		}
	}
	// The store sends only what is wanted of each batch.
	those := bson.D{{Key: "$filter", Value: bson.D{{Key: "input", Value: "$events"}, {Key: "cond", Value: bson.D{{Key: "$in", Value: bson.A{"$$this._id", wanted}}}}}}}
	cursor, err := s.events.Find(ctx, eventsOf(account, from), options.Find().SetProjection(bson.D{{Key: "accountId", Value: 1}, {Key: "expiresAt", Value: 1}, {Key: "events", Value: those}}))
	if err != nil {
		return nil, err
	}
	var found []Batch
	if err := mongodb.All(ctx, cursor, &found); err != nil {
		return nil, err
	}
	var rows []Row
	for _, batch := range found {
		for _, row := range batch.Rows() {
			if !row.Gone {
				rows = append(rows, row)
			}
		}
	}
	return rows, nil
}

// signers gives what signs for a config now: by a replaced secret too, while
// that is still good.
func (s *Service) signers(ctx context.Context, account ids.Account, config ids.PlatformConfig) ([]*standardwebhooks.Webhook, error) {
	secrets, err := s.platforms.Secrets(ctx, account, config)
	if err != nil {
		return nil, err
	}
	signers := make([]*standardwebhooks.Webhook, 0, len(secrets))
	for _, secret := range secrets {
		signer, err := standardwebhooks.NewWebhook(secret.Reveal())
		if err != nil {
			return nil, err
		}
		signers = append(signers, signer)
	}
	return signers, nil
}
