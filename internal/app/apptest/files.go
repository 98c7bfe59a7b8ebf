package apptest

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/egress"
)

// Small files that are what they say, by their bytes.
var (
	JPEG = encoded(func(w *bytes.Buffer, img image.Image) error { return jpeg.Encode(w, img, nil) })
	PNG  = encoded(func(w *bytes.Buffer, img image.Image) error { return png.Encode(w, img) })
	MP3  = append([]byte("ID3\x03\x00\x00\x00\x00\x00\x00\xff\xfb\x90\x64"), make([]byte, 512)...)
	Ogg  = append([]byte("OggS\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x13OpusHead\x01\x01\x38\x01\x80\xbb\x00\x00\x00\x00\x00"), make([]byte, 256)...)
	MP4  = append([]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom\x00\x00\x00\x08free\x00\x00\x00\x10mdat"), make([]byte, 256)...)
	PDF  = []byte("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
	WebP = webp()
)

func encoded(into func(*bytes.Buffer, image.Image) error) []byte {
	var out bytes.Buffer
	if err := into(&out, image.NewRGBA(image.Rect(0, 0, 8, 8))); err != nil {
		panic(err) // a picture in memory
	}
	return out.Bytes()
}

func webp() []byte {
	chunk := append([]byte("VP8L\x0c\x00\x00\x00"), []byte("\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe")...)
	head := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(chunk)+4))
	return append(append(head, "WEBP"...), chunk...)
}

// FileServer is a TLS server that stands in for a public one.
type FileServer struct {
	host   string
	server *httptest.Server
	pool   *x509.CertPool
}

// Files serves these files over TLS under a host's name.
func Files(t testing.TB, host string, files map[string][]byte) *FileServer {
	t.Helper()
	certificate := selfSigned(t, host)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content, ok := files[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(content) // the client may hang up
	}))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	server.StartTLS()
	t.Cleanup(server.Close)
	pool := x509.NewCertPool()
	pool.AddCert(certificate.Leaf)
	return &FileServer{host: host, server: server, pool: pool}
}

// selfSigned makes a certificate of a host that is good for an hour.
func selfSigned(t testing.TB, host string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{host}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key, Leaf: leaf}
}

// publicAddress is what the resolver of a FileServer answers: an address of
// the public internet that nobody is called at.
var publicAddress = netip.MustParseAddr("52.216.0.1")

// Egress reaches the file server under its host's name: its certificate
// is believed, its name resolves to a public address, and what is dialled
// there is the file server.
func (f *FileServer) Egress() egress.Options {
	return egress.Options{
		Resolver: resolver{f.host: publicAddress}, RootCAs: f.pool,
		Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			if at, err := netip.ParseAddrPort(address); err == nil && at.Addr() == publicAddress {
				address = f.server.Listener.Addr().String()
			}
			return (&net.Dialer{}).DialContext(ctx, network, address)
		},
	}
}

// resolver knows the hosts it is made of.
type resolver map[string]netip.Addr

// LookupNetIP implements egress.Resolver.
func (r resolver) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	if address, ok := r[host]; ok {
		return []netip.Addr{address}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

// Post posts to any server.
func Post(t testing.TB, url string, body []byte, header map[string]string) Answer {
	t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for name, value := range header {
		req.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return Answer{Status: resp.StatusCode, Header: resp.Header, Body: content}
}
