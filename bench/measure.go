package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"github.com/cirrus/omnichannel/bench/load"
	"github.com/cirrus/omnichannel/bench/rig"
	"github.com/cirrus/omnichannel/internal/mongodb/local"
	"github.com/cirrus/omnichannel/internal/sandbox/d360"
)

const number, d360Key, people = "5521977776666", "bench-360dialog-key", 10_000

// cacheGiB is mongod's cache, a third of what it takes by itself on a machine of
// this size.
const cacheGiB = 4

// scenario is one row of the table.
type scenario struct {
	name, what string
	clients    int
}

// wake is how long what a load has set going is let end.
const wake = time.Second

var bare32 = scenario{"insert", "bare insertOne (ceiling)", 32}

var scenarios = []scenario{
	bare32,
	{"known", "known contacts", 1}, {"known", "known contacts", 8}, {"known", "known contacts", 16}, {"known", "known contacts", 32}, {"known", "known contacts", 64},
	{"new", "new contacts", 1}, {"new", "new contacts", 8}, {"new", "new contacts", 16}, {"new", "new contacts", 32}, {"new", "new contacts", 64},
	{"hot", "one hot contact", 32},
	{"duplicates", "20% duplicates", 32},
	{"bursts", "50 messages a webhook", 8},
	{"statuses", "statuses alone", 32},
	{"mixed", "three statuses to one message", 32},
	{"sends", "sends against the sandbox", 16},
	{"lists", "list queries", 16},
	dispatch32, paced32, two32,
}

// measured is one run of a scenario.
type measured struct {
	load.Result
	serverCPU, mongodCPU, loadCPU float64 // cores
	serverMiB, mongodMiB          float64
	step                          float64 // of the gauge, just before
	bare                          float64 // bare inserts a second, just before and behind; 0: not measured
}

// bench is what is measured: started once, loaded again and again.
type bench struct {
	server *rig.Server
	mongod *local.Server
	job    load.Job
	gauge  *gauge
	self   string
	idle   float64 // MiB of the server at rest, before any load
	heard  float64 // MiB that its listeners cost

	options rig.ServerOptions // as the server was started
}

// options say what is measured.
type options struct {
	runs    int
	length  time.Duration
	only    []string // each a scenario, or scenario/clients; empty: all
	numbers int      // linked at most
}

// onlyLinked names all scenarios with linked numbers.
const onlyLinked = "whatsapp"

// picked tells whether a scenario is to run.
func (o options) picked(s scenario) bool {
	return len(o.only) == 0 || slices.Contains(o.only, s.name) || slices.Contains(o.only, fmt.Sprintf("%s/%d", s.name, s.clients))
}

// check refuses names that nothing has.
func (o options) check() error {
	for _, name := range o.only {
		one := options{only: []string{name}}
		if name != onlyLinked && !slices.ContainsFunc(scenarios, one.picked) {
			return fmt.Errorf("there is no scenario %q: see scenarios in bench/measure.go", name)
		}
	}
	return nil
}

// measure measures what is asked for, and writes the results when that is all.
func measure(ctx context.Context, o options) error {
	var b *bench
	var results map[scenario][]measured
	err := o.check()
	if err != nil {
		return err
	}
	linked := slices.Contains(o.only, onlyLinked)
	if !linked || len(o.only) > 1 {
		if b, results, err = measureWebhooks(ctx, o); err != nil {
			return err
		}
	}
	if len(o.only) > 0 && !linked {
		return nil
	}
	l, err := measureLinked(ctx, o)
	if err != nil {
		return err
	}
	if linked {
		fmt.Print("\n", l.rows(), l.section())
		return nil
	}
	return os.WriteFile(filepath.Join("bench", "RESULTS.md"), []byte(report(results, b, l, o)), 0o644)
}

