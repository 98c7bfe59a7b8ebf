package whatsapp

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
)

// maxControl bounds a body of the control, which may hold a file in base64.
const maxControl = 140 << 20

// errBadBody marks a body of the control that is not the JSON it should be.
var errBadBody = errors.New("the body is not the JSON that this route takes")

// route is one call of the control: its answer is rendered as JSON.
type route struct {
	pattern string
	status  int
	handle  func(*http.Request) (any, error)
}

// routes is the whole table of the control; the package documentation shows it.
func (s *Server) routes() []route {
	var all []route
	for _, rows := range [][]route{
		s.controlServer(), s.controlPhones(), s.controlPairing(), s.controlMessages(), s.controlChats(), s.controlGroups(), s.controlFaults(),
	} {
		all = append(all, rows...)
	}
	return all
}

// Control is the sandbox's own HTTP interface, under /control/. It has no
// authentication: bind it to a loopback address.
func (s *Server) Control() http.Handler {
	mux := http.NewServeMux()
	for _, row := range s.routes() {
		mux.HandleFunc(row.pattern, row.serve)
	}
	mux.HandleFunc("GET /control/phones/{phone}/messages/{id}/file", s.serveFile)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		respond(w, http.StatusNotFound, map[string]any{"error": "no such control route"})
	})
	return mux
}

func (row route) serve(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxControl)
	out, err := row.handle(r)
	if err != nil {
		respondError(w, err)
		return
	}
	respond(w, row.status, out)
}

func respondError(w http.ResponseWriter, err error) {
	status := http.StatusUnprocessableEntity
	switch {
	case errors.Is(err, errNotFound):
		status = http.StatusNotFound
	case errors.Is(err, errBadBody):
		status = http.StatusBadRequest
	}
	respond(w, status, map[string]any{"error": err.Error()})
}

func respond(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(body) // the client is gone when this fails
}

// into reads a body; unknown fields are refused, an empty body changes nothing.
func into(r *http.Request, out any) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return errors.Join(errBadBody, err)
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(out); err != nil {
		return errors.Join(errBadBody, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.Join(errBadBody, errors.New("something follows the JSON value"))
	}
	return nil
}

// last keeps the newest ?limit entries of a list.
func last[T any](r *http.Request, list []T) []T {
	n, err := strconv.Atoi(r.URL.Query().Get("limit"))
	if err != nil || n <= 0 || n >= len(list) {
		return list
	}
	return list[len(list)-n:]
}

var done = map[string]any{"success": true}

func phoneOf(r *http.Request) string { return r.PathValue("phone") }

// took is a route that reads a body of type B.
func took[B any](pattern string, status int, handle func(r *http.Request, body B) (any, error)) route {
	return route{pattern, status, func(r *http.Request) (any, error) {
		var body B
		if err := into(r, &body); err != nil {
			return nil, err
		}
		return handle(r, body)
	}}
}
