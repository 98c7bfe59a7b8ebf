package main

import (
	"fmt"
	"runtime"
	"strings"
	"time"
)

// target is what the intake is built to reach.
type target struct {
	scenario scenario
	what     string
	want     string
	met      func(runs []measured) (value string, ok bool)
}

func rate(m measured) float64 { return m.Rate }
func p99(m measured) float64  { return m.P99 }

// atLeast is a target in units a second.
func atLeast(want float64) func([]measured) (string, bool) {
	return func(runs []measured) (string, bool) {
		got := median(runs, rate)
		return fmt.Sprintf("%.0f/s", got), got >= want
	}
}

// under is a target for the slowest hundredth, in milliseconds.
func under(most float64) func([]measured) (string, bool) {
	return func(runs []measured) (string, bool) {
		got := median(runs, p99)
		return fmt.Sprintf("%.1f ms", got), got < most
	}
}

// ratio is a target against the bare insert just before and behind.
func ratio(want float64) func([]measured) (string, bool) {
	return func(runs []measured) (string, bool) {
		got := median(runs, func(m measured) float64 { return m.Rate / m.bare })
		return fmt.Sprintf("%.2f ×", got), got >= want
	}
}

var (
	known32  = scenario{"known", "known contacts", 32}
	new16    = scenario{"new", "new contacts", 16}
	hot32    = scenario{"hot", "one hot contact", 32}
	bursts8  = scenario{"bursts", "50 messages a webhook", 8}
	statuses = scenario{"statuses", "statuses alone", 32}

	dispatch32 = scenario{"dispatch", "known contacts, each told to a platform", 32}
	paced32    = scenario{"paced", "the same at half of the top rate", 32}
	two32      = scenario{"two", "known contacts, over two servers on one store", 32}
)

// besideBare are the loads that are held against the bare insert.
var besideBare = []scenario{known32, statuses, dispatch32}

var targets = []target{
	{known32, "known contacts, 32 clients", "≥ 0.70 × the bare insert", ratio(0.7)},
	{known32, "known contacts, 32 clients", "≥ 2,650/s (quiet machine)", atLeast(2650)},
	{known32, "known contacts, 32 clients, p99", "< 50 ms", under(50)},
	{new16, "new contacts, 16 clients", "≥ 1,700/s", atLeast(1700)},
	{hot32, "one hot contact, 32 clients", "≥ 3,000/s", atLeast(3000)},
	{bursts8, "bursts of 50, 8 clients", "≥ 10,000/s", atLeast(10000)},
	{bursts8, "bursts of 50, 8 clients, p99", "< 250 ms", under(250)},
	{statuses, "statuses alone, 32 clients", "≥ 0.40 × the bare insert", ratio(0.4)},
	{dispatch32, "known contacts told to a platform, 32 clients", "≥ 0.50 × the bare insert", ratio(0.5)},
	{paced32, "from commit to the first attempt, p99, at half of the top rate", "< 250 ms", func(runs []measured) (string, bool) {
		got := median(runs, func(m measured) float64 { return m.Told99 })
		return fmt.Sprintf("%.1f ms", got), got < 250
	}},
	{two32, "known contacts over two servers, 32 clients, p99", "< 100 ms", under(100)},
}

// worst is the greatest of the loads' medians.
func worst(results map[scenario][]measured, of func(measured) float64) float64 {
	var most float64
	for _, runs := range results {
		most = max(most, median(runs, of))
	}
	return most
}

// report writes the tables.
func report(results map[scenario][]measured, b *bench, l *linked, o options) string {
	var out strings.Builder
	fmt.Fprintf(&out, "# Measured\n\n`make bench`, %s, %d cores shared by server, mongod (cache %d GiB; set as README.md says under \"Operating it\") and the load process; %d runs of %s each, medians. Known contacts are %d people, whose sessions a server remembers.\n", time.Now().UTC().Format("2006-01-02"), runtime.NumCPU(), cacheGiB, o.runs, o.length, people)
	fmt.Fprintf(&out, "Ratios count, each against the bare insert for half as long before that load and behind it; absolute figures move with whatever else the machine does. What other work leaves of the processors' cache stands in the last column of all loads: where that is slow, so are the rates a second, also those of the targets.\n\n## Targets\n\n| what | target | value | |\n|---|---|---|---|\n")
	for _, t := range targets {
		value, ok := t.met(results[t.scenario])
		fmt.Fprintf(&out, "| %s | %s | %s | %s |\n", t.what, t.want, value, verdictOf(ok))
	}
	fixed := func(what string, most, got float64) {
		fmt.Fprintf(&out, "| %s | < %.0f MiB | %.0f MiB | %s |\n", what, most, got, verdictOf(got < most))
	}
	fixed("the server at full load, whichever", 150, worst(results, func(m measured) float64 { return m.serverMiB }))
	fixed(fmt.Sprintf("mongod at full load: its cache of %d and 700", cacheGiB*1024), cacheGiB*1024+700, worst(results, func(m measured) float64 { return m.mongodMiB }))
	fixed(fmt.Sprintf("the server idle, %s after its start", settled), 40, b.idle)
	fixed(fmt.Sprintf("%d idle listeners", listenersMost), 100, b.heard)
	out.WriteString(l.rows())
	for _, s := range []scenario{dispatch32, paced32} {
		fmt.Fprintf(&out, "\n%s: %.0f messages a second were taken in and %.0f events a second delivered, counted until the last one was; from the acknowledgement to the first attempt p99 %.1f ms.\n", s.what, median(results[s], rate),
			median(results[s], func(m measured) float64 { return m.Delivered }), median(results[s], func(m measured) float64 { return m.Told99 }))
	}
	fmt.Fprintf(&out, "\n## All\n\n| load | clients | a second | p50 ms | p99 ms | errors | server CPU | mongod CPU | server MiB | mongod MiB | memory, ns |\n|---|---|---|---|---|---|---|---|---|---|---|\n")
	for _, s := range scenarios {
		r := results[s]
		field := func(of func(measured) float64) float64 { return median(r, of) }
		fmt.Fprintf(&out, "| %s | %d | %.0f | %.1f | %.1f | %.0f | %.2f | %.2f | %.0f | %.0f | %.0f |\n", s.what, s.clients, field(rate),
			field(func(m measured) float64 { return m.P50 }), field(p99), field(func(m measured) float64 { return float64(m.Errors) }),
			field(func(m measured) float64 { return m.serverCPU }), field(func(m measured) float64 { return m.mongodCPU }),
			field(func(m measured) float64 { return m.serverMiB }), field(func(m measured) float64 { return m.mongodMiB }), field(func(m measured) float64 { return m.step }))
	}
	out.WriteString("\nThe runs that are held against the bare insert, each beside its own:\n")
	for _, s := range besideBare {
		fmt.Fprintf(&out, "- %s: %s\n", s.what, besideEach(results[s]))
	}
	fmt.Fprintf(&out, "\nmemory: one step at random through 4 MiB just before the load, which is the time of the cache that all processors share, or of the memory behind it where others fill that cache.\n")
	out.WriteString(l.section())
	return out.String()
}

// besideEach lists what runs reached, each of its bare insert.
func besideEach(runs []measured) string {
	var all []string
	for _, m := range runs {
		all = append(all, fmt.Sprintf("%.0f of %.0f a second (%.2f ×)", m.Rate, m.bare, m.Rate/m.bare))
	}
	return strings.Join(all, ", ")
}

func verdictOf(ok bool) string {
	if ok {
		return "PASS"
	}
	return "FAIL"
}
