// Command crash kills the server and the database, with SIGKILL and at random
// moments, while webhooks and sends arrive, and then counts: nothing that was
// acknowledged may be lost, nothing may be there twice. All the while the
// platform that is to hear of it is down, and somebody listens to the event
// stream: once the platform takes events, every one must come within two
// minutes, those of a session in their order, and the stream must have told
// each position once. It runs apart from both and keeps its own record of what
// was acknowledged. It prints its seed, and exits with 1 when anything is lost,
// double or out of order.
package main

import (
	"context"
	"flag"
	"fmt"
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
	found, err := run(ctx, options{kills: *kills, webhooks: *webhooks, sends: *sends, seed: *seed, binary: *binary})
	found.say()
	if err != nil {
		fmt.Fprintln(os.Stderr, "crash:", err)
		os.Exit(1)
	}
	fmt.Printf("seed %d: %s\n", *seed, &found)
	if !found.clean() {
		os.Exit(1)
	}
}

type options struct {
	kills, webhooks, sends int
	seed                   uint64
	binary                 string
}

// run makes a scene, loads and kills it, and counts what is left.
func run(ctx context.Context, o options) (found verdict, err error) {
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
	fmt.Printf("seed %d: %d kills under %d webhooks and %d sends\n", o.seed, o.kills, o.webhooks, o.sends)
	s, err := newScene(ctx, o.binary, dir)
	if err != nil {
		return verdict{}, err
	}
	defer s.close()
	record := newRecord()
	loaded := make(chan error, 1)
	loadCtx, stopLoad := context.WithTimeout(ctx, 15*time.Minute)
	defer stopLoad()
	go func() { loaded <- s.load(loadCtx, o, record) }()
	if err := s.killAll(ctx, o, record); err != nil {
		return verdict{}, err
	}
	if err := <-loaded; err != nil {
		return verdict{}, fmt.Errorf("load: %w", err)
	}
	fmt.Printf("  load done: %s\n", record.progress())
	if err := s.platform.rise(); err != nil {
		return verdict{}, err
	}
	return s.count(ctx, record)
}
