package web_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/cirrus/omnichannel/internal/web"
)

// paced serves a handler at this pace.
func paced(t *testing.T, handler http.Handler, pace web.Pace) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(web.Paced(handler, pace))
	t.Cleanup(server.Close)
	return server
}

// dial opens a connection that gives up long after any pace of these tests.
func dial(t *testing.T, server *httptest.Server) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	return conn
}

func say(t *testing.T, conn net.Conn, text string) {
	t.Helper()
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
}

// readAll is a handler that reads the body and tells what came of it.
func readAll(heard chan<- error) *gin.Engine {
	return engineOf(web.Route{Method: http.MethodPost, Path: "/take", Handler: web.Raw(func(c *gin.Context) error {
		_, err := web.ReadBody(c)
		heard <- err
		return err
	})})
}

// quick is long enough for a busy machine to keep, and short for a test.
const quick = 200 * time.Millisecond

// A body that stops coming ends its request, read or not, and the connection.
func TestABodyThatStopsComing(t *testing.T) {
	t.Parallel()
	heard := make(chan error, 1)
	for path, status := range map[string]string{"/take": "400 Bad Request", "/nowhere": "404 Not Found"} {
		conn := dial(t, paced(t, readAll(heard), web.Pace{Patience: 5 * quick, Slowest: 1}))
		say(t, conn, "POST "+path+" HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
		answer, err := io.ReadAll(conn) // to the end of the connection
		if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 "+status) {
			t.Errorf("%s: %v, %q", path, err, answer)
		}
	}
	if err := <-heard; !errors.Is(err, web.ErrTooSlow) {
		t.Errorf("the handler read %v", err)
	}
}

// A body that trickles in is cut off though it never stops for long.
func TestABodyThatTricklesIn(t *testing.T) {
	t.Parallel()
	heard := make(chan error, 1)
	conn := dial(t, paced(t, readAll(heard), web.Pace{Patience: 4 * quick, Slowest: 1 << 20}))
	say(t, conn, "POST /take HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n")
	tick := time.NewTicker(quick / 5)
	defer tick.Stop()
	for {
		select {
		case err := <-heard:
			if !errors.Is(err, web.ErrTooSlow) {
				t.Errorf("the handler read %v", err)
			}
			return
		case <-tick.C:
			if _, err := io.WriteString(conn, "x"); err != nil {
				tick.Stop() // cut off: the handler tells
			}
		}
	}
}

// A body may take longer than the patience while it keeps the pace, and a
// handler may take longer than that after it: neither ends its context.
func TestAHandlerOutlivesThePatience(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", strings.Repeat("x", 4000)} {
		pace := web.Pace{Patience: 2 * quick, Slowest: 1000}
		done := make(chan error, 1)
		engine := engineOf(web.Route{Method: http.MethodPost, Path: "/take", Handler: web.Raw(func(c *gin.Context) error {
			if _, err := web.ReadBody(c); err != nil {
				return err
			}
			select {
			case <-c.Request.Context().Done():
				done <- c.Request.Context().Err()
			case <-time.After(2 * pace.Patience):
				done <- nil
			}
			c.Status(http.StatusNoContent)
			return nil
		})})
		conn := dial(t, paced(t, engine, pace))
		head := "POST /take HTTP/1.1\r\nHost: x\r\nContent-Length: " + map[bool]string{true: "0", false: "4000"}[body == ""] + "\r\n\r\n"
		answers := bufio.NewReader(conn)
		for range 2 { // the deadlines of the first must not end the second
			say(t, conn, head)
			for part := range 4 {
				say(t, conn, body[part*len(body)/4:(part+1)*len(body)/4])
				if body != "" {
					<-time.After(pace.Patience / 2)
				}
			}
			if err := <-done; err != nil {
				t.Errorf("the handler's context ended: %v", err)
			}
			resp, err := http.ReadResponse(answers, nil)
			if err != nil || resp.StatusCode != http.StatusNoContent {
				t.Fatalf("%v %v", resp, err)
			}
			<-time.After(3 * pace.Patience / 2) // an idle connection is the server's own matter
		}
	}
}

// A client that does not take its answer loses it, and the handler goes on.
func TestAnAnswerThatNobodyTakes(t *testing.T) {
	t.Parallel()
	wrote := make(chan error, 1)
	engine := engineOf(web.Route{Method: http.MethodGet, Path: "/give", Handler: web.Raw(func(c *gin.Context) error {
		piece := make([]byte, 1<<20)
		for {
			if _, err := c.Writer.Write(piece); err != nil {
				wrote <- err
				return nil
			}
		}
	})})
	conn := dial(t, paced(t, engine, web.Pace{Patience: quick, Slowest: 1}))
	say(t, conn, "GET /give HTTP/1.1\r\nHost: x\r\n\r\n")
	select {
	case err := <-wrote:
		var slow net.Error
		if !errors.As(err, &slow) || !slow.Timeout() {
			t.Errorf("the handler's write failed with %v", err)
		}
	case <-time.After(time.Minute):
		t.Error("the handler still writes to a client that takes nothing")
	}
}

// A stream of small pieces goes on for longer than the patience.
func TestAStreamGoesOn(t *testing.T) {
	t.Parallel()
	pace := web.Pace{Patience: quick, Slowest: 1 << 20}
	engine := engineOf(web.Route{Method: http.MethodGet, Path: "/stream", Handler: web.Raw(func(c *gin.Context) error {
		for range 6 {
			if _, err := c.Writer.WriteString("data: x\n\n"); err != nil {
				return err
			}
			c.Writer.Flush()
			<-time.After(pace.Patience)
		}
		return nil
	})})
	resp, err := http.Get(paced(t, engine, pace).URL + "/stream")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || strings.Count(string(text), "data") != 6 {
		t.Errorf("%q %v", text, err)
	}
}

// A client that waits to be asked for its body is answered at once where
// nobody wants it.
func TestABodyThatNobodyWantsIsNotAskedFor(t *testing.T) {
	t.Parallel()
	heard := make(chan error, 1)
	// More patience than the test has with the connection.
	conn := dial(t, paced(t, readAll(heard), web.Pace{Patience: time.Hour, Slowest: 1}))
	say(t, conn, "POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n")
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || resp.StatusCode != http.StatusNotFound {
		t.Errorf("%v, %v", resp, err)
	}
}
