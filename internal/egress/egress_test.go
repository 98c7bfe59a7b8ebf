package egress_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/egress"
)

// names is a DNS whose answers a test decides; each lookup of a name takes its
// next answer, the last one stays.
type names struct {
	mu      sync.Mutex
	answers map[string][][]string
	asked   map[string]int
}

func (n *names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	answers := n.answers[host]
	if len(answers) == 0 {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	if n.asked == nil {
		n.asked = map[string]int{}
	}
	at := min(n.asked[host], len(answers)-1)
	n.asked[host]++
	var found []netip.Addr
	for _, a := range answers[at] {
		found = append(found, netip.MustParseAddr(a))
	}
	return found, nil
}

func dns(pairs ...string) *names {
	n := &names{answers: map[string][][]string{}}
	for i := 0; i < len(pairs); i += 2 {
		n.answers[pairs[i]] = append(n.answers[pairs[i]], strings.Fields(pairs[i+1]))
	}
	return n
}

// internet puts servers behind public addresses, and records what was dialled.
type internet struct {
	mu     sync.Mutex
	hosts  map[string]string // public address:port → the test server's
	dialed []string
}

func (i *internet) dial(ctx context.Context, network, address string) (net.Conn, error) {
	i.mu.Lock()
	i.dialed = append(i.dialed, address)
	to := i.hosts[address]
	i.mu.Unlock()
	if to == "" {
		return nil, errors.New("nobody at " + address)
	}
	return (&net.Dialer{}).DialContext(ctx, network, to)
}

func (i *internet) reached() []string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.dialed
}

func dialler(t *testing.T, opts egress.Options) *egress.Dialler {
	t.Helper()
	d, err := egress.New(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

func serve(t *testing.T, h http.HandlerFunc) (address string) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

func get(c *http.Client, address string) (string, error) {
	resp, err := c.Get(address)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp.Status + " " + string(body), err
}

func TestPrivateHostsAreRefused(t *testing.T) {
	t.Parallel()
	net := &internet{}
	d := dialler(t, egress.Options{Dial: net.dial, Resolver: dns(
		"localhost", "127.0.0.1", "localhost.", "127.0.0.1", "inside.example", "10.1.2.3", "six.example", "fd00::1",
		"mapped.example", "::ffff:192.168.0.1", "mixed.example", "93.184.215.14 10.0.0.1",
	)})
	for _, c := range []struct {
		host string
		want error
	}{
		{"127.0.0.1", egress.ErrPrivateAddress}, {"127.8.9.10", egress.ErrPrivateAddress},
		{"169.254.169.254", egress.ErrPrivateAddress}, {"0.0.0.0", egress.ErrPrivateAddress},
		{"10.0.0.1", egress.ErrPrivateAddress}, {"172.31.255.255", egress.ErrPrivateAddress},
		{"192.168.1.1", egress.ErrPrivateAddress}, {"100.64.0.1", egress.ErrPrivateAddress},
		{"198.18.0.1", egress.ErrPrivateAddress}, {"224.0.0.1", egress.ErrPrivateAddress}, {"255.255.255.255", egress.ErrPrivateAddress},
		{"[::1]", egress.ErrPrivateAddress}, {"[::]", egress.ErrPrivateAddress}, {"[fe80::1]", egress.ErrPrivateAddress},
		{"[fe80::1%25eth0]", egress.ErrPrivateAddress}, {"[fd00::1]", egress.ErrPrivateAddress},
		{"[::ffff:127.0.0.1]", egress.ErrPrivateAddress}, {"[::ffff:7f00:1]", egress.ErrPrivateAddress},
		{"[64:ff9b::7f00:1]", egress.ErrPrivateAddress}, {"[2002:7f00:1::]", egress.ErrPrivateAddress},
		{"localhost", egress.ErrPrivateAddress}, {"localhost.", egress.ErrPrivateAddress},
		{"inside.example", egress.ErrPrivateAddress}, {"six.example", egress.ErrPrivateAddress},
		{"mapped.example", egress.ErrPrivateAddress}, {"mixed.example", egress.ErrPrivateAddress},
		{"2130706433", egress.ErrBadURL}, {"0177.0.0.1", egress.ErrBadURL}, {"0x7f.0.0.1", egress.ErrBadURL},
		{"0x7f000001", egress.ErrBadURL}, {"127.1", egress.ErrBadURL}, {"127.0.0.1.", egress.ErrBadURL}, {"foo.0X1", egress.ErrBadURL},
		{"nowhere.example", egress.ErrUnresolved},
	} {
		for _, scheme := range []string{"http", "https"} {
			address := scheme + "://" + c.host + ":8080/path?token=hunter2"
			if err := d.CheckURL(t.Context(), address); !errors.Is(err, c.want) {
				t.Errorf("CheckURL %s: %v, want %v", address, err, c.want)
			} else if strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "10.") && !strings.HasPrefix(c.host, "10.") {
				t.Errorf("CheckURL %s tells too much: %v", address, err)
			}
			if _, err := get(d.Client(egress.ClientOptions{}), address); !errors.Is(err, c.want) {
				t.Errorf("GET %s: %v, want %v", address, err, c.want)
			}
		}
	}
	if len(net.reached()) != 0 {
		t.Errorf("dialled %v", net.reached())
	}
}

func TestBadURLs(t *testing.T) {
	t.Parallel()
	d := dialler(t, egress.Options{})
	for _, bad := range []string{"", "ftp://93.184.215.14/", "file:///etc/passwd", "//93.184.215.14", "http://", "http:93.184.215.14",
		"http://93.184.215.14:0/", "http://93.184.215.14:99999/", "http://a b/", "gopher://x", "http://[::1"} {
		if err := d.CheckURL(t.Context(), bad); !errors.Is(err, egress.ErrBadURL) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if err := d.CheckURL(t.Context(), "https://93.184.215.14/hook"); err != nil {
		t.Errorf("a public address: %v", err)
	}
}

func TestAPublicHostIsReachedByItsCheckedAddress(t *testing.T) {
	t.Parallel()
	at := serve(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Host) })
	net := &internet{hosts: map[string]string{"93.184.215.14:80": at, "[2606:2800:21f::1]:80": ""}}
	d := dialler(t, egress.Options{Dial: net.dial, Resolver: dns("public.example", "2606:2800:21f::1 93.184.215.14")})
	got, err := get(d.Client(egress.ClientOptions{}), "http://public.example/")
	if err != nil || got != "200 OK public.example" {
		t.Fatalf("got %q, %v", got, err)
	}
	if want := "[2606:2800:21f::1]:80 93.184.215.14:80"; strings.Join(net.reached(), " ") != want {
		t.Errorf("dialled %v, want %s", net.reached(), want)
	}
}

