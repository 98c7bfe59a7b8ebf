package channels

import (
	"context"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/jobs"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/providers"
)

// late are the reports that say less than what is known already: a connection
// that was logged out or banned ends too, and tells so in no order.
var late = map[providers.Status][]providers.Status{
	providers.StatusCreated:    {},
	providers.StatusConnecting: {},
	providers.StatusQR:         {},
	providers.StatusPairing:    {},
	providers.StatusOpen:       {},
	providers.StatusClosed:     {},
	providers.StatusLoggedOut:  {providers.StatusClosed},
	providers.StatusBanned:     {providers.StatusClosed, providers.StatusLoggedOut, providers.StatusFailed},
	providers.StatusOutdated:   {providers.StatusClosed},
	providers.StatusFailed:     {},
}

// takes tells whether a report counts in a state. Nothing is ever reported to
// be created: that is how a channel begins.
func takes(from, to providers.Status) bool {
	if _, known := late[to]; !known || to == providers.StatusCreated {
		return false
	}
	return !slices.Contains(late[from], to)
}

// report takes a connection's word for its condition.
func (r *row) report(st providers.State, now time.Time) {
	if !takes(r.Connection.Status, st.Status) {
		return
	}
	r.become(st, now)
}

// become sets the condition; the time counts from when the status began.
func (r *row) become(st providers.State, now time.Time) {
	if r.Connection.Status != st.Status {
		r.Connection.Status, r.Connection.Since = st.Status, now
	}
	r.Connection.Detail = st.Detail
}

// Report stores a connection's condition, and its event with it. One that is
// stored already costs a read. Fault NotFound when there is no such channel.
func (s *Service) Report(ctx context.Context, id ids.Channel, st providers.State) error {
	if _, known := late[st.Status]; !known {
		return fmt.Errorf("report channel %s: there is no status %q", id, st.Status)
	}
	_, err := s.change(ctx, id, func(r *row) { r.report(st, s.now()) })
	return err
}

// change applies fn to a channel and gives the row as it then is. fn may run
// twice. Nothing is written where fn changes nothing.
func (s *Service) change(ctx context.Context, id ids.Channel, fn func(*row)) (row, error) {
	return s.changeUnder(ctx, id, nil, fn)
}

// changeUnder is change for what only the holder of a lease may write; it fails
// with jobs.ErrLost when that is another one by now.
func (s *Service) changeUnder(ctx context.Context, id ids.Channel, term *jobs.Term, fn func(*row)) (row, error) {
	before, err := s.read(ctx, id)
	if err != nil {
		return row{}, err
	}
	after := before
	if fn(&after); same(before, after) {
		return after, nil
	}
	err = mongodb.Transaction(ctx, s.db.Client(), func(ctx context.Context) error {
		if term != nil {
			if err := s.devices.leases.Guard(ctx, *term); err != nil {
				return err
			}
		}
		if before, err = s.read(ctx, id); err != nil {
			return err
		}
		after = before
		if fn(&after); same(before, after) {
			return nil
		}
		return s.write(ctx, before, after)
	})
	s.cache.written(id, before.Account)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return row{}, fmt.Errorf("change channel %s: %w", id, err)
	}
	return after, err
}

// same compares what change may change.
func same(a, b row) bool {
	return a.Connection == b.Connection && a.Webhook == b.Webhook && a.NumberID == b.NumberID && a.CheckAt.Equal(b.CheckAt) && a.Link.same(b.Link)
}

// write stores what may change of a channel, in the caller's transaction, with
// the event of a changed condition.
func (s *Service) write(ctx context.Context, before, after row) error {
	set := bson.D{
		{Key: "name", Value: after.Name}, {Key: "identifier", Value: after.Identifier}, {Key: "identifierKey", Value: after.IdentifierKey},
		{Key: "settings", Value: after.Settings}, {Key: "connection", Value: after.Connection}, {Key: "webhook", Value: after.Webhook},
		{Key: "checkAt", Value: after.CheckAt}, {Key: "credentials", Value: after.Credentials},
	}
	unset := bson.D{}
	put := func(field string, value any, there bool) {
		if there {
			set = append(set, bson.E{Key: field, Value: value})
		} else {
			unset = append(unset, bson.E{Key: field, Value: ""})
		}
	}
	put("platformConfigId", after.Platform, !after.Platform.IsZero())
	put("link", after.Link, after.Link != link{})
	put("numberId", after.NumberID, after.NumberID != "")
	change := bson.D{{Key: "$set", Value: set}}
	if len(unset) > 0 {
		change = append(change, bson.E{Key: "$unset", Value: unset})
	}
	if _, err := s.rows.UpdateOne(ctx, bson.D{{Key: "_id", Value: after.ID}}, change); err != nil {
		return err
	}
	if err := s.tellNumber(ctx, before, after); err != nil {
		return err
	}
	was, is := before.state(), after.state()
	if was.Status == is.Status && was.Detail == is.Detail {
		return nil
	}
	return s.tell(ctx, after)
}

// tell appends the channel.status event, for the platform of the channel.
func (s *Service) tell(ctx context.Context, r row) error {
	event := events.New(r.Account, events.ChannelStatus, s.now())
	event.Channel = r.ID
	state := r.state()
	event.Facts = bson.D{{Key: "state", Value: bson.D{
		{Key: "status", Value: state.Status}, {Key: "since", Value: state.Since}, {Key: "detail", Value: state.Detail},
	}}}
	return s.address(ctx, r, &event)
}

// address appends an event for the platform of the channel.
func (s *Service) address(ctx context.Context, r row, event *events.Row) error {
	platform, err := s.platformOf(ctx, r)
	if err != nil {
		return err
	}
	if !platform.IsZero() {
		event.Platforms = []ids.PlatformConfig{platform}
	}
	return events.Append(ctx, s.db, *event)
}

// platformOf is the channel's platform, else the account's default; zero when
// the account has none.
func (s *Service) platformOf(ctx context.Context, r row) (ids.PlatformConfig, error) {
	if !r.Platform.IsZero() {
		return r.Platform, nil
	}
	config, _, err := s.platforms.Default(ctx, r.Account)
	return config.ID, err
}
