package d360

import (
	"net/http"

	"github.com/cirrus/omnichannel/internal/sandbox/control"
)

func (s *Server) controlEvents() []route {
	return []route{
		{"GET /control/requests", 200, func(r *http.Request) (any, error) {
			return map[string]any{"requests": control.Last(r, s.Requests())}, nil
		}},
		{"GET /control/deliveries", 200, func(r *http.Request) (any, error) {
			list, counts := s.Deliveries()
			pending, refused := s.schedule().waiting()
			return map[string]any{"deliveries": control.Last(r, list), "counts": counts, "timers": map[string]any{"pending": pending, "refused": refused}}, nil
		}},
		{"POST /control/events", 202, func(r *http.Request) (any, error) {
			var body struct {
				Number string         `json:"number"`
				Field  string         `json:"field"`
				Value  map[string]any `json:"value"`
			}
			if err := control.Into(r, &body); err != nil {
				return nil, err
			}
			return done, s.Emit(body.Number, body.Field, body.Value)
		}},
		{"POST /control/statuses", 202, func(r *http.Request) (any, error) {
			var body struct {
				Number string         `json:"number"`
				Status map[string]any `json:"status"`
			}
			if err := control.Into(r, &body); err != nil {
				return nil, err
			}
			return done, s.EmitStatus(body.Number, body.Status)
		}},
		{"POST /control/echoes", 201, func(r *http.Request) (any, error) {
			var body struct {
				Number string `json:"number"`
				To     string `json:"to"`
				Text   string `json:"text"`
			}
			if err := control.Into(r, &body); err != nil {
				return nil, err
			}
			id, err := s.StaffWrites(body.Number, body.To, body.Text)
			return map[string]any{"id": id}, err
		}},
		{"PUT /control/groups/{group}", 200, func(r *http.Request) (any, error) {
			var body struct {
				Subject      string   `json:"subject"`
				Participants []string `json:"participants"`
			}
			if err := control.Into(r, &body); err != nil {
				return nil, err
			}
			return done, s.PutGroup(r.PathValue("group"), body.Subject, body.Participants)
		}},
	}
}
