package events

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/jobs"
)

// Erase forgets what notices say that name a person of a channel, by any of the
// keys of their addresses, or are about one of the family, the person's contacts:
// those that wait, and those that are kept to be replayed. It forgets, too, what
// receivers answered to events of the channel: of whom of its persons an answer
// tells, in a group or out of it, nobody knows.
// What this server has not written down yet is forgotten, too; another one that
// owns the account forgets it when it places the person's contact.erased.
func (s *Service) Erase(ctx context.Context, channel ids.Channel, names []string, family []ids.Contact) error {
	all := slices.Clone(names)
	for _, one := range family {
		all = append(all, contactName(one))
	}
	if len(all) > 0 {
		_, err := s.events.UpdateMany(ctx, bson.D{{Key: "events.names", Value: bson.D{{Key: "$in", Value: all}}}, {Key: "events.channelId", Value: channel}},
			bson.D{{Key: "$unset", Value: saidOf}})
		if err != nil {
			return fmt.Errorf("forget what notices say: %w", err)
		}
	}
	return s.eraseAnswers(ctx, channel)
}

// saidOf is what a notice says, and whom it names.
var saidOf = bson.D{{Key: "events.0.facts.body", Value: ""}, {Key: "events.0.names", Value: ""}}

// eraseLate forgets what notices say of contacts who are gone: what was under way
// when they were erased may have come behind the erasure.
func (s *Service) eraseLate(ctx context.Context, account ids.Account, rows []Row, subjects Subjects) error {
	var late []ids.EventBatch
	for i := range rows {
		if row := &rows[i]; row.isNotice() && row.fact("body") != "" && row.ofNobody(subjects) {
			late = append(late, row.Batch)
		}
	}
	if len(late) == 0 {
		return nil
	}
	if _, err := s.events.UpdateMany(ctx, eventsOf(account, late), bson.D{{Key: "$unset", Value: saidOf}}); err != nil {
		return fmt.Errorf("forget what notices say of erased contacts of account %s: %w", account, err)
	}
	return nil
}

// eraseAnswers forgets what receivers answered to events of a channel.
func (s *Service) eraseAnswers(ctx context.Context, channel ids.Channel) error {
	for _, e := range s.allEndpoints() {
		e.forget(channel)
	}
	_, err := s.rows.UpdateMany(ctx, bson.D{{Key: "deliveries.answersOf", Value: channel}}, bson.D{{Key: "$unset", Value: bson.D{
		{Key: "deliveries.$[d].answersOf", Value: ""}, {Key: "deliveries.$[d].attempts.$[].answer", Value: ""},
	}}}, options.UpdateMany().SetArrayFilters([]any{bson.D{{Key: "d.answersOf", Value: channel}}}))
	if err != nil {
		return fmt.Errorf("forget what receivers answered: %w", err)
	}
	return nil
}

// stillSaid is how long after an erasure a call may begin that shows what was
// rendered before it.
const stillSaid = 2 * renderedFor

// forget keeps the answers of calls that may have shown somebody who is erased
// now from being written down, and waits for those that are being written.
func (e *endpoint) forget(channel ids.Channel) {
	e.mu.Lock()
	now := e.room.now()
	for other, at := range e.erased {
		if now.Sub(at) > time.Hour { // longer than any call
			delete(e.erased, other)
		}
	}
	e.erased[channel] = now
	e.mu.Unlock()
	e.writing.Lock()
	defer e.writing.Unlock()
}

// write writes marks down, less the answers that are to be forgotten.
func (e *endpoint) write(ctx context.Context, batch []mark) error {
	e.writing.Lock()
	defer e.writing.Unlock()
	e.mu.Lock()
	for i := range batch {
		m := &batch[i]
		at, erased := e.erased[m.row.Channel]
		if erased && m.attempt != nil && m.attempt.At.Before(at.Add(stillSaid)) {
			m.attempt.Answer = ""
		}
	}
	e.mu.Unlock()
	return e.room.write(ctx, batch)
}

// erased lets this server forget what it has of persons whose erasure was just
// placed. The request that erases them does so, too: on its own server.
func (o *owner) erased(ctx context.Context, batches []Batch) {
	channels := map[ids.Channel]struct{}{}
	for i := range batches {
		for _, row := range batches[i].Events {
			if row.Type == ContactErased && !row.Channel.IsZero() {
				channels[row.Channel] = struct{}{}
			}
		}
	}
	if len(channels) == 0 {
		return
	}
	o.running.Go(func() {
		for channel := range channels {
			for failures := 1; ; failures++ {
				err := o.room.eraseAnswers(ctx, channel)
				if err == nil {
					break
				}
				slog.WarnContext(ctx, "what receivers answered is not forgotten yet", "channel_id", channel.String(), "failures", failures, "error", err)
				if jobs.Pause(ctx, placeBackoff.After(failures)) != nil {
					return // whoever owns the account next has written nothing of it
				}
			}
		}
	})
}
