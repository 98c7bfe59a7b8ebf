package d360

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"hash/fnv"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// event is one thing to report: an element of one of the arrays of a webhook, or
// a value of another field.
type event struct {
	number  *number
	key     string // events of one key keep their order
	field   string
	contact map[string]any
	message map[string]any
	status  map[string]any
	errors  []any
	value   map[string]any // of other fields, as it is
	done    func()
}

// job is a webhook on its way to one destination.
type job struct {
	id      string
	target  WebhookTarget
	number  string
	shard   int
	body    []byte
	events  int
	attempt int
	timers  *scheduler // of the world it tells of: no further try is made behind its end
	// extra are the destinations that get it once this one has answered 200.
	extra []WebhookTarget
	done  []func()
}

// DeliveryEntry is a line of the delivery log: one attempt to deliver a webhook.
type DeliveryEntry struct {
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	URL     string    `json:"url"`
	Number  string    `json:"number"`
	Attempt int       `json:"attempt"`
	Events  int       `json:"events"`
	// Status is the HTTP status, 0 without an answer; Error says why.
	Status int    `json:"status"`
	Error  string `json:"error,omitempty"`
	Body   string `json:"body"`
	// RetryAt is when it is tried again; zero when it was delivered or given up.
	RetryAt time.Time `json:"retryAt,omitzero"`
	GivenUp bool      `json:"givenUp,omitempty"`
}

// DeliveryCounts are totals since the start or the last reset.
type DeliveryCounts struct {
	Delivered int64 `json:"delivered"`
	Failed    int64 `json:"failed"` // attempts
	GivenUp   int64 `json:"givenUp"`
	// Dropped were refused because the queue was full; NoWebhook had nowhere to go.
	Dropped   int64 `json:"dropped"`
	NoWebhook int64 `json:"noWebhook"`
	Queued    int64 `json:"queued"`
}

// webhookSender delivers events: gathers, encodes, posts, retries.
type webhookSender struct {
	s       *Server
	shards  []chan *job
	workers sync.WaitGroup

	delivered, failures, givenUp, dropped, nowhere, queued atomic.Int64

	mu        sync.Mutex
	log       *ring[DeliveryEntry]
	gathering map[string][]*event // by URL
	closed    bool
}

func newWebhookSender(s *Server, workers int) *webhookSender {
	h := &webhookSender{s: s, log: newRing[DeliveryEntry](s.limits.Deliveries), gathering: map[string][]*event{}}
	for range workers {
		h.shards = append(h.shards, make(chan *job, max(1, s.limits.Queue/workers)))
	}
	for _, shard := range h.shards {
		h.workers.Go(func() { h.work(shard) })
	}
	return h
}

func (h *webhookSender) work(shard chan *job) {
	for {
		select {
		case <-h.s.ctx.Done():
			return
		case j := <-shard:
			h.queued.Add(-1)
			h.attempt(j)
		}
	}
}

// close waits for the workers, who end with the server's context.
func (h *webhookSender) close() {
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
	h.workers.Wait()
}

