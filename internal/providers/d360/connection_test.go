package d360_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/d360"
	"github.com/cirrus/omnichannel/internal/providers/providertest"
)

// swallow is a server that reads requests to their end and takes them.
func swallow(t *testing.T) (*http.Client, string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // broken bodies are the point
		_, _ = io.WriteString(w, `{"id":"900"}`)
	}))
	t.Cleanup(server.Close)
	client := providertest.LoopbackOnly()
	t.Cleanup(client.CloseIdleConnections)
	return client, server.URL
}

func TestNobodyAnswersThere(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "http://" + listener.Addr().String()
	listener.Close()
	_, err = open(t, providertest.LoopbackOnly(), address).Send(context.Background(), outbound(text("x")))
	providertest.CompareError(t, &providers.SendError{Reason: providers.ReasonUnavailable, Retryable: true}, err)
}

func TestCancelledBeforeItBegan(t *testing.T) {
	t.Parallel()
	client, url := swallow(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := open(t, client, url).Send(ctx, outbound(text("x")))
	providertest.CompareError(t, &providers.SendError{Reason: providers.ReasonUnavailable, Retryable: true}, err)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the cause is lost: %v", err)
	}
}

// hanging is a server that has the request and never answers it.
func hanging(t *testing.T) (client *http.Client, url string, arrived <-chan struct{}, release func()) {
	t.Helper()
	came, stop := make(chan struct{}, 1), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // what came is not looked at
		came <- struct{}{}
		<-stop
		_, _ = io.WriteString(w, taken)
	}))
	t.Cleanup(server.Close)
	var released bool
	release = func() {
		if !released {
			released = true
			close(stop)
		}
	}
	t.Cleanup(release)
	client = providertest.LoopbackOnly()
	t.Cleanup(client.CloseIdleConnections)
	return client, server.URL, came, release
}

func TestNoAnswerInTime(t *testing.T) {
	t.Parallel()
	client, url, arrived, _ := hanging(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		<-arrived
		cancel()
	}()
	_, err := open(t, client, url).Send(ctx, outbound(text("x")))
	providertest.CompareError(t, &providers.SendError{Reason: providers.ReasonTimeout, Sent: providers.Maybe}, err)
}

func TestCloseWaitsForCalls(t *testing.T) {
	t.Parallel()
	client, url, arrived, release := hanging(t)
	conn := open(t, client, url)
	sent := make(chan error, 1)
	go func() {
		_, err := conn.Send(context.Background(), outbound(text("x")))
		sent <- err
	}()
	<-arrived
	hurry, cancel := context.WithCancel(context.Background())
	cancel()
	if err := conn.Close(hurry); !errors.Is(err, context.Canceled) {
		t.Errorf("Close did not wait: %v", err)
	}
	if got := conn.State().Status; got != providers.StatusClosed {
		t.Errorf("state %q", got)
	}
	_, err := conn.Send(context.Background(), outbound(text("x")))
	providertest.CompareError(t, &providers.SendError{Reason: providers.ReasonConnectionClosed}, err)
	release()
	if err := conn.Close(context.Background()); err != nil {
		t.Error(err)
	}
	if err := <-sent; err != nil {
		t.Errorf("the call under way failed: %v", err)
	}
}

func openScript(t *testing.T, exchanges []providertest.Exchange) *d360.Conn {
	t.Helper()
	script := providertest.NewScript(t, exchanges)
	return openWith(t, d360.Options{BaseURL: script.URL, Client: script.Client})
}

