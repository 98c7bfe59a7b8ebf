package channels

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/jobs"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/platforms"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/vault"
)

// Platforms is what this room needs of the platforms.
type Platforms interface {
	// Default gives the account's default config; false when it has none.
	Default(ctx context.Context, account ids.Account) (platforms.Config, bool, error)
	// Hold relies on a config within a transaction; fault NotFound.
	Hold(ctx context.Context, account ids.Account, id ids.PlatformConfig) error
	// OfChannel gives the webhook of a channel's own; false when it has none.
	OfChannel(ctx context.Context, account ids.Account, channel ids.Channel) (platforms.Config, bool, error)
	// SetHook makes a channel's webhook and gives the secret, or changes the one
	// there is.
	SetHook(ctx context.Context, hook platforms.Hook) (platforms.Config, vault.Secret, error)
	// EndHook deletes it, and tells whether there was one.
	EndHook(ctx context.Context, account ids.Account, channel ids.Channel) (bool, error)
}

// Options is what the room is made of.
type Options struct {
	DB        *mongo.Database
	Vault     *vault.Vault
	Now       func() time.Time
	PublicURL string // where the world reaches this service; empty: unknown
	Platforms Platforms
	// Adapters are those that run on this server.
	Adapters []providers.Adapter
	// Receivers read webhooks of providers whose adapter does not, or does not
	// run.
	Receivers map[providers.Name]providers.WebhookReceiver
	// Capabilities are those of providers whose adapter does not run.
	Capabilities map[providers.Name]providers.Capabilities
	// Sink takes in what live connections deliver; SetSink may set it later.
	Sink     providers.Sink
	Registry prometheus.Registerer // nil: nobody watches
	// Bell is the server's, shared with others; nil: commands of other servers
	// are found by looking only.
	Bell *mongodb.Bell
	// AskLimit is how long the answer of a server that holds a connection is waited
	// for, unless the caller's own time ends before; zero: 25 s.
	AskLimit time.Duration
}

// Service keeps channels and their connections.
type Service struct {
	db           *mongo.Database
	rows         *mongo.Collection
	vault        *vault.Vault
	now          func() time.Time
	publicURL    string
	platforms    Platforms
	adapters     map[providers.Name]providers.Adapter
	receivers    map[providers.Name]providers.WebhookReceiver
	capabilities map[providers.Name]providers.Capabilities
	cache        *cache
	connections  *connections
	refusals     *refusals
	astray       *refusals // webhooks to a URL whose platform config is gone
	metrics      *metrics

	devices  *devices
	commands *commands
	askLimit time.Duration
	pairings *mongo.Collection

	mu   sync.Mutex
	sink providers.Sink
	held []Held
	gone []Gone

	forgets []Forgets // see OnForget
}

// New makes the room; Close ends its connections.
func New(o Options) *Service {
	s := &Service{
		db: o.DB, rows: o.DB.Collection(Collection), vault: o.Vault,
		now:       func() time.Time { return o.Now().UTC().Truncate(time.Millisecond) },
		publicURL: strings.TrimRight(o.PublicURL, "/"), platforms: o.Platforms, sink: o.Sink,
		adapters:  map[providers.Name]providers.Adapter{},
		receivers: map[providers.Name]providers.WebhookReceiver{}, capabilities: map[providers.Name]providers.Capabilities{},
		cache: newCache(), askLimit: cmp.Or(o.AskLimit, askMost), connections: newConnections(), refusals: newRefusals(), astray: newRefusals(), metrics: newMetrics(o.Registry),
	}
	s.pairings = o.DB.Collection(PairingsCollection)
	s.commands = newCommands(o.DB.Collection(CommandsCollection), o.Vault)
	// By the true clock: a lease is about how long a process really takes.
	s.devices = newDevices(jobs.NewLeases(o.DB.Collection(OwnersCollection), uuid.NewString(), deviceLease, nil))
	s.ownCommands()
	if o.Bell != nil {
		s.listenTo(o.Bell)
	}
	maps.Copy(s.receivers, o.Receivers)
	maps.Copy(s.capabilities, o.Capabilities)
	for _, adapter := range o.Adapters {
		s.adapters[adapter.Name()] = adapter
		s.capabilities[adapter.Name()] = adapter.Capabilities()
		if receiver, ok := adapter.(providers.WebhookReceiver); ok {
			s.receivers[adapter.Name()] = receiver
		}
	}
	return s
}

// SetSink sets who takes in what live connections deliver. It is for the
// start, before the first connection is opened.
func (s *Service) SetSink(sink providers.Sink) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sink = sink
}

// Get gives a channel; fault NotFound when there is none, or none any more.
func (s *Service) Get(ctx context.Context, id ids.Channel) (Channel, error) {
	l, err := s.load(ctx, id)
	return l.channel(), err
}

// load gives a channel from memory, or from the store.
func (s *Service) load(ctx context.Context, id ids.Channel) (loaded, error) {
	if hit, known, _ := s.cache.get(id); known {
		return hit, nil
	}
	return s.fresh(ctx, id)
}

