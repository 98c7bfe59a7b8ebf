package channels

import (
	"log/slog"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/ids"
)

const (
	// answersMost is how many commands one server answers at once, and
	// answersEach those of one channel: a number whose phone is slow must not
	// keep others waiting.
	answersMost = 256
	answersEach = 8
	// answersSlow are those of one channel that may take long, beside the others.
	answersSlow = 4
	// answersWaiting is how many of a channel wait here for their turn; what is
	// more is found by looking.
	answersWaiting = 1000
)

// turn is whose turn it is: a channel's, for commands that are slow or for the
// others.
type turn struct {
	channel ids.Channel
	slow    bool
}

// turns are a channel's commands that are done and those that wait for it.
type turns struct {
	doing int
	next  []bson.ObjectID
}

// SlowCommands says of which kinds a command may take long, because somebody's
// phone answers it: they have a limit of their own, so that they do not hold up
// the others of their channel. It is for the start.
func (s *Service) SlowCommands(kinds ...string) {
	s.commands.mu.Lock()
	defer s.commands.mu.Unlock()
	for _, kind := range kinds {
		s.commands.slow[kind] = true
	}
}

// begin takes a command up, unless that was done already. Where its channel has its
// fill it waits for its turn.
func (c *commands) begin(channel ids.Channel, kind string, id bson.ObjectID) (turn, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	whose, most := turn{channel: channel, slow: c.slow[kind]}, answersEach
	if whose.slow {
		most = answersSlow
	}
	if c.begun[id] {
		return whose, false
	}
	row := c.turns[whose]
	if row == nil {
		row = &turns{}
		c.turns[whose] = row
	}
	switch {
	case row.doing >= most && len(row.next) >= answersWaiting:
		return whose, false
	case row.doing >= most:
		c.begun[id] = true
		row.next = append(row.next, id)
		return whose, false
	default:
		c.begun[id] = true
		row.doing++
		return whose, true
	}
}

// end lets a command go, and gives the one whose turn it is now; false: none
// waits.
func (c *commands) end(whose turn, id bson.ObjectID) (bson.ObjectID, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.begun, id)
	row := c.turns[whose]
	if len(row.next) > 0 {
		id, row.next = row.next[0], row.next[1:]
		return id, true
	}
	if row.doing--; row.doing == 0 {
		delete(c.turns, whose)
	}
	return bson.ObjectID{}, false
}

// answerSoon does a command beside everything else, and then those that wait for
// its end.
func (s *Service) answerSoon(channel ids.Channel, kind string, id bson.ObjectID) {
	s.devices.mu.Lock()
	defer s.devices.mu.Unlock()
	if s.devices.closed {
		return
	}
	whose, begun := s.commands.begin(channel, kind, id)
	if !begun {
		return
	}
	s.devices.wg.Go(func() {
		for more := true; more; id, more = s.commands.end(whose, id) {
			s.answerNow(channel, id)
		}
	})
}

// answerNow does a command as soon as this server does not do too many.
func (s *Service) answerNow(channel ids.Channel, id bson.ObjectID) {
	select {
	case s.commands.slots <- struct{}{}:
		defer func() { <-s.commands.slots }()
	case <-s.devices.ctx.Done():
		return
	}
	if err := s.answer(s.devices.ctx, channel, id); err != nil && s.devices.ctx.Err() == nil {
		slog.Warn("a command was not answered", "channel_id", channel.String(), "command_id", id.Hex(), "error", err)
	}
}
