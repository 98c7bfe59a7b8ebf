// Command crash kills the server and the database, with SIGKILL and at random
// moments, and then counts: nothing that was acknowledged may be lost, nothing
// may be there twice. It runs apart from both, keeps its own record of what was
// acknowledged, and has two parts.
//
// In the first, webhooks of 360dialog and sends arrive, while the platform that
// is to hear of it is down and somebody listens to the event stream: once the
// platform takes events, every one must come within two minutes, those of a
// session in their order, and the stream must have told each position once.
//
// In the second, people write to numbers that are linked devices of a simulated
// WhatsApp, which outlives the server: each phone must see that its messages
// arrived, and what was sent must be on a phone once. Mostly the server alone is
// killed; a new one waits up to nine seconds for the leases of the dead one.
//
// It prints its seed, and exits with 1 when anything is lost, double or out of
// order.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
)

func main() {
	kills := flag.Int("n", 10, "how many times to kill, in each part")
	inbound := flag.Int("webhooks", 2000, "how many inbound messages, in each part")
	sends := flag.Int("sends", 0, "how many sends, in each part; 0: 400 in the first, 200 in the second")
	seed := flag.Uint64("seed", uint64(time.Now().UnixNano()), "what decides the moments; printed")
	binary := flag.String("binary", "bin/omnichannel", "the program")
	only := flag.String("only", "", "one part: webhooks or devices")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	o := options{kills: *kills, webhooks: *inbound, sends: *sends, seed: *seed, binary: *binary}
	if err := runAll(ctx, *only, o); err != nil {
		fmt.Fprintln(os.Stderr, "crash:", err)
		os.Exit(1)
	}
}

type options struct {
	kills, webhooks, sends int
	seed                   uint64
	binary                 string
}

// part is one of the two.
type part struct {
	name  string
	sends int // unless the options say how many
	// attack loads and kills, and returns when there is an answer to everything.
	attack func(context.Context, *scene, options, *record) (counter, error)
}

// counter holds what the messages became against what was acknowledged.
type counter func(context.Context, *mongo.Database, *verdict) error

var parts = []part{{"webhooks", 400, attackWebhooks}, {"devices", 200, attackDevices}}

var errUnclean = errors.New("not everything is as it must be")

// runAll runs every part, or the one that is asked for, each on a scene of its
// own.
func runAll(ctx context.Context, only string, o options) error {
	var failed error
	ran := false
	for _, p := range parts {
		if only != "" && p.name != only {
			continue
		}
		ran = true
		own := o
		if own.sends == 0 {
			own.sends = p.sends
		}
		found, err := run(ctx, p, own)
		found.say()
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		fmt.Printf("seed %d, %s: %s\n", o.seed, p.name, &found)
		if !found.clean() {
			failed = errUnclean
		}
	}
	if !ran {
		return fmt.Errorf("there is no part %q", only)
	}
	return failed
}

// run makes a scene, loads and kills it, and counts what is left.
func run(ctx context.Context, p part, o options) (found verdict, err error) {
	dir, err := os.MkdirTemp("", "omnichannel-crash-")
	if err != nil {
		return verdict{}, err
	}
	defer func() {
		if ctx.Err() != nil || err == nil && found.clean() {
			os.RemoveAll(dir)
			return
		}
		fmt.Println("  the server's log and the database are left in " + dir)
	}()
	if o.binary, err = filepath.Abs(o.binary); err != nil {
		return verdict{}, err
	}
	fmt.Printf("seed %d, %s: %d kills under %d inbound messages and %d sends\n", o.seed, p.name, o.kills, o.webhooks, o.sends)
	s, err := newScene(ctx, o.binary, dir)
	if err != nil {
		return verdict{}, err
	}
	defer s.close()
	record := newRecord()
	messages, err := p.attack(ctx, s, o, record)
	if err != nil {
		return verdict{}, err
	}
	fmt.Printf("  load done: %s\n", record.progress())
	return s.count(ctx, messages)
}

// loadMost bounds the load of a part.
const loadMost = 15 * time.Minute

// attackWebhooks is the first part.
func attackWebhooks(ctx context.Context, s *scene, o options, r *record) (counter, error) {
	loaded := make(chan error, 1)
	loadCtx, stopLoad := context.WithTimeout(ctx, loadMost)
	defer stopLoad()
	go func() { loaded <- s.load(loadCtx, o, r) }()
	if err := s.killAll(ctx, o, r); err != nil {
		return nil, err
	}
	if err := <-loaded; err != nil {
		return nil, fmt.Errorf("load: %w", err)
	}
	if err := s.platform.rise(); err != nil {
		return nil, err
	}
	return func(ctx context.Context, db *mongo.Database, v *verdict) error { return s.countMessages(ctx, db, r, v) }, nil
}