func TestRebindingChangesNothing(t *testing.T) {
	t.Parallel()
	at := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close")
		io.WriteString(w, "public")
	})
	net := &internet{hosts: map[string]string{"93.184.215.14:80": at}}
	// Checked when saved, called once while good, then turned inwards.
	resolver := dns("turn.example", "93.184.215.14", "turn.example", "93.184.215.14", "turn.example", "127.0.0.1")
	d := dialler(t, egress.Options{Dial: net.dial, Resolver: resolver})
	if err := d.CheckURL(t.Context(), "http://turn.example/"); err != nil {
		t.Fatal(err)
	}
	c := d.Client(egress.ClientOptions{})
	if got, err := get(c, "http://turn.example/"); err != nil || got != "200 OK public" {
		t.Fatalf("got %q, %v", got, err)
	}
	if _, err := get(c, "http://turn.example/"); !errors.Is(err, egress.ErrPrivateAddress) {
		t.Fatalf("after the turn: %v", err)
	}
	if got := net.reached(); len(got) != 1 || got[0] != "93.184.215.14:80" {
		t.Errorf("dialled %v", got)
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	at := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if to := r.URL.Query().Get("to"); to != "" {
			http.Redirect(w, r, to, http.StatusFound)
			return
		}
		io.WriteString(w, "end")
	})
	net := &internet{hosts: map[string]string{"93.184.215.14:80": at}}
	d := dialler(t, egress.Options{Dial: net.dial, Resolver: dns("public.example", "93.184.215.14", "inside.example", "10.0.0.1")})
	from := func(to string) string { return "http://public.example/?to=" + url.QueryEscape(to) }
	c := d.Client(egress.ClientOptions{MaxRedirects: 2})
	for _, to := range []string{"http://127.0.0.1/", "http://169.254.169.254/latest/meta-data", "http://[::1]/", "http://inside.example/"} {
		if _, err := get(c, from(to)); !errors.Is(err, egress.ErrPrivateAddress) {
			t.Errorf("to %s: %v", to, err)
		}
	}
	if _, err := get(c, from("http://2130706433/")); !errors.Is(err, egress.ErrBadURL) {
		t.Errorf("to a number: %v", err)
	}
	if _, err := get(c, from("file:///etc/passwd")); !errors.Is(err, egress.ErrBadURL) {
		t.Errorf("to a file: %v", err)
	}
	if got, err := get(c, from(from("http://public.example/"))); err != nil || got != "200 OK end" {
		t.Errorf("two redirects: %q, %v", got, err)
	}
	if _, err := get(c, from(from(from("/")))); !errors.Is(err, egress.ErrRedirect) {
		t.Errorf("three redirects: %v", err)
	}
	if got, err := get(d.Client(egress.ClientOptions{}), from("http://127.0.0.1/")); err != nil || !strings.HasPrefix(got, "302 ") {
		t.Errorf("none followed: %q, %v", got, err)
	}
	if n := len(net.reached()); n == 0 || strings.Join(net.reached(), "") != strings.Repeat("93.184.215.14:80", n) {
		t.Errorf("dialled %v", net.reached())
	}
}

