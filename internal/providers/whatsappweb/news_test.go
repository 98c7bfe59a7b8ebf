package whatsappweb

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"github.com/cirrus/omnichannel/internal/providers"
)

var (
	ownJID   = types.NewJID("5521977776666", types.DefaultUserServer)
	salesJID = types.NewJID("120363", types.GroupServer)
)

// newsOf is a connection of its own, and a sink that refuses the first n calls.
func newsOf(t *testing.T, n int) (*Conn, *sink) {
	t.Helper()
	s, clock := newSink(), time.Unix(1700000000, 0)
	s.refusing(func(providers.InboundPayload) error {
		if n--; n >= 0 {
			return errRefused
		}
		return nil
	})
	c := newConn(Options{Now: func() time.Time { clock = clock.Add(time.Minute); return clock }}.withDefaults(), providers.Channel{}, s)
	c.own = ownJID
	t.Cleanup(c.reportingCancel)
	return c, s
}

func heardOf(s *sink, kind string) (list []providers.GatewayEvent) {
	for _, p := range s.all {
		if e, is := p.(providers.GatewayEvent); is && e.Type == kind {
			list = append(list, e)
		}
	}
	return list
}

// What the sink refused is no less news when it comes again, also where the
// group's state has been read in between; what it took in is none any more.
func TestRefusedNewsOfAGroupComeAgain(t *testing.T) {
	t.Parallel()
	c, s := newsOf(t, 1)
	join := &events.GroupInfo{JID: salesJID, Timestamp: time.Unix(1690000000, 0), Join: []types.JID{ownJID}}
	if c.handle(join) {
		t.Fatal("what the sink refused was taken in")
	}
	c.learnGroup(&types.GroupInfo{JID: salesJID, Participants: []types.GroupParticipant{{JID: ownJID}}})
	for range 2 {
		if !c.handle(join) {
			t.Fatal("it was not taken in")
		}
	}
	if n := len(heardOf(s, newsGroupJoin)); n != 1 {
		t.Errorf("told %d times of joining, want once", n)
	}
	announce := &events.GroupInfo{JID: salesJID, Timestamp: time.Unix(1690000001, 0), Announce: &types.GroupAnnounce{IsAnnounce: true}}
	if !c.handle(announce) || !*c.standings.get(salesJID).announce || c.standings.get(salesJID).role != RoleMember {
		t.Errorf("standing %+v", c.standings.get(salesJID))
	}
	if !c.handle(&events.GroupInfo{JID: salesJID, Timestamp: time.Unix(1690000002, 0), Leave: []types.JID{ownJID}}) || !c.handle(join) {
		t.Fatal("leaving was not taken in")
	}
	if joins, leaves := heardOf(s, newsGroupJoin), heardOf(s, newsGroupLeave); len(joins) != 2 || len(leaves) != 1 {
		t.Errorf("told %d times of joining and %d of leaving, want 2 and 1", len(joins), len(leaves))
	}
}

// What the account may do in a group is told as far as it was heard, and no further.
func TestWhatIsNotKnownOfAGroupIsNotTold(t *testing.T) {
	t.Parallel()
	c, s := newsOf(t, 0)
	c.device = &store.Device{LIDs: &store.NoopStore{}}
	for i, e := range []*events.GroupInfo{
		{Promote: []types.JID{ownJID}}, {Announce: &types.GroupAnnounce{IsAnnounce: false}}, {Demote: []types.JID{ownJID}},
	} {
		e.JID, e.Timestamp = salesJID, time.Unix(1690000000+int64(i), 0)
		if !c.handle(e) {
			t.Fatal("it was not taken in")
		}
	}
	told := heardOf(s, newsGroupPermission)
	if len(told) != 3 {
		t.Fatalf("told %d times", len(told))
	}
	for i, want := range []string{`"role":"admin","announceOnly":null}`, `"role":"admin","announceOnly":false}`, `"role":"member","announceOnly":false}`} {
		if !strings.HasSuffix(string(told[i].Raw), want) {
			t.Errorf("%s, want …%s", told[i].Raw, want)
		}
	}
}

// That the account is in a group reads the same when it is delivered again, and
// another when it joins again.
func TestJoiningAGroupIsTheSameWhenDeliveredAgain(t *testing.T) {
	t.Parallel()
	c, s := newsOf(t, 0)
	for _, version := range []string{"1", "1", "2", "", ""} {
		if !c.handle(&events.JoinedGroup{GroupInfo: types.GroupInfo{JID: salesJID, ParticipantVersionID: version}}) {
			t.Fatal("it was not taken in")
		}
	}
	joins := heardOf(s, newsGroupJoin)
	if len(joins) != 5 || !reflect.DeepEqual(joins[0], joins[1]) || reflect.DeepEqual(joins[1], joins[2]) || reflect.DeepEqual(joins[3], joins[4]) {
		t.Errorf("joined: %+v", joins)
	}
}
