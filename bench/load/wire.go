package load

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// wire is one client's connection. The load shares its machine with what it
// measures, and net/http's transport costs as much as a third of the server;
// this costs half of that: one kept connection, one request at a time.
type wire struct {
	host string
	conn net.Conn
	in   *bufio.Reader
	out  []byte
}

// patience bounds one request.
const patience = 30 * time.Second

// do sends a request and gives the answer's status and body.
func (w *wire) do(ctx context.Context, key, method, path string, body []byte) (int, []byte, error) {
	if w.conn == nil {
		conn, err := (&net.Dialer{Timeout: 2 * time.Second}).DialContext(ctx, "tcp", w.host)
		if err != nil {
			return 0, nil, err
		}
		w.conn, w.in = conn, bufio.NewReaderSize(conn, 4096)
	}
	status, answer, err := w.exchange(key, method, path, body)
	if err != nil {
		w.close()
	}
	return status, answer, err
}

func (w *wire) exchange(key, method, path string, body []byte) (int, []byte, error) {
	if err := w.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return 0, nil, err
	}
	w.out = fmt.Appendf(w.out[:0], "%s %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", method, path, w.host, key, len(body))
	w.out = append(w.out, body...)
	if _, err := w.conn.Write(w.out); err != nil {
		return 0, nil, err
	}
	resp, err := http.ReadResponse(w.in, nil)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	return resp.StatusCode, answer, err
}

func (w *wire) close() {
	if w.conn != nil {
		_ = w.conn.Close() // nothing is left to be said on it
		w.conn = nil
	}
}
