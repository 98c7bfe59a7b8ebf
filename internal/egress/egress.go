package egress

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"code.dny.dev/ssrf"
)

// connectPatience bounds one attempt to connect to one address.
const connectPatience = 5 * time.Second

var (
	// ErrPrivateAddress marks a host that is, or resolves to, an address
	// outside the public internet and that the operator has not allowed.
	ErrPrivateAddress = errors.New("the host is not on the public internet")
	// ErrBadURL marks what is no http or https address of a host.
	ErrBadURL = errors.New("not an http or https address")
	// ErrUnresolved marks a host that the DNS gives no address for.
	ErrUnresolved = errors.New("the host has no address")
)

// Resolver finds the addresses of a name. *net.Resolver is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// Options make a Dialler; the zero value allows the public internet only.
type Options struct {
	// Allow lists hosts, host:ports and CIDRs that may be reached although
	// they are private. An address counts for names that resolve to it too.
	Allow []string
	// Resolver replaces the system's.
	Resolver Resolver
	// RootCAs replace the system's certificate authorities.
	RootCAs *x509.CertPool
	// Dial replaces the connection to an address that was found good. Tests
	// put their own server behind a public address with it.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Dialler connects to foreign hosts. It is safe for concurrent use; the
// clients it makes share its connections.
type Dialler struct {
	allow    []allowed
	guard    *ssrf.Guardian
	resolver Resolver
	dial     func(ctx context.Context, network, address string) (net.Conn, error)
	foreign  *http.Transport
	trusted  *http.Transport
}

// New makes a Dialler. It fails on an entry of Allow that is none.
func New(opts Options) (*Dialler, error) {
	allow, err := parseAllowed(opts.Allow)
	if err != nil {
		return nil, err
	}
	d := &Dialler{
		allow:    allow,
		guard:    ssrf.New(ssrf.WithAnyPort()),
		resolver: opts.Resolver,
		dial:     opts.Dial,
	}
	if d.resolver == nil {
		d.resolver = net.DefaultResolver
	}
	if d.dial == nil {
		d.dial = (&net.Dialer{Timeout: connectPatience}).DialContext
	}
	d.foreign = newTransport(opts.RootCAs, d.dialChecked)
	d.trusted = newTransport(opts.RootCAs, d.dialAny)
	return d, nil
}

// Close ends idle connections; those in use end with their requests.
func (d *Dialler) Close() {
	d.foreign.CloseIdleConnections()
	d.trusted.CloseIdleConnections()
}

// CheckURL tells whether an address could be called now: ErrBadURL,
// ErrUnresolved, ErrPrivateAddress, or nil. It is for refusing a setting early;
// each call is checked again by itself.
func (d *Dialler) CheckURL(ctx context.Context, raw string) error {
	u, err := url.Parse(raw)
	if err != nil {
		return ErrBadURL // the parser's text repeats the address, which may hold a token
	}
	if err := checkForm(u); err != nil {
		return err
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	_, err = d.resolve(ctx, u.Hostname(), port)
	return err
}

// checkForm refuses what is no http(s) address, and numbers that pretend to be
// names: some resolvers read 0x7f.1 or 2130706433 as 127.0.0.1.
func checkForm(u *url.URL) error {
	host := u.Hostname()
	if u.Scheme != "http" && u.Scheme != "https" || host == "" || u.Opaque != "" {
		return ErrBadURL
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return nil
	}
	labels := strings.Split(strings.TrimSuffix(host, "."), ".")
	if last := labels[len(labels)-1]; numeric(last) {
		return fmt.Errorf("%w: host %q ends in a number but is no IP address", ErrBadURL, host)
	}
	return nil
}

func numeric(label string) bool {
	if hex, is := strings.CutPrefix(strings.ToLower(label), "0x"); is {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return strings.Trim(label, "0123456789") == ""
}

// resolve gives the addresses of a host, all of them good. One bad answer
// spoils the rest: a name that mixes them is up to something.
func (d *Dialler) resolve(ctx context.Context, host, port string) ([]netip.AddrPort, error) {
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil || number == 0 {
		return nil, fmt.Errorf("%w: host %q with port %q", ErrBadURL, host, port)
	}
	addresses, err := d.lookup(ctx, host)
	if err != nil {
		return nil, err
	}
	checked := make([]netip.AddrPort, 0, len(addresses))
	for _, addr := range addresses {
		at := netip.AddrPortFrom(addr.Unmap(), uint16(number))
		if !d.isAllowed(canonical(host), at) && d.guard.SafeAddrPort(at) != nil {
			// The address itself stays out of the text: it would tell a
			// stranger what our DNS knows.
			return nil, fmt.Errorf("%w: %s (an operator can allow it in OMNI_ALLOW_HOSTS)", ErrPrivateAddress, host)
		}
		checked = append(checked, at)
	}
	return checked, nil
}

func (d *Dialler) lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{addr}, nil
	}
	addresses, err := d.resolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrUnresolved, host, err)
	}
	if len(addresses) == 0 {
		return nil, fmt.Errorf("%w: %s", ErrUnresolved, host)
	}
	return addresses, nil
}

func (d *Dialler) isAllowed(host string, at netip.AddrPort) bool {
	for _, a := range d.allow {
		if a.matches(host, at) {
			return true
		}
	}
	return false
}

// dialChecked connects to a host by the addresses that were checked, one after
// the other, never by its name again.
func (d *Dialler) dialChecked(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	addresses, err := d.resolve(ctx, host, port)
	if err != nil {
		return nil, err
	}
	return d.dialFirst(ctx, network, addresses)
}

func (d *Dialler) dialFirst(ctx context.Context, network string, addresses []netip.AddrPort) (net.Conn, error) {
	var errs []error
	for _, at := range addresses {
		limited, cancel := context.WithTimeout(ctx, connectPatience)
		conn, err := d.dial(limited, network, at.String())
		cancel()
		if err == nil {
			return conn, nil
		}
		errs = append(errs, err)
		if ctx.Err() != nil {
			break
		}
	}
	return nil, errors.Join(errs...)
}

// dialAny connects to a host that the operator configured, private or not.
func (d *Dialler) dialAny(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("%w: port %q", ErrBadURL, port)
	}
	found, err := d.lookup(ctx, host)
	if err != nil {
		return nil, err
	}
	addresses := make([]netip.AddrPort, 0, len(found))
	for _, addr := range found {
		addresses = append(addresses, netip.AddrPortFrom(addr.Unmap(), uint16(number)))
	}
	return d.dialFirst(ctx, network, addresses)
}
