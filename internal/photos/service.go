package photos

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/media"
	"github.com/cirrus/omnichannel/internal/providers"
)

const (
	// every is the pause between two contacts of one channel.
	every = time.Second
	// askMost bounds the fetching of one photo.
	askMost = 20 * time.Second
	// photoMost bounds a photo, in bytes.
	photoMost = 5 << 20
	// atOnce is how many channels one server asks for at a time.
	atOnce = 8
	// triesMost is how often one photo is tried in a row.
	triesMost = 3
	// failuresMost bounds how many failures are remembered.
	failuresMost = 1000
)

// Contacts is what this room needs of the contacts.
type Contacts interface {
	PhotosDue(ctx context.Context, channel ids.Channel, most int64) ([]contacts.Contact, error)
	PhotoChanged(ctx context.Context, channel ids.Channel, of providers.Address) error
	PhotoSeen(ctx context.Context, id ids.Contact) error
	SetPhoto(ctx context.Context, id ids.Contact, p contacts.Picture) (changed bool, old ids.Media, err error)
}

// Channels is what this room needs of the channels.
type Channels interface {
	// Held lists the channels whose connection this server holds.
	Held() []ids.Channel
	Conn(ctx context.Context, id ids.Channel) (providers.Conn, error)
}

// Files is what this room needs of the media store.
type Files interface {
	Keep(ctx context.Context, account ids.Account, content io.Reader, hint media.Hint) (media.File, error)
	Release(ctx context.Context, id ids.Media) (bool, error)
	// Address is where a file is for whoever has a key of its account.
	Address(id ids.Media) string
}

// Service fetches photos.
type Service struct {
	contacts Contacts
	channels Channels
	files    Files
	failures *lru.Cache[ids.Contact, int]
}

// New makes the room; Run is its loop.
func New(c Contacts, ch Channels, f Files) *Service {
	failures, _ := lru.New[ids.Contact, int](failuresMost) // fails for a size below one only
	return &Service{contacts: c, channels: ch, files: f, failures: failures}
}

// Every is the interval of Run.
func (s *Service) Every() time.Duration { return every }

// Accept notes that somebody has a new photo.
func (s *Service) Accept(ctx context.Context, channel ids.Channel, p providers.PhotoChanged) error {
	return s.contacts.PhotoChanged(ctx, channel, p.Of)
}

// Run looks at one contact of each channel that this server holds.
func (s *Service) Run(ctx context.Context) error {
	var group sync.WaitGroup
	var mu sync.Mutex
	var errs []error
	slots := make(chan struct{}, atOnce)
	for _, channel := range s.channels.Held() {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			if err := s.next(ctx, channel); err != nil && ctx.Err() == nil {
				mu.Lock()
				defer mu.Unlock()
				errs = append(errs, err)
			}
		})
	}
	group.Wait()
	return errors.Join(errs...)
}

// next looks at one contact that is due.
func (s *Service) next(ctx context.Context, channel ids.Channel) error {
	due, err := s.contacts.PhotosDue(ctx, channel, 1)
	if err != nil || len(due) == 0 {
		return err
	}
	conn, err := s.channels.Conn(ctx, channel)
	if err != nil || conn.State().Status != providers.StatusOpen {
		return nil // not connected: later
	}
	fetcher, ok := conn.(providers.PhotoFetcher)
	if !ok || due[0].IsIgnored {
		return s.contacts.PhotoSeen(ctx, due[0].ID)
	}
	asking, cancel := context.WithTimeout(ctx, askMost)
	defer cancel()
	err = s.bring(asking, fetcher, due[0])
	if err == nil || conn.State().Status != providers.StatusOpen || ctx.Err() != nil {
		return nil // it may have been the connection's fault: later
	}
	slog.InfoContext(ctx, "a photo was not fetched", "contact_id", due[0].ID.String(), "channel_id", channel.String(), "error", err)
	if !s.giveUp(due[0].ID) {
		return nil
	}
	return s.contacts.PhotoSeen(ctx, due[0].ID) // the others must not wait for it
}

// giveUp counts a failure, and tells whether it was the last one allowed.
func (s *Service) giveUp(id ids.Contact) bool {
	failures, _ := s.failures.Get(id)
	if failures++; failures >= triesMost {
		s.failures.Remove(id)
		return true
	}
	s.failures.Add(id, failures)
	return false
}

// bring fetches a photo, stores it, and shows it.
func (s *Service) bring(ctx context.Context, fetcher providers.PhotoFetcher, contact contacts.Contact) error {
	content, version, err := fetcher.FetchPhoto(ctx, contact.ReplyTo, contact.PhotoVersion)
	if err != nil {
		return err
	}
	if content == nil && version != "" { // still the same
		return s.contacts.PhotoSeen(ctx, contact.ID)
	}
	var picture contacts.Picture
	if content != nil {
		defer content.Close()
		file, err := s.files.Keep(ctx, contact.Account, content, media.Hint{MaxBytes: photoMost, Contact: contact.ID})
		if err != nil {
			return err
		}
		picture = contacts.Picture{URL: s.files.Address(file.ID), Version: version, File: file.ID}
	}
	changed, old, err := s.contacts.SetPhoto(ctx, contact.ID, picture)
	if err != nil {
		return err
	}
	if !changed {
		old = picture.File // nobody needs it
		if err := s.contacts.PhotoSeen(ctx, contact.ID); err != nil {
			return err
		}
	}
	if old.IsZero() {
		return nil
	}
	_, err = s.files.Release(ctx, old)
	return err
}

// Erase deletes a person's photo.
func (s *Service) Erase(ctx context.Context, p contacts.Person) (contacts.Erased, error) {
	var erased contacts.Erased
	for _, file := range p.Photos {
		gone, err := s.files.Release(ctx, file)
		if err != nil {
			return erased, err
		}
		if gone {
			erased.Media++
		}
	}
	return erased, nil
}

// Export hands out nothing: the photo's address stands in the contact.
func (s *Service) Export(context.Context, contacts.Person, func(string, any) error) error { return nil }
