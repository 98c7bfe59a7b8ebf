// Command bench starts the real binary and a local MongoDB, loads them through
// HTTP from a process of its own, and writes bench/RESULTS.md: rate, p50, p99,
// errors, CPU and memory, targets with PASS or FAIL, the median of three runs;
// first for what comes by webhooks, then on a server of its own for numbers that
// are linked devices of a simulated WhatsApp.
// The bare insert ceiling is measured beside each load that is held against it,
// since absolute figures move with whatever else the machine does.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/cirrus/omnichannel/bench/load"
	"github.com/cirrus/omnichannel/bench/phones"
)

func main() {
	runs := flag.Int("runs", 3, "how often each scenario runs; the median counts")
	seconds := flag.Int("seconds", 5, "how long each run loads")
	only := flag.String("only", "", "scenarios (name, or name/clients) with commas between them, or whatsapp for all with linked numbers; writes no results")
	numbers := flag.Int("numbers", 100, "how many numbers are linked at most")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var err error
	switch flag.Arg(0) {
	case "load":
		err = runLoad(ctx)
	case "phones":
		err = phones.Serve(ctx, os.Stdin, os.Stdout)
	default:
		err = measure(ctx, options{runs: *runs, length: time.Duration(*seconds) * time.Second, only: strings.FieldsFunc(*only, func(r rune) bool { return r == ',' }), numbers: *numbers})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// runLoad is the load process: a job on standard input, a result on standard
// output.
func runLoad(ctx context.Context) error {
	var job load.Job
	if err := json.NewDecoder(os.Stdin).Decode(&job); err != nil {
		return err
	}
	result, err := load.Run(ctx, job)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(result)
}
