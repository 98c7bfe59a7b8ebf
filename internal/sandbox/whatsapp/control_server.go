package whatsapp

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/cirrus/omnichannel/internal/sandbox/control"
)

func (s *Server) controlServer() []route {
	return []route{
		{"GET /control/root-key", 200, func(*http.Request) (any, error) {
			key := s.RootKey()
			return map[string]any{"rootKey": hex.EncodeToString(key[:])}, nil
		}},
		{"GET /control/settings", 200, func(*http.Request) (any, error) { return s.Settings(), nil }},
		took("PATCH /control/settings", 200, func(_ *http.Request, patch json.RawMessage) (any, error) {
			if len(patch) == 0 {
				return s.Settings(), nil
			}
			merged, err := s.Settings().merge(patch)
			if err != nil {
				return nil, err
			}
			return merged, s.Configure(merged)
		}),
		{"GET /control/stanzas", 200, func(r *http.Request) (any, error) {
			return map[string]any{"stanzas": control.Last(r, s.Stanzas())}, nil
		}},
		{"POST /control/reset", 200, func(*http.Request) (any, error) { return done, s.Reset() }},
		{"POST /control/cut", 200, func(*http.Request) (any, error) { s.CutAll(); return done, nil }},
	}
}

func (s *Server) controlFaults() []route {
	shown := func() map[string]any { return map[string]any{"rules": s.Faults()} }
	return []route{
		{"GET /control/faults", 200, func(*http.Request) (any, error) { return shown(), nil }},
		took("PUT /control/faults", 200, func(_ *http.Request, body struct {
			Rules []Rule `json:"rules"`
		}) (any, error) {
			if err := s.SetFaults(body.Rules); err != nil {
				return nil, err
			}
			return shown(), nil
		}),
		took("POST /control/faults", 201, func(_ *http.Request, rule Rule) (any, error) { return s.AddFault(rule) }),
		{"DELETE /control/faults", 200, func(*http.Request) (any, error) { return done, s.SetFaults(nil) }},
		{"DELETE /control/faults/{id}", 200, func(r *http.Request) (any, error) {
			if !s.RemoveFault(r.PathValue("id")) {
				return nil, fmt.Errorf("%w: no fault %q", control.ErrNotFound, r.PathValue("id"))
			}
			return done, nil
		}},
	}
}
