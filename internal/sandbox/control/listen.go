package control

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// Listening is a simulated provider that listens.
type Listening struct {
	// URL is the provider's base, ControlURL that of its control; both http,
	// without a slash at the end.
	URL, ControlURL string

	servers []*http.Server
	done    sync.WaitGroup
}

// Listen serves a provider's API on one address and its control on another; port
// 0 picks one. It returns once both accept connections. Close ends them. name is
// for errors.
func Listen(ctx context.Context, name, addr string, api http.Handler, controlAddr string, control http.Handler) (*Listening, error) {
	var listen net.ListenConfig
	first, err := listen.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen for the simulated %s on %s: %w", name, addr, err)
	}
	second, err := listen.Listen(ctx, "tcp", controlAddr)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("listen for the control of the simulated %s on %s: %w", name, controlAddr, err), first.Close())
	}
	l := &Listening{URL: "http://" + first.Addr().String(), ControlURL: "http://" + second.Addr().String()}
	l.serve(first, api)
	l.serve(second, control)
	return l, nil
}

func (l *Listening) serve(on net.Listener, h http.Handler) {
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	l.servers = append(l.servers, server)
	l.done.Go(func() {
		// Serve ends with ErrServerClosed once Close is called.
		_ = server.Serve(on)
	})
}

// Stop stops listening and cuts the connections that are plain HTTP; Wait waits
// until nothing is served any more.
func (l *Listening) Stop() {
	for _, server := range l.servers {
		_ = server.Close()
	}
}

// Wait waits for the end of what was served.
func (l *Listening) Wait() { l.done.Wait() }
