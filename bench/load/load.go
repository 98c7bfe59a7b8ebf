// Package load is what one load process does: many clients, one scenario, and
// what they saw.
package load

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/cirrus/omnichannel/bench/rig"
)

// Job is one load on a running server.
type Job struct {
	Scenario string        `json:"scenario"`
	Clients  int           `json:"clients"`
	For      time.Duration `json:"for"`
	URL      string        `json:"url"`
	Also     string        `json:"also"` // a second server's, which half of the clients ask; empty: none
	MongoURI string        `json:"mongoUri"`
	World    rig.World     `json:"world"`
	People   int           `json:"people"` // that have written before
	Sessions []string      `json:"sessions"`
	Outbound []Outbound    `json:"outbound"` // for statuses
	Seed     uint64        `json:"seed"`
	Rate     float64       `json:"rate"` // units a second at most; 0: as fast as it goes
}

// Outbound is a message that was sent, for its statuses.
type Outbound struct{ ID, ProviderID, To string }

// Result is what a load process saw.
type Result struct {
	Rate   float64 `json:"rate"` // units a second
	P50    float64 `json:"p50"`  // milliseconds of one request
	P99    float64 `json:"p99"`
	Errors int64   `json:"errors"`
	Note   string  `json:"note"`
	// Told99 is the slowest hundredth of the times from a message's
	// acknowledgement to the first attempt to tell the platform, in
	// milliseconds; Delivered how many events a second the platform got until it
	// had all. Only where there is a receiver.
	Told99    float64 `json:"told99"`
	Delivered float64 `json:"delivered"`
}

// step does one request and tells how many units it was.
type step func(ctx context.Context, w *wire, rng *rand.Rand) (units int, err error)

// Run loads and gives what was seen.
func Run(ctx context.Context, job Job) (Result, error) {
	do, done, err := prepare(ctx, job)
	if err != nil {
		return Result{}, err
	}
	at, err := hosts(job)
	if err != nil {
		return Result{}, err
	}
	var units, failed atomic.Int64
	var firstError atomic.Value
	times := make([][]float64, job.Clients)
	var wg sync.WaitGroup
	pace := rate.NewLimiter(rate.Inf, 1)
	if job.Rate > 0 {
		pace.SetLimit(rate.Limit(job.Rate))
	}
	start := time.Now()
	stop := start.Add(job.For)
	for i := range job.Clients {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(job.Seed, uint64(i)))
			w := &wire{host: at[i%len(at)]}
			defer w.close()
			for time.Now().Before(stop) && ctx.Err() == nil {
				if pace.Wait(ctx) != nil {
					return
				}
				began := time.Now()
				n, err := do(ctx, w, rng)
				if err != nil {
					failed.Add(1)
					firstError.CompareAndSwap(nil, err.Error())
					continue
				}
				units.Add(int64(n))
				times[i] = append(times[i], float64(time.Since(began).Microseconds())/1000)
			}
		})
	}
	wg.Wait()
	took := time.Since(start).Seconds()
	all := slices.Concat(times...)
	slices.Sort(all)
	result := Result{Rate: float64(units.Load()) / took, Errors: failed.Load()}
	if len(all) > 0 {
		result.P50, result.P99 = all[len(all)/2], all[len(all)*99/100]
	}
	if note, ok := firstError.Load().(string); ok {
		result.Note = note
	}
	return result, done(&result, start)
}

// hosts are the servers that a job's clients ask in turn.
func hosts(job Job) ([]string, error) {
	var all []string
	for _, text := range []string{job.URL, job.Also} {
		if text == "" {
			continue
		}
		at, err := url.Parse(text)
		if err != nil {
			return nil, err
		}
		all = append(all, at.Host)
	}
	return all, nil
}

// serial makes ids that no other run has.
var serial atomic.Int64

func unique(job Job) string {
	return fmt.Sprintf("wamid.%d.%d", job.Seed, serial.Add(1))
}

func person(i int) string { return fmt.Sprintf("55219%08d", 60000000+i) }

func webhook(ctx context.Context, w *wire, job Job, body []byte) error {
	status, answer, err := w.do(ctx, job.World.Secret, http.MethodPost, job.World.WebhookPath(), body)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("%d: %s", status, answer)
	}
	return err
}

// end adds to the result what is known only once all is done, by when the load
// began.
type end func(*Result, time.Time) error

