// Command crash kills the server and the database, with SIGKILL and at random
// moments, while webhooks and sends arrive, and then counts: nothing that was
// acknowledged may be lost, nothing may be there twice. It runs apart from both
// and keeps its own record of what was acknowledged. It prints its seed, and
// exits with 1 when anything is lost or double.
package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

func main() {
	kills := flag.Int("n", 10, "how many times to kill")
	webhooks := flag.Int("webhooks", 2000, "how many inbound messages")
	sends := flag.Int("sends", 400, "how many sends")
	seed := flag.Uint64("seed", uint64(time.Now().UnixNano()), "what decides the moments; printed")
	binary := flag.String("binary", "bin/omnichannel", "the program")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	lost, twice, err := run(ctx, options{kills: *kills, webhooks: *webhooks, sends: *sends, seed: *seed, binary: *binary})
	if err != nil {
		fmt.Fprintln(os.Stderr, "crash:", err)
		os.Exit(1)
	}
	fmt.Printf("seed %d: lost = %d, twice = %d\n", *seed, lost, twice)
	if lost+twice > 0 {
		os.Exit(1)
	}
}

type options struct {
	kills, webhooks, sends int
	seed                   uint64
	binary                 string
}

// run makes a scene, loads and kills it, and counts what is left.
func run(ctx context.Context, o options) (lost, twice int, err error) {
	dir, err := os.MkdirTemp("", "omnichannel-crash-")
	if err != nil {
		return 0, 0, err
	}
	defer os.RemoveAll(dir)
	binary, err := filepath.Abs(o.binary)
	if err != nil {
		return 0, 0, err
	}
	fmt.Printf("seed %d: %d kills under %d webhooks and %d sends\n", o.seed, o.kills, o.webhooks, o.sends)
	s, err := newScene(ctx, binary, dir)
	if err != nil {
		return 0, 0, err
	}
	defer s.close()
	rng := rand.New(rand.NewPCG(o.seed, 0))
	record := newRecord()
	loaded := make(chan error, 1)
	loadCtx, stopLoad := context.WithTimeout(ctx, 15*time.Minute)
	defer stopLoad()
	go func() { loaded <- s.load(loadCtx, o, record) }()
	for i := range o.kills {
		pause := time.Duration(300+rng.IntN(1500)) * time.Millisecond
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return 0, 0, ctx.Err()
		}
		what := []string{"server", "mongod", "both"}[rng.IntN(3)]
		fmt.Printf("  kill %d after %s: %s; %s\n", i+1, pause, what, record.progress())
		record.killed()
		if err := s.kill(ctx, what); err != nil {
			return 0, 0, err
		}
	}
	record.calm()
	if err := <-loaded; err != nil {
		return 0, 0, fmt.Errorf("load: %w", err)
	}
	fmt.Printf("  load done: %s\n", record.progress())
	return s.count(ctx, record)
}