func TestAllowList(t *testing.T) {
	t.Parallel()
	resolver := dns("minio.lan", "10.0.0.5", "other.lan", "10.0.0.6", "cidr.lan", "10.9.0.7", "named.lan", "10.0.0.99")
	for _, c := range []struct {
		allow, address string
		want           error
	}{
		{"minio.lan", "http://minio.lan:9000/", nil},
		{"MINIO.lan.", "http://minio.LAN./", egress.ErrUnresolved}, // allowed; this resolver knows no dot
		{"minio.lan", "http://other.lan/", egress.ErrPrivateAddress},
		{"minio.lan", "http://10.0.0.5/", egress.ErrPrivateAddress},
		{"minio.lan:9000", "http://minio.lan:9000/", nil},
		{"minio.lan:9000", "http://minio.lan:9001/", egress.ErrPrivateAddress},
		{"minio.lan:443", "https://minio.lan/", nil},
		{"minio.lan:443", "http://minio.lan/", egress.ErrPrivateAddress},
		{"10.0.0.5", "http://minio.lan:1234/", nil},
		{"10.0.0.5:9000", "http://minio.lan:9000/", nil},
		{"10.0.0.5:9000", "http://10.0.0.5:9000/", nil},
		{"10.0.0.5:9000", "http://10.0.0.5:9001/", egress.ErrPrivateAddress},
		{"10.9.0.0/16", "http://cidr.lan/", nil},
		{"10.9.0.0/16", "http://minio.lan/", egress.ErrPrivateAddress},
		{"10.9.1.2/16", "http://10.9.0.7:8080/", nil},
		{"127.0.0.1:8080", "http://[::ffff:127.0.0.1]:8080/", nil},
		{"::1", "http://[::1]:99/", nil},
		{"[::1]:99", "http://[::1]:99/", nil},
		{"[::1]:99", "http://[::1]:98/", egress.ErrPrivateAddress},
		{"fd00::/8", "http://[fd00::7]/", nil},
		{"127.0.0.0/8", "http://2130706433/", egress.ErrBadURL},
		{" , other.lan", "http://other.lan/", nil},
	} {
		d := dialler(t, egress.Options{Allow: strings.Split(c.allow, ","), Resolver: resolver})
		if err := d.CheckURL(t.Context(), c.address); !errors.Is(err, c.want) {
			t.Errorf("with %s allowed, %s: %v, want %v", c.allow, c.address, err, c.want)
		}
	}
	for _, bad := range []string{"10.0.0.0/33", "host:port", "host:0", ":80", "http://host", "a b", "[::1"} {
		if _, err := egress.New(egress.Options{Allow: []string{bad}}); err == nil || !strings.Contains(err.Error(), "OMNI_ALLOW_HOSTS") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestAllowedLoopbackIsReallyReached(t *testing.T) {
	t.Parallel()
	at := serve(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "hello") })
	d := dialler(t, egress.Options{Allow: []string{at}})
	if got, err := get(d.Client(egress.ClientOptions{}), "http://"+at); err != nil || got != "200 OK hello" {
		t.Fatalf("got %q, %v", got, err)
	}
}

// playS3 plays a public host: its authority is a root of the test's.
func playS3(t *testing.T) (address string, roots *x509.CertPool) {
	t.Helper()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, r.Proto+" "+r.TLS.ServerName)
	}))
	cert := selfSigned(t, "s3.amazonaws.com")
	s.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
	s.EnableHTTP2 = true
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // a refused handshake is part of the test
	s.StartTLS()
	t.Cleanup(s.Close)
	roots = x509.NewCertPool()
	roots.AddCert(cert.Leaf)
	return s.Listener.Addr().String(), roots
}

