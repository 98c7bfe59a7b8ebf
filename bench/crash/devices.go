package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/cirrus/omnichannel/bench/rig"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

const (
	// linked is how many numbers the people of the second part write to.
	linked = 5
	// ticksWithin is how long after the last kill a message may take until its
	// author sees that it arrived.
	ticksWithin = 2 * time.Minute
	// liveFor is how long the writing takes that a server which lives is killed
	// under.
	liveFor = 1500 * time.Millisecond
)

// devices is the second part: numbers that are linked devices, and people who
// write to them.
type devices struct {
	*scene
	record   *record
	sessions []string            // of the people, in no order
	owner    map[string]string   // whose session it is, by its id
	written  map[string][]string // ids of what somebody wrote, in its order
	sends    sync.WaitGroup
	next     int // what is written next
}

// account is a number that is linked.
func account(i int) string { return fmt.Sprintf("55219777700%02d", i%linked) }

// attackDevices is the second part.
func attackDevices(ctx context.Context, s *scene, o options, r *record) (counter, error) {
	d := &devices{scene: s, record: r, owner: map[string]string{}, written: map[string][]string{}}
	if err := s.platform.rise(); err != nil {
		return nil, err
	}
	if err := d.begin(ctx); err != nil {
		return nil, err
	}
	ctx, stop := context.WithTimeout(ctx, loadMost)
	defer stop()
	if err := d.killAll(ctx, o); err != nil {
		return nil, err
	}
	over := time.Now()
	left := d.awaitNone(ctx, d.unticked)
	ticked := time.Since(over)
	d.sends.Wait()
	fmt.Printf("  all but %d messages were taken in %.1f s after the last kill, and every send was answered after %.1f s\n", left, ticked.Seconds(), time.Since(over).Seconds())
	d.awaitNone(ctx, d.unfinished)
	return d.count, ctx.Err()
}

// begin links the numbers and lets everybody write once, so that there is
// somebody to send to. Then the phones of the numbers are switched off: the
// tick that people see is the linked device's from now on.
func (d *devices) begin(ctx context.Context) error {
	for i := range linked {
		number := account(i)
		if _, err := d.whatsApp.AddPhone(whatsapp.PhoneConfig{Phone: number, Name: "Loja"}); err != nil {
			return err
		}
		scan := func(code string) error { return d.whatsApp.Scan(number, code) }
		if _, err := rig.Link(ctx, d.client, d.server.URL, d.world, number, nil, scan); err != nil {
			return err
		}
	}
	for i := range people {
		if _, err := d.whatsApp.AddPhone(whatsapp.PhoneConfig{Phone: from(i), Name: "Cliente " + from(i)[9:]}); err != nil {
			return err
		}
	}
	if err := d.write(ctx, people, 0); err != nil {
		return err
	}
	if err := d.awaitSessions(ctx); err != nil {
		return err
	}
	for i := range linked {
		off := true
		if _, err := d.whatsApp.PatchPhone(account(i), whatsapp.PhonePatch{Off: &off}); err != nil {
			return err
		}
	}
	return nil
}

// awaitSessions waits until everybody has a session.
func (d *devices) awaitSessions(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, ticksWithin)
	defer cancel()
	for {
		err := d.readSessions(ctx)
		switch {
		case err != nil:
			return err
		case len(d.sessions) == people:
			return nil
		case ctx.Err() != nil:
			return fmt.Errorf("%d people wrote, and there are %d sessions", people, len(d.sessions))
		}
		pause(ctx, 100*time.Millisecond)
	}
}

func (d *devices) readSessions(ctx context.Context) error {
	var page struct {
		Items []struct {
			ID     string `json:"_id"`
			Client struct {
				Phone string `json:"providerId"`
			} `json:"client"`
		} `json:"items"`
	}
	err := rig.Call(ctx, d.client, d.world.Key, http.MethodGet, d.server.URL+"/api/accounts/"+d.world.Account+"/sessions?limit=100", nil, &page)
	d.sessions = d.sessions[:0]
	for _, one := range page.Items {
		d.sessions = append(d.sessions, one.ID)
		d.owner[one.ID] = one.Client.Phone
	}
	return err
}

