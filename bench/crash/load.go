package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cirrus/omnichannel/bench/rig"
)

const (
	people  = 50
	workers = 16
)

// record is what the load has had acknowledged.
type record struct {
	mu       sync.Mutex
	inbound  map[string]bool   // provider ids that were answered 200
	sent     map[string]string // texts that were answered: the answer's status, or a problem's code
	attempts atomic.Int64
	kills    atomic.Int64
	over     chan struct{}
	pace     sync.Mutex // who holds it lets nothing new begin
}

func newRecord() *record {
	return &record{inbound: map[string]bool{}, sent: map[string]string{}, over: make(chan struct{})}
}

func (r *record) killed() { r.kills.Add(1) }

// calm tells the load that nothing will be killed any more.
func (r *record) calm() { close(r.over) }

func (r *record) progress() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return fmt.Sprintf("%d inbound and %d sends answered, %d requests", len(r.inbound), len(r.sent), r.attempts.Load())
}

func from(i int) string { return fmt.Sprintf("55219%08d", 60000000+i%people) }

// load delivers every webhook until it is answered 200, as the provider does,
// and every send until it has a final answer, under one Idempotency-Key. It
// spreads over the time in which things are killed.
func (s *scene) load(ctx context.Context, o options, r *record) error {
	if err := s.openSessions(ctx, r); err != nil {
		return err
	}
	sessions, err := s.sessions(ctx)
	if err != nil {
		return err
	}
	jobs := make(chan func(context.Context), workers)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for job := range jobs {
				job(ctx)
			}
		})
	}
	pace := time.NewTicker(time.Duration(o.kills) * 1300 * time.Millisecond / time.Duration(o.webhooks+o.sends+1))
	defer pace.Stop()
	every := max(1, o.webhooks/max(1, o.sends))
	for i := range o.webhooks {
		r.pace.Lock()
		r.pace.Unlock() //nolint:staticcheck // it was only waited for
		jobs <- func(ctx context.Context) { s.deliver(ctx, i, r) }
		if i%every == 0 && i/every < o.sends {
			jobs <- func(ctx context.Context) { s.send(ctx, i/every, sessions, r) }
		}
		select {
		case <-pace.C:
		case <-r.over:
		}
	}
	close(jobs)
	wg.Wait()
	return ctx.Err()
}

// openSessions lets everyone write once, so that there is somebody to send to.
func (s *scene) openSessions(ctx context.Context, r *record) error {
	for i := range people {
		s.deliverText(ctx, rig.Text{From: from(i), ID: fmt.Sprintf("wamid.OPEN%d", i), Body: "oi", Unix: time.Now().Unix()}, r)
	}
	return ctx.Err()
}

func (s *scene) sessions(ctx context.Context) ([]string, error) {
	var page struct {
		Items []struct {
			ID string `json:"_id"`
		} `json:"items"`
	}
	err := rig.Call(ctx, s.client, s.world.Key, http.MethodGet, "http://"+s.addr+"/api/accounts/"+s.world.Account+"/sessions?limit=100", nil, &page)
	ids := []string{}
	for _, item := range page.Items {
		ids = append(ids, item.ID)
	}
	return ids, err
}

func (s *scene) deliver(ctx context.Context, i int, r *record) {
	s.deliverText(ctx, rig.Text{From: from(i), ID: fmt.Sprintf("wamid.IN%d", i), Body: fmt.Sprintf("mensagem %d", i), Unix: time.Now().Unix()}, r)
}

func (s *scene) deliverText(ctx context.Context, text rig.Text, r *record) {
	body := rig.TextWebhook(text)
	for ctx.Err() == nil {
		r.attempts.Add(1)
		status, _, err := rig.Do(ctx, s.client, s.world.Secret, http.MethodPost, "http://"+s.addr+s.world.WebhookPath(), body, nil)
		if err == nil && status == http.StatusOK {
			r.mu.Lock()
			r.inbound[text.ID] = true
			r.mu.Unlock()
			return
		}
		pause(ctx, 100*time.Millisecond)
	}
}

// send asks until the answer is final. Answers without a verdict (no
// connection, 503, a fixed-text 500) are asked for again under the same key.
func (s *scene) send(ctx context.Context, n int, sessions []string, r *record) {
	text := fmt.Sprintf("resposta %d", n)
	body, _ := json.Marshal(map[string]string{"sessionId": sessions[n%len(sessions)], "text": text}) // strings
	header := http.Header{"Idempotency-Key": {fmt.Sprintf("crash-%d", n)}}
	for ctx.Err() == nil {
		r.attempts.Add(1)
		status, answer, err := rig.Do(ctx, s.client, s.world.Key, http.MethodPost, "http://"+s.addr+"/api/message/send", body, header)
		if err == nil && status != http.StatusServiceUnavailable && status != http.StatusTooManyRequests {
			var verdict struct {
				Status any    `json:"status"`
				Code   string `json:"code"`
			}
			_ = json.Unmarshal(answer, &verdict) // no JSON is no verdict
			if verdict.Code != "internal" && status != 0 {
				r.mu.Lock()
				r.sent[text] = fmt.Sprint(verdict.Status, verdict.Code)
				r.mu.Unlock()
				return
			}
		}
		pause(ctx, 200*time.Millisecond)
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
