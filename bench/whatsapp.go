package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/cirrus/omnichannel/bench/phones"
	"github.com/cirrus/omnichannel/bench/rig"
	"github.com/cirrus/omnichannel/internal/mongodb/local"
)

// settled is how long the server is left alone before its memory at rest counts: it
// looks every five seconds whether it rests, and then gives back what it does not need.
const settled = 15 * time.Second

// crowd is one load over linked numbers.
type crowd struct {
	do, what         string
	numbers, clients int
}

// crowds are the loads, by how many numbers must be linked.
func crowds(most int) []crowd {
	in, out := "messages in", "messages out, typingBeforeText off"
	return []crowd{
		{phones.In, in, 1, 8}, {phones.Out, out, 1, 8},
		{phones.In, in, 10, 32}, {phones.Out, out, 10, 32},
		{phones.In, in, most, 64}, {phones.Out, out, most, 64},
	}
}

// rest is a server at rest.
type rest struct{ mib, goroutines float64 }

// linked is what was measured with numbers that are linked devices.
type linked struct {
	most          int // numbers
	results       map[crowd][]measured
	before, after rest          // without any number, and with all of them after a restart
	used          rest          // at rest again after all loads
	linking       time.Duration // all but those of the smaller loads
	restarted     time.Duration // from SIGTERM until all are back
	killed        time.Duration // the same from SIGKILL
}

// deviceBench is what a run of it needs.
type deviceBench struct {
	linked
	server  *rig.Server
	options rig.ServerOptions
	mongod  *local.Server
	phones  *phonesProcess
	world   rig.World
}