// measureWebhooks measures what comes and goes by webhooks and the API.
func measureWebhooks(ctx context.Context, o options) (*bench, map[scenario][]measured, error) {
	dir, err := os.MkdirTemp("", "omnichannel-bench-")
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(dir)
	b, stop, err := start(ctx, dir, len(o.only) == 0)
	defer stop()
	if err != nil {
		return nil, nil, err
	}
	b.job.For = o.length
	results := map[scenario][]measured{}
	for run := range o.runs {
		for i, s := range scenarios {
			if !o.picked(s) {
				continue
			}
			b.aim(s, results)
			b.job.Seed = uint64(time.Now().UnixMilli()*100 + int64(i))
			if err := b.stock(ctx, s); err != nil {
				return nil, nil, err
			}
			m, err := b.beside(ctx, s)
			if err != nil {
				return nil, nil, fmt.Errorf("%s with %d clients: %w", s.name, s.clients, err)
			}
			fmt.Printf("run %d  %-30s %3d clients  %8.0f/s  p50 %6.1f ms  p99 %6.1f ms  errors %d  cpu %.2f + %.2f + %.2f  memory %3.0f ns %s %s %s\n", run+1, s.what, s.clients, m.Rate, m.P50, m.P99, m.Errors, m.serverCPU, m.mongodCPU, m.loadCPU, m.step, told(m), besides(m), m.Note)
			results[s] = append(results[s], m)
		}
	}
	return b, results, nil
}

// told is what a run with a platform adds.
func told(m measured) string {
	if m.Delivered == 0 {
		return ""
	}
	return fmt.Sprintf("told p99 %.1f ms, %.0f events/s", m.Told99, m.Delivered)
}

// besides is what a run adds whose target is a part of the bare insert.
func besides(m measured) string {
	if m.bare == 0 {
		return ""
	}
	return fmt.Sprintf("%.2f × %.0f bare", m.Rate/m.bare, m.bare)
}

// aim makes a scenario the next load: the paced one at half of the most known
// contacts that were taken in.
func (b *bench) aim(s scenario, results map[scenario][]measured) {
	b.job.Scenario, b.job.Clients, b.job.Rate = s.name, s.clients, 0
	if s == two32 {
		b.job.Scenario = known32.name
	}
	if s != paced32 {
		return
	}
	b.job.Scenario, b.job.Rate = dispatch32.name, 1000 // where nothing else was measured
	for other, runs := range results {
		if other.name == known32.name {
			b.job.Rate = max(b.job.Rate, median(runs, rate)/2)
		}
	}
}

// beside measures a scenario, and where its target is a part of the bare insert
// that, too, for half as long before it and behind it: what else the machine does
// changes from one minute to the next.
func (b *bench) beside(ctx context.Context, s scenario) (measured, error) {
	if !slices.Contains(besideBare, s) {
		return b.measured(ctx, s)
	}
	before, err := b.bare(ctx)
	if err != nil {
		return measured{}, err
	}
	m, err := b.measured(ctx, s)
	if err != nil {
		return measured{}, err
	}
	behind, err := b.bare(ctx)
	m.bare = (before + behind) / 2
	return m, err
}

// bare gives the bare inserts a second, out of the wake of the load before.
func (b *bench) bare(ctx context.Context) (float64, error) {
	time.Sleep(wake)
	job := b.job
	job.Scenario, job.Clients, job.Rate, job.For = bare32.name, bare32.clients, 0, job.For/2
	m, err := b.once(ctx, job)
	if err == nil && (m.Errors > 0 || m.Rate == 0) {
		err = fmt.Errorf("of the bare inserts %d failed: %s", m.Errors, m.Note)
	}
	return m.Rate, err
}

// measured runs a scenario's load, on two servers where it is about those.
func (b *bench) measured(ctx context.Context, s scenario) (measured, error) {
	if s != two32 {
		return b.once(ctx, b.job)
	}
	second, err := rig.StartServer(ctx, b.options)
	if err != nil {
		return measured{}, err
	}
	defer second.Stop()
	b.job.Also = second.URL
	defer func() { b.job.Also = "" }()
	return b.once(ctx, b.job)
}

