package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/web"
)

// porter notes who knocks, and lets nobody in.
type porter struct{ address string }

func (p *porter) Admit(_ context.Context, k web.Knock) (context.Context, error) {
	p.address = k.Address
	return nil, fault.New(fault.Unauthenticated, "not here")
}

// Only trusted proxies are believed about who calls: the rightmost address that is
// none of theirs counts.
func TestWhoCallsBehindProxies(t *testing.T) {
	t.Parallel()
	lan := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for name, c := range map[string]struct {
		trusted []netip.Prefix
		peer    string
		told    []string
		want    string
	}{
		"nobody between":                       {lan, "203.0.113.7:4711", nil, "203.0.113.7"},
		"IPv6":                                 {lan, "[2001:db8::7]:4711", nil, "2001:db8::7"},
		"nobody is trusted":                    {nil, "10.0.0.1:4711", []string{"203.0.113.7"}, "10.0.0.1"},
		"a caller that tells tales":            {lan, "203.0.113.7:4711", []string{"198.51.100.1"}, "203.0.113.7"},
		"one proxy":                            {lan, "10.0.0.1:4711", []string{"203.0.113.7"}, "203.0.113.7"},
		"a proxy over both kinds":              {lan, "[::ffff:10.0.0.1]:4711", []string{"::ffff:203.0.113.7"}, "203.0.113.7"},
		"a proxy by IPv6":                      {lan, "[fd00::1]:4711", []string{"2001:db8::7"}, "2001:db8::7"},
		"two proxies":                          {lan, "10.0.0.1:4711", []string{"203.0.113.7, 10.1.1.1"}, "203.0.113.7"},
		"tales behind one proxy":               {lan, "10.0.0.1:4711", []string{"198.51.100.1, 203.0.113.7"}, "203.0.113.7"},
		"tales in a line of their own":         {lan, "10.0.0.1:4711", []string{"198.51.100.1", "203.0.113.7"}, "203.0.113.7"},
		"tales of a proxy":                     {lan, "10.0.0.1:4711", []string{"198.51.100.1, 10.9.9.9, 203.0.113.7"}, "203.0.113.7"},
		"with a port":                          {lan, "10.0.0.1:4711", []string{"203.0.113.7:99"}, "203.0.113.7"},
		"IPv6 with a port":                     {lan, "10.0.0.1:4711", []string{"[2001:db8::7]:99"}, "2001:db8::7"},
		"a proxy that tells nothing":           {lan, "10.0.0.1:4711", nil, "10.0.0.1"},
		"a proxy that tells what is none":      {lan, "10.0.0.1:4711", []string{"198.51.100.1, unknown"}, "10.0.0.1"},
		"a call from within":                   {lan, "10.0.0.1:4711", []string{"10.2.2.2"}, "10.2.2.2"},
		"a peer without an address of its own": {lan, "@", []string{"203.0.113.7"}, "@"},
	} {
		gate := &porter{}
		engine := web.New(web.Options{
			Gate: gate, TrustedProxies: c.trusted,
			Routes: []web.Route{{Method: http.MethodGet, Path: "/{clientNumber}/x", OperationID: "x", Scope: web.Number, Handler: answerOK}},
		})
		req := httptest.NewRequest(http.MethodGet, "/5521977776666/x", nil)
		req.RemoteAddr = c.peer
		for _, line := range c.told {
			req.Header.Add("X-Forwarded-For", line)
		}
		engine.ServeHTTP(httptest.NewRecorder(), req)
		if gate.address != c.want {
			t.Errorf("%s: the call comes from %q, want %q", name, gate.address, c.want)
		}
	}
}
