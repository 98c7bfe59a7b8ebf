package web_test

import (
	"crypto/sha256"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/web"
)

// streaming serves a route that reads its body as it comes and answers with
// what it read and the id that it must use.
func streaming(t *testing.T, c *clock, runs *atomic.Int32) *gin.Engine {
	t.Helper()
	digest := func(c *gin.Context) ([]byte, error) {
		body, err := io.ReadAll(c.Request.Body)
		sum := sha256.Sum256(body)
		return sum[:], err
	}
	return web.New(web.Options{
		Auth: keys{}, Idempotency: web.NewIdempotency(mongotest.Database(t), mirror{}, nil, c.now),
		Routes: []web.Route{{Method: http.MethodPost, Path: "/stream", OperationID: "stream", Scope: web.Key, Idempotent: true, MaxBody: -1, Digest: digest,
			Handler: web.Raw(func(c *gin.Context) error {
				runs.Add(1)
				sum, err := digest(c)
				if err != nil {
					return err
				}
				web.Streamed(c.Request.Context(), sum)
				c.String(http.StatusOK, "%x %s", sum, web.NewID[ids.Tag](c.Request.Context()))
				return nil
			})}},
	})
}

// A streamed body is told from another of the same length.
func TestAStreamedBodyIsToldByItsContent(t *testing.T) {
	t.Parallel()
	var runs atomic.Int32
	engine, key := streaming(t, newClock(), &runs), uniqueKey(t)
	call := func(body string) answer {
		return do(engine, http.MethodPost, "/stream", body, "X-API-Key", ownKey, "Idempotency-Key", key)
	}
	first, again := call("abc"), call("abc")
	if first.status != 200 || again.text != first.text || again.header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("%d %s, again %d %s", first.status, first.text, again.status, again.text)
	}
	for _, other := range []string{"abd", "abcd", ""} {
		if a := call(other); a.status != 409 || a.str("code") != "idempotency_key_reused" {
			t.Errorf("%q: %d %s", other, a.status, a.text)
		}
	}
	if runs.Load() != 1 {
		t.Errorf("%d runs", runs.Load())
	}
}

// slowBody is a body whose reader learns when it is read.
type slowBody struct{ read func() (string, error) }

func (b slowBody) Read(p []byte) (int, error) {
	text, err := b.read()
	return copy(p, text), err
}

// Who streams for longer than a holder may be silent keeps its key; one that
// was silent for longer, and lost it, ends without an effect on the record.
func TestAStreamHoldsItsKey(t *testing.T) {
	t.Parallel()
	for _, silent := range []bool{false, true} {
		var runs atomic.Int32
		c, key := newClock(), uniqueKey(t)
		start := c.now()
		engine := streaming(t, c, &runs)
		call := func(body io.Reader) *httptest.ResponseRecorder {
			req := httptest.NewRequest(http.MethodPost, "/stream", body)
			req.Header.Set("X-API-Key", ownKey)
			req.Header.Set("Idempotency-Key", key)
			rec := newRecorder()
			engine.ServeHTTP(rec, req)
			return rec
		}
		second := make(chan string, 1)
		reads := 0
		first := call(slowBody{func() (string, error) {
			reads++
			if silent {
				c.set(start.Add(2 * time.Minute))
				second <- call(slowBody{func() (string, error) { return "abc", io.EOF }}).Body.String()
				return "a", nil
			}
			// Three minutes, in steps that are no silence.
			c.set(start.Add(time.Duration(reads) * 20 * time.Second))
			if reads == 9 {
				go func() { second <- call(slowBody{func() (string, error) { return "abc", io.EOF }}).Body.String() }()
				for range 8 { // it comes, looks, and looks again
					select {
					case <-c.looks:
					case early := <-second:
						return "", errors.New("the second caller did not wait, it got " + early)
					}
				}
				return "c", io.EOF
			}
			return map[int]string{1: "a", 2: "b"}[reads], nil
		}})
		got := <-second
		switch {
		case silent && (first.Code != http.StatusConflict || runs.Load() != 2):
			t.Errorf("who lost its key: %d %s after %d runs", first.Code, first.Body, runs.Load())
		case !silent && (first.Code != http.StatusOK || got != first.Body.String() || runs.Load() != 1):
			t.Errorf("who held its key: %d %s; the second caller %s after %d runs", first.Code, first.Body, got, runs.Load())
		}
		if again := call(slowBody{func() (string, error) { return "abc", io.EOF }}); again.Body.String() != got {
			t.Errorf("silent %v: replayed %s, want %s", silent, again.Body, got)
		}
	}
}

// A route that streams must tell bodies apart.
func TestAStreamWithoutADigestIsAMistake(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("the table was taken")
		}
	}()
	web.New(web.Options{Auth: keys{}, Routes: []web.Route{{Method: http.MethodPost, Path: "/s" + bson.NewObjectID().Hex(), OperationID: "s", Idempotent: true, MaxBody: -1}}})
}
