package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"
)

// ownerWithin is how long a kill waits for a server that owns the events. A
// dead owner's lease keeps others off for ten seconds.
const ownerWithin = 30 * time.Second

// killAll kills as often as it is told, at random moments, about every second
// time not before a server owns the events again. The platform is down all the
// while, after each kill in the other way.
func (s *scene) killAll(ctx context.Context, o options, r *record) error {
	defer r.calm()
	moments, outages := rand.New(rand.NewPCG(o.seed, 0)), rand.New(rand.NewPCG(o.seed, 1))
	down, told := outage(outages.IntN(2)), 0
	for i := range o.kills {
		if err := s.platform.fall(down); err != nil {
			return err
		}
		if outages.IntN(2) == 0 {
			s.awaitOwner(ctx, r, told)
		}
		wait := time.Duration(300+moments.IntN(1500)) * time.Millisecond
		pause(ctx, wait)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		what := []string{"server", "mongod", "both"}[moments.IntN(3)]
		fmt.Printf("  kill %d after %s: %s; %d events told since the last; the platform %s; %s\n", i+1, wait, what, s.stream.told()-told, down, r.progress())
		r.killed()
		if err := s.kill(ctx, what); err != nil {
			return err
		}
		down, told = 1-down, s.stream.told()
	}
	return s.platform.fall(down)
}

// awaitOwner waits until the stream tells something new, which only an owner's
// work can be. New load waits meanwhile, so that there is some left to be
// killed under.
func (s *scene) awaitOwner(ctx context.Context, r *record, told int) {
	r.pace.Lock()
	defer r.pace.Unlock()
	ctx, cancel := context.WithTimeout(ctx, ownerWithin)
	defer cancel()
	for ctx.Err() == nil && s.stream.told() == told {
		pause(ctx, 20*time.Millisecond)
	}
}
