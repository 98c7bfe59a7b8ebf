package whatsapp

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"go.mau.fi/whatsmeow"
)

// errForeignHost keeps a redirected client from talking to anybody else.
var errForeignHost = errors.New("a client of the WhatsApp sandbox asked for a host that is not WhatsApp's")

// Redirect returns a transport that sends every request for a host of WhatsApp's
// to base instead, such as "http://127.0.0.1:8092" (Running.URL), in plain HTTP.
// Other hosts are refused. Its idle connections are closed by
// CloseIdleConnections of a client that has it.
func Redirect(base string) (http.RoundTripper, error) {
	to, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	if to.Host == "" {
		return nil, errors.New("the sandbox's URL must have a host, such as http://127.0.0.1:8092")
	}
	return &redirect{to: to, next: &http.Transport{
		DialContext: (&net.Dialer{Timeout: 5 * time.Second}).DialContext, MaxIdleConnsPerHost: 64, IdleConnTimeout: time.Minute,
	}}, nil
}

type redirect struct {
	to   *url.URL
	next *http.Transport
}

// RoundTrip sends the request to the sandbox.
func (r *redirect) RoundTrip(req *http.Request) (*http.Response, error) {
	host := req.URL.Hostname()
	if host != "whatsapp.com" && !strings.HasSuffix(host, ".whatsapp.com") && !strings.HasSuffix(host, ".whatsapp.net") {
		return nil, errForeignHost
	}
	req = req.Clone(req.Context())
	if req.Host == "" {
		req.Host = req.URL.Host
	}
	req.URL.Scheme, req.URL.Host = r.to.Scheme, r.to.Host
	return r.next.RoundTrip(req)
}

// CloseIdleConnections ends those that are kept for later.
func (r *redirect) CloseIdleConnections() { r.next.CloseIdleConnections() }

// Client is an HTTP client with the transport of Redirect.
func Client(base string) (*http.Client, error) {
	transport, err := Redirect(base)
	if err != nil {
		return nil, err
	}
	return &http.Client{Transport: transport}, nil
}

// Point gives an unchanged whatsmeow client the sandbox in place of WhatsApp, for
// its websocket, its media and all else. whatsmeow.WACertPubKey must be set too:
// see RootKey.
func Point(client *whatsmeow.Client, through *http.Client) {
	client.SetWebsocketHTTPClient(through)
	client.SetPreLoginHTTPClient(through)
	client.SetMediaHTTPClient(through)
}
