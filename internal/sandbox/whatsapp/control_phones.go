package whatsapp

import (
	"net/http"

	"go.mau.fi/whatsmeow/types"

	"github.com/cirrus/omnichannel/internal/sandbox/control"
)

func (s *Server) controlPhones() []route {
	return []route{
		{"GET /control/phones", 200, func(r *http.Request) (any, error) {
			return map[string]any{"phones": control.Last(r, s.Phones())}, nil
		}},
		took("POST /control/phones", 201, func(_ *http.Request, c PhoneConfig) (any, error) { return s.AddPhone(c) }),
		{"GET /control/phones/{phone}", 200, func(r *http.Request) (any, error) { return s.Phone(phoneOf(r)) }},
		took("PATCH /control/phones/{phone}", 200, func(r *http.Request, patch PhonePatch) (any, error) { return s.PatchPhone(phoneOf(r), patch) }),
		{"DELETE /control/phones/{phone}", 200, func(r *http.Request) (any, error) { return done, s.RemovePhone(phoneOf(r)) }},
		took("PUT /control/phones/{phone}/picture", 200, func(r *http.Request, body struct {
			Bytes []byte `json:"bytes"`
		}) (any, error) {
			return done, s.SetPicture(phoneOf(r), body.Bytes)
		}),
		{"DELETE /control/phones/{phone}/picture", 200, func(r *http.Request) (any, error) { return done, s.SetPicture(phoneOf(r), nil) }},
		took("PUT /control/phones/{phone}/presence", 200, func(r *http.Request, body struct {
			Online bool `json:"online"`
		}) (any, error) {
			return done, s.SetPresence(phoneOf(r), body.Online)
		}),
		took("PUT /control/phones/{phone}/contacts/{who}", 200, func(r *http.Request, body struct {
			Name string `json:"name"`
		}) (any, error) {
			return done, s.SaveContact(phoneOf(r), r.PathValue("who"), body.Name)
		}),
		took("PUT /control/phones/{phone}/ban", 200, func(r *http.Request, b Ban) (any, error) { return done, s.Ban(phoneOf(r), b) }),
		{"DELETE /control/phones/{phone}/ban", 200, func(r *http.Request) (any, error) { return done, s.Unban(phoneOf(r)) }},
		took("PUT /control/phones/{phone}/hold", 200, func(r *http.Request, body struct {
			Seconds int `json:"seconds"`
		}) (any, error) {
			return done, s.HoldBack(phoneOf(r), body.Seconds)
		}),
	}
}

func (s *Server) controlPairing() []route {
	type qr struct {
		QR string `json:"qr"`
	}
	type linked struct {
		Device int    `json:"device"`
		How    string `json:"how"`
	}
	return []route{
		took("POST /control/phones/{phone}/scan", 200, func(r *http.Request, body qr) (any, error) { return done, s.Scan(phoneOf(r), body.QR) }),
		took("POST /control/scan", 200, func(_ *http.Request, body qr) (any, error) {
			number, err := s.ScanAny(body.QR)
			return map[string]any{"phone": number}, err
		}),
		took("POST /control/phones/{phone}/code", 200, func(r *http.Request, body struct {
			Code string `json:"code"`
		}) (any, error) {
			return done, s.EnterCode(r.Context(), phoneOf(r), body.Code)
		}),
		took("POST /control/phones/{phone}/passkey", 200, func(r *http.Request, request types.WebAuthnPublicKey) (any, error) {
			return s.AnswerPasskey(phoneOf(r), request)
		}),
		took("POST /control/phones/{phone}/unlink", 200, func(r *http.Request, body linked) (any, error) {
			return done, s.Unlink(phoneOf(r), body.Device)
		}),
		took("POST /control/phones/{phone}/cut", 200, func(r *http.Request, body linked) (any, error) {
			return done, s.Cut(phoneOf(r), body.Device, body.How)
		}),
	}
}
