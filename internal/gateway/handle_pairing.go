package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"image/png"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"rsc.io/qr"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/jobs"
	"github.com/cirrus/omnichannel/internal/phone"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/web"
)

// qrScale is the pixels of one module of a QR code's image.
const qrScale = 8

// QRView is a code that a phone can scan now.
type QRView struct {
	// QR is the text in it; null where a passkey is to be answered instead.
	QR        *string `json:"qr"`
	ExpiresAt *int64  `json:"expiresAt"` // when it stops counting, in Unix seconds
	// Passkey is the WebAuthn request that the account's owner must answer; null
	// where WhatsApp asks for none.
	Passkey providers.RawJSON `json:"passkey"`
	// Code is to be compared with the phone's; null: nothing to compare.
	Code *string `json:"code"`
}

const (
	asImage = "image/png"
	asJSON  = "application/json"
)

// qr gives the code as an image, or as JSON to who asks for that. A number that
// is not being linked begins with it.
func (s *Service) qr(c *gin.Context) error {
	if err := web.OnlyQuery(c); err != nil {
		return err
	}
	ctx := c.Request.Context()
	p, err := s.pairing(ctx, channelOf(ctx))
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	if p.QR == "" || c.NegotiateFormat(asImage, asJSON) == asJSON {
		web.Answer(c, QRView{QR: given(p.QR), ExpiresAt: web.Seconds(p.Until), Passkey: p.Passkey, Code: given(p.Code)})
		return nil
	}
	code, err := qr.Encode(p.QR, qr.M)
	if err != nil {
		return err
	}
	code.Scale = qrScale
	var image bytes.Buffer
	if err := png.Encode(&image, code.Image()); err != nil {
		return err
	}
	c.Data(http.StatusOK, asImage, image.Bytes())
	return nil
}

