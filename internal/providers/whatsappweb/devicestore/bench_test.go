package devicestore_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"

	"go.mau.fi/whatsmeow/store"

	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
)

// sessionSize is what a session has after some messages.
const sessionSize = 1200

// bench runs what one message asks of the store: with one device, and with many
// at once, each in a goroutine of its own.
func bench(b *testing.B, message func(ctx context.Context, d *store.Device, n int) error) {
	s := process(mongotest.Database(b))
	device := func(b *testing.B) *store.Device {
		_, _, d := paired(b, s)
		check(b, d.LIDs.PutLIDMapping(b.Context(), lid, ana))
		check(b, message(b.Context(), d, 0))
		return d
	}
	b.Run("one device", func(b *testing.B) {
		d, n := device(b), 0
		for b.Loop() {
			n++
			check(b, message(b.Context(), d, n))
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
	})
	b.Run("devices at once", func(b *testing.B) {
		b.SetParallelism(16)
		var all atomic.Int64
		b.RunParallel(func(pb *testing.PB) {
			d := device(b)
			for pb.Next() {
				if err := message(b.Context(), d, int(all.Add(1))); err != nil {
					b.Error(err)
					return
				}
			}
		})
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
	})
}

// BenchmarkSend is a message to a known person with two devices.
func BenchmarkSend(b *testing.B) {
	content := strings.Repeat("s", sessionSize)
	bench(b, func(ctx context.Context, d *store.Device, _ int) error { return send(ctx, d, content) })
}

// BenchmarkReceive is a message from a known person: decrypted, buffered,
// handled.
func BenchmarkReceive(b *testing.B) {
	content := strings.Repeat("s", sessionSize)
	bench(b, func(ctx context.Context, d *store.Device, n int) error { return receive(ctx, d, n, content) })
}
