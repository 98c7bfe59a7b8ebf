package chats

import (
	"context"
	"errors"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// DefaultLimit is how many messages of a chat are kept unless the operator says
// otherwise.
const DefaultLimit = 100

const (
	// lanes is how many channels' deliveries are gathered, and tasks done, at once;
	// those of one channel always in the same lane: in their order, and never against
	// each other.
	lanes = 16
	// batchMost is how many deliveries one lane gathers, and about how many are
	// written at once.
	batchMost = 256
	// waitingMost is how many deliveries may wait in a lane until devices wait.
	waitingMost = 1024
	// batchPatience bounds one batch with all its retries.
	batchPatience = 20 * time.Second
	// togetherPatience bounds what several lanes have written at once.
	togetherPatience = 5 * time.Second
	// taskPatience bounds what is done in a lane beside batches.
	taskPatience = time.Minute
	// recentMost is how many messages are known to be there without asking.
	recentMost = 1 << 13
	// unitedMost is how many people are known to be one chat without asking.
	unitedMost = 1 << 14
	// goneMost is how many deletions of chats are remembered.
	goneMost = 1 << 12
	// countedMost is how many chats' new messages are counted.
	countedMost = 1 << 14
)

// Channels is what this room needs of the channels.
type Channels interface {
	Get(ctx context.Context, id ids.Channel) (channels.Channel, error)
}

// Contacts is what this room needs of the contacts.
type Contacts interface {
	// Ignored gives those of the identities, by channel, that belong to an ignored
	// contact.
	Ignored(ctx context.Context, identities map[ids.Channel][]string) (map[ids.Channel][]string, error)
}

// Options are what the room is made of.
type Options struct {
	DB       *mongo.Database
	Channels Channels
	Contacts Contacts
	Now      func() time.Time
	// Limit is how many messages of a chat are kept; 0: nothing is.
	Limit int
}

// Service keeps chats.
type Service struct {
	chats    *mongo.Collection
	messages *mongo.Collection
	channels Channels
	contacts Contacts
	now      func() time.Time
	limit    int
	most     int // chats of one device

	lanes []chan *order
	// gathered are the batches of the lanes, which are written together.
	gathered chan handful
	together time.Duration                // togetherPatience
	recent   *lru.Cache[string, struct{}] // messages that are there
	// uncounted are messages that were added here and that their chats do not
	// count yet: they do when what failed behind that is done again.
	uncounted *lru.Cache[string, struct{}]
	united    *lru.Cache[string, struct{}] // ids that chats would have by the hidden address, and do not
	counted   *lru.Cache[string, int]      // new messages by chat since it was last trimmed
	trims     chan Chat
	gone      *deletions
	emptied   sync.Map // channels of which nothing is kept: ids.Channel → struct{}
	sweeps    sync.Mutex
	walked    string // the id of the chat that the sweep came to

	mu      sync.RWMutex
	closed  bool
	working sync.WaitGroup // in the lanes
	writing sync.WaitGroup // what they gathered
	trimmer sync.WaitGroup
}

// New makes the room and starts what writes for it; Close ends that.
func New(o Options) *Service {
	s := &Service{
		chats: o.DB.Collection(Collection), messages: o.DB.Collection(MessagesCollection), channels: o.Channels, contacts: o.Contacts,
		now: o.Now, limit: o.Limit, most: mostChats, trims: make(chan Chat, waitingMost), gathered: make(chan handful, lanes), together: togetherPatience,
	}
	s.recent, _ = lru.New[string, struct{}](recentMost) // errs on a size of 0 only
	s.uncounted, _ = lru.New[string, struct{}](recentMost)
	s.gone = newDeletions()
	s.united, _ = lru.New[string, struct{}](unitedMost)
	s.counted, _ = lru.New[string, int](countedMost)
	if s.limit == 0 {
		return s
	}
	for range lanes {
		lane := make(chan *order, waitingMost)
		s.lanes = append(s.lanes, lane)
		s.working.Go(func() { s.work(lane) })
	}
	s.writing.Go(s.writeGathered)
	s.trimmer.Go(s.trimSoon)
	return s
}

// Close takes nothing more in, and lets what is waiting be written.
func (s *Service) Close() {
	s.mu.Lock()
	wasClosed := s.closed
	s.closed = true
	s.mu.Unlock()
	if wasClosed {
		return
	}
	for _, lane := range s.lanes {
		close(lane)
	}
	s.working.Wait()
	close(s.gathered)
	s.writing.Wait()
	close(s.trims) // into which they write
	s.trimmer.Wait()
}

// Take begins to keep what a device delivered. What it returns waits until that
// is durable; it must be called. What is of no chat is passed over.
func (s *Service) Take(ctx context.Context, in ...providers.Inbound) (kept func() error) {
	if s.limit == 0 || len(in) == 0 {
		return nothing
	}
	ch, err := s.channels.Get(ctx, in[0].Channel)
	switch {
	case fault.Is(err, fault.NotFound): // deleted meanwhile
		return nothing
	case err != nil:
		return func() error { return err }
	case !s.Keeps(ch):
		return func() error { return s.empty(ctx, ch.ID) }
	}
	s.emptied.Delete(ch.ID)
	rest := make([]providers.Inbound, 0, len(in))
	var synced []providers.Chat
	for _, one := range in {
		switch payload := one.Payload.(type) {
		case providers.ChatsSynced:
			synced = append(synced, payload.Chats...)
		case providers.MessageReceived, providers.MessageEdited, providers.MessageRevoked, providers.SentHere, providers.ChatChanged, providers.GroupSynced:
			rest = append(rest, one)
		}
	}
	written := nothing
	if len(rest) > 0 {
		written = s.put(ctx, ch.ID, &order{in: rest, markRead: ch.Settings.MarkReadOnProcess})
	}
	return func() error { return errors.Join(s.Sync(ctx, ch.ID, synced), written()) }
}

func nothing() error { return nil }

// Keeps tells whether anything is kept of a channel.
func (s *Service) Keeps(ch channels.Channel) bool {
	return ch.Provider == providers.WhatsAppWeb && ch.Settings.Mode != channels.Gateway && s.limit > 0
}
