package app_test

import (
	"net/http"
	"testing"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/app/contract"
)

func TestAAA(t *testing.T) {
	spec, err := contract.Load()
	if err != nil {
		t.Fatal(err)
	}
	rec := contract.NewRecorder(spec)
	s := apptest.Shared(t)
	s.Client.Transport = contract.Transport(http.DefaultTransport, spec, rec, func(err error) { println("CONTRACT", err.Error()) })
}
