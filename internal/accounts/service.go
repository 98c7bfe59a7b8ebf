package accounts

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/golang-lru/v2/expirable"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/web"
)

// CacheFor is how long a key or an account is believed without asking the
// store again: how long a revoked key may still work.
const CacheFor = 3 * time.Second

// cacheMost bounds the keys that are remembered, refused ones included.
const cacheMost = 10_000

// keyPrefix marks our keys, so that one that leaks can be recognised.
const keyPrefix = "omk_"

// Options is what the room is made of.
type Options struct {
	DB       *mongo.Database
	Now      func() time.Time
	AdminKey string // OMNI_ADMIN_KEY: this value is an admin key; empty: none
}

// Service keeps accounts and knows keys.
type Service struct {
	db       *mongo.Database
	accounts *mongo.Collection
	keys     *mongo.Collection
	tags     *mongo.Collection
	now      func() time.Time
	adminKey [sha256.Size]byte
	hasAdmin bool
	seen     *expirable.LRU[[sha256.Size]byte, known]
	exist    *expirable.LRU[ids.Account, bool]
	removes  []Removes // see OnRemove
}

// Removes deletes what is kept of an account beside its rows; again is no error.
type Removes func(ctx context.Context, account ids.Account) error

// OnRemove registers who deletes what is kept of an account that is deleted. It
// is for the start.
func (s *Service) OnRemove(hook Removes) { s.removes = append(s.removes, hook) }

// known is what the cache holds of a key; refused ones are held too, so that
// guessing does not reach the store.
type known struct {
	principal web.Principal
	refused   bool
}

// New makes the room.
func New(o Options) *Service {
	s := &Service{
		db: o.DB, accounts: o.DB.Collection(Collection), keys: o.DB.Collection(KeysCollection), tags: o.DB.Collection(TagsCollection),
		now: o.Now, adminKey: sha256.Sum256([]byte(o.AdminKey)), hasAdmin: o.AdminKey != "",
		seen:  expirable.NewLRU[[sha256.Size]byte, known](cacheMost, nil, CacheFor),
		exist: expirable.NewLRU[ids.Account, bool](cacheMost, nil, CacheFor),
	}
	return s
}

// Authenticate gives the owner of a key; an unknown or revoked one is a fault
// Unauthenticated.
func (s *Service) Authenticate(ctx context.Context, key string) (web.Principal, error) {
	refused := fault.New(fault.Unauthenticated, "This API key is unknown or revoked. Make a new one with POST /api/accounts/{clientIdentifier}/api-keys.")
	if len(key) > 256 {
		return web.Principal{}, refused
	}
	hash := sha256.Sum256([]byte(key))
	if s.hasAdmin && subtle.ConstantTimeCompare(hash[:], s.adminKey[:]) == 1 {
		return web.Principal{Admin: true}, nil
	}
	if !strings.HasPrefix(key, keyPrefix) {
		return web.Principal{}, refused
	}
	if hit, ok := s.seen.Get(hash); ok {
		if hit.refused {
			return web.Principal{}, refused
		}
		return hit.principal, nil
	}
	var row Key
	err := s.keys.FindOne(ctx, bson.D{{Key: "hash", Value: hash[:]}}).Decode(&row)
	if errors.Is(err, mongo.ErrNoDocuments) {
		s.seen.Add(hash, known{refused: true})
		return web.Principal{}, refused
	}
	if err != nil {
		return web.Principal{}, fmt.Errorf("look up an API key: %w", err)
	}
	p := web.Principal{Key: row.ID, Account: row.Account, Admin: row.Admin}
	s.seen.Add(hash, known{principal: p})
	return p, nil
}

// AccountExists tells whether there is such an account.
func (s *Service) AccountExists(ctx context.Context, account ids.Account) (bool, error) {
	if exists, ok := s.exist.Get(account); ok {
		return exists, nil
	}
	err := s.accounts.FindOne(ctx, bson.D{{Key: "_id", Value: account}}).Err()
	if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
		return false, fmt.Errorf("look up account %s: %w", account, err)
	}
	s.exist.Add(account, err == nil)
	return err == nil, nil
}

