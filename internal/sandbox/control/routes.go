package control

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
)

var (
	// ErrBadBody marks a body that is not the JSON it should be: 400.
	ErrBadBody = errors.New("the body is not the JSON that this route takes")
	// ErrNotFound marks what the simulated world does not have: 404.
	ErrNotFound = errors.New("not found")
)

// mostBody bounds a body, which may hold a file in base64.
const mostBody = 140 << 20

// Mux is where a control's routes go; whatever else is asked for is 404. There is
// no authentication: bind it to a loopback address.
func Mux() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		respond(w, http.StatusNotFound, map[string]any{"error": "no such control route"})
	})
	return mux
}

// Handler answers with what handle gives, as JSON with a status; an error that is
// neither ErrBadBody nor ErrNotFound is 422. Errors are answered as {"error": …}.
func Handler(status int, handle func(*http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, mostBody)
		out, err := handle(r)
		if err != nil {
			Refuse(w, err)
			return
		}
		respond(w, status, out)
	}
}

// Refuse answers an error.
func Refuse(w http.ResponseWriter, err error) {
	status := http.StatusUnprocessableEntity
	switch {
	case errors.Is(err, ErrNotFound):
		status = http.StatusNotFound
	case errors.Is(err, ErrBadBody):
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

// Into reads a body; unknown fields are refused, an empty body changes nothing.
func Into(r *http.Request, out any) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return errors.Join(ErrBadBody, err)
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(out); err != nil {
		return errors.Join(ErrBadBody, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.Join(ErrBadBody, errors.New("something follows the JSON value"))
	}
	return nil
}

// Last keeps the newest ?limit entries of a list.
func Last[T any](r *http.Request, list []T) []T {
	n, err := strconv.Atoi(r.URL.Query().Get("limit"))
	if err != nil || n <= 0 || n >= len(list) {
		return list
	}
	return list[len(list)-n:]
}
