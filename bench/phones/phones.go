// Package phones is the load process that stands for WhatsApp: a simulated one,
// numbers whose phones are linked to the server under test, and people who
// write to them and are written to. It takes orders and lives as long as its
// owner, so that the server may end and start again meanwhile.
package phones

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/cirrus/omnichannel/bench/load"
	"github.com/cirrus/omnichannel/bench/rig"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// What can be ordered.
const (
	// Link links numbers until there are so many, each with its people, who
	// write once. Then its phone is switched off: the ticks that people see are
	// the linked device's.
	Link = "link"
	// In lets people write: each of so many clients waits for the tick of what
	// was written before it goes on.
	In = "in"
	// Out sends through the API, to people who wrote before.
	Out = "out"
	// Back waits until every number is connected and has caught up.
	Back = "back"
)

// Order is what the process is to do.
type Order struct {
	Do      string        `json:"do"`
	Numbers int           `json:"numbers"` // over the first so many
	Clients int           `json:"clients"`
	For     time.Duration `json:"for"`
	URL     string        `json:"url"` // of the server
	World   rig.World     `json:"world"`
}

// Answer is what came of an order.
type Answer struct {
	load.Result
	Failed string `json:"failed"` // why it was not done; empty: it was
}

// peopleEach is how many people write to each number: what goes to one person
// goes one after another.
const peopleEach = 10

// messagesKept is how many messages a phone remembers, so that none is pushed
// out before it is looked for.
const messagesKept = 50_000

// world is the simulated WhatsApp and who is linked.
type world struct {
	whatsApp *whatsapp.Server
	client   *http.Client
	serial   int64
	numbers  int // linked

	mu       sync.Mutex
	ticking  map[string]chan struct{} // closed when a device has the message, by its id
	sessions []conversation           // by person, so by number
}

// conversation is a session with somebody who wrote.
type conversation struct{ id, person string }

// Serve listens as WhatsApp, says where, and obeys, until there are no more
// orders: one line of JSON each, and one for each answer.
func Serve(ctx context.Context, in io.Reader, out io.Writer) error {
	w := &world{client: rig.Client(time.Minute), ticking: map[string]chan struct{}{}}
	w.whatsApp = whatsapp.New(whatsapp.Options{OnStanza: w.hear, Limits: whatsapp.Limits{Messages: messagesKept}})
	defer w.whatsApp.Close()
	running, err := w.whatsApp.Listen(ctx, "127.0.0.1:0", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer running.Close()
	answers := json.NewEncoder(out)
	if err := answers.Encode(rig.WhatsApp{URL: running.URL, RootKey: w.whatsApp.RootKey()}); err != nil {
		return err
	}
	orders := json.NewDecoder(bufio.NewReader(in))
	for {
		var o Order
		if err := orders.Decode(&o); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		var answer Answer
		if answer.Result, err = w.obey(ctx, o); err != nil {
			answer.Failed = err.Error()
		}
		if err := answers.Encode(answer); err != nil {
			return err
		}
	}
}

func (w *world) obey(ctx context.Context, o Order) (load.Result, error) {
	switch o.Do {
	case Link:
		return load.Result{}, w.link(ctx, o)
	case Back:
		return load.Result{}, w.back(ctx, o)
	case In, Out:
		return w.load(ctx, o)
	default:
		return load.Result{}, fmt.Errorf("there is no order %q", o.Do)
	}
}

// hear notes the receipt by which a linked device says that it has a message.
func (w *world) hear(e whatsapp.StanzaEntry) {
	if !e.FromClient || e.Tag != "receipt" || e.Type != "" {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if tick := w.ticking[e.ID]; tick != nil {
		close(tick)
		delete(w.ticking, e.ID)
	}
}

// back waits until every linked device is connected and has caught up, and the
// server says that it is open.
func (w *world) back(ctx context.Context, o Order) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for i := range w.numbers {
		err := w.whatsApp.Wait(ctx, func() bool {
			phone, err := w.whatsApp.Phone(number(i))
			return err == nil && len(phone.Devices) == 1 && phone.Devices[0].Active
		})
		if err == nil {
			err = rig.AwaitOpen(ctx, w.client, o.URL, o.World, number(i))
		}
		if err != nil {
			return fmt.Errorf("number %s did not come back: %w", number(i), err)
		}
	}
	return nil
}

func number(i int) string { return fmt.Sprintf("55218%08d", 80000000+i) }

func person(number, i int) string { return fmt.Sprintf("55219%08d", 60000000+number*peopleEach+i) }