// CreateKey makes a key of an account, or an admin key, and gives its text,
// which is not kept.
func (s *Service) CreateKey(ctx context.Context, account ids.Account, admin bool, name string) (string, Key, error) {
	secret := make([]byte, 32)
	rand.Read(secret) // never fails
	text := keyPrefix + base64.RawURLEncoding.EncodeToString(secret)
	hash := sha256.Sum256([]byte(text))
	row := Key{ID: ids.New[ids.APIKey](), Account: account, Admin: admin, Name: name, Hash: hash[:], CreatedAt: s.now()}
	if _, err := s.keys.InsertOne(ctx, row); err != nil {
		return "", Key{}, fmt.Errorf("store an API key: %w", err)
	}
	s.seen.Remove(hash)
	return text, row, nil
}

// Keys lists the keys of an account, or the admin keys where account is empty, the
// oldest first. The one of OMNI_ADMIN_KEY is in no store, and not among them.
func (s *Service) Keys(ctx context.Context, account ids.Account) ([]Key, error) {
	cursor, err := s.keys.Find(ctx, bson.D{{Key: "accountId", Value: account}}, options.Find().SetSort(bson.D{{Key: "createdAt", Value: 1}, {Key: "_id", Value: 1}}))
	if err != nil {
		return nil, fmt.Errorf("read API keys: %w", err)
	}
	var rows []Key
	if err := mongodb.All(ctx, cursor, &rows); err != nil {
		return nil, fmt.Errorf("read API keys: %w", err)
	}
	return rows, nil
}

// Revoke deletes a key, an account's or an admin's: at once here, within CacheFor
// on other servers; fault NotFound.
func (s *Service) Revoke(ctx context.Context, id ids.APIKey) (Key, error) {
	var row Key
	err := s.keys.FindOneAndDelete(ctx, bson.D{{Key: "_id", Value: id}}).Decode(&row)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return Key{}, fault.New(fault.NotFound, "There is no API key %s. `omnichannel apikey list` shows those that there are.", id)
	}
	if err != nil {
		return Key{}, fmt.Errorf("revoke API key %s: %w", id, err)
	}
	if len(row.Hash) == sha256.Size {
		s.seen.Remove([sha256.Size]byte(row.Hash))
	}
	return row, nil
}

// CreateAccount makes an account; id is made where it is empty. One that
// exists already is left alone.
func (s *Service) CreateAccount(ctx context.Context, id ids.Account, name string) (Account, error) {
	if id == "" {
		id = ids.NewAccount()
	}
	row := Account{ID: id, Name: name, CreatedAt: s.now()}
	_, err := s.accounts.InsertOne(ctx, row)
	if mongodb.IsDuplicateKey(err) {
		err = s.accounts.FindOne(ctx, bson.D{{Key: "_id", Value: id}}).Decode(&row)
	}
	if err != nil {
		return Account{}, fmt.Errorf("store account %s: %w", id, err)
	}
	s.exist.Remove(id)
	return row, nil
}

// Bootstrap gives an empty store its first account and an admin key. made is
// false where there was an account already; of several servers that start at
// once, one makes them.
func (s *Service) Bootstrap(ctx context.Context) (account ids.Account, adminKey string, made bool, err error) {
	err = mongodb.Transaction(ctx, s.db.Client(), func(ctx context.Context) error {
		made = false
		// The fixed row is what two first starts collide on.
		_, err := s.db.Collection("installation").InsertOne(ctx, bson.D{{Key: "_id", Value: "first"}, {Key: "at", Value: s.now()}})
		if err != nil {
			return err
		}
		row, err := s.CreateAccount(ctx, "", "Default")
		if err != nil {
			return err
		}
		account, made = row.ID, true
		adminKey, _, err = s.CreateKey(ctx, "", true, "first admin key")
		return err
	})
	if mongodb.IsDuplicateKey(err) {
		return "", "", false, nil
	}
	if err != nil {
		return "", "", false, fmt.Errorf("make the first account: %w", err)
	}
	return account, adminKey, made, nil
}

// MissingTags gives those of the tags that the account does not have.
func (s *Service) MissingTags(ctx context.Context, account ids.Account, tags []ids.Tag) ([]ids.Tag, error) {
	cursor, err := s.tags.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: tags}}}, {Key: "accountId", Value: account}})
	if err != nil {
		return nil, err
	}
	var rows []Tag
	if err := mongodb.All(ctx, cursor, &rows); err != nil {
		return nil, err
	}
	there := map[ids.Tag]bool{}
	for _, row := range rows {
		there[row.ID] = true
	}
	var missing []ids.Tag
	for _, tag := range tags {
		if !there[tag] {
			missing = append(missing, tag)
		}
	}
	return missing, nil
}