// once runs a load in a process of its own and watches the two servers.
func (b *bench) once(ctx context.Context, job load.Job) (measured, error) {
	input, err := json.Marshal(job)
	if err != nil {
		return measured{}, err
	}
	cmd := exec.CommandContext(ctx, b.self, "load")
	cmd.Stdin, cmd.Stderr = bytes.NewReader(input), os.Stderr
	step := b.gauge.step()
	server, mongod := rig.CPU(b.server.PID()), rig.CPU(b.mongod.PID())
	began := time.Now()
	out, err := cmd.Output()
	if err != nil {
		return measured{}, err
	}
	took := time.Since(began).Seconds()
	m := measured{
		serverCPU: (rig.CPU(b.server.PID()) - server) / took, mongodCPU: (rig.CPU(b.mongod.PID()) - mongod) / took,
		loadCPU:   (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds() / took,
		serverMiB: rig.RSS(b.server.PID()), mongodMiB: rig.RSS(b.mongod.PID()), step: step,
	}
	return m, json.Unmarshal(out, &m.Result)
}

// start brings everything up and lets ten thousand people write once; whole: for
// the results.
func start(ctx context.Context, dir string, whole bool) (*bench, func(), error) {
	b := &bench{gauge: newGauge()}
	var stops []func()
	stop := func() {
		for _, s := range slices.Backward(stops) {
			s()
		}
	}
	settings := d360.DefaultSettings()
	settings.Throttles, settings.Window, settings.Statuses.Enabled = d360.ThrottleSettings{}, "off", false
	simulator := d360.New(d360.Options{Settings: &settings, Numbers: []d360.NumberConfig{{APIKey: d360Key, DisplayPhoneNumber: number, PhoneNumberID: "106540352242922"}}})
	stops = append(stops, func() { simulator.Close() })
	running, err := simulator.Listen(ctx, "127.0.0.1:0", "127.0.0.1:0")
	if err != nil {
		return nil, stop, err
	}
	stops = append(stops, func() { running.Close() })
	if b.mongod, err = local.Start(ctx, local.Options{Dir: filepath.Join(dir, "mongodb"), CacheGiB: cacheGiB, Stdout: os.Stdout}); err != nil {
		return nil, stop, err
	}
	stops = append(stops, func() { _ = b.mongod.Close(context.Background()) })
	binary, err := filepath.Abs(filepath.Join("bin", "omnichannel"))
	if err != nil {
		return nil, stop, err
	}
	if b.self, err = os.Executable(); err != nil {
		return nil, stop, err
	}
	b.options = rig.ServerOptions{
		Binary: binary, MongoURI: b.mongod.URI(), D360URL: running.APIURL, DataDir: filepath.Join(dir, "data"), LogPath: filepath.Join(dir, "server.log"),
	}
	if b.server, err = rig.StartServer(ctx, b.options); err != nil {
		return nil, stop, err
	}
	stops = append(stops, b.server.Stop)
	if whole {
		time.Sleep(settled)
		b.idle = rig.RSS(b.server.PID())
	}
	fmt.Printf("server: pid %d, operations %s; mongod: pid %d, %s\n", b.server.PID(), b.server.OpsURL, b.mongod.PID(), b.mongod.URI())
	client := rig.Client(time.Minute)
	world, err := rig.MakeWorld(ctx, client, b.server.URL, number, d360Key)
	if err != nil {
		return nil, stop, err
	}
	if whole {
		if b.heard, err = listeners(ctx, b.server, world); err != nil {
			return nil, stop, err
		}
	}
	b.job = load.Job{URL: b.server.URL, MongoURI: b.mongod.URI(), World: world, People: people}
	return b, stop, load.Populate(ctx, client, &b.job)
}

// stock makes ready what a scenario uses up.
func (b *bench) stock(ctx context.Context, s scenario) error {
	b.job.Outbound = nil
	if s.name != "statuses" && s.name != "mixed" {
		return nil
	}
	return load.StockOutbound(ctx, &b.job, int(b.job.For.Seconds())*2500)
}

// median of what the runs gave.
func median(runs []measured, of func(measured) float64) float64 {
	values := make([]float64, 0, len(runs))
	for _, m := range runs {
		values = append(values, of(m))
	}
	if len(values) == 0 {
		return math.NaN()
	}
	slices.Sort(values)
	return values[len(values)/2]
}
