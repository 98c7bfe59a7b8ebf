package d360

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/cirrus/omnichannel/internal/sandbox/control"
)

func (s *Server) controlBehaviour() []route {
	return []route{
		{"GET /control/settings", 200, func(*http.Request) (any, error) { return s.Settings(), nil }},
		{"PATCH /control/settings", 200, func(r *http.Request) (any, error) {
			var patch json.RawMessage
			if err := control.Into(r, &patch); err != nil {
				return nil, err
			}
			merged, err := s.Settings().merge(patch)
			if err != nil {
				return nil, err
			}
			return merged, s.Configure(merged)
		}},
		{"GET /control/faults", 200, func(*http.Request) (any, error) { return s.shownFaults(), nil }},
		{"PUT /control/faults", 200, func(r *http.Request) (any, error) {
			var body struct {
				Rules []Rule `json:"rules"`
			}
			if err := control.Into(r, &body); err != nil {
				return nil, err
			}
			if err := s.SetFaults(body.Rules); err != nil {
				return nil, err
			}
			return s.shownFaults(), nil
		}},
		{"POST /control/faults", 201, func(r *http.Request) (any, error) {
			var rule Rule
			if err := control.Into(r, &rule); err != nil {
				return nil, err
			}
			return s.AddFault(rule)
		}},
		{"DELETE /control/faults", 200, func(*http.Request) (any, error) { return done, s.SetFaults(nil) }},
		{"DELETE /control/faults/{id}", 200, func(r *http.Request) (any, error) {
			if !s.RemoveFault(r.PathValue("id")) {
				return nil, fmt.Errorf("%w: no fault %q", control.ErrNotFound, r.PathValue("id"))
			}
			return done, nil
		}},
		{"POST /control/reset", 200, func(*http.Request) (any, error) { return done, s.Reset() }},
	}
}

func (s *Server) shownFaults() map[string]any { return map[string]any{"rules": s.Faults()} }