func TestATestCanPlayS3(t *testing.T) {
	t.Parallel()
	at, roots := playS3(t)
	net := &internet{hosts: map[string]string{"52.216.1.1:443": at}}
	resolver := dns("s3.amazonaws.com", "52.216.1.1", "evil.example", "52.216.1.1")
	d := dialler(t, egress.Options{Dial: net.dial, Resolver: resolver, RootCAs: roots})
	c := d.Client(egress.ClientOptions{})
	if got, err := get(c, "https://s3.amazonaws.com/bucket/key"); err != nil || got != "200 OK HTTP/2.0 s3.amazonaws.com" {
		t.Errorf("got %q, %v", got, err)
	}
	var wrongName *tls.CertificateVerificationError
	if _, err := get(c, "https://evil.example/"); !errors.As(err, &wrongName) {
		t.Errorf("with another's certificate: %v", err)
	}
}

func TestTrustedReachesItsOwnHostOnly(t *testing.T) {
	t.Parallel()
	at := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/away" {
			http.Redirect(w, r, "http://example.com/", http.StatusFound)
			return
		}
		io.WriteString(w, "hello")
	})
	d := dialler(t, egress.Options{Resolver: dns("bucket.localhost", "127.0.0.1", "localhost", "127.0.0.1")})
	_, port, _ := net.SplitHostPort(at)
	c, err := d.Trusted("http://localhost:"+port, egress.ClientOptions{MaxRedirects: 5})
	if err != nil {
		t.Fatal(err)
	}
	for _, good := range []string{"http://localhost:" + port + "/x", "http://bucket.localhost:" + port} {
		if got, err := get(c, good); err != nil || got != "200 OK hello" {
			t.Errorf("%s: %q, %v", good, got, err)
		}
	}
	if got, err := get(c, "http://localhost:"+port+"/away"); err != nil || !strings.HasPrefix(got, "302") {
		t.Errorf("a redirect: %q, %v", got, err)
	}
	for _, bad := range []string{"http://" + at, "https://localhost:" + port, "http://localhost:1", "http://notlocalhost:" + port} {
		if _, err := get(c, bad); !errors.Is(err, egress.ErrNotTrusted) {
			t.Errorf("%s: %v", bad, err)
		}
	}
	if _, err := d.Trusted("minio:9000", egress.ClientOptions{}); !errors.Is(err, egress.ErrBadURL) {
		t.Errorf("no address: %v", err)
	}
}

func TestTimeoutCoversTheBody(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	at := serve(t, func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "some")
		w.(http.Flusher).Flush()
		select {
		case <-release:
		case <-r.Context().Done():
		}
	})
	t.Cleanup(func() { close(release) })
	d := dialler(t, egress.Options{Allow: []string{at}})
	_, err := get(d.Client(egress.ClientOptions{Timeout: 100 * time.Millisecond}), "http://"+at)
	var timeout net.Error
	if !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Fatalf("got %v", err)
	}
}

func TestLimit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		body string
		most int64
		want error
	}{{"", 0, nil}, {"abc", 3, nil}, {"abc", 4, nil}, {"abcd", 3, egress.ErrTooLarge}, {"a", 0, egress.ErrTooLarge}} {
		got, err := io.ReadAll(egress.Limit(strings.NewReader(c.body), c.most))
		if !errors.Is(err, c.want) || len(got) > int(c.most) {
			t.Errorf("%q with at most %d: %q, %v", c.body, c.most, got, err)
		}
	}
}

// A client may leave how long an exchange takes to its caller.
func TestNoTimeout(t *testing.T) {
	t.Parallel()
	d := dialler(t, egress.Options{})
	trusted, err := d.Trusted("https://files.example", egress.ClientOptions{Timeout: egress.NoTimeout})
	if err != nil {
		t.Fatal(err)
	}
	for label, c := range map[string]*http.Client{"foreign": d.Client(egress.ClientOptions{Timeout: egress.NoTimeout}), "trusted": trusted} {
		if c.Timeout != 0 {
			t.Errorf("%s: an exchange is cut after %s", label, c.Timeout)
		}
	}
	if c := d.Client(egress.ClientOptions{}); c.Timeout != 30*time.Second {
		t.Errorf("a client that names no limit has %s", c.Timeout)
	}
}
