package messages_test

import (
	"context"
	"io"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/media"
)

// fileStore is the media store of a test: it counts what is there, and hosts
// can be held up.
type fileStore struct {
	mu      sync.Mutex
	doubts  map[ids.Media]media.File   // kept a day ago, as the store sees it
	kept    map[ids.Media]string       // the address that each came from
	under   map[string]int             // by host: how many are being fetched
	most    map[string]int             // by host: how many were at once
	held    map[string]chan struct{}   // by host: what a fetch waits for
	fetched chan string                // the host of every file that came
	answer  func(address string) error // nil: every file comes
	comes   func(id ids.Media)         // a provider's file is about to be kept; nil: providers have none
	goes    func(id ids.Media) error   // a file is about to be released
}

func newFileStore() *fileStore {
	return &fileStore{
		doubts: map[ids.Media]media.File{},
		kept:   map[ids.Media]string{}, under: map[string]int{}, most: map[string]int{}, held: map[string]chan struct{}{},
		fetched: make(chan string, 1000),
	}
}

// hold makes a host slow until the returned function is called.
func (f *fileStore) hold(host string) (release func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	gate := make(chan struct{})
	f.held[host] = gate
	return sync.OnceFunc(func() { close(gate) })
}

// Resolve implements messages.Files.
func (f *fileStore) Resolve(ctx context.Context, account ids.Account, address string, hint media.Hint) (media.File, error) {
	at, err := url.Parse(address)
	if err != nil {
		return media.File{}, err
	}
	gate := f.begin(at.Host)
	defer f.end(at.Host)
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return media.File{}, ctx.Err()
		}
	}
	if f.answer != nil {
		if err := f.answer(address); err != nil {
			return media.File{}, err
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	file := media.File{ID: ids.New[ids.Media](), Account: account, Kind: media.Image, Mimetype: "image/png", Size: 1, Message: hint.Message}
	f.doubts[file.ID] = file
	f.kept[file.ID] = address
	f.fetched <- at.Host
	return file, nil
}

func (f *fileStore) begin(host string) (gate chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.under[host]++
	f.most[host] = max(f.most[host], f.under[host])
	return f.held[host]
}

func (f *fileStore) end(host string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.under[host]--
}

// atOnce is how many files of a host were fetched at once.
func (f *fileStore) atOnce(host string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.most[host]
}

// left lists the addresses of the files that are there.
func (f *fileStore) left() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := []string{}
	for _, address := range f.kept {
		all = append(all, address)
	}
	slices.Sort(all)
	return all
}

// Keep implements messages.Files.
func (f *fileStore) Keep(_ context.Context, account ids.Account, _ io.Reader, hint media.Hint) (media.File, error) {
	if f.comes == nil {
		return media.File{}, fault.New(fault.MediaUnavailable, "no file in this test")
	}
	f.comes(hint.ID)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.kept[hint.ID] = hint.ID.String()
	return media.File{ID: hint.ID, Account: account, Mimetype: "image/png", Size: 1}, nil
}

// Open implements messages.Files.
func (f *fileStore) Open(context.Context, ids.Media) (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader("x")), nil
}

// Link implements messages.Files.
func (f *fileStore) Link(id ids.Media) string { return "/api/media/" + id.String() }

// Release implements messages.Files.
func (f *fileStore) Release(_ context.Context, id ids.Media) (bool, error) {
	if f.goes != nil {
		if err := f.goes(id); err != nil {
			return false, err
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	_, there := f.kept[id]
	delete(f.kept, id)
	return there, nil
}

// Doubtful implements messages.Files: a day has always passed.
func (f *fileStore) Doubtful(_ context.Context, most int64) ([]media.File, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []media.File
	for id, file := range f.doubts {
		if _, there := f.kept[id]; there && int64(len(all)) < most {
			all = append(all, file)
		}
	}
	return all, nil
}

// Trust implements messages.Files.
func (f *fileStore) Trust(_ context.Context, id ids.Media) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.doubts, id)
	return nil
}
