package d360_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/d360"
	"github.com/cirrus/omnichannel/internal/providers/providertest"
)

// What the number has spent, and whom it must not write to, does not come back
// with a change of the channel.
func TestAdjustKeepsThePace(t *testing.T) {
	t.Parallel()
	now := time.Unix(1760000000, 0)
	script := providertest.NewScript(t, []providertest.Exchange{
		answering(post(`"type":"text","text":{"body":"x"}`), 400, `{"error":{"code":131056,"message":"m"}}`),
	})
	conn := openWith(t, d360.Options{BaseURL: script.URL, Client: script.Client, Now: func() time.Time { return now }})
	if _, err := conn.Send(t.Context(), outbound(text("x"))); err == nil {
		t.Fatal("the recipient had too much, and got more")
	}
	other := func(i int) providers.Address { return phoneAddress(fmt.Sprintf("4915100000%03d", 100+i)) }
	for i := range 8 {
		if got := conn.Reserve(other(i)); got != 0 {
			t.Fatalf("place %d waits %s", i, got)
		}
	}
	for _, c := range []struct {
		as   providers.Channel
		wait time.Duration
	}{
		{providers.Channel{APIKey: testKey, MaxFile: 1}, time.Second / 72},
		{providers.Channel{APIKey: "another"}, time.Second / 72},
		// What is spent is worth 8 of 72 a second: a ninth. The slower number may be
		// ahead by none.
		{providers.Channel{APIKey: "another", PerSecond: 4}, 8 * (time.Second / 72)},
	} {
		conn.Adjust(c.as)
		if got := conn.Reserve(other(9)); got != c.wait {
			t.Errorf("%+v waits %s, want %s", c.as, got, c.wait)
		}
		if got := conn.Reserve(anna); got != 4*time.Second {
			t.Errorf("%+v: who had too much waits %s", c.as, got)
		}
	}
	script.Finish()
}

// A key that comes while the old one is in use: what is under way goes on with
// the new one, and the old one's refusal says nothing of it.
func TestAdjustTakesANewKey(t *testing.T) {
	t.Parallel()
	arrived, release := make(chan struct{}), make(chan struct{})
	var keys []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get("D360-API-KEY")
		switch keys = append(keys, key); {
		case r.URL.Path == "/11":
			arrived <- struct{}{}
			<-release
			_, _ = io.WriteString(w, `{"url":"`+metaURL+`"}`)
		case r.URL.Path == "/health_status" && key == testKey:
			arrived <- struct{}{}
			<-release
			w.WriteHeader(http.StatusUnauthorized)
		default:
			_, _ = io.WriteString(w, "bytes")
		}
	}))
	t.Cleanup(server.Close)
	conn := openWith(t, d360.Options{BaseURL: server.URL, Client: providertest.LoopbackOnly()})
	ended := make(chan error)
	go func() {
		_, err := conn.Health(t.Context())
		ended <- err
	}()
	<-arrived
	conn.Adjust(providers.Channel{APIKey: "second"})
	release <- struct{}{}
	if err := <-ended; err == nil || conn.State().Detail != "" {
		t.Errorf("the old key was refused (%v), and the new one has %+v", err, conn.State())
	}
	go func() {
		file, err := conn.FetchMedia(t.Context(), providers.MediaRef{ID: "11"})
		if err == nil {
			err = file.Close()
		}
		ended <- err
	}()
	<-arrived
	conn.Adjust(providers.Channel{APIKey: "third"})
	release <- struct{}{}
	if err := <-ended; err != nil {
		t.Errorf("a file that was looked up under the old key: %v", err)
	}
	if want := []string{testKey, "second", "third"}; !slices.Equal(keys, want) {
		t.Errorf("the keys were %q, want %q", keys, want)
	}
}

// The failed look-ups of a key are counted on, and another key has none.
func TestAdjustCountsLookUpsByKey(t *testing.T) {
	t.Parallel()
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.WriteHeader(http.StatusNotFound)
	}))
	t.Cleanup(server.Close)
	conn := openWith(t, d360.Options{BaseURL: server.URL, Client: providertest.LoopbackOnly()})
	for i, c := range []struct {
		as    providers.Channel
		asked int
	}{
		{providers.Channel{APIKey: testKey, PerSecond: 10}, 18},
		{providers.Channel{APIKey: testKey, PerSecond: 20}, 18},
		{providers.Channel{APIKey: "another", PerSecond: 20}, 36},
	} {
		conn.Adjust(c.as)
		for range 20 {
			if _, err := conn.FetchMedia(t.Context(), providers.MediaRef{ID: "11"}); err == nil {
				t.Fatal("a dead id was fetched")
			}
		}
		if asked != c.asked {
			t.Errorf("step %d: asked %d times, want %d", i, asked, c.asked)
		}
	}
}
