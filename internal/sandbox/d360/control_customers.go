package d360

import (
	"fmt"
	"net/http"

	"github.com/cirrus/omnichannel/internal/sandbox/control"
)

// Customer returns what is known of a customer, by phone or user id.
func (s *Server) Customer(ref string) (CustomerConfig, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.lookup(ref)
	if c == nil {
		return CustomerConfig{}, false
	}
	return c.CustomerConfig, true
}

func (s *Server) controlCustomers() []route {
	phone := func(r *http.Request) string { return r.PathValue("phone") }
	return []route{
		{"GET /control/customers", 200, func(r *http.Request) (any, error) {
			return map[string]any{"customers": control.Last(r, s.Customers())}, nil
		}},
		{"GET /control/customers/{phone}", 200, func(r *http.Request) (any, error) {
			c, known := s.Customer(phone(r))
			if !known {
				return nil, fmt.Errorf("%w: no customer %q", control.ErrNotFound, phone(r))
			}
			return c, nil
		}},
		{"PUT /control/customers/{phone}", 200, func(r *http.Request) (any, error) {
			c, known := s.Customer(phone(r))
			if !known {
				c.WaID = phone(r)
			}
			c.AutoReply, c.Refusal, c.Reads = nil, nil, nil
			if err := control.Into(r, &c); err != nil {
				return nil, err
			}
			return s.PutCustomer(c)
		}},
		{"PUT /control/customers/{phone}/window", 200, func(r *http.Request) (any, error) {
			var body struct {
				Number string `json:"number"`
				Open   bool   `json:"open"`
			}
			if err := control.Into(r, &body); err != nil {
				return nil, err
			}
			return done, s.SetWindow(body.Number, phone(r), body.Open)
		}},
		{"GET /control/customers/{phone}/messages", 200, func(r *http.Request) (any, error) {
			return map[string]any{"messages": control.Last(r, s.CustomerMessages(phone(r)))}, nil
		}},
		{"POST /control/customers/{phone}/messages", 201, func(r *http.Request) (any, error) {
			var in InboundMessage
			if err := control.Into(r, &in); err != nil {
				return nil, err
			}
			id, err := s.CustomerWrite(phone(r), in)
			return map[string]any{"id": id}, err
		}},
		{"POST /control/customers/{phone}/read", 200, s.did(s.CustomerReads)},
		{"POST /control/customers/{phone}/played", 200, s.did(s.CustomerPlays)},
		{"GET /control/messages/{id...}", 200, func(r *http.Request) (any, error) {
			m, known := s.Message(r.PathValue("id"))
			if !known {
				return nil, fmt.Errorf("%w: no message %q", control.ErrNotFound, r.PathValue("id"))
			}
			return m, nil
		}},
	}
}

// did is the route of something that a customer does with received messages.
func (s *Server) did(act func(ref, id string) int) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) {
		var body struct {
			ID string `json:"id"`
		}
		if err := control.Into(r, &body); err != nil {
			return nil, err
		}
		return map[string]any{"messages": act(r.PathValue("phone"), body.ID)}, nil
	}
}