// measureLinked measures a server of its own, with so many linked numbers at
// most.
func measureLinked(ctx context.Context, o options) (*linked, error) {
	if o.numbers < 10 {
		return nil, fmt.Errorf("%d linked numbers are too few: what is measured over ten needs ten", o.numbers)
	}
	dir, err := os.MkdirTemp("", "omnichannel-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	b := &deviceBench{linked: linked{most: o.numbers, results: map[crowd][]measured{}}}
	defer b.stop()
	if err := b.start(ctx, dir); err != nil {
		return nil, err
	}
	all := crowds(o.numbers)
	if b.before, err = b.rest(ctx); err != nil {
		return nil, err
	}
	if err := b.load(ctx, all[:4], o.runs, o.length); err != nil {
		return nil, err
	}
	began := time.Now()
	if err := b.order(ctx, phones.Order{Do: phones.Link, Numbers: o.numbers}); err != nil {
		return nil, err
	}
	b.linking = time.Since(began)
	if b.restarted, err = b.back(ctx, (*rig.Server).Stop); err != nil {
		return nil, err
	}
	if b.after, err = b.rest(ctx); err != nil {
		return nil, err
	}
	if err := b.load(ctx, all[4:], 1, o.length); err != nil {
		return nil, err
	}
	if b.used, err = b.rest(ctx); err != nil {
		return nil, err
	}
	if b.killed, err = b.back(ctx, (*rig.Server).Kill); err != nil {
		return nil, err
	}
	b.say()
	return &b.linked, nil
}

func (b *deviceBench) start(ctx context.Context, dir string) (err error) {
	if b.phones, err = startPhones(ctx); err != nil {
		return err
	}
	if b.mongod, err = local.Start(ctx, local.Options{Dir: filepath.Join(dir, "mongodb"), CacheGiB: cacheGiB, Stdout: os.Stdout}); err != nil {
		return err
	}
	b.options = rig.ServerOptions{MongoURI: b.mongod.URI(), DataDir: filepath.Join(dir, "data"), LogPath: filepath.Join(dir, "server.log"), WhatsApp: &b.phones.at}
	if b.options.Binary, err = filepath.Abs(filepath.Join("bin", "omnichannel")); err != nil {
		return err
	}
	if b.options.Addr, err = rig.FreePort(); err != nil {
		return err
	}
	b.options.D360URL = "http://" + b.options.Addr // nobody speaks to it
	if b.server, err = rig.StartServer(ctx, b.options); err != nil {
		return err
	}
	b.world, err = rig.MakeAccount(ctx, rig.Client(time.Minute), b.server.URL)
	return err
}

func (b *deviceBench) stop() {
	if b.server != nil {
		b.server.Stop()
	}
	if b.mongod != nil {
		_ = b.mongod.Close(context.Background()) // its data is thrown away
	}
	if b.phones != nil {
		b.phones.stop()
	}
}

// load links what is missing and runs each load so often.
func (b *deviceBench) load(ctx context.Context, loads []crowd, runs int, length time.Duration) error {
	for _, c := range loads {
		if err := b.order(ctx, phones.Order{Do: phones.Link, Numbers: c.numbers}); err != nil {
			return err
		}
		for range runs {
			m, err := b.once(ctx, phones.Order{Do: c.do, Numbers: c.numbers, Clients: c.clients, For: length})
			if err != nil {
				return fmt.Errorf("%s over %d numbers: %w", c.what, c.numbers, err)
			}
			fmt.Printf("%-40s %3d numbers %3d clients  %6.0f/s  p50 %6.1f ms  p99 %6.1f ms  errors %d  cpu %.2f + %.2f + %.2f %s\n",
				c.what, c.numbers, c.clients, m.Rate, m.P50, m.P99, m.Errors, m.serverCPU, m.mongodCPU, m.loadCPU, m.Note)
			b.results[c] = append(b.results[c], m)
		}
	}
	return nil
}

func (b *deviceBench) order(ctx context.Context, o phones.Order) error {
	_, err := b.once(ctx, o)
	return err
}

// once gives an order and watches the processes meanwhile.
func (b *deviceBench) once(ctx context.Context, o phones.Order) (measured, error) {
	o.URL, o.World = b.server.URL, b.world
	server, mongod, load := rig.CPU(b.server.PID()), rig.CPU(b.mongod.PID()), rig.CPU(b.phones.pid())
	began := time.Now()
	answer, err := b.phones.obey(o)
	if err != nil {
		return measured{}, errors.Join(err, ctx.Err())
	}
	took := time.Since(began).Seconds()
	return measured{
		Result:    answer.Result,
		serverCPU: (rig.CPU(b.server.PID()) - server) / took, mongodCPU: (rig.CPU(b.mongod.PID()) - mongod) / took, loadCPU: (rig.CPU(b.phones.pid()) - load) / took,
		serverMiB: rig.RSS(b.server.PID()), mongodMiB: rig.RSS(b.mongod.PID()),
	}, nil
}

// rest measures the server once it has been left alone for a while.
func (b *deviceBench) rest(ctx context.Context) (rest, error) {
	select {
	case <-time.After(settled):
	case <-ctx.Done():
		return rest{}, ctx.Err()
	}
	goroutines, err := b.server.Gauge(ctx, rig.Client(time.Minute), "go_goroutines")
	return rest{mib: rig.RSS(b.server.PID()), goroutines: goroutines}, err
}

// back ends the server, starts another on the same data, and gives how long it
// took from the end's beginning until every number was back.
func (b *deviceBench) back(ctx context.Context, end func(*rig.Server)) (time.Duration, error) {
	began := time.Now()
	end(b.server)
	next, err := rig.StartServer(ctx, b.options)
	if err != nil {
		b.server = nil // it has ended
		return 0, err
	}
	b.server = next
	err = b.order(ctx, phones.Order{Do: phones.Back})
	return time.Since(began), err
}

func (l *linked) say() {
	fmt.Printf("at rest: %.0f MiB and %.0f goroutines; with %d numbers %.0f MiB and %.0f, after their loads %.0f MiB and %.0f\n",
		l.before.mib, l.before.goroutines, l.most, l.after.mib, l.after.goroutines, l.used.mib, l.used.goroutines)
	fmt.Printf("%d numbers linked in %.1f s; all %d back %.1f s after SIGTERM, %.1f s after SIGKILL\n",
		l.most-crowds(l.most)[3].numbers, l.linking.Seconds(), l.most, l.restarted.Seconds(), l.killed.Seconds())
}

// phonesProcess is the process that stands for WhatsApp.
type phonesProcess struct {
	at      rig.WhatsApp
	cmd     *exec.Cmd
	orders  io.WriteCloser
	answers *json.Decoder
}

func startPhones(ctx context.Context) (*phonesProcess, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := &phonesProcess{cmd: exec.CommandContext(ctx, self, "phones")}
	p.cmd.Stderr = os.Stderr
	if p.orders, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.answers = json.NewDecoder(bufio.NewReader(out))
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	return p, p.answers.Decode(&p.at)
}

func (p *phonesProcess) pid() int { return p.cmd.Process.Pid }

func (p *phonesProcess) obey(o phones.Order) (phones.Answer, error) {
	var answer phones.Answer
	if err := json.NewEncoder(p.orders).Encode(o); err != nil {
		return answer, fmt.Errorf("the simulated WhatsApp is gone: %w", err)
	}
	if err := p.answers.Decode(&answer); err != nil {
		return answer, fmt.Errorf("the simulated WhatsApp gave no answer: %w", err)
	}
	if answer.Failed != "" {
		return answer, errors.New(answer.Failed)
	}
	return answer, nil
}

// stop ends the process: there are no more orders.
func (p *phonesProcess) stop() {
	_ = p.orders.Close()
	_ = p.cmd.Wait() // how it ended does not matter any more
}