// clear empties the queues and the log.
func (h *webhookSender) clear() {
	for _, shard := range h.shards {
		for drained := false; !drained; {
			select {
			case j := <-shard:
				h.queued.Add(-1)
				j.finished()
			default:
				drained = true
			}
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.log.clear()
	for _, events := range h.gathering {
		for _, e := range events {
			finish(e.done)
		}
	}
	h.gathering = map[string][]*event{}
	for _, counter := range []*atomic.Int64{&h.delivered, &h.failures, &h.givenUp, &h.dropped, &h.nowhere} {
		counter.Store(0)
	}
}

// target is where events of a number go, and who gets them after. The caller
// must not hold s.mu.
func (s *Server) target(n *number) (main *WebhookTarget, extra []WebhookTarget) {
	s.mu.Lock()
	defer s.mu.Unlock()
	main = n.Webhook
	if main == nil {
		main = s.wabaHooks[n.WABAID]
	}
	if n.extraEnabled {
		for _, d := range n.extra {
			extra = append(extra, WebhookTarget{URL: d.URL, Headers: d.Headers})
		}
	}
	return main, extra
}

// emit takes an event in: to be sent at once, or with others.
func (h *webhookSender) emit(e *event) {
	target, _ := h.s.target(e.number)
	if target == nil {
		h.nowhere.Add(1)
		finish(e.done)
		return
	}
	rules := h.s.settings.Load().Webhooks
	if rules.Batch <= 1 && !rules.Shuffle {
		h.send([]*event{e}, rules)
		return
	}
	h.mu.Lock()
	h.gathering[target.URL] = append(h.gathering[target.URL], e)
	waiting := len(h.gathering[target.URL])
	h.mu.Unlock()
	// A shuffle needs more than it puts into one webhook to have something to mix.
	if full := rules.Batch; waiting >= full && !rules.Shuffle {
		h.flush(target.URL)
	} else if waiting == 1 && !h.s.schedule().after(milliseconds(rules.GatherMS), func() { h.flush(target.URL) }) {
		h.flush(target.URL)
	}
}

// flush sends what was gathered for a URL.
func (h *webhookSender) flush(url string) {
	h.mu.Lock()
	events := h.gathering[url]
	delete(h.gathering, url)
	h.mu.Unlock()
	rules := h.s.settings.Load().Webhooks
	if rules.Shuffle {
		h.s.ids.shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
	}
	for len(events) > 0 {
		n := min(max(1, rules.Batch), len(events))
		h.send(events[:n], rules)
		events = events[n:]
	}
}

// send puts events into one webhook, and its duplicates behind it.
func (h *webhookSender) send(events []*event, rules WebhookSettings) {
	first := events[0]
	target, extra := h.s.target(first.number)
	if target == nil {
		h.nowhere.Add(int64(len(events)))
		for _, e := range events {
			finish(e.done)
		}
		return
	}
	body := encode(envelope(events, rules.Envelope))
	for i := range 1 + rules.Duplicates {
		j := &job{id: "delivery-" + h.s.ids.hex(12), target: *target, number: first.number.PhoneNumberID,
			shard: h.shardOf(first), body: body, events: len(events), extra: extra, timers: h.s.schedule()}
		if i == 0 {
			for _, e := range events {
				if e.done != nil {
					j.done = append(j.done, e.done)
				}
			}
		}
		h.enqueue(j)
	}
}

func (h *webhookSender) shardOf(e *event) int {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(e.number.PhoneNumberID + "/" + e.key))
	return int(hash.Sum32() % uint32(len(h.shards)))
}

func (h *webhookSender) enqueue(j *job) {
	h.queued.Add(1)
	select {
	case h.shards[j.shard] <- j:
	default:
		h.queued.Add(-1)
		h.dropped.Add(1)
		j.finished()
	}
}

func finish(done func()) {
	if done != nil {
		done()
	}
}

func (j *job) finished() {
	for _, done := range j.done {
		done()
	}
	j.done = nil
}

// attempt posts a webhook once; only 200 counts.
func (h *webhookSender) attempt(j *job) {
	rules := h.s.settings.Load().Webhooks
	j.attempt++
	status, failure := h.post(j, rules)
	entry := DeliveryEntry{ID: j.id, At: h.s.clock.Now().UTC(), URL: j.target.URL, Number: j.number, Attempt: j.attempt,
		Events: j.events, Status: status, Error: failure, Body: clip(j.body, h.s.limits.BodyBytes)}
	defer j.finished()
	if status == http.StatusOK {
		h.delivered.Add(1)
		h.record(entry)
		for _, extra := range j.extra {
			h.enqueue(&job{id: "delivery-" + h.s.ids.hex(12), target: extra, number: j.number, shard: j.shard, body: j.body, events: j.events, timers: j.timers})
		}
		return
	}
	h.failures.Add(1)
	wait := rules.pause(j.attempt)
	entry.RetryAt = h.s.clock.Now().Add(wait).UTC()
	if j.attempt >= rules.MaxAttempts {
		h.givenUp.Add(1)
		entry.GivenUp, entry.RetryAt = true, time.Time{}
		h.record(entry)
		return
	}
	again := *j
	again.done = nil
	if !j.timers.after(max(wait, time.Millisecond), func() { h.enqueue(&again) }) {
		h.dropped.Add(1)
	}
	h.record(entry)
}

// pause is how long to wait after the given number of attempts.
func (w WebhookSettings) pause(attempt int) time.Duration {
	wait := milliseconds(w.BackoffMS)
	limit := milliseconds(w.BackoffMaxMS)
	for range attempt - 1 {
		if wait >= limit {
			break
		}
		wait *= 2
	}
	return min(wait, limit)
}

func (h *webhookSender) post(j *job, rules WebhookSettings) (status int, failure string) {
	ctx, cancel := context.WithTimeout(h.s.ctx, milliseconds(rules.TimeoutMS))
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, j.target.URL, bytes.NewReader(j.body))
	if err != nil {
		return 0, err.Error()
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "d360-sandbox")
	for name, v := range j.target.Headers {
		req.Header.Set(name, v)
	}
	if rules.SignatureSecret != "" {
		req.Header.Set("X-360dialog-Signature", sign(j.body, rules))
	}
	res, err := h.s.client.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer func() { _ = res.Body.Close() }()
	// Read to the end, so that the connection can be used again.
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<16))
	if res.StatusCode != http.StatusOK {
		return res.StatusCode, "only 200 counts as delivered"
	}
	return res.StatusCode, ""
}

func sign(body []byte, rules WebhookSettings) string {
	mac := hmac.New(sha256.New, []byte(rules.SignatureSecret))
	mac.Write(body)
	signature := hex.EncodeToString(mac.Sum(nil))
	if rules.SignaturePrefix {
		return "sha256=" + signature
	}
	return signature
}

func (h *webhookSender) record(e DeliveryEntry) {
	h.mu.Lock()
	h.log.add(e)
	h.mu.Unlock()
	if h.s.onDelivery != nil {
		h.s.onDelivery(e)
	}
}

// Deliveries is the delivery log, oldest first, and its totals.
func (s *Server) Deliveries() ([]DeliveryEntry, DeliveryCounts) {
	h := s.hooks
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.log.all(), DeliveryCounts{
		Delivered: h.delivered.Load(), Failed: h.failures.Load(), GivenUp: h.givenUp.Load(),
		Dropped: h.dropped.Load(), NoWebhook: h.nowhere.Load(), Queued: h.queued.Load(),
	}
}
