package whatsapp

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// sources is the text of this room's tests.
func sources(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

// ours are the goroutines that run code of this package, apart from tests.
func ours() int {
	buf := make([]byte, 4<<20)
	n := 0
	for _, stack := range strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		if strings.Contains(stack, "sandbox/whatsapp.(*") && !strings.Contains(stack, "_test.go") {
			n++
		}
	}
	return n
}

// It does not run beside other tests: it counts goroutines.
func TestNothingIsLeftRunning(t *testing.T) {
	before := ours()
	t.Run("world", func(t *testing.T) {
		b := newBench(t)
		owner, friend := b.phone(func(c *PhoneConfig) { c.AutoReply = &AutoReply{Mode: "echo", DelayMS: 3_600_000} }), b.phone()
		c := b.link(owner)
		b.link(friend)
		for range 5 {
			c.say(pn(friend), "oi")
			if _, err := b.s.Write(friend.Phone, Draft{To: owner.Phone, Text: "oi"}); err != nil {
				t.Fatal(err)
			}
		}
		b.until("goroutines", func() bool { return ours() > before })
	})
	deadline := time.After(patience)
	for ours() > before {
		select {
		case <-deadline:
			buf := make([]byte, 1<<20)
			t.Fatalf("%d goroutines run, %d did before:\n%s", ours(), before, buf[:runtime.Stack(buf, true)])
		default:
			runtime.Gosched()
		}
	}
}
