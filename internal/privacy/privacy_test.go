package privacy

import (
	"context"
	"errors"
	"os"
	"slices"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/migrations"
)

func TestMain(m *testing.M) {
	os.Exit(mongotest.Run(m))
}

// world is an account with a person on two channels, and one room that keeps
// something of people; it is the directory of its channels, too.
type world struct {
	contacts.Directory
	account  ids.Account
	channels []ids.Channel
	now      time.Time
	db       *mongo.Database // of its own: the loop looks at all that is there

	contacts *contacts.Service
	service  *Service
	rows     []contacts.Contact

	erasing   func(ctx context.Context, p contacts.Person) error
	forgotten bool // the name that only the devices know
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{account: ids.NewAccount(), channels: []ids.Channel{ids.New[ids.Channel](), ids.New[ids.Channel]()}, now: time.Now(), db: mongotest.Fresh(t)}
	if err := mongodb.Migrate(t.Context(), w.db, migrations.All()); err != nil {
		t.Fatal(err)
	}
	w.contacts = contacts.New(w.db, w, func() time.Time { return w.now })
	w.service = New(w.contacts, w.everyName, w)
	person := []providers.Address{{Kind: providers.KindPhone, Value: "5521988887777"}}
	for _, channel := range w.channels {
		row := contacts.NewContact(ids.New[ids.Contact](), w.account, channel, contacts.Individual, person, "João", w.now)
		if _, err := w.db.Collection(contacts.Collection).InsertOne(t.Context(), row); err != nil {
			t.Fatal(err)
		}
		w.rows = append(w.rows, row)
	}
	return w
}

func (w *world) AccountChannels(context.Context, ids.Account) ([]ids.Channel, error) {
	return w.channels, nil
}

func (w *world) Holder(context.Context, ids.Channel, ids.Contact) (ids.PlatformConfig, error) {
	return ids.PlatformConfig{}, nil
}

// hidden is how the devices call the person, until the first erasure of it.
var hidden = providers.Address{Kind: providers.KindLID, Value: "77000000000001"}

func (w *world) everyName(_ context.Context, p contacts.Person) (contacts.Person, error) {
	if !w.forgotten {
		p.Addresses = append(slices.Clone(p.Addresses), hidden)
	}
	return p, nil
}

func (w *world) Erase(ctx context.Context, p contacts.Person) (contacts.Erased, error) {
	return contacts.Erased{Messages: 1}, errors.Join(w.erasing(ctx, p), ctx.Err())
}

func (w *world) Export(context.Context, contacts.Person, func(string, any) error) error { return nil }

// reachable fails the test where any of the person's contacts still answers.
func (w *world) reachable(t *testing.T, when string) {
	t.Helper()
	for _, row := range w.rows {
		if _, err := w.contacts.Find(context.WithoutCancel(t.Context()), w.account, row.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s, contact %s is there: %v", when, row.ID, err)
		}
	}
}

// left are the rows that stand for something of the person that is still there.
func (w *world) left(t *testing.T) int64 {
	t.Helper()
	n, err := w.db.Collection(contacts.Collection).CountDocuments(t.Context(), bson.D{})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// From its first moment on an erasure is of all channels that were asked for, and
// goes on when the caller hangs up.
func TestAnErasureOutlivesItsCaller(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, hangUp := context.WithCancel(t.Context())
	w.erasing = func(_ context.Context, p contacts.Person) error {
		w.reachable(t, "while the first is being erased")
		if !slices.Contains(p.Addresses, hidden) {
			t.Errorf("contact %s is erased under %v only", p.Contact, p.Addresses)
		}
		w.forgotten = true
		hangUp()
		return nil
	}
	answer, err := w.service.erase(ctx, &eraseRequest{Account: w.account, Contact: w.rows[0].ID, AllChannels: true})
	if err != nil || answer.ContactID != w.rows[0].ID || answer.Erased.Contacts != 2 || answer.Erased.Messages != 2 {
		t.Errorf("the answer: %+v, %v", answer, err)
	}
	if n := w.left(t); n != 0 {
		t.Errorf("%d contacts are left", n)
	}
}

// What dies in the middle of an erasure leaves all of it to the loop: the other
// channels, too.
func TestAnErasureIsFinishedOnAllChannels(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	died := errors.New("the server died")
	w.erasing = func(context.Context, contacts.Person) error { return died }
	if _, err := w.service.erase(t.Context(), &eraseRequest{Account: w.account, Contact: w.rows[1].ID, AllChannels: true}); !errors.Is(err, died) {
		t.Fatalf("the erasure: %v", err)
	}
	w.reachable(t, "after the death")
	w.erasing = func(context.Context, contacts.Person) error { return nil }
	w.now = w.now.Add(time.Hour)
	if err := w.service.resume(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := w.left(t); n != 0 {
		t.Errorf("%d contacts are left", n)
	}
}

// Without allChannels the person stays on the others.
func TestAnErasureOfOneChannel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.erasing = func(context.Context, contacts.Person) error { return nil }
	if _, err := w.service.erase(t.Context(), &eraseRequest{Account: w.account, Contact: w.rows[0].ID}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.contacts.Find(t.Context(), w.account, w.rows[1].ID); err != nil || w.left(t) != 1 {
		t.Errorf("the other channel's contact: %v", err)
	}
}