// given is a text, or null where there is none.
func given(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// codelessMost is how often a connection that is to show QR codes is seen without
// one before it is begun anew.
const codelessMost = 30

// pairing begins to link a number, where that was not begun, and gives what a
// phone can scan.
func (s *Service) pairing(ctx context.Context, id ids.Channel) (channels.Pairing, error) {
	if err := s.unlinked(ctx, id); err != nil {
		return channels.Pairing{}, err
	}
	waiting, cancel := context.WithTimeout(ctx, settleMost)
	defer cancel()
	codeless := 0
	for {
		ch, _, err := s.channels.Now(ctx, id)
		if err != nil {
			return channels.Pairing{}, err
		}
		switch ch.State.Status {
		case providers.StatusQR, providers.StatusPairing: // in any other, what is stored is from before
			p, ok, err := s.channels.Pairing(ctx, id)
			if err != nil || ok {
				return p, err
			}
			if ch.State.Status != providers.StatusQR {
				break
			}
			if codeless++; codeless == codelessMost {
				// Its QR codes are over; it is there for a code that was given to be typed.
				if err := s.channels.Restart(ctx, id); err != nil {
					return channels.Pairing{}, err
				}
			}
		case providers.StatusOpen:
			return channels.Pairing{}, linkedAlready(id)
		case providers.StatusBanned, providers.StatusOutdated, providers.StatusFailed:
			return channels.Pairing{}, fault.New(fault.WhatsAppConnectionClosed, "Channel %s is %s. %s", id, ch.State.Status, ch.State.Detail)
		}
		if jobs.Pause(waiting, settleLook) != nil {
			return channels.Pairing{}, fault.New(fault.ProviderTimeout, "WhatsApp gave no code for channel %s in time. Ask again; GET …/status tells how the connection is.", id)
		}
	}
}

// unlinked refuses to link a number that is linked, and asks for the connection.
func (s *Service) unlinked(ctx context.Context, id ids.Channel) error {
	_, linked, err := s.channels.Now(ctx, id)
	if err != nil {
		return err
	}
	if linked != "" {
		return linkedAlready(id)
	}
	return s.channels.Want(ctx, id, true)
}

func linkedAlready(id ids.Channel) error {
	return fault.New(fault.Conflict, "Channel %s is linked to its phone already. POST …/logout unlinks it.", id)
}

type pairRequest struct {
	Number string `path:"clientNumber" json:"-"`
	Phone  string `json:"phone" validate:"max=40"` // empty: the channel's own number
}

// PairView is a code to be typed on the phone.
type PairView struct {
	Code      string `json:"code"`      // eight characters, XXXX-XXXX
	Phone     string `json:"phone"`     // that is to be linked, as WhatsApp has it
	ExpiresAt *int64 `json:"expiresAt"` // when the phone stops taking it, in Unix seconds
}

// pairCodeFor is how long a phone takes a pairing code.
const pairCodeFor = 160 * time.Second

// pair gives a code that its owner types on the phone, in the place of scanning.
func (s *Service) pair(ctx context.Context, req *pairRequest) (PairView, error) {
	id := channelOf(ctx)
	ch, _, err := s.channels.Now(ctx, id)
	if err != nil {
		return PairView{}, err
	}
	digits := ch.Identifier
	if req.Phone != "" {
		if digits, err = phone.Parse(req.Phone); err != nil {
			return PairView{}, notNumber("phone", req.Phone)
		}
		if !phone.Same(digits, ch.Identifier) {
			return PairView{}, fault.Invalid("phone", "mismatch", "Channel %s has number %s; another phone cannot be linked to it.", id, ch.Identifier)
		}
	}
	if _, err := s.pairing(ctx, id); err != nil { // until a phone may link, there is no code
		return PairView{}, err
	}
	var got pairCode
	if err := s.ask(ctx, id, commandPairCode, pairCommand{Number: digits}, &got); err != nil {
		return PairView{}, err
	}
	return PairView{Code: got.Code, Phone: got.Number, ExpiresAt: web.Seconds(s.now().Add(pairCodeFor))}, nil
}

type passkeyRequest struct {
	Number   string          `path:"clientNumber" json:"-"`
	Response passkeyResponse `json:"response"` // what the browser's authenticator answered
}

// passkeyResponse is a PublicKeyCredential of an assertion in its JSON form,
// bytes in base64url. Browsers print more than WhatsApp is told.
type passkeyResponse struct {
	ID       string           `json:"id" validate:"required,max=2048"`
	RawID    string           `json:"rawId" validate:"required,max=2048"`
	Type     string           `json:"type" validate:"required,oneof=public-key"`
	Response passkeyAssertion `json:"response"`

	Attachment string          `json:"authenticatorAttachment,omitempty" validate:"max=100"`
	Extensions json.RawMessage `json:"clientExtensionResults,omitempty"`
}

type passkeyAssertion struct {
	ClientData    string  `json:"clientDataJSON" validate:"required,base64rawurl"`
	Authenticator string  `json:"authenticatorData" validate:"required,base64rawurl"`
	Signature     string  `json:"signature" validate:"required,base64rawurl"`
	UserHandle    *string `json:"userHandle" validate:"omitempty,base64rawurl"`
}

// answerPasskey hands on what the authenticator of the account's owner answered.
func (s *Service) answerPasskey(ctx context.Context, req *passkeyRequest) (StatusView, error) {
	id := channelOf(ctx)
	if err := s.asked(ctx, id, "passkey", func(p channels.Pairing) bool { return p.Passkey != nil }); err != nil {
		return StatusView{}, err
	}
	response, err := json.Marshal(req.Response)
	if err != nil {
		return StatusView{}, err
	}
	if err := s.ask(ctx, id, commandAnswerPasskey, pairCommand{Answer: string(response)}, nil); err != nil {
		return StatusView{}, err
	}
	return s.view(ctx, id)
}

// confirmPasskey tells that the code on the phone is the one that was shown.
func (s *Service) confirmPasskey(ctx context.Context, _ *numberRequest) (StatusView, error) {
	id := channelOf(ctx)
	if err := s.asked(ctx, id, "code to compare", func(p channels.Pairing) bool { return p.Code != "" }); err != nil {
		return StatusView{}, err
	}
	if err := s.ask(ctx, id, commandConfirmPasskey, pairCommand{}, nil); err != nil {
		return StatusView{}, err
	}
	return s.linked(ctx, id)
}

// asked refuses a step of a pairing that WhatsApp does not wait for.
func (s *Service) asked(ctx context.Context, id ids.Channel, what string, is func(channels.Pairing) bool) error {
	p, ok, err := s.channels.Pairing(ctx, id)
	if err != nil || ok && is(p) {
		return err
	}
	return fault.New(fault.Conflict, "WhatsApp does not ask channel %s for a %s now. GET …/qr begins to link it, and tells what is to be done.", id, what)
}
