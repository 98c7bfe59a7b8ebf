package messages

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/ids"
)

// mediaChange records what came of fetching a message's file.
type mediaChange struct {
	channel ids.Channel
	message ids.Message
	media   Media

	// ch and told are what the number's own webhook hears; told nil: nothing.
	ch   channelFacts
	told *notice

	unwanted bool // the message is gone, or has its file already
}

func (c *mediaChange) route() string { return string(c.channel[:]) }

func (c *mediaChange) wants(w *wants) { w.messages[c.message] = struct{}{} }

func (c *mediaChange) apply(_ context.Context, b *batch) error {
	plan := b.byMessage[c.message]
	if plan != nil && plan.row.Media != nil && !c.media.ID.IsZero() && plan.row.Media.ID == c.media.ID {
		return nil // committed already, without our hearing of it
	}
	c.unwanted = plan == nil || plan.row.Media == nil || plan.row.Media.Status != MediaPending
	if c.unwanted {
		return nil
	}
	plan.row.Media = &c.media
	b.update(plan, "media", c.media)
	b.about(plan, events.MessageMedia, bson.D{{Key: "status", Value: c.media.Status}, {Key: "at", Value: b.now.UTC().Truncate(time.Millisecond)}})
	if c.told != nil {
		b.pass(c.ch, *c.told)
	}
	return nil
}
