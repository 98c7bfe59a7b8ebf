package messages

import (
	"time"

	"github.com/cirrus/omnichannel/internal/ids"
)

const (
	// freshMost bounds the texts that need not be read for their event.
	freshMost = 512
	// freshFor is how long they are shown as they came.
	freshFor = time.Second
)

// freshRow is a text that came in and was stored a moment ago.
type freshRow struct {
	row *Message // nobody changes it any more
	at  time.Time
}

// keepFresh remembers the plain texts that a committed batch has stored, and
// forgets those that it has changed.
func (m *memory) keepFresh(b *batch) {
	for id := range b.byMessage {
		m.fresh.Remove(id)
	}
	now := time.Now()
	for _, row := range b.inserted {
		if row.plain() {
			m.fresh.Add(row.ID, freshRow{row, now})
		}
	}
}

// Fresh gives a message of an account that this server has stored within the last
// second, as it came, if it is a plain text; else it must be read.
func (s *Service) Fresh(account ids.Account, id ids.Message) (Message, bool) {
	known, there := s.group.memory.fresh.Get(id)
	if !there || known.row.Account != account || time.Since(known.at) > freshFor {
		return Message{}, false
	}
	return *known.row, true
}
