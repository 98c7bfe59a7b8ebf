package main

import (
	"fmt"
	"strings"

	"github.com/cirrus/omnichannel/bench/phones"
)

const (
	// linkedMiB, linkedBack, linkedIn and linkedOut are what linked numbers are
	// built to reach: the server's memory with a hundred of them (400 MB), seconds
	// until a hundred are back after a restart, and messages a second over ten.
	linkedMiB, linkedBack, linkedIn, linkedOut = 381, 15, 300, 100
)

// rows are those of the table of targets.
func (l *linked) rows() string {
	var out strings.Builder
	row := func(what, want, got string, ok bool) {
		fmt.Fprintf(&out, "| %s | %s | %s | %s |\n", what, want, got, verdictOf(ok))
	}
	in, sends := l.rate(phones.In), l.rate(phones.Out)
	row("messages in over 10 linked numbers", fmt.Sprintf("≥ %d/s", linkedIn), fmt.Sprintf("%.0f/s", in), in >= linkedIn)
	row("messages out over 10 linked numbers", fmt.Sprintf("≥ %d/s", linkedOut), fmt.Sprintf("%.0f/s", sends), sends >= linkedOut)
	most := l.peak()
	row(fmt.Sprintf("the server with %d linked numbers under load", l.most), fmt.Sprintf("< %d MiB", linkedMiB), fmt.Sprintf("%.0f MiB", most), most < linkedMiB)
	back := l.restarted.Seconds()
	row(fmt.Sprintf("%d linked numbers back after a restart", l.most), fmt.Sprintf("< %d s", linkedBack), fmt.Sprintf("%.1f s", back), back < linkedBack)
	return out.String()
}

// rate is what went over ten numbers in a second.
func (l *linked) rate(do string) float64 {
	for c, runs := range l.results {
		if c.do == do && c.numbers == 10 {
			return median(runs, rate)
		}
	}
	return 0
}

// peak is the most memory that the server took with all numbers.
func (l *linked) peak() float64 {
	most := max(l.after.mib, l.used.mib)
	for c, runs := range l.results {
		if c.numbers == l.most {
			most = max(most, median(runs, func(m measured) float64 { return m.serverMiB }))
		}
	}
	return most
}

// section is what stands below the tables.
func (l *linked) section() string {
	var out strings.Builder
	fmt.Fprintf(&out, "\n## Linked numbers\n\nOver WhatsApp Web, against a simulated WhatsApp in the load process, which encrypts and decrypts as phones do. In: from the phone until its tick, which is sent when the message is stored. Out: from the request until WhatsApp has taken the message; each was then looked for on its phone.\n\n")
	fmt.Fprintf(&out, "| load | numbers | clients | a second | p50 ms | p99 ms | errors | server CPU | mongod CPU | phones CPU | server MiB | mongod MiB |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n")
	for _, c := range crowds(l.most) {
		field := func(of func(measured) float64) float64 { return median(l.results[c], of) }
		fmt.Fprintf(&out, "| %s | %d | %d | %.0f | %.1f | %.1f | %.0f | %.2f | %.2f | %.2f | %.0f | %.0f |\n", c.what, c.numbers, c.clients, field(rate),
			field(func(m measured) float64 { return m.P50 }), field(p99), field(func(m measured) float64 { return float64(m.Errors) }),
			field(func(m measured) float64 { return m.serverCPU }), field(func(m measured) float64 { return m.mongodCPU }), field(func(m measured) float64 { return m.loadCPU }),
			field(func(m measured) float64 { return m.serverMiB }), field(func(m measured) float64 { return m.mongodMiB }))
	}
	each := float64(l.most)
	fmt.Fprintf(&out, "\nAt rest, the server has %.0f MiB and %.0f goroutines without a number; started anew with %d linked ones %.0f MiB and %.0f goroutines, which is %.2f MiB and %.1f goroutines each; after their loads %.0f MiB and %.0f goroutines.\n",
		l.before.mib, l.before.goroutines, l.most, l.after.mib, l.after.goroutines, (l.after.mib-l.before.mib)/each, (l.after.goroutines-l.before.goroutines)/each, l.used.mib, l.used.goroutines)
	fmt.Fprintf(&out, "All %d were back %.1f s after SIGTERM, and %.1f s after SIGKILL, when the next server must wait for the leases of the dead one.\n",
		l.most, l.restarted.Seconds(), l.killed.Seconds())
	return out.String()
}
