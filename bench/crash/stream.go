package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/cirrus/omnichannel/bench/rig"
)

// silenceMost is how long the stream may say nothing at all; it promises a sign
// of life every 15 seconds.
const silenceMost = 40 * time.Second

// frame is one event of the stream.
type frame struct {
	Position int64
	ID       string // of the event, as the database has it
}

// ear listens to the account's event stream from its first event on, and goes
// on behind the last one it heard whenever the connection breaks.
type ear struct {
	url, key string
	client   *http.Client
	end      context.CancelFunc
	done     chan struct{}

	mu          sync.Mutex
	last        string // what it goes on behind
	got         []frame
	connections int
	wrong       []string // what no stream may do
}

// listen begins to listen; close ends it, as the end of ctx does.
func listen(ctx context.Context, server string, w rig.World) *ear {
	ctx, end := context.WithCancel(ctx)
	e := &ear{url: server + "/api/accounts/" + w.Account + "/events", key: w.Key, client: rig.Client(0), last: "0", end: end, done: make(chan struct{})}
	go func() {
		defer close(e.done)
		for ctx.Err() == nil {
			if err := e.connect(ctx); err != nil && ctx.Err() == nil {
				e.protest(err)
				return
			}
			pause(ctx, 200*time.Millisecond)
		}
	}()
	return e
}

func (e *ear) close() {
	e.end()
	<-e.done
}

func (e *ear) protest(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.wrong = append(e.wrong, err.Error())
}

// connect listens until the connection breaks, which is to be expected. An
// error is what may not be.
func (e *ear) connect(ctx context.Context) error {
	ctx, end := context.WithCancel(ctx)
	defer end()
	silence := time.AfterFunc(silenceMost, end)
	defer silence.Stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, e.url, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+e.key)
	req.Header.Set("Last-Event-ID", e.last) // only connect writes it
	resp, err := e.client.Do(req)
	if err != nil {
		return nil // the server is dead
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(resp.Body) // as much as there is
		if resp.StatusCode >= http.StatusInternalServerError || resp.StatusCode == http.StatusTooManyRequests {
			return nil // the database is dead
		}
		return fmt.Errorf("the stream behind position %s was answered %d: %s", e.last, resp.StatusCode, text)
	}
	e.mu.Lock()
	e.connections++
	e.mu.Unlock()
	err = e.read(resp.Body, func() { silence.Reset(silenceMost) })
	if err == nil && !silence.Stop() {
		err = fmt.Errorf("the stream behind position %s said nothing for %s", e.last, silenceMost)
	}
	return err
}

// read takes frames as they come, each when it is whole.
func (e *ear) read(body io.Reader, alive func()) error {
	lines := bufio.NewScanner(body)
	lines.Buffer(nil, 1<<20)
	id, text := "", ""
	for lines.Scan() {
		alive()
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch name {
		case "id":
			id = value
		case "data":
			text = value
		case "":
			if err := e.take(id, text); err != nil {
				return err
			}
			id, text = "", ""
		}
	}
	return nil // it broke off, perhaps in the middle of a frame
}

// take notes a whole frame; one without text tells only how far the ear is.
func (e *ear) take(id, text string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if id != "" {
		e.last = id
	}
	if text == "" {
		return nil
	}
	var event struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal([]byte(text), &event); err != nil {
		return fmt.Errorf("the stream's event %q is no JSON: %w", id, err)
	}
	position, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return fmt.Errorf("the stream's event %s has the position %q: %w", event.ID, id, err)
	}
	e.got = append(e.got, frame{Position: position, ID: strings.TrimPrefix(event.ID, "evt_")})
	return nil
}

// told counts what it heard so far.
func (e *ear) told() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.got)
}

// heard gives what it heard so far, and over how many connections.
func (e *ear) heard() (got []frame, connections int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.got), e.connections
}

// protests gives what the stream did wrong so far.
func (e *ear) protests() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.wrong)
}
