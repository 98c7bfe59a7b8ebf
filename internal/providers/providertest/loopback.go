package providertest

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
)

// LoopbackOnly makes a client that reaches this machine only; anything else is
// an error, so that no test can talk to a real provider.
func LoopbackOnly() *http.Client {
	transport := &http.Transport{}
	return &http.Client{Transport: guard{transport}}
}

type guard struct{ next *http.Transport }

// RoundTrip refuses hosts that are no loopback address.
func (g guard) RoundTrip(req *http.Request) (*http.Response, error) {
	host := req.URL.Hostname()
	address, err := netip.ParseAddr(host)
	if host != "localhost" && (err != nil || !address.IsLoopback()) {
		return nil, fmt.Errorf("providertest: a call to %s would leave this machine", net.JoinHostPort(host, req.URL.Port()))
	}
	return g.next.RoundTrip(req)
}

// CloseIdleConnections ends the connections kept for reuse.
func (g guard) CloseIdleConnections() { g.next.CloseIdleConnections() }