// fresh gives a channel from the store, and remembers it.
func (s *Service) fresh(ctx context.Context, id ids.Channel) (loaded, error) {
	_, _, mark := s.cache.get(id)
	r, err := s.read(ctx, id)
	if err != nil {
		return loaded{}, err
	}
	l := s.opened(r)
	s.cache.put(l, mark)
	return l, nil
}

// opened opens a row's secrets.
func (s *Service) opened(r row) loaded {
	l := loaded{row: r}
	l.secrets, l.unopened = s.unseal(r)
	return l
}

// read gives a row as it is in the store; fault NotFound.
func (s *Service) read(ctx context.Context, id ids.Channel) (row, error) {
	var r row
	err := s.rows.FindOne(ctx, bson.D{{Key: "_id", Value: id}, {Key: "live", Value: true}}).Decode(&r)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return row{}, fault.Missing("channel", id)
	}
	if err != nil {
		return row{}, fmt.Errorf("read channel %s: %w", id, err)
	}
	return r, nil
}

// OfAccount lists the channels of an account, the oldest first.
func (s *Service) OfAccount(ctx context.Context, account ids.Account) ([]Channel, error) {
	list, err := s.ofAccount(ctx, account)
	return slices.Clone(list), err
}

func (s *Service) ofAccount(ctx context.Context, account ids.Account) ([]Channel, error) {
	list, known, mark := s.cache.account(account)
	if known {
		return list, nil
	}
	cursor, err := s.rows.Find(ctx, liveOf(account), sortedByAge())
	if err != nil {
		return nil, fmt.Errorf("read the channels of account %s: %w", account, err)
	}
	var rows []row
	if err := mongodb.All(ctx, cursor, &rows); err != nil {
		return nil, fmt.Errorf("read the channels of account %s: %w", account, err)
	}
	list = make([]Channel, 0, len(rows))
	for _, r := range rows {
		list = append(list, r.channel())
	}
	s.cache.putAccount(account, list, mark)
	return list, nil
}

// EverOfAccount lists the channels that an account has and had: what came over a
// deleted one is still there.
func (s *Service) EverOfAccount(ctx context.Context, account ids.Account) ([]ids.Channel, error) {
	var list []ids.Channel
	cursor, err := s.rows.Find(ctx, bson.D{{Key: "accountId", Value: account}}, options.Find().SetProjection(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return nil, fmt.Errorf("read the channels that account %s has and had: %w", account, err)
	}
	var rows []struct {
		ID ids.Channel `bson:"_id"`
	}
	if err := mongodb.All(ctx, cursor, &rows); err != nil {
		return nil, fmt.Errorf("read the channels that account %s has and had: %w", account, err)
	}
	for _, r := range rows {
		list = append(list, r.ID)
	}
	return list, nil
}

// ByNumberID gives the channel of an account whose number has this id at its
// provider; false when none has.
func (s *Service) ByNumberID(ctx context.Context, account ids.Account, numberID string) (Channel, bool, error) {
	if numberID == "" {
		return Channel{}, false, nil
	}
	list, err := s.ofAccount(ctx, account)
	if err != nil {
		return Channel{}, false, err
	}
	for _, ch := range list {
		if ch.NumberID == numberID {
			return ch, true, nil
		}
	}
	return Channel{}, false, nil
}

// Capabilities gives what a provider can do, also where its adapter does not
// run; false for a provider that does not exist.
func (s *Service) Capabilities(provider providers.Name) (providers.Capabilities, bool) {
	c, ok := s.capabilities[provider]
	return c, ok
}

// Receiver gives who reads a provider's webhooks.
func (s *Service) Receiver(provider providers.Name) (providers.WebhookReceiver, bool) {
	receiver, ok := s.receivers[provider]
	return receiver, ok
}

// CountByStatus gives how many channels there are in each condition.
func (s *Service) CountByStatus(ctx context.Context) (map[providers.Status]int, error) {
	cursor, err := s.rows.Aggregate(ctx, mongo.Pipeline{
		{{Key: "$match", Value: bson.D{{Key: "live", Value: true}}}},
		{{Key: "$group", Value: bson.D{{Key: "_id", Value: "$connection.status"}, {Key: "n", Value: bson.D{{Key: "$sum", Value: 1}}}}}},
	})
	if err != nil {
		return nil, fmt.Errorf("count channels: %w", err)
	}
	var groups []struct {
		Status providers.Status `bson:"_id"`
		N      int              `bson:"n"`
	}
	if err := mongodb.All(ctx, cursor, &groups); err != nil {
		return nil, fmt.Errorf("count channels: %w", err)
	}
	counts := map[providers.Status]int{}
	for _, group := range groups {
		counts[group.Status] = group.N
	}
	return counts, nil
}

// Close ends every connection and refuses new ones. It is bounded by ctx.
func (s *Service) Close(ctx context.Context) error {
	return errors.Join(s.devices.close(ctx), s.connections.close(ctx))
}
