package d360

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/cirrus/omnichannel/internal/sandbox/control"
)

// NumberPatch changes a registered number; nil fields stay.
type NumberPatch struct {
	Name       *string `json:"name"`
	Quality    *string `json:"quality"`
	Health     *string `json:"health"`
	HealthCode *int    `json:"healthCode"`
}

// PatchNumber changes how a number is.
func (s *Server) PatchNumber(ref string, p NumberPatch) (NumberConfig, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := s.number(ref)
	if err != nil {
		return NumberConfig{}, err
	}
	changed := n.NumberConfig
	for _, f := range []struct{ from, to *string }{{p.Name, &changed.Name}, {p.Quality, &changed.Quality}, {p.Health, &changed.Health}} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	if p.HealthCode != nil {
		changed.HealthCode = *p.HealthCode
	}
	if _, known := refusals[changed.HealthCode]; !known {
		return NumberConfig{}, fmt.Errorf("healthCode %d is not in the table of codes", changed.HealthCode)
	}
	if err := (&number{NumberConfig: changed}).check(); err != nil {
		return NumberConfig{}, err
	}
	// Only these: the other fields are read without the lock.
	n.Name, n.Quality, n.Health, n.HealthCode = changed.Name, changed.Quality, changed.Health, changed.HealthCode
	return changed, nil
}

// RemoveNumber forgets a number; its key answers 401 from now on.
func (s *Server) RemoveNumber(ref string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := s.number(ref)
	if err != nil {
		return err
	}
	delete(s.byKey, n.APIKey)
	s.numbers = slices.DeleteFunc(s.numbers, func(o *number) bool { return o == n })
	return nil
}

// Templates lists the templates of a number.
func (s *Server) Templates(ref string) ([]Template, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := s.number(ref)
	if err != nil {
		return nil, err
	}
	out := make([]Template, 0, len(n.templates))
	for _, t := range n.templates {
		out = append(out, *t)
	}
	return out, nil
}

func (s *Server) controlNumbers() []route {
	number := func(r *http.Request) string { return r.PathValue("number") }
	return []route{
		{"GET /control/numbers", 200, func(*http.Request) (any, error) { return map[string]any{"numbers": s.Numbers()}, nil }},
		{"POST /control/numbers", 201, func(r *http.Request) (any, error) {
			var c NumberConfig
			if err := control.Into(r, &c); err != nil {
				return nil, err
			}
			return s.AddNumber(c)
		}},
		{"PATCH /control/numbers/{number}", 200, func(r *http.Request) (any, error) {
			var p NumberPatch
			if err := control.Into(r, &p); err != nil {
				return nil, err
			}
			return s.PatchNumber(number(r), p)
		}},
		{"DELETE /control/numbers/{number}", 200, func(r *http.Request) (any, error) { return done, s.RemoveNumber(number(r)) }},
		{"POST /control/numbers/{number}/rotate-key", 200, func(r *http.Request) (any, error) { return s.RotateKey(number(r)) }},
		{"PUT /control/numbers/{number}/webhook", 200, func(r *http.Request) (any, error) {
			t := &WebhookTarget{}
			if err := control.Into(r, t); err != nil {
				return nil, err
			}
			return t, s.SetWebhook(number(r), t)
		}},
		{"DELETE /control/numbers/{number}/webhook", 200, func(r *http.Request) (any, error) { return done, s.SetWebhook(number(r), nil) }},
		{"GET /control/numbers/{number}/templates", 200, func(r *http.Request) (any, error) {
			list, err := s.Templates(number(r))
			return map[string]any{"templates": list}, err
		}},
		{"POST /control/numbers/{number}/templates", 200, func(r *http.Request) (any, error) {
			var t Template
			if err := control.Into(r, &t); err != nil {
				return nil, err
			}
			return s.SetTemplate(number(r), t)
		}},
		{"PUT /control/numbers/{number}/templates/{name}/status", 200, func(r *http.Request) (any, error) {
			var body struct {
				Status string `json:"status"`
			}
			if err := control.Into(r, &body); err != nil {
				return nil, err
			}
			return done, s.SetTemplateStatus(number(r), r.PathValue("name"), body.Status)
		}},
	}
}
