package phones

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/cirrus/omnichannel/bench/load"
	"github.com/cirrus/omnichannel/bench/rig"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// tickWithin is how long a message may take to be taken in.
const tickWithin = 30 * time.Second

// seen is what the clients of a load saw.
type seen struct {
	mu     sync.Mutex
	times  []float64 // milliseconds
	sent   []shown   // what must be on a phone
	errors []error
}

// shown is a message that somebody's phone must show.
type shown struct{ person, id string }

// load lets so many clients write or send for a while, one after another each.
func (w *world) load(ctx context.Context, o Order) (load.Result, error) {
	do := w.write
	if o.Do == Out {
		do = w.send
	}
	var s seen
	var group sync.WaitGroup
	began := time.Now()
	for i := range o.Clients {
		group.Go(func() {
			for time.Since(began) < o.For && ctx.Err() == nil {
				at := time.Now()
				err := do(ctx, o, i, &s)
				s.add(time.Since(at), err)
			}
		})
	}
	group.Wait()
	took := time.Since(began).Seconds()
	w.look(&s)
	return s.result(took), ctx.Err()
}

func (s *seen) add(took time.Duration, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.errors = append(s.errors, err)
		return
	}
	s.times = append(s.times, float64(took.Microseconds())/1000)
}

func (s *seen) result(took float64) load.Result {
	slices.Sort(s.times)
	r := load.Result{Rate: float64(len(s.times)) / took, Errors: int64(len(s.errors))}
	if n := len(s.times); n > 0 {
		r.P50, r.P99 = s.times[n/2], s.times[n*99/100]
	}
	if len(s.errors) > 0 {
		r.Note = s.errors[0].Error()
	}
	return r
}

// write lets somebody write, and waits for the tick.
func (w *world) write(ctx context.Context, o Order, _ int, _ *seen) error {
	to := rand.IntN(o.Numbers)
	who := person(to, rand.IntN(peopleEach))
	tick := make(chan struct{})
	w.mu.Lock()
	w.serial++
	id := fmt.Sprintf("3AB0%016X", w.serial)
	w.ticking[id] = tick
	w.mu.Unlock()
	if _, err := w.whatsApp.Write(who, whatsapp.Draft{To: number(to), ID: id, Text: "Olá, isto é uma mensagem de tamanho comum"}); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, tickWithin)
	defer cancel()
	select {
	case <-tick:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("message %s of phone %s was not taken in within %s", id, who, tickWithin)
	}
}

// send sends to somebody through the API. Each client has people of its own:
// what goes to one person goes in order, which is not what is measured.
func (w *world) send(ctx context.Context, o Order, client int, s *seen) error {
	to := w.recipient(o, client)
	var answer struct {
		ID     string `json:"messageId"`
		Status string `json:"status"`
	}
	body := map[string]string{"sessionId": to.id, "text": "Olá! Como posso ajudá-lo?"}
	if err := rig.Call(ctx, w.client, o.World.Key, http.MethodPost, o.URL+"/api/message/send", body, &answer); err != nil {
		return err
	}
	if answer.ID == "" {
		return fmt.Errorf("a send to %s was answered with status %q and no id", to.person, answer.Status)
	}
	s.mu.Lock()
	s.sent = append(s.sent, shown{to.person, answer.ID})
	s.mu.Unlock()
	return nil
}

func (w *world) recipient(o Order, client int) conversation {
	among := w.sessions[:o.Numbers*peopleEach]
	if len(among) <= o.Clients {
		return among[rand.IntN(len(among))]
	}
	own := (len(among) - client + o.Clients - 1) / o.Clients
	return among[client+o.Clients*rand.IntN(own)]
}

// errUnseen says that what was sent is on no phone.
var errUnseen = errors.New("was sent and is not on the phone")

// look sees to it that everything that was sent is on its phone.
func (w *world) look(s *seen) {
	for _, m := range s.sent {
		if _, err := w.whatsApp.Message(m.person, m.id); err != nil {
			s.errors = append(s.errors, fmt.Errorf("message %s to %s %w", m.id, m.person, errUnseen))
		}
	}
}
