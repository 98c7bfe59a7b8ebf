package main

import (
	"math/rand/v2"
	"time"
)

// gauge tells how much of the processors' shared cache other work on the machine
// leaves. Four mebibytes fit into it: a step at random through them costs the
// cache's time, and the memory's, several times that, where others fill it. Server
// and mongod work on as much; a bare insert works on less.
type gauge struct {
	next []uint32
	at   uint32
}

const (
	gaugePlaces = 4 << 20 / 4 // of four bytes
	gaugeSteps  = 1_000_000
)

func newGauge() *gauge {
	order, next := rand.Perm(gaugePlaces), make([]uint32, gaugePlaces)
	for i, at := range order {
		next[at] = uint32(order[(i+1)%gaugePlaces])
	}
	return &gauge{next: next}
}

// step is what a step takes, in nanoseconds.
func (g *gauge) step() float64 {
	began := time.Now()
	for range gaugeSteps {
		g.at = g.next[g.at]
	}
	return float64(time.Since(began).Nanoseconds()) / gaugeSteps
}
