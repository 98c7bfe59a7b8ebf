package gateway

import (
	"context"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb"
)

// commandWhoIs finds somebody on WhatsApp.
const commandWhoIs = "whoIs"

func peopleCommands(s *channels.Service) {
	answer(s, commandWhoIs, func(ctx context.Context, conn *whatsappweb.Conn, of providers.Address) (whatsappweb.Who, error) {
		return conn.WhoIs(ctx, of)
	})
}

type personRequest struct {
	Number  string `path:"clientNumber"`
	Contact string `path:"contact" validate:"max=128"`
}

// ValidationView tells whether somebody is on WhatsApp.
type ValidationView struct {
	Input   string  `json:"input"`
	IsValid bool    `json:"isValid"`
	JID     *string `json:"jid"` // …@c.us; …@lid where the number is not known
	LID     *string `json:"lid"`
	Phone   *string `json:"phone"`
}

// validate tells whether a number, or a hidden address, is on WhatsApp.
func (s *Service) validate(ctx context.Context, req *personRequest) (ValidationView, error) {
	who, err := s.whoIs(ctx, req.Contact)
	if err != nil {
		return ValidationView{}, err
	}
	view := ValidationView{Input: req.Contact, LID: lidOf(who), Phone: given(who.Phone), JID: lidOf(who)}
	if who.Phone != "" {
		view.JID = given(who.Phone + "@c.us")
	}
	view.IsValid = view.JID != nil
	return view, nil
}

// whoIs asks who has a number or hidden address, in any writing of it; nobody is
// zero.
func (s *Service) whoIs(ctx context.Context, text string) (whatsappweb.Who, error) {
	of, err := person(text)
	if err != nil {
		return whatsappweb.Who{}, err
	}
	var who whatsappweb.Who
	err = s.askDevice(ctx, commandWhoIs, of, &who)
	return who, err
}

// person reads whom a text names: a number with its country code, …@c.us,
// …@s.whatsapp.net or …@lid.
func person(text string) (providers.Address, error) {
	of, err := providers.ParseRecipient(text)
	if err != nil || of.Kind == providers.KindGroup {
		return providers.Address{}, fault.New(fault.InvalidNumber, "%.40q is no number with its country code, and no WhatsApp address of a person.", text)
	}
	return of, nil
}

// lidOf writes a hidden address the way WhatsApp does; null where there is none.
func lidOf(who whatsappweb.Who) *string {
	if who.LID == "" {
		return nil
	}
	return given(who.LID + "@lid")
}