func TestStateTellsTheOperator(t *testing.T) {
	t.Parallel()
	message := post(`"type":"text","text":{"body":"x"}`)
	script := providertest.NewScript(t, []providertest.Exchange{
		answering(message, 401, `{"error":"Invalid api_key"}`),
		answering(message, 400, `{"error":{"code":131026,"message":"m"}}`), message,
	})
	conn := open(t, script.Client, script.URL)
	for i, detail := range []bool{true, true, false} {
		_, err := conn.Send(context.Background(), outbound(text("x")))
		if (err != nil) != (i < 2) {
			t.Fatalf("send %d: %v", i, err)
		}
		if s := conn.State(); s.Status != providers.StatusOpen || (s.Detail != "") != detail {
			t.Errorf("after send %d the state is %+v", i, s)
		}
	}
	blocked := openScript(t, []providertest.Exchange{
		answering(message, 403, ``), {Method: "GET", Path: "/health_status", Answer: `{"id":"PN1"}`}, message,
	})
	_, refusal := blocked.Send(context.Background(), outbound(text("x")))
	_, asked := blocked.Health(context.Background())
	if refusal == nil || asked != nil || blocked.State().Detail == "" {
		t.Errorf("a question answered makes a blocked account well: %v, %v", refusal, asked)
	}
	if _, err := blocked.Send(context.Background(), outbound(text("x"))); err != nil || blocked.State().Detail != "" {
		t.Errorf("a message taken leaves the account blocked: %v", err)
	}
	unset, err := d360.New(d360.Options{}).Open(context.Background(), providers.Channel{}, nil)
	if err != nil || unset.State().Detail == "" {
		t.Errorf("a channel without a key: %v, %v", unset, err)
	}
}

func TestOpenRefusesABadBaseURL(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"waba.example", "ftp://x", "http://", "http://%zz"} {
		if conn, err := d360.New(d360.Options{BaseURL: url}).Open(context.Background(), providers.Channel{}, nil); err == nil {
			t.Errorf("%q opened %v", url, conn)
		}
	}
}

// TestTheKeyStaysHome: a redirect is not followed, so the key reaches nobody else.
func TestTheKeyStaysHome(t *testing.T) {
	t.Parallel()
	client, elsewhere := swallow(t)
	server := httptest.NewServer(http.RedirectHandler(elsewhere, http.StatusTemporaryRedirect))
	t.Cleanup(server.Close)
	_, err := open(t, client, server.URL).Send(context.Background(), outbound(text("x")))
	providertest.CompareError(t, &providers.SendError{Reason: providers.ReasonProviderInternal, TellOperator: true}, err)
	if client.CheckRedirect != nil {
		t.Error("the caller's client was changed")
	}
}

func TestReserveMeetsItsPromise(t *testing.T) {
	t.Parallel()
	now := time.Unix(1760000000, 0)
	conn := openWith(t, d360.Options{Now: func() time.Time { return now }, Pace: d360.Pace{PerSecond: 10, Burst: 2, PairEvery: 6 * time.Second, PairBurst: 3}})
	berta := phoneAddress("4915100000002")
	// The number: two at once, then one every tenth of a second.
	for i, want := range []time.Duration{0, 0, 100 * time.Millisecond} {
		if got := conn.Reserve(phoneAddress("491510000001" + string(rune('0'+i)))); got != want {
			t.Fatalf("place %d waits %s, want %s", i, got, want)
		}
	}
	now = now.Add(100 * time.Millisecond)
	if got := conn.Reserve(berta); got != 0 {
		t.Fatalf("after the stated wait %s more is asked for", got)
	}
	// The recipient: three at once, then one every six seconds.
	now = now.Add(time.Minute)
	for i := range 3 {
		now = now.Add(100 * time.Millisecond)
		if got := conn.Reserve(anna); got != 0 {
			t.Fatalf("send %d to one recipient waits %s", i, got)
		}
	}
	now = now.Add(100 * time.Millisecond)
	wait := conn.Reserve(anna)
	if wait <= 5*time.Second || wait > 6*time.Second {
		t.Fatalf("the fourth waits %s", wait)
	}
	if got := conn.Reserve(berta); got != 0 {
		t.Errorf("another recipient waits %s", got)
	}
	now = now.Add(wait - time.Millisecond)
	if conn.Reserve(anna) == 0 {
		t.Error("a place before its time")
	}
	now = now.Add(time.Millisecond)
	if got := conn.Reserve(anna); got != 0 {
		t.Errorf("after the stated wait %s more is asked for", got)
	}
}