// write lets people write n messages, one after another, over so long a time.
func (d *devices) write(ctx context.Context, n int, over time.Duration) error {
	began := time.Now()
	for i := range n {
		who := from(d.next)
		id, err := d.whatsApp.Write(who, whatsapp.Draft{To: account(d.next % people), Text: fmt.Sprintf("mensagem %d", d.next)})
		if err != nil {
			return fmt.Errorf("phone %s could not write: %w", who, err)
		}
		d.next++
		d.written[who] = append(d.written[who], id)
		d.record.mu.Lock()
		d.record.inbound[id] = true
		d.record.mu.Unlock()
		pause(ctx, time.Until(began.Add(over*time.Duration(i+1)/time.Duration(n))))
	}
	return ctx.Err()
}

// killAll kills as often as it is told. Before each kill, people write to
// numbers that no server holds, and then to such as one does: mostly it has
// taken in a message by then, else it may still be waiting for the leases.
func (d *devices) killAll(ctx context.Context, o options) error {
	moments := rand.New(rand.NewPCG(o.seed, 2))
	for i := range o.kills {
		from, to := o.webhooks*i/o.kills, o.webhooks*(i+1)/o.kills
		early := (to - from) * 2 / 5
		ticks := d.ticks.Load()
		if err := d.write(ctx, early, 0); err != nil {
			return err
		}
		if moments.IntN(4) > 0 {
			d.awaitTick(ctx, ticks)
		}
		d.beginSends(ctx, o.sends*i/o.kills, o.sends*(i+1)/o.kills)
		wrote := make(chan error, 1)
		go func() { wrote <- d.write(ctx, to-from-early, liveFor) }()
		wait := time.Duration(100+moments.IntN(2000)) * time.Millisecond
		pause(ctx, wait)
		what := "server"
		if moments.IntN(5) == 0 {
			what = "both"
		}
		fmt.Printf("  kill %d after %s: %s; %d messages taken in since the last; %s\n", i+1, wait, what, d.ticks.Load()-ticks, d.record.progress())
		if err := d.kill(ctx, what); err != nil {
			return err
		}
		if err := <-wrote; err != nil {
			return err
		}
	}
	return ctx.Err()
}

// beginSends begins sends; each has its answer when the server gives it one.
func (d *devices) beginSends(ctx context.Context, from, to int) {
	for n := from; n < to; n++ {
		d.sends.Go(func() { d.send(ctx, n, d.sessions, d.record) })
	}
}

// awaitTick waits until a message is taken in, which only a server that holds a
// number can do.
func (d *devices) awaitTick(ctx context.Context, before int64) {
	ctx, cancel := context.WithTimeout(ctx, ownerWithin)
	defer cancel()
	for ctx.Err() == nil && d.ticks.Load() == before {
		pause(ctx, 5*time.Millisecond)
	}
}

// awaitNone waits until nothing is open, and gives how much is when the time is
// up.
func (d *devices) awaitNone(ctx context.Context, open func() []string) int {
	ctx, cancel := context.WithTimeout(ctx, ticksWithin)
	defer cancel()
	for {
		left := len(open())
		if left == 0 || ctx.Err() != nil {
			return left
		}
		pause(ctx, 200*time.Millisecond)
	}
}

// unticked lists what phones show as sent and not as arrived.
func (d *devices) unticked() []string {
	var list []string
	for who, ids := range d.written {
		for _, id := range ids {
			m, err := d.whatsApp.Message(who, id)
			if err != nil || !slices.Contains([]string{"delivered", "read"}, m.Status) {
				list = append(list, fmt.Sprintf("%s of %s, which its phone shows as %q", id, who, m.Status))
			}
		}
	}
	return list
}

// unfinished lists the linked devices that are not connected, or have something
// left to take.
func (d *devices) unfinished() []string {
	var list []string
	for i := range linked {
		phone, err := d.whatsApp.Phone(account(i))
		switch {
		case err != nil || len(phone.Devices) != 1:
			list = append(list, fmt.Sprintf("%s has %d linked devices (%v)", account(i), len(phone.Devices), err))
		case !phone.Devices[0].Active || phone.Devices[0].Pending+phone.Devices[0].Lost > 0:
			list = append(list, fmt.Sprintf("%s: %+v", account(i), phone.Devices[0]))
		}
	}
	return list
}
