// Package privacy erases and exports a person (LGPD, articles 18 and 19). It
// knows no room's rows: each room deletes and hands out its own.
//
// An erasure first cuts: in one transaction nothing finds or reaches the
// person any more, on any channel that was asked for. Then the rooms delete,
// channel by channel, in an order in which each finds what it needs, and the
// contact's row goes last. It goes on when the caller hangs up; what is
// interrupted, a loop finishes: the row is there as long as anything is left.
package privacy

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/web"
)

// Room is one that keeps something of people.
type Room interface {
	// Erase deletes all it has of a person; again is no error.
	Erase(ctx context.Context, p contacts.Person) (contacts.Erased, error)
	// Export hands all it has of a person to emit, by section.
	Export(ctx context.Context, p contacts.Person, emit func(section string, item any) error) error
}

// Names adds to a person the names that others may know the person by, and the
// contact does not.
type Names func(ctx context.Context, p contacts.Person) (contacts.Person, error)

// Service erases and exports.
type Service struct {
	contacts *contacts.Service
	names    Names
	rooms    []Room // in the order in which they erase
}

// New makes the room; the others erase in the order given, contacts last. What
// names goes by must be there until the last of them has erased.
func New(contacts *contacts.Service, names Names, rooms ...Room) *Service {
	return &Service{contacts: contacts, names: names, rooms: rooms}
}

// person describes a contact by every name that is known.
func (s *Service) person(ctx context.Context, row contacts.Contact) (contacts.Person, error) {
	p, err := s.contacts.Person(ctx, row)
	if err != nil {
		return p, err
	}
	return s.names(ctx, p)
}

const base = "/api/accounts/{clientIdentifier}/contacts/{contactId}"

// Routes are the operations on persons.
func (s *Service) Routes() []web.Route {
	return []web.Route{
		{Method: http.MethodDelete, Path: base, OperationID: "eraseContact", Scope: web.Account, Handler: web.JSON(s.erase)},
		{Method: http.MethodGet, Path: base + "/export", OperationID: "exportContact", Scope: web.Account, Handler: web.Raw(s.export)},
	}
}

// Loop is something that must be done again and again; app runs it.
type Loop struct {
	Name     string
	Interval time.Duration
	Run      func(ctx context.Context) error
}

// Loops lists what must run beside the requests.
func (s *Service) Loops() []Loop {
	return []Loop{{Name: "erasing", Interval: 10 * time.Second, Run: s.resume}}
}

// erasePatience bounds the work of one request; the loop finishes what is left.
const erasePatience = 10 * time.Minute

type eraseRequest struct {
	Account     ids.Account `path:"clientIdentifier"`
	Contact     ids.Contact `path:"contactId"`
	AllChannels bool        `query:"allChannels"`
}

type eraseAnswer struct {
	ContactID ids.Contact     `json:"contactId"`
	Erased    contacts.Erased `json:"erased"`
}

func (s *Service) erase(ctx context.Context, req *eraseRequest) (eraseAnswer, error) {
	found, err := s.contacts.Find(ctx, req.Account, req.Contact)
	if err != nil {
		return eraseAnswer{}, err
	}
	// Who asked may hang up: the person is to go all the same.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), erasePatience)
	defer cancel()
	all, err := s.contacts.Cut(ctx, found.ID, req.AllChannels)
	if err != nil {
		return eraseAnswer{}, err
	}
	erased, err := s.finishAll(ctx, all)
	return eraseAnswer{ContactID: found.ID, Erased: erased}, err
}

// finishAll deletes what the cuts of these contacts have left; one that fails does
// not hold up the others.
func (s *Service) finishAll(ctx context.Context, cut []contacts.Contact) (contacts.Erased, error) {
	var total contacts.Erased
	var failed []error
	persons := make([]contacts.Person, 0, len(cut))
	for _, row := range cut { // before anything goes: they may be one person, whose names go with the first
		person, err := s.person(ctx, row)
		if err != nil {
			failed = append(failed, fmt.Errorf("erase contact %s: %w", row.ID, err))
			continue
		}
		persons = append(persons, person)
	}
	for _, person := range persons {
		erased, err := s.finish(ctx, person)
		total.Add(erased)
		if err != nil {
			failed = append(failed, fmt.Errorf("erase contact %s: %w", person.Contact, err))
		}
	}
	return total, errors.Join(failed...)
}

// finish deletes what the cut has left.
func (s *Service) finish(ctx context.Context, p contacts.Person) (contacts.Erased, error) {
	var total contacts.Erased
	for _, room := range s.rooms {
		erased, err := room.Erase(ctx, p)
		total.Add(erased)
		if err != nil {
			return total, err
		}
	}
	erased, err := s.contacts.Remove(ctx, p)
	total.Add(erased)
	return total, err
}

// resume finishes erasures that were interrupted.
func (s *Service) resume(ctx context.Context) error {
	rows, err := s.contacts.Unfinished(ctx)
	if err != nil {
		return err
	}
	_, err = s.finishAll(ctx, rows)
	return err
}
