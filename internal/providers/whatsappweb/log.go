package whatsappweb

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	waLog "go.mau.fi/whatsmeow/util/log"
)

// trace knows what went over a client's connection. The client tells nobody but
// its log of each stanza, so that is where it listens.
type trace struct {
	now        func() time.Time
	lastNode   atomic.Int64 // when anything came, a pong included; Unix nanoseconds
	lastStanza atomic.Int64 // when anything but an answer came

	mu       sync.Mutex
	sendings map[string]bool // message ids being sent; true: handed to the connection
}

func newTrace(now func() time.Time) *trace {
	t := &trace{now: now, sendings: map[string]bool{}}
	t.fresh()
	return t
}

// fresh begins the ages anew, as at a login.
func (t *trace) fresh() {
	n := t.now().UnixNano()
	t.lastNode.Store(n)
	t.lastStanza.Store(n)
}

func (t *trace) received(n *waBinary.Node) {
	now := t.now().UnixNano()
	t.lastNode.Store(now)
	if n.Tag != "iq" && n.Tag != "ack" {
		t.lastStanza.Store(now)
	}
}

func (t *trace) sent(n *waBinary.Node) {
	id, _ := n.Attrs["id"].(string)
	if n.Tag != "message" || id == "" {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, ours := t.sendings[id]; ours {
		t.sendings[id] = true
	}
}

// watch begins to look out for a message; the function given back ends it and
// tells whether the message was handed to the connection.
func (t *trace) watch(id string) func() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sendings[id] = false
	return func() bool {
		t.mu.Lock()
		defer t.mu.Unlock()
		out := t.sendings[id]
		delete(t.sendings, id)
		return out
	}
}

// silentFor is how long nothing came at all, deafFor how long nothing but
// answers.
func (t *trace) silentFor() time.Duration { return t.now().Sub(time.Unix(0, t.lastNode.Load())) }

func (t *trace) deafFor() time.Duration { return t.now().Sub(time.Unix(0, t.lastStanza.Load())) }

// clientLog is the client's log: in our own, two levels lower, since what the
// client calls an error is mostly a dropped connection, which we tell of ourselves. Stanzas go to trace only.
type clientLog struct {
	logger *slog.Logger
	trace  *trace
	stanza func(*trace, *waBinary.Node)
}

var _ waLog.Logger = clientLog{}

// Sub gives the log of a part of the client.
func (l clientLog) Sub(module string) waLog.Logger {
	l.logger = l.logger.With("client_module", module)
	switch module {
	case "Recv":
		l.stanza = (*trace).received
	case "Send":
		l.stanza = (*trace).sent
	default:
		l.stanza = nil
	}
	return l
}

// Errorf logs at level info.
func (l clientLog) Errorf(format string, args ...any) { l.write(slog.LevelInfo, format, args) }

// Warnf logs at level debug.
func (l clientLog) Warnf(format string, args ...any) { l.write(slog.LevelDebug, format, args) }

// Infof logs at level debug.
func (l clientLog) Infof(format string, args ...any) { l.write(slog.LevelDebug, format, args) }

// Debugf logs at level debug, except for stanzas and for what people call
// themselves, which no redaction would find.
func (l clientLog) Debugf(format string, args ...any) {
	if l.stanza == nil {
		if !strings.Contains(strings.ToLower(format), " name ") {
			l.write(slog.LevelDebug, format, args)
		}
		return
	}
	if len(args) == 1 {
		if n, ok := args[0].(*waBinary.Node); ok {
			l.stanza(l.trace, n)
		}
	}
}

func (l clientLog) write(level slog.Level, format string, args []any) {
	ctx := context.Background()
	if l.logger.Enabled(ctx, level) {
		l.logger.Log(ctx, level, "whatsapp client", "text", fmt.Sprintf(format, tagsOnly(args)...))
	}
}

// tagsOnly leaves of each stanza among the arguments its tag: the rest may name
// people.
func tagsOnly(args []any) []any {
	out := slices.Clone(args)
	for i, arg := range out {
		switch arg := arg.(type) {
		case *waBinary.Node:
			out[i] = "<" + arg.Tag + ">"
		case waBinary.Node:
			out[i] = "<" + arg.Tag + ">"
		case string:
			if tag, _, attributes := strings.Cut(arg, " "); attributes && strings.HasPrefix(arg, "<") {
				out[i] = tag + ">"
			}
		}
	}
	return out
}
