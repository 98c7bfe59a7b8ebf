package app_test

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/app"
	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/web"
)

// Whoever begins a request and does not go on loses the connection: on every
// kind of route, on both addresses, with a key and without.
func TestARequestThatStopsIsCutOff(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{App: app.Options{Pace: web.Pace{Patience: time.Second, Slowest: 1 << 20}}})
	w := s.World(t, apptest.Preset{})
	api, ops := strings.TrimPrefix(s.App.URL(), "http://"), strings.TrimPrefix(s.App.OpsURL(), "http://")
	for what, c := range map[string]struct{ address, path, key, status string }{
		"a message":                  {api, "/api/message/send", w.Key, "400"},
		"an upload":                  {api, w.Base() + "/media", w.Key, "400"},
		"a webhook":                  {api, w.Webhook("360dialog"), w.Secret, "400"},
		"a webhook of nobody":        {api, w.Webhook("360dialog"), "wrong", "401"},
		"a caller without a key":     {api, "/api/message/send", "wrong", "401"},
		"a path that is none":        {api, "/nowhere", "", "404"},
		"the operator's own address": {ops, "/metrics", "", "405"},
	} {
		conn, err := net.Dial("tcp", c.address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{", c.path, c.key)
		answer, err := io.ReadAll(conn) // to the connection's end
		if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 "+c.status) {
			t.Errorf("%s: %v, %.200q", what, err, answer)
		}
	}
}
