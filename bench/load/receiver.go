package load

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cirrus/omnichannel/bench/rig"
)

// receiver is a platform that takes every event at once. It shares its machine
// with what is measured, and so reads no more of a request than it must.
type receiver struct {
	listener net.Listener
	taken    atomic.Int64
	answered atomic.Int64

	mu      sync.Mutex
	arrived map[string]time.Time // when a message was first told of, by its provider id
	acked   map[string]time.Time // when its webhook was answered
}

// receive makes the world's platform deliver here.
func receive(ctx context.Context, job Job) (*receiver, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &receiver{listener: listener, arrived: map[string]time.Time{}, acked: map[string]time.Time{}}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return // closed
			}
			go r.serve(conn)
		}
	}()
	return r, subscribe(ctx, job, "http://"+listener.Addr().String()+"/events")
}

// subscribe sets the URL of the world's platform.
func subscribe(ctx context.Context, job Job, url any) error {
	at := job.URL + "/api/accounts/" + job.World.Account + "/platform-configs/" + job.World.Config
	return rig.Call(ctx, rig.Client(time.Minute), job.World.Key, http.MethodPatch, at, map[string]any{"url": url}, nil)
}

func (r *receiver) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }() // its client is gone
	in := bufio.NewReaderSize(conn, 8<<10)
	var body []byte
	for {
		length := 0
		for {
			line, err := in.ReadSlice('\n')
			if err != nil {
				return // closed
			}
			if len(line) <= 2 {
				break
			}
			if text, is := bytes.CutPrefix(line, []byte("Content-Length: ")); is {
				length, _ = strconv.Atoi(string(bytes.TrimSpace(text))) // by net/http's word
			}
		}
		body = slices.Grow(body[:0], length)[:length]
		if _, err := io.ReadFull(in, body); err != nil {
			return
		}
		r.take(body)
		if _, err := io.WriteString(conn, "HTTP/1.1 204 No Content\r\n\r\n"); err != nil {
			return
		}
		r.answered.Add(1)
	}
}

func (r *receiver) take(body []byte) {
	now := time.Now()
	r.taken.Add(1)
	if !bytes.Contains(body[:min(len(body), 120)], []byte(`"message.received"`)) {
		return
	}
	at := bytes.Index(body, []byte(`"wamid.`))
	if at < 0 {
		return
	}
	id, _, _ := bytes.Cut(body[at+1:], []byte(`"`))
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, again := r.arrived[string(id)]; !again {
		r.arrived[string(id)] = now
	}
}

// ack notes that a message was accepted.
func (r *receiver) ack(id string) {
	now := time.Now()
	r.mu.Lock()
	r.acked[id] = now
	r.mu.Unlock()
}

// drained waits until every accepted message has arrived, for a minute at most,
// and gives how long after its acknowledgement each did, in milliseconds,
// sorted.
func (r *receiver) drained(ctx context.Context) ([]float64, error) {
	deadline := time.Now().Add(time.Minute)
	for {
		delays, missing := r.delays()
		if missing == 0 {
			return delays, nil
		}
		if time.Now().After(deadline) || ctx.Err() != nil {
			return nil, fmt.Errorf("%d messages were never told of", missing)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func (r *receiver) delays() (sorted []float64, missing int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for id, acked := range r.acked {
		arrived, there := r.arrived[id]
		if !there {
			missing++
			continue
		}
		sorted = append(sorted, max(0, float64(arrived.Sub(acked).Microseconds())/1000))
	}
	slices.Sort(sorted)
	return sorted, missing
}

// close lets the platform deliver to nobody again, once nothing is under way:
// an answer that is cut off would count as one that the platform did not give.
func (r *receiver) close(ctx context.Context, job Job) error {
	defer r.listener.Close()
	for quiet := 0; quiet < 20 && ctx.Err() == nil; quiet++ {
		before := r.taken.Load()
		time.Sleep(10 * time.Millisecond)
		if r.taken.Load() != before || r.answered.Load() != before {
			quiet = 0
		}
	}
	return subscribe(ctx, job, nil)
}
