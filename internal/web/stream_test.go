package web_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/web"
)

type streamed struct {
	Last *int64 `header:"Last-Event-ID" validate:"omitempty,min=0"`
	Name string `query:"name"`
}

// A stream's request is read like any other; what fails before the first text
// is a problem, what fails later ends it.
func TestAStreamAnswersOrFails(t *testing.T) {
	t.Parallel()
	engine := engineOf(web.Route{Method: http.MethodGet, Path: "/", Scope: web.Key, Endless: true, Handler: web.Streaming(func(ctx context.Context, req *streamed, to *web.Stream) error {
		switch {
		case req.Name == "refused":
			return fault.New(fault.CursorExpired, "It is too old.")
		case req.Last == nil:
			return to.Send([]byte("none"))
		}
		if err := errors.Join(to.Allowed(ctx), to.Send([]byte("first ")), to.Send([]byte("second"))); err != nil {
			return err
		}
		return errors.New("broken off")
	})})
	for what, c := range map[string]struct {
		path, last string
		status     int
		body       string
	}{
		"no header":      {"/", "", 200, "none"},
		"two texts":      {"/", "7", 200, "first second"},
		"a refusal":      {"/?name=refused", "7", 410, ""},
		"a wrong header": {"/", "x", 422, ""},
		"a small header": {"/", "-1", 422, ""},
		"a wrong query":  {"/?nam=x", "7", 422, ""},
	} {
		a := do(engine, http.MethodGet, c.path, "", "Authorization", "Bearer "+ownKey, "Last-Event-ID", c.last)
		if a.status != c.status || c.body != "" && (a.text != c.body || a.header.Get("Content-Type") != "text/event-stream" || a.header.Get("Cache-Control") != "no-store") {
			t.Errorf("%s: %d %s %v", what, a.status, a.text, a.header)
		}
	}
}
