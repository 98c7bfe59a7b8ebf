package memstore

import (
	"context"
	"sync"
	"time"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
)

// rows are what one device keeps.
type rows struct {
	container *Container
	// txn is held by the one transaction there is; mu only for one call.
	txn sync.Mutex
	mu  sync.Mutex

	identities map[string][32]byte
	sessions   map[string][]byte
	preKeys    map[uint32]preKey
	lastPreKey uint32
	senderKeys map[groupUser][]byte
	syncKeys   map[string]store.AppStateSyncKey
	versions   map[string]version
	macs       map[string]map[string]mac // by collection, then by index
	contacts   map[types.JID]types.ContactInfo
	chats      map[types.JID]types.LocalChatSettings
	secrets    map[secretKey]secret
	tokens     map[types.JID]store.PrivacyToken
	salt       []byte
	buffered   map[[32]byte]store.BufferedEvent
	outgoing   map[outgoingKey]outgoing
	now        func() time.Time
}

var _ store.AllSessionSpecificStores = (*rows)(nil)

func newRows(c *Container) *rows {
	return &rows{
		container: c, identities: map[string][32]byte{}, sessions: map[string][]byte{}, preKeys: map[uint32]preKey{},
		senderKeys: map[groupUser][]byte{}, syncKeys: map[string]store.AppStateSyncKey{}, versions: map[string]version{},
		macs: map[string]map[string]mac{}, contacts: map[types.JID]types.ContactInfo{}, chats: map[types.JID]types.LocalChatSettings{},
		secrets: map[secretKey]secret{}, tokens: map[types.JID]store.PrivacyToken{}, buffered: map[[32]byte]store.BufferedEvent{},
		outgoing: map[outgoingKey]outgoing{}, now: time.Now,
	}
}

// txnKey carries the undo log of a transaction in its context.
type txnKey struct{}

type undoLog struct {
	of    *rows
	steps []func()
}

// DoDecryptionTxn runs fn; when it fails, what it wrote with its context is
// undone. One transaction of a device runs at a time; one inside of another is
// part of it.
func (r *rows) DoDecryptionTxn(ctx context.Context, fn func(context.Context) error) error {
	if log, inside := ctx.Value(txnKey{}).(*undoLog); inside && log.of == r {
		return fn(ctx)
	}
	r.txn.Lock()
	defer r.txn.Unlock()
	log := &undoLog{of: r}
	err := fn(context.WithValue(ctx, txnKey{}, log))
	if err == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := len(log.steps) - 1; i >= 0; i-- {
		log.steps[i]()
	}
	return err
}

// put writes a row, to be undone with the transaction of ctx. The caller holds
// r.mu.
func put[K comparable, V any](ctx context.Context, table map[K]V, key K, value V) {
	remember(ctx, table, key)
	table[key] = value
}

// remove deletes a row in the same way.
func remove[K comparable, V any](ctx context.Context, table map[K]V, key K) {
	remember(ctx, table, key)
	delete(table, key)
}

func remember[K comparable, V any](ctx context.Context, table map[K]V, key K) {
	log, inside := ctx.Value(txnKey{}).(*undoLog)
	if !inside {
		return
	}
	old, there := table[key]
	log.steps = append(log.steps, func() {
		if there {
			table[key] = old
		} else {
			delete(table, key)
		}
	})
}
