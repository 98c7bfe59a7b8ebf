package messages_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/providers"
)

// album is a provider that has files.
type album struct{ conn }

// FetchMedia implements providers.MediaFetcher.
func (*album) FetchMedia(context.Context, providers.MediaRef) (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader("x")), nil
}

// An erasure in the middle of a fetch deletes the file, whichever of the two is
// faster, and nothing is told of it.
func TestAnErasureDuringAFetchLeavesNoFile(t *testing.T) {
	t.Parallel()
	for label, early := range map[string]bool{"between the steps of the erasure": true, "after it": false} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			w := hooked(t, "ATTACHMENT")
			w.channel.Settings.Mode, w.conn = channels.Gateway, &album{}
			coming, may := make(chan struct{}), make(chan struct{})
			let := sync.OnceFunc(func() { close(may) })
			t.Cleanup(let)
			w.files.comes = func(ids.Media) {
				close(coming)
				<-may
			}
			first := true
			w.files.goes = func(ids.Media) error {
				if first && early { // between the erasure's steps
					first = false
					let()
					return w.service.Close(context.Background()) // the fetch ends
				}
				return nil
			}
			w.accept(w.pictures("example.com", 1)...)
			<-coming
			person := contacts.Person{Account: w.channel.Account, Channel: w.channel.ID, Family: []ids.Contact{ids.New[ids.Contact]()}, Addresses: []providers.Address{{Kind: providers.KindPhone, Value: "5521988881000"}}}
			if _, err := w.server().Erase(context.Background(), person); err != nil {
				t.Fatal(err)
			}
			if !early {
				let()
				if err := w.service.Close(context.Background()); err != nil {
					t.Fatal(err)
				}
			}
			if left := w.files.left(); len(left) > 0 {
				t.Errorf("files %v are left", left)
			}
			if kinds, _ := w.notices(); len(kinds) > 0 {
				t.Errorf("told %v", kinds)
			}
			if n := len(rows[bson.M](w, messages.PassingCollection, bson.D{})); n != 0 {
				t.Errorf("%d rows are left", n)
			}
		})
	}
}

// passingRow writes a file on its way.
func (w *world) passingRow(channel ids.Channel, state string, due, end time.Time) ids.Media {
	w.t.Helper()
	id := ids.New[ids.Media]()
	row := bson.D{{Key: "_id", Value: id}, {Key: "accountId", Value: w.channel.Account}, {Key: "channelId", Value: channel}, {Key: "state", Value: state},
		{Key: "nextAt", Value: due}, {Key: "giveUpAt", Value: end}}
	if state == "pending" {
		row = append(row, bson.E{Key: "message", Value: providers.MessageReceived{Media: &providers.MediaRef{URL: "https://example.com/a.png"}}})
	}
	if _, err := w.db.Collection(messages.PassingCollection).InsertOne(w.t.Context(), row); err != nil {
		w.t.Fatal(err)
	}
	return id
}

// Files that another server is to fetch hold up nobody's, nor does one that
// cannot be deleted; and all end in time, whoever holds their channel.
func TestPassingFilesHoldUpNoOthers(t *testing.T) {
	t.Parallel()
	w := apart(t)
	far := ids.New[ids.Channel]()
	w.others = []ids.Channel{far}
	now := time.Now()
	for range 250 {
		w.passingRow(far, "pending", now.Add(-time.Hour), now.Add(time.Hour))
	}
	stuck := w.passingRow(w.channel.ID, "told", now.Add(-2*time.Hour), now.Add(time.Hour))
	told := w.passingRow(w.channel.ID, "told", now.Add(-time.Minute), now.Add(time.Hour))
	waiting := w.passingRow(w.channel.ID, "kept", now.Add(-time.Minute), now.Add(time.Hour))
	over := map[ids.Media]string{}
	for _, channel := range []ids.Channel{far, w.channel.ID} {
		for _, state := range []string{"pending", "kept", "told"} {
			over[w.passingRow(channel, state, now.Add(-time.Minute), now.Add(-time.Second))] = state
		}
	}
	released := map[ids.Media]bool{}
	w.files.goes = func(id ids.Media) error {
		if id == stuck {
			return errors.New("the bucket is away")
		}
		released[id] = true
		return nil
	}
	loop(t, w.service, "passing_files")
	for id, state := range over {
		if !released[id] {
			t.Errorf("a file that was %s is there after its time", state)
		}
	}
	if len(released) != len(over)+1 || !released[told] {
		t.Errorf("%d files were released, want %d and the one that was told of", len(released), len(over))
	}
	var left struct {
		State string    `bson:"state"`
		Next  time.Time `bson:"nextAt"`
	}
	if err := w.db.Collection(messages.PassingCollection).FindOne(t.Context(), bson.D{{Key: "_id", Value: waiting}}).Decode(&left); err != nil || left.State != "told" || left.Next.After(now.Add(time.Hour).Add(time.Millisecond)) {
		t.Errorf("what nobody waits for any more is %+v: %v", left, err)
	}
	released = map[ids.Media]bool{}
	w.files.goes = func(id ids.Media) error { released[id] = true; return nil }
	loop(t, w.serverAt(func() time.Time { return now.Add(time.Minute) }), "passing_files")
	if len(released) != 1 || !released[stuck] {
		t.Errorf("released at last: %v, want %s", released, stuck)
	}
	if events.KeptInGateway < messages.PassedFor {
		t.Error("a file goes before its hour is over")
	}
}