func TestThrottlesHoldOff(t *testing.T) {
	t.Parallel()
	message := post(`"type":"text","text":{"body":"x"}`)
	refusal := func(code string) providertest.Exchange {
		return answering(message, 400, `{"error":{"code":`+code+`,"message":"m"}}`)
	}
	waiting := refusal("130429")
	waiting.Headers = map[string]string{"Retry-After": "9"}
	script := providertest.NewScript(t, []providertest.Exchange{refusal("131056"), refusal("131056"), message, refusal("131056"), waiting})
	now := time.Unix(1760000000, 0)
	conn := openWith(t, d360.Options{BaseURL: script.URL, Client: script.Client, Now: func() time.Time { return now }})
	berta := phoneAddress("4915100000002")
	send := func(want time.Duration) {
		t.Helper()
		_, err := conn.Send(context.Background(), outbound(text("x")))
		if want == 0 {
			if err != nil {
				t.Fatal(err)
			}
			return
		}
		if e := providers.AsSendError(err); e.RetryAfter != want || !e.Retryable || e.Sent == providers.Maybe {
			t.Errorf("error %+v, want a wait of %s", e, want)
		}
		if got := conn.Reserve(anna); got != want {
			t.Errorf("the recipient waits %s, want %s", got, want)
		}
	}
	send(4 * time.Second)
	if got := conn.Reserve(berta); got != 0 {
		t.Errorf("another recipient waits %s", got)
	}
	send(16 * time.Second)
	send(0)
	send(4 * time.Second) // the success forgave the strikes
	now = now.Add(time.Minute)
	send(9 * time.Second)
	if got := conn.Reserve(berta); got != 9*time.Second {
		t.Errorf("a throttled number lets another recipient wait %s", got)
	}
	script.Finish()
}

// TestWhatMayBeRepeatedSaysSo: no caller reads "do not repeat it" of a call that
// sent no message.
func TestWhatMayBeRepeatedSaysSo(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]func(context.Context, *d360.Conn) error{
		"upload": func(ctx context.Context, c *d360.Conn) error {
			_, err := c.Send(ctx, withFile(outbound(providers.Content{Type: providers.TypeImage}), "image/png", "a.png"))
			return err
		},
		"templates": func(ctx context.Context, c *d360.Conn) error { _, err := c.Templates(ctx, 0); return err },
		"health":    func(ctx context.Context, c *d360.Conn) error { _, err := c.Health(ctx); return err },
		"file": func(ctx context.Context, c *d360.Conn) error {
			_, err := c.FetchMedia(ctx, providers.MediaRef{ID: "900"})
			return err
		},
		"webhook": func(ctx context.Context, c *d360.Conn) error { return c.SetWebhook(ctx, "https://x.example/w", nil) },
		"read mark": func(ctx context.Context, c *d360.Conn) error {
			return c.MarkRead(ctx, anna, providers.ReadMark{ID: "wamid.Q"})
		},
	} {
		for how, handle := range map[string]http.HandlerFunc{
			"no answer": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
			"a failure": func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusInternalServerError) },
			"nonsense":  func(rw http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(rw, "OK") },
		} {
			t.Run(name+", "+how, func(t *testing.T) {
				t.Parallel()
				server := httptest.NewServer(handle)
				t.Cleanup(server.Close)
				client := providertest.LoopbackOnly()
				t.Cleanup(client.CloseIdleConnections)
				err := call(t.Context(), openWith(t, d360.Options{BaseURL: server.URL, Client: client}))
				if err == nil {
					return // not every call reads its answer
				}
				if e := providers.AsSendError(err); e.Sent != providers.No || !e.Retryable || strings.Contains(e.Detail, "Do not repeat") {
					t.Errorf("%+v", e)
				}
			})
		}
	}
}