// prepare makes the scenario's step.
func prepare(ctx context.Context, job Job) (step, end, error) {
	none := func(*Result, time.Time) error { return nil }
	text := func(from string) rig.Text {
		return rig.Text{From: from, ID: unique(job), Body: "Olá, isto é uma mensagem de tamanho comum", Unix: time.Now().Unix()}
	}
	var fresh atomic.Int64
	fresh.Store(int64(job.Seed%1_000_000) * 1000)
	switch job.Scenario {
	case "insert":
		return inserts(ctx, job)
	case "new":
		return func(ctx context.Context, w *wire, _ *rand.Rand) (int, error) {
			return 1, webhook(ctx, w, job, rig.TextWebhook(text(fmt.Sprintf("4915%09d", fresh.Add(1)))))
		}, none, nil
	case "known":
		return func(ctx context.Context, w *wire, rng *rand.Rand) (int, error) {
			return 1, webhook(ctx, w, job, rig.TextWebhook(text(person(rng.IntN(job.People)))))
		}, none, nil
	case "dispatch":
		return dispatch(ctx, job, text)
	case "hot":
		return func(ctx context.Context, w *wire, _ *rand.Rand) (int, error) {
			return 1, webhook(ctx, w, job, rig.TextWebhook(text(person(0))))
		}, none, nil
	case "duplicates":
		return duplicates(job, text), none, nil
	case "bursts":
		return func(ctx context.Context, w *wire, rng *rand.Rand) (int, error) {
			texts := make([]rig.Text, 50)
			for i := range texts {
				texts[i] = text(person(rng.IntN(job.People)))
			}
			return len(texts), webhook(ctx, w, job, rig.TextWebhook(texts...))
		}, none, nil
	case "statuses":
		return statuses(job), none, nil
	case "mixed": // three statuses to one message
		status := statuses(job)
		return func(ctx context.Context, w *wire, rng *rand.Rand) (int, error) {
			if rng.IntN(4) > 0 {
				return status(ctx, w, rng)
			}
			return 1, webhook(ctx, w, job, rig.TextWebhook(text(person(rng.IntN(job.People)))))
		}, none, nil
	case "sends":
		return sends(job), none, nil
	case "lists":
		return lists(job), none, nil
	default:
		return nil, none, fmt.Errorf("there is no scenario %q", job.Scenario)
	}
}

// dispatch is the load of known contacts, with a platform that takes every
// event.
func dispatch(ctx context.Context, job Job, text func(string) rig.Text) (step, end, error) {
	r, err := receive(ctx, job)
	if err != nil {
		return nil, nil, err
	}
	do := func(ctx context.Context, w *wire, rng *rand.Rand) (int, error) {
		one := text(person(rng.IntN(job.People)))
		err := webhook(ctx, w, job, rig.TextWebhook(one))
		if err == nil {
			r.ack(one.ID)
		}
		return 1, err
	}
	return do, func(result *Result, began time.Time) error {
		delays, err := r.drained(ctx)
		if err == nil && len(delays) > 0 {
			result.Told99 = delays[len(delays)*99/100]
			result.Delivered = float64(r.taken.Load()) / time.Since(began).Seconds()
		}
		return errors.Join(err, r.close(ctx, job))
	}, nil
}

// duplicates delivers every fifth message a second time.
func duplicates(job Job, text func(string) rig.Text) step {
	var last sync.Map
	return func(ctx context.Context, w *wire, rng *rand.Rand) (int, error) {
		who := rng.IntN(job.People)
		if old, ok := last.Load(who % 64); ok && rng.IntN(5) == 0 {
			return 1, webhook(ctx, w, job, old.([]byte))
		}
		body := rig.TextWebhook(text(person(who)))
		err := webhook(ctx, w, job, body)
		last.Store(who%64, body)
		return 1, err
	}
}

// statuses walks each outbound message up its ladder.
func statuses(job Job) step {
	var next atomic.Int64
	ladder := []string{"sent", "delivered", "read"}
	return func(ctx context.Context, w *wire, _ *rand.Rand) (int, error) {
		n := int(next.Add(1) - 1)
		if n/3 >= len(job.Outbound) {
			return 0, fmt.Errorf("the %d prepared messages are used up", len(job.Outbound))
		}
		m := job.Outbound[n/3]
		return 1, webhook(ctx, w, job, rig.StatusWebhook(m.ProviderID, m.ID, ladder[n%3], m.To, time.Now().Unix()))
	}
}

func sends(job Job) step {
	return func(ctx context.Context, w *wire, rng *rand.Rand) (int, error) {
		body, _ := json.Marshal(map[string]string{"sessionId": job.Sessions[rng.IntN(len(job.Sessions))], "text": "Olá! Como posso ajudá-lo?"}) // strings
		status, answer, err := w.do(ctx, job.World.Key, http.MethodPost, "/api/message/send", body)
		if err == nil && status != http.StatusOK {
			err = fmt.Errorf("%d: %s", status, answer)
		}
		return 1, err
	}
}

// lists asks what a console asks.
func lists(job Job) step {
	base := "/api/accounts/" + job.World.Account
	return func(ctx context.Context, w *wire, rng *rand.Rand) (int, error) {
		paths := []string{
			base + "/contacts?limit=50", base + "/contacts?limit=20&name=cli", base + "/contacts?sort=name&limit=20",
			base + "/sessions?status=active&limit=50", "/api/session/" + job.Sessions[rng.IntN(len(job.Sessions))] + "/messages?limit=50",
		}
		status, answer, err := w.do(ctx, job.World.Key, http.MethodGet, paths[rng.IntN(len(paths))], nil)
		if err == nil && status != http.StatusOK {
			err = fmt.Errorf("%d: %s", status, answer)
		}
		return 1, err
	}
}
