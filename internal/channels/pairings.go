package channels

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/jobs"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/vault"
)

// PairingsCollection has what a phone may scan now, sealed: who reads it could
// become the phone's linked device.
const PairingsCollection = "pairings"

// Pairing is what links a device right now. Its zero value: nothing.
type Pairing struct {
	QR      string            `json:"qr,omitempty"`      // the text of the QR code
	Passkey providers.RawJSON `json:"passkey,omitempty"` // the WebAuthn request to answer
	Code    string            `json:"code,omitempty"`    // to be compared with the phone's, after the passkey
	Until   time.Time         `json:"until"`             // when it stops counting
}

type pairingRow struct {
	Channel ids.Channel  `bson:"_id"`
	Box     vault.Sealed `bson:"box"`
	Until   time.Time    `bson:"until"` // by the store's clock
}

func pairingBinding(id ids.Channel) vault.Binding {
	return vault.Binding{Purpose: "channel.pairing", RowID: id.String()}
}

// Pairing gives what can be scanned or answered now; false when there is
// nothing.
func (s *Service) Pairing(ctx context.Context, id ids.Channel) (Pairing, bool, error) {
	var row pairingRow
	err := s.pairings.FindOne(ctx, bson.D{{Key: "_id", Value: id}, counts("until")}).Decode(&row)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return Pairing{}, false, nil
	}
	if err != nil {
		return Pairing{}, false, fmt.Errorf("read the pairing of channel %s: %w", id, err)
	}
	text, err := s.vault.Open(pairingBinding(id), row.Box)
	if err != nil {
		return Pairing{}, false, err
	}
	var p Pairing
	if err := json.Unmarshal(text, &p); err != nil {
		return Pairing{}, false, errors.New("a pairing cannot be read") // its own error might repeat it
	}
	return p, true, nil
}

// offer stores what can be scanned, with its event. The event does not hold
// the code: it is read when the event is delivered, while it counts.
func (s *Service) offer(ctx context.Context, id ids.Channel, term jobs.Term, p Pairing, tell bool) error {
	r, err := s.read(ctx, id)
	if err != nil {
		return err
	}
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	row := pairingRow{Channel: id, Box: s.vault.Seal(pairingBinding(id), text)}
	until := p.Until.UTC().Truncate(time.Millisecond)
	err = mongodb.Transaction(ctx, s.db.Client(), func(ctx context.Context) error {
		if err := s.devices.leases.Guard(ctx, term); err != nil {
			return err
		}
		if _, err := s.pairings.UpdateOne(ctx, bson.D{{Key: "_id", Value: id}}, withEnd(row, "until", until.Sub(s.now())), options.UpdateOne().SetUpsert(true)); err != nil || !tell {
			return err
		}
		event := events.New(r.Account, events.ChannelQR, s.now())
		event.Channel = id
		event.Facts = bson.D{{Key: "expiresAt", Value: until}}
		if err := s.address(ctx, r, &event); err != nil {
			return err
		}
		return s.appendNotices(ctx, r, []events.Type{events.NumberQRCode}, qrNews{ExpiresAt: until.Unix()})
	})
	if err != nil {
		return fmt.Errorf("store the pairing of channel %s: %w", id, err)
	}
	return nil
}

// qrNews is what a number's own webhook hears of a code; the code itself is put
// in when the event is delivered.
type qrNews struct {
	ExpiresAt int64 `json:"expiresAt"` // Unix seconds
}

// unoffer forgets what could be scanned.
func (s *Service) unoffer(ctx context.Context, id ids.Channel) error {
	_, err := s.pairings.DeleteOne(ctx, bson.D{{Key: "_id", Value: id}})
	return err
}

// Accept takes in what a connection tells of itself; anything else is an error.
func (s *Service) Accept(ctx context.Context, in ...providers.Inbound) error {
	for _, one := range in {
		if err := s.accept(ctx, one); err != nil && !fault.Is(err, fault.NotFound) { // deleted meanwhile
			return err
		}
	}
	return nil
}

func (s *Service) accept(ctx context.Context, in providers.Inbound) error {
	term, held := s.devices.term(in.Channel)
	if !held {
		return nil // it is another server's by now: what it says is the next one's to tell
	}
	err := s.acceptUnder(ctx, term, in)
	if errors.Is(err, jobs.ErrLost) {
		return nil
	}
	return err
}

// acceptUnder stores what the holder of a device says of it.
func (s *Service) acceptUnder(ctx context.Context, term jobs.Term, in providers.Inbound) error {
	switch payload := in.Payload.(type) {
	case providers.PairingOffered:
		return s.offer(ctx, in.Channel, term, Pairing{QR: payload.Code, Until: payload.Until}, true)
	case providers.PasskeyAsked:
		return s.offer(ctx, in.Channel, term, Pairing{Passkey: payload.Request, Code: payload.Code, Until: payload.Until}, false)
	case providers.ConnectionChanged:
		return s.connectionChanged(ctx, in.Channel, term, payload)
	default:
		return fmt.Errorf("channel %s: %T is not for this room", in.Channel, payload)
	}
}

// unlinked are the states in which a device that does not say who it is is linked
// to nobody.
var unlinked = map[providers.Status]bool{
	providers.StatusLoggedOut: true, providers.StatusBanned: true, providers.StatusQR: true, providers.StatusPairing: true,
}

// connectionChanged stores what a connection says of itself.
func (s *Service) connectionChanged(ctx context.Context, id ids.Channel, term jobs.Term, to providers.ConnectionChanged) error {
	before, err := s.read(ctx, id)
	if err != nil {
		return err
	}
	after, err := s.changeUnder(ctx, id, &term, func(r *row) {
		r.report(to.State, s.now())
		switch {
		case to.Paired.IsZero() && unlinked[to.State.Status]:
			r.Link.Number = ""
		case !to.Paired.IsZero():
			r.Link.Number = to.Paired.Value
		}
	})
	pairing := func(r row) bool {
		return r.Connection.Status == providers.StatusQR || r.Connection.Status == providers.StatusPairing
	}
	if err == nil && pairing(before) && !pairing(after) {
		err = s.unoffer(ctx, id)
	}
	return err
}
