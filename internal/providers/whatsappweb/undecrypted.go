package whatsappweb

import (
	"log/slog"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/wire"
)

// mostUndecrypted bounds the messages that are remembered as asked for again.
const mostUndecrypted = 1000

// undecrypted tells of messages that the device could not decrypt, once each, and
// that they came after all: the client asks the sender and the phone for them.
type undecrypted struct {
	mu   sync.Mutex
	open *simplelru.LRU[types.MessageID, struct{}]
}

func newUndecrypted() *undecrypted {
	open, err := simplelru.NewLRU[types.MessageID, struct{}](mostUndecrypted, nil)
	if err != nil {
		panic(err) // only for a size below 1
	}
	return &undecrypted{open: open}
}

// met notes one. What is nobody's message, and what never comes, is not told.
func (u *undecrypted) met(logger *slog.Logger, e *events.UndecryptableMessage) {
	if e.UnavailableType == events.UnavailableTypeViewOnce || len(wire.ReadUnreadable(e.Info)) == 0 {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.open.Contains(e.Info.ID) {
		return
	}
	u.open.Add(e.Info.ID, struct{}{})
	logger.Warn("a WhatsApp message cannot be decrypted yet; it was asked for again, of its sender or of the phone",
		"message_id", e.Info.ID, "unavailable", e.IsUnavailable)
}

// came tells that one of them came.
func (u *undecrypted) came(logger *slog.Logger, e any) {
	m, is := e.(*events.Message)
	if !is {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.open.Remove(m.Info.ID) {
		logger.Info("a WhatsApp message that could not be decrypted came again, whole", "message_id", m.Info.ID)
	}
}
