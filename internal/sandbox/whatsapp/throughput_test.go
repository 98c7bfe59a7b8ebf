package whatsapp

import (
	"fmt"
	"sync"
	"testing"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types/events"

	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp/memstore"
)

// benchmarkDevices is how many clients, each with its own account, a benchmark
// has; each has one person who writes to it.
const benchmarkDevices = 20

// BenchmarkInbound is one message from somebody's phone until the client has it,
// many people at once, client and server in one process.
func BenchmarkInbound(b *testing.B) {
	s := New(Options{Seed: testSeed})
	b.Cleanup(s.Close)
	running, err := s.Listen(b.Context(), "127.0.0.1:0", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(running.Close)
	through, err := Client(running.URL)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(through.CloseIdleConnections)
	var got sync.WaitGroup
	owners, people := make([]string, benchmarkDevices), make([]string, benchmarkDevices)
	for i := range benchmarkDevices {
		owners[i], people[i] = fmt.Sprintf("55219%08d", i), fmt.Sprintf("55119%08d", i)
		for _, number := range []string{owners[i], people[i]} {
			if _, err := s.AddPhone(PhoneConfig{Phone: number}); err != nil {
				b.Fatal(err)
			}
		}
		c := whatsmeow.NewClient(memstore.New().NewDevice(), nil)
		Point(c, through)
		c.AddEventHandler(func(e any) {
			switch e := e.(type) {
			case *events.QR:
				if err := s.Scan(owners[i], e.Codes[0]); err != nil {
					b.Error(err)
				}
			case *events.Message:
				if e.Info.Category != "peer" {
					got.Done()
				}
			}
		})
		if err := c.Connect(); err != nil {
			b.Fatal(err)
		}
		b.Cleanup(c.Disconnect)
	}
	if err := s.Wait(b.Context(), func() bool {
		for _, p := range s.Phones() {
			if p.Phone[:5] == "55219" && (len(p.Devices) == 0 || !p.Devices[0].Active) {
				return false
			}
		}
		return true
	}); err != nil {
		b.Fatal(err)
	}
	var next int
	for b.Loop() {
		i := next % benchmarkDevices
		next++
		got.Add(1)
		if _, err := s.Write(people[i], Draft{To: owners[i], Text: "mensagem"}); err != nil {
			b.Fatal(err)
		}
	}
	got.Wait()
	b.ReportMetric(float64(next)/b.Elapsed().Seconds(), "messages/s")
}
