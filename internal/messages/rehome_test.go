package messages_test

import (
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/platforms"
	"github.com/cirrus/omnichannel/internal/sessions"
)

// Who deletes a platform moves the sessions on that opened for it meanwhile, once;
// another's stay.
func TestSessionsOfADeletedPlatformMoveOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.accept(w.text("5521988883001", "wamid.gone.1", "oi"), w.text("5521988883002", "wamid.gone.2", "oi"))
	gone := platforms.Config{ID: ids.New[ids.PlatformConfig](), Account: w.channel.Account, Slug: "gone"}
	lost := w.sessions()[0].ID
	_, err := w.db.Collection(sessions.Collection).UpdateByID(t.Context(), lost, bson.D{{Key: "$set", Value: bson.D{
		{Key: "platformConfigId", Value: gone.ID}, {Key: "platformSlug", Value: gone.Slug},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := w.service.PlatformRemoved(t.Context(), gone); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range w.sessions() {
		want := 0
		if s.ID == lost {
			want = 1
		}
		if s.Platform != w.config.ID || s.Slug != w.config.Slug || len(s.Transfers) != want {
			t.Errorf("session %s is on %q after %d transfers, want %d", s.ID, s.Slug, len(s.Transfers), want)
		}
		if want == 1 && (s.Transfers[0].By != "omnichannel" || s.Transfers[0].From.Platform.Config != gone.ID) {
			t.Errorf("it was transferred as %+v", s.Transfers[0])
		}
	}
	told := 0
	for _, e := range w.events() {
		if e.Type == events.SessionTransferred && e.Session == lost {
			told++
		}
	}
	if told != 1 {
		t.Errorf("%d transfers were told", told)
	}
	w.invariants()
}
