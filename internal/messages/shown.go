package messages

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/providers"
)

// Ref names a message as its provider does.
type Ref struct {
	FromMe bool
	ID     ids.ProviderMessage
}

// Shown is what is known of a message beyond what it says.
type Shown struct {
	Status providers.MessageStatus // empty: it was not sent from the channel
	Media  *MediaView              // nil: it has no file here
}

// Shown tells of those of the messages that are kept here.
func (s *Service) Shown(ctx context.Context, channel ids.Channel, wanted []Ref) (map[Ref]Shown, error) {
	keys := bson.A{}
	for _, ref := range wanted {
		keys = append(keys, DedupeKeyOf(directionOf(ref.FromMe), ref.ID))
	}
	found := make(map[Ref]Shown, len(wanted))
	if len(keys) == 0 {
		return found, nil
	}
	cursor, err := s.store.messages.Find(ctx, bson.D{{Key: "channelId", Value: channel}, {Key: "dedupeKey", Value: bson.D{{Key: "$in", Value: keys}}}},
		options.Find().SetProjection(bson.D{{Key: "direction", Value: 1}, {Key: "providerId", Value: 1}, {Key: "status", Value: 1}, {Key: "media", Value: 1}}))
	if err != nil {
		return nil, fmt.Errorf("look for %d messages of channel %s: %w", len(wanted), channel, err)
	}
	var rows []Message
	if err := mongodb.All(ctx, cursor, &rows); err != nil {
		return nil, fmt.Errorf("look for %d messages of channel %s: %w", len(wanted), channel, err)
	}
	for _, row := range rows {
		if row.ProviderID == "" { // the trace of an erased one
			continue
		}
		shown := Shown{Status: row.Status}
		if row.Media != nil {
			shown.Media = s.mediaView(*row.Media)
		}
		found[Ref{FromMe: row.Direction == Outbound, ID: row.ProviderID}] = shown
	}
	return found, nil
}

func directionOf(fromMe bool) Direction {
	if fromMe {
		return Outbound
	}
	return Inbound
}
