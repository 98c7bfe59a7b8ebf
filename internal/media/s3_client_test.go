package media_test

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/cirrus/omnichannel/internal/media"
	"github.com/cirrus/omnichannel/internal/media/s3test"
)

// counted counts what it carries.
type counted struct{ n atomic.Int32 }

// RoundTrip implements http.RoundTripper.
func (c *counted) RoundTrip(r *http.Request) (*http.Response, error) {
	c.n.Add(1)
	return http.DefaultTransport.RoundTrip(r)
}

// A client of ours reaches the bucket, also where the environment has a bundle
// of certificates for the SDK's own.
func TestAClientReachesTheBucketBesideABundle(t *testing.T) {
	host := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(host.Close)
	bundle := filepath.Join(t.TempDir(), "bundle.pem")
	if err := os.WriteFile(bundle, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: host.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_CA_BUNDLE", bundle)
	options, ours := s3test.Start(t).Options, &counted{}
	options.Client = &http.Client{Transport: ours}
	blobs, err := media.OpenS3(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	asked := ours.n.Load()
	if n, err := blobs.Put(t.Context(), "a/b", strings.NewReader("abc")); err != nil || n != 3 || asked == 0 || ours.n.Load() == asked {
		t.Errorf("%d bytes, %v; the client was asked %d times", n, err, ours.n.Load())
	}
}
