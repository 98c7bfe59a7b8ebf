package messages

import (
	"context"
	"net/url"
	"sync"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

const (
	// fetchMost bounds the files fetched at once by one process.
	fetchMost = 32
	// fetchOfHost bounds those of them that come from one host, so that a slow
	// host leaves room for the others.
	fetchOfHost = 8
	// fetchLine bounds the files of one host that a process has in mind, those
	// under way and those in line. The others are found in the store.
	fetchLine = 256
)

// fetchers bound the files that are fetched at once, in all and of one host.
type fetchers struct {
	hosts *lanes[string]
	all   chan struct{} // one token a file under way

	mu     sync.Mutex
	booked map[ids.Message]struct{} // in line or under way
	lines  map[string]int           // how many of them are of one host
}

func newFetchers() *fetchers {
	return &fetchers{
		hosts: newLanes[string](fetchOfHost), all: make(chan struct{}, fetchMost),
		booked: map[ids.Message]struct{}{}, lines: map[string]int{},
	}
}

// book notes that a message's file is to be fetched; false means that it is
// noted already, or that the line of its host is full.
func (f *fetchers) book(message ids.Message, host string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, known := f.booked[message]; known || f.lines[host] >= fetchLine {
		return false
	}
	f.booked[message] = struct{}{}
	f.lines[host]++
	return true
}

// strike ends what book noted.
func (f *fetchers) strike(message ids.Message, host string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.booked, message)
	if f.lines[host]--; f.lines[host] == 0 {
		delete(f.lines, host)
	}
}

// enter waits for room; the returned function gives it back. The host's comes
// first: whoever waits for a slow host takes no room from the others.
func (f *fetchers) enter(ctx context.Context, host string) (leave func(), err error) {
	leaveHost, err := f.hosts.enter(ctx, host)
	if err != nil {
		return nil, err
	}
	select {
	case f.all <- struct{}{}:
		return func() {
			<-f.all
			leaveHost()
		}, nil
	case <-ctx.Done():
		leaveHost()
		return nil, ctx.Err()
	}
}

// hostOf is where a file comes from: the host of a caller's address, else the
// provider.
func hostOf(provider providers.Name, ref *providers.MediaRef) string {
	if ref == nil || !ref.Foreign {
		return string(provider)
	}
	address, err := url.Parse(ref.URL)
	if err != nil {
		return ""
	}
	return address.Host
}
