package app

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/cirrus/omnichannel/internal/egress"
	"github.com/cirrus/omnichannel/internal/providers/d360"
)

// Where WhatsApp says that a picture is does not lead into our own network,
// unless WhatsApp is simulated there.
func TestPicturesAreFetchedFromOutside(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	t.Cleanup(inside.Close)
	dialler, err := egress.New(egress.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(dialler.Close)
	client := pictureClient(nil, dialler)
	if client.Timeout != pictureTimeout {
		t.Errorf("a picture may take %s", client.Timeout)
	}
	resp, err := client.Get(inside.URL)
	if err == nil {
		err = errors.Join(resp.Body.Close(), errors.New("no error"))
	}
	if !errors.Is(err, egress.ErrPrivateAddress) || asked.Load() != 0 {
		t.Errorf("a private address was asked %d times: %v", asked.Load(), err)
	}
	if got := pictureClient(inside.Client(), dialler); got != inside.Client() {
		t.Error("the simulator's pictures are fetched elsewhere")
	}
}

// A large file to or from 360dialog is not cut by a limit on the whole exchange.
func TestFilesOfD360AreNotCut(t *testing.T) {
	t.Parallel()
	dialler, err := egress.New(egress.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(dialler.Close)
	client, err := d360Client(dialler, d360.ProductionURL)
	if err != nil || client.Timeout != 0 {
		t.Errorf("an exchange is cut after %s: %v", client.Timeout, err)
	}
}
