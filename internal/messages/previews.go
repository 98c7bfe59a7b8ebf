package messages

import (
	"context"
	"fmt"
	"unicode/utf8"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/sessions"
	"github.com/cirrus/omnichannel/internal/web"
)

// previewMost is how much of a text a preview shows, in characters.
const previewMost = 200

// Newest implements sessions.Changes. A session's count of messages is its last
// one's number, which is in an index: nothing has to be written for this.
func (s *Service) Newest(ctx context.Context, list ...sessions.Session) (map[ids.Session]sessions.Preview, error) {
	var wanted bson.A
	for _, session := range list {
		if session.Sequence > 0 {
			wanted = append(wanted, bson.D{{Key: "channelId", Value: session.Channel}, {Key: "sessionId", Value: session.ID}, {Key: "sequence", Value: session.Sequence}})
		}
	}
	previews := make(map[ids.Session]sessions.Preview, len(wanted))
	if len(wanted) == 0 {
		return previews, nil
	}
	cursor, err := s.store.messages.Find(ctx, bson.D{{Key: "$or", Value: wanted}}, options.Find().SetProjection(bson.D{
		{Key: "sessionId", Value: 1}, {Key: "direction", Value: 1}, {Key: "timestamp", Value: 1}, {Key: "status", Value: 1}, {Key: "revokedAt", Value: 1},
		{Key: "content", Value: bson.D{{Key: "type", Value: 1}, {Key: "text", Value: 1}, {Key: "name", Value: 1}, {Key: "emoji", Value: 1}, {Key: "reply", Value: 1}}},
	}))
	if err != nil {
		return nil, fmt.Errorf("read the newest messages of %d sessions: %w", len(wanted), err)
	}
	var rows []Message
	if err := mongodb.All(ctx, cursor, &rows); err != nil {
		return nil, fmt.Errorf("read the newest messages of %d sessions: %w", len(wanted), err)
	}
	for _, row := range rows {
		previews[row.Session] = row.preview()
	}
	return previews, nil
}

func (m *Message) preview() sessions.Preview {
	preview := sessions.Preview{
		ID: m.ID, Direction: string(m.Direction), Type: m.Content.Type, Timestamp: web.At(m.Timestamp), Status: m.Status, RevokedAt: web.At(m.RevokedAt),
	}
	if m.RevokedAt.IsZero() {
		preview.Text = beginning(words(m.Content))
	}
	return preview
}

// words are what a content says in one line.
func words(c providers.Content) string {
	switch {
	case c.Text != "":
		return c.Text
	case c.Reply != nil:
		return c.Reply.Title
	case c.Type == providers.TypeReaction:
		return c.Emoji
	default:
		return c.Name
	}
}

// beginning cuts a text between two characters.
func beginning(text string) string {
	if utf8.RuneCountInString(text) <= previewMost {
		return text
	}
	return string([]rune(text)[:previewMost-1]) + "…"
}
