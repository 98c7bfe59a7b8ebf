package egress

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// defaultTimeout bounds a whole exchange whose client names no limit.
const defaultTimeout = 30 * time.Second

// NoTimeout leaves an exchange, as a client's Timeout, to its caller's context.
// The connection, the handshake and the wait for an answer's headers are bounded
// all the same.
const NoTimeout time.Duration = -1

var (
	// ErrTooLarge marks a body that is longer than its reader takes.
	ErrTooLarge = errors.New("the body is too large")
	// ErrRedirect marks a redirect that is not followed: too many, to plain
	// http from https, or to what is no web address.
	ErrRedirect = errors.New("the redirect is not followed")
	// ErrNotTrusted marks a request to another host than a Trusted client's.
	ErrNotTrusted = errors.New("the host is not the configured one")
)

// ClientOptions limit one client.
type ClientOptions struct {
	// Timeout bounds an exchange, the body included; 0 means 30 seconds. See
	// NoTimeout.
	Timeout time.Duration
	// MaxRedirects bounds how many redirects are followed; with 0 the
	// redirect itself is the answer.
	MaxRedirects int
}

func newTransport(roots *x509.CertPool, dial func(context.Context, string, string) (net.Conn, error)) *http.Transport {
	return &http.Transport{
		DialContext:     dial,
		TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		// With a dialler of one's own, HTTP/2 is off unless asked for.
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    10 * time.Second,
		ResponseHeaderTimeout:  30 * time.Second,
		ExpectContinueTimeout:  time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		MaxIdleConns:           256,
		MaxIdleConnsPerHost:    32,
		IdleConnTimeout:        90 * time.Second,
		// Sizes are counted as they travel; a small body must not unpack
		// into a large one.
		DisableCompression: true,
	}
}

// Client makes a client for hosts that somebody else names.
func (d *Dialler) Client(opts ClientOptions) *http.Client {
	return newClient(formChecked{d.foreign}, opts)
}

// Trusted makes a client for an address that the operator configured, without
// the check for private addresses. It reaches that host and its subdomains (a
// bucket may be one) on that port, and follows no redirect.
func (d *Dialler) Trusted(base string, opts ClientOptions) (*http.Client, error) {
	u, err := url.Parse(base)
	if err != nil {
		return nil, ErrBadURL
	}
	if err := checkForm(u); err != nil {
		return nil, err
	}
	opts.MaxRedirects = 0
	return newClient(pinned{base: u, next: d.trusted}, opts), nil
}

func newClient(transport http.RoundTripper, opts ClientOptions) *http.Client {
	if opts.Timeout == 0 {
		opts.Timeout = defaultTimeout
	}
	opts.Timeout = max(opts.Timeout, 0) // 0 is http.Client's word for none
	return &http.Client{
		Transport: transport,
		Timeout:   opts.Timeout,
		CheckRedirect: func(next *http.Request, via []*http.Request) error {
			if opts.MaxRedirects == 0 {
				return http.ErrUseLastResponse
			}
			if len(via) > opts.MaxRedirects {
				return fmt.Errorf("%w: more than %d", ErrRedirect, opts.MaxRedirects)
			}
			if next.URL.Scheme != "https" && via[len(via)-1].URL.Scheme == "https" {
				return fmt.Errorf("%w: from https to %s", ErrRedirect, next.URL.Scheme)
			}
			return nil
		},
	}
}

// formChecked refuses addresses by their form, before and after redirects.
type formChecked struct{ next *http.Transport }

func (f formChecked) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := checkForm(r.URL); err != nil {
		closeBody(r)
		return nil, err
	}
	return f.next.RoundTrip(r)
}

// CloseIdleConnections makes http.Client's method work.
func (f formChecked) CloseIdleConnections() { f.next.CloseIdleConnections() }

// pinned refuses hosts other than its own.
type pinned struct {
	base *url.URL
	next *http.Transport
}

func (p pinned) RoundTrip(r *http.Request) (*http.Response, error) {
	host, own := canonical(r.URL.Hostname()), canonical(p.base.Hostname())
	if r.URL.Scheme != p.base.Scheme || r.URL.Port() != p.base.Port() || host != own && !strings.HasSuffix(host, "."+own) {
		closeBody(r)
		return nil, fmt.Errorf("%w: %s://%s, configured is %s://%s", ErrNotTrusted, r.URL.Scheme, r.URL.Host, p.base.Scheme, p.base.Host)
	}
	return p.next.RoundTrip(r)
}

// CloseIdleConnections makes http.Client's method work.
func (p pinned) CloseIdleConnections() { p.next.CloseIdleConnections() }

// closeBody does what a RoundTripper owes its request when it refuses it.
func closeBody(r *http.Request) {
	if r.Body != nil {
		r.Body.Close()
	}
}

// Limit gives a reader that fails with ErrTooLarge as soon as r has more than
// most bytes. It never gives a cut body as if it were whole.
func Limit(r io.Reader, most int64) io.Reader { return &limited{r: r, left: most} }

type limited struct {
	r    io.Reader
	left int64 // below zero: one byte too many was seen
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left < 0 {
		return 0, ErrTooLarge
	}
	if int64(len(p)) > l.left+1 {
		p = p[:l.left+1]
	}
	n, err := l.r.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return n - 1, ErrTooLarge
	}
	return n, err
}
