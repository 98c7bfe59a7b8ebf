package events

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/web"
)

// Wanted names the rows that a batch of events speaks of.
type Wanted struct {
	Messages []ids.Message
	// Received are messages of which is told that they came: what they were a second
	// ago will do.
	Received []ids.Message
	Contacts []ids.Contact
	Sessions []ids.Session
	// Last are the sessions whose last messages are wanted.
	Last []ids.Session
	// Codes are the channels whose code to scan is wanted.
	Codes []ids.Channel
}

// Subjects are the rows that events speak of, as the wire has them now. What is
// not there is gone: erased. A contact that was merged stands for its survivor.
type Subjects struct {
	Messages map[ids.Message]any
	Contacts map[ids.Contact]any
	Sessions map[ids.Session]any
	Last     map[ids.Session]any // 20 messages at most, the newest last
	Codes    map[ids.Channel]string
}

// Reader reads what events speak of; one call for many events.
type Reader interface {
	Read(ctx context.Context, account ids.Account, wanted Wanted) (Subjects, error)
}

// Envelope is an event on the wire.
type Envelope struct {
	ID        string       `json:"id"`
	Type      Type         `json:"type"`
	Timestamp *web.Time    `json:"timestamp"`
	Account   ids.Account  `json:"clientIdentifier"`
	Channel   *ids.Channel `json:"channelId,omitempty"`
	Session   *ids.Session `json:"sessionId,omitempty"`
	Sequence  int64        `json:"sequence,omitempty"`
	Data      any          `json:"data"`
}

// erased is what is left to say of an event when its person was erased.
var erased = map[string]any{"erased": true}

// wireID prints an event's id.
func wireID(id ids.Event) string { return "evt_" + id.String() }

// render makes the bodies of events, by their ids.
func (s *Service) render(ctx context.Context, account ids.Account, rows []Row) (map[ids.Event][]byte, error) {
	var wanted Wanted
	for i := range rows {
		rows[i].want(&wanted)
	}
	subjects, err := s.subjects.Read(ctx, account, wanted)
	if err != nil {
		return nil, fmt.Errorf("read what events of account %s speak of: %w", account, err)
	}
	if err := s.eraseLate(ctx, account, rows, subjects); err != nil {
		return nil, err
	}
	bodies := make(map[ids.Event][]byte, len(rows))
	for i := range rows {
		body, err := rows[i].body(subjects)
		if err != nil {
			return nil, fmt.Errorf("render event %s: %w", rows[i].ID, err)
		}
		bodies[rows[i].ID] = body
	}
	return bodies, nil
}

// body gives an event as it is sent.
func (r *Row) body(subjects Subjects) ([]byte, error) {
	if r.isNotice() {
		return r.notice(subjects)
	}
	return json.Marshal(r.envelope(subjects))
}

func (r *Row) envelope(subjects Subjects) Envelope {
	e := Envelope{ID: wireID(r.ID), Type: r.Type, Timestamp: web.At(r.CreatedAt), Account: r.Account, Sequence: r.Sequence, Data: r.told(subjects)}
	if !r.Channel.IsZero() {
		e.Channel = &r.Channel
	}
	if !r.Session.IsZero() {
		e.Session = &r.Session
	}
	return e
}

// speaksOf says which rows an event of a type shows beside its own facts.
type speaksOf struct{ message, contact, session, last, code bool }

// shown has a row for every type that shows any.
var shown = map[Type]speaksOf{
	SessionCreated:     {session: true, contact: true},
	SessionTransferred: {session: true, last: true},
	SessionFinished:    {session: true},
	MessageReceived:    {message: true, contact: true},
	MessageSent:        {message: true, contact: true},
	MessageStatus:      {message: true, contact: true},
	MessageRevoked:     {message: true, contact: true},
	MessageEdited:      {message: true, contact: true},
	MessageMedia:       {message: true, contact: true},
	MessageReaction:    {message: true, contact: true},
	ContactCreated:     {contact: true},
	ContactUpdated:     {contact: true},
	ContactMerged:      {contact: true},
	ChannelQR:          {code: true},
}

// shows gives what the event shows; an event that passes something on holds
// everything itself. Of a notice the contact is wanted only to know whether they
// were erased.
func (r *Row) shows() speaksOf {
	if r.isNotice() {
		return speaksOf{contact: !r.Contact.IsZero(), code: r.Type == NumberQRCode}
	}
	if r.passesOn() {
		return speaksOf{}
	}
	return shown[r.Type]
}

func (r *Row) want(w *Wanted) {
	shows := r.shows()
	switch {
	case shows.message && r.Type == MessageReceived:
		w.Received = append(w.Received, r.Message)
	case shows.message:
		w.Messages = append(w.Messages, r.Message)
	}
	if shows.contact || shows.session { // of a session, to know whether it was erased
		w.Contacts = append(w.Contacts, r.Contact)
	}
	if shows.session {
		w.Sessions = append(w.Sessions, r.Session)
	}
	if shows.code {
		w.Codes = append(w.Codes, r.Channel)
	}
	if shows.last {
		w.Last = append(w.Last, r.Session)
	}
}

// told gives the event's facts and what it shows; of a person that was erased
// only that.
func (r *Row) told(subjects Subjects) any {
	shows := r.shows()
	out := plainObject(r.Facts)
	if shows.contact || shows.session {
		contact, there := subjects.Contacts[r.Contact]
		if !there {
			return erased
		}
		if shows.contact {
			out["contact"] = contact
		}
	}
	if shows.message {
		message, there := subjects.Messages[r.Message]
		if !there {
			return erased
		}
		out["message"] = message
	}
	if shows.session {
		session, there := subjects.Sessions[r.Session]
		if !there {
			return erased
		}
		out["session"] = session
	}
	if shows.code {
		out["qr"] = nil // it counts no more
		if code := subjects.Codes[r.Channel]; code != "" {
			out["qr"] = code
		}
	}
	if shows.last {
		out["messages"] = subjects.Last[r.Session]
	}
	return out
}

// plainObject gives stored facts as JSON has them.
func plainObject(facts bson.D) map[string]any {
	out := make(map[string]any, len(facts))
	for _, fact := range facts {
		out[fact.Key] = plain(fact.Value)
	}
	return out
}

// plain gives one stored value as JSON has it: times and ids as everywhere on
// the wire.
func plain(value any) any {
	switch v := value.(type) {
	case bson.D:
		return plainObject(v)
	case bson.A:
		list := make([]any, 0, len(v))
		for _, one := range v {
			list = append(list, plain(one))
		}
		return list
	case bson.DateTime:
		return web.At(laterThanNever(v.Time()))
	case bson.ObjectID:
		return v.Hex()
	default:
		return v
	}
}

// laterThanNever turns the zero time, as the store keeps it, back into one.
func laterThanNever(t time.Time) time.Time {
	if t.Year() <= 1 {
		return time.Time{}
	}
	return t
}
