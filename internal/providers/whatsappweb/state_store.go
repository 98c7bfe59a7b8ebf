package whatsappweb

import (
	"context"
	"sync"

	"go.mau.fi/whatsmeow/store"
)

// wholeStates keeps a collection's version and its MACs in one write.
type wholeStates interface {
	store.AppStateStore
	PutAppState(ctx context.Context, name string, version uint64, hash [128]byte, gone [][]byte, mutations []store.AppStateMutationMAC) error
}

// stateStore keeps the client from reading half of what it writes. The client
// stores a patch's version first, and its MACs afterwards; what it then builds
// upon the new version with the old MACs would have a wrong hash, WhatsApp would
// take it, and no device of the account could read the collection any more. So the
// version is held back here until its MACs come, and goes with them.
type stateStore struct {
	wholeStates

	mu   sync.Mutex
	held map[string]heldState // by collection
}

type heldState struct {
	version uint64
	hash    [128]byte
	gone    [][]byte
}

func newStateStore(inner wholeStates) *stateStore {
	return &stateStore{wholeStates: inner, held: map[string]heldState{}}
}

// PutAppStateVersion holds the version back until its MACs are put.
func (s *stateStore) PutAppStateVersion(_ context.Context, name string, version uint64, hash [128]byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held[name] = heldState{version: version, hash: hash}
	return nil
}

// DeleteAppStateMutationMACs deletes with the version that is held back.
func (s *stateStore) DeleteAppStateMutationMACs(ctx context.Context, name string, indexMACs [][]byte) error {
	s.mu.Lock()
	held, waits := s.held[name]
	if waits {
		held.gone = append(held.gone, indexMACs...)
		s.held[name] = held
	}
	s.mu.Unlock()
	if waits {
		return nil
	}
	return s.wholeStates.DeleteAppStateMutationMACs(ctx, name, indexMACs)
}

// PutAppStateMutationMACs puts them, and the version with them that was held back.
func (s *stateStore) PutAppStateMutationMACs(ctx context.Context, name string, version uint64, mutations []store.AppStateMutationMAC) error {
	s.mu.Lock()
	held, waits := s.held[name]
	delete(s.held, name)
	s.mu.Unlock()
	if !waits || held.version != version {
		return s.wholeStates.PutAppStateMutationMACs(ctx, name, version, mutations)
	}
	return s.PutAppState(ctx, name, version, held.hash, held.gone, mutations)
}

// DeleteAppStateVersion forgets the collection, and what was held back of it.
func (s *stateStore) DeleteAppStateVersion(ctx context.Context, name string) error {
	s.mu.Lock()
	delete(s.held, name)
	s.mu.Unlock()
	return s.wholeStates.DeleteAppStateVersion(ctx, name)
}
