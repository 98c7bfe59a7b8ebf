package messages

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
)

// planned is a change that only runs.
type planned struct {
	line string
	run  func()
}

func (c *planned) route() string { return c.line }

func (c *planned) wants(*wants) {}

func (c *planned) apply(context.Context, *batch) error {
	c.run()
	return nil
}

// serverOf is a server of which a test uses only the group commit and the store.
func serverOf(t *testing.T) *Service {
	t.Helper()
	s := New(Options{DB: mongotest.Database(t), Now: time.Now, Registry: prometheus.NewRegistry()})
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return s
}

// A change that panics fails alone: the server goes on, and so do the others of
// its batch.
func TestAPanicFailsItsChangeOnly(t *testing.T) {
	t.Parallel()
	s := serverOf(t)
	var ran atomic.Int32
	count := func() { ran.Add(1) }
	broken := &planned{"broken", func() { panic("boom") }}
	err := s.group.submit(t.Context(), &planned{"good", count}, broken, &planned{"later", count})
	if err == nil || !strings.Contains(err.Error(), "boom") {
		t.Errorf("the panic came as %v", err)
	}
	if err := s.group.submit(t.Context(), &planned{"broken", count}); err != nil || ran.Load() < 3 {
		t.Errorf("behind it %d changes ran, %v", ran.Load(), err)
	}
}

// What was cut off is told also where the group commit does not end in time.
func TestAnEndThatIsCutOffTellsAll(t *testing.T) {
	t.Parallel()
	s := New(Options{DB: mongotest.Database(t), Now: time.Now, Registry: prometheus.NewRegistry()})
	if !s.senders.begin() {
		t.Fatal("nothing begins")
	}
	go func() {
		defer s.senders.wg.Done()
		<-s.senders.ctx.Done()
	}()
	planning, release := make(chan struct{}), make(chan struct{})
	go func() {
		_ = s.group.submit(context.Background(), &planned{"slow", func() {
			close(planning)
			<-release
		}})
	}()
	<-planning
	ended, end := context.WithCancel(t.Context())
	end()
	err := s.Close(ended)
	close(release)
	if err == nil || !strings.Contains(err.Error(), "cut off") || !strings.Contains(err.Error(), "drain") {
		t.Errorf("told %v", err)
	}
	s.group.close()
}
