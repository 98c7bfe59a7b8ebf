package gateway

import (
	"context"
	"strings"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb"
	"github.com/cirrus/omnichannel/internal/web"
)

// The commands about the number's own account.
const (
	commandOwn      = "own"
	commandAccount  = "account"
	commandAbout    = "about"
	commandName     = "name"
	commandPresence = "presence"
)

// accountCommand is what the commands that change the account need.
type accountCommand struct {
	Text   string `bson:"text,omitempty"`
	Online bool   `bson:"online,omitempty"`
}

func accountCommands(s *channels.Service) {
	type conn = *whatsappweb.Conn
	answer(s, commandOwn, func(ctx context.Context, c conn, _ none) (whatsappweb.Own, error) { return c.Own(ctx) })
	answer(s, commandAccount, func(ctx context.Context, c conn, _ none) (whatsappweb.Account, error) { return c.Account(ctx) })
	answer(s, commandAbout, func(ctx context.Context, c conn, a accountCommand) (none, error) {
		return none{}, c.SetAbout(ctx, a.Text)
	})
	answer(s, commandName, func(ctx context.Context, c conn, a accountCommand) (none, error) {
		return none{}, c.SetName(ctx, a.Text)
	})
	answer(s, commandPresence, func(ctx context.Context, c conn, a accountCommand) (none, error) {
		return none{}, c.SetPresence(ctx, a.Online)
	})
}

// AccountView is the number's account, as WhatsApp shows it; what it does not
// tell is null.
type AccountView struct {
	Number       string  `json:"number"`
	JID          string  `json:"jid"` // …@c.us
	LID          *string `json:"lid"` // …@lid
	Name         *string `json:"name"`
	About        *string `json:"about"`
	Photo        *string `json:"photo"` // where the picture is, for who may use this number; null: none
	BusinessName *string `json:"businessName"`
	Platform     *string `json:"platform"`
}

// account tells what the number's account shows.
func (s *Service) account(ctx context.Context, _ *numberRequest) (AccountView, error) {
	var a whatsappweb.Account
	if err := s.askDevice(ctx, commandAccount, none{}, &a); err != nil {
		return AccountView{}, err
	}
	view := AccountView{
		Number: a.Phone, JID: a.Phone + "@c.us", LID: lidOf(a.Who), Name: given(a.Name), About: given(a.About),
		BusinessName: given(a.BusinessName), Platform: given(a.Platform),
	}
	if a.PhotoID != "" {
		at := s.publicURL + "/" + a.Phone + "/contacts/" + a.Phone + "/photo"
		view.Photo = &at
	}
	return view, nil
}

// NumberView is the number that a channel is linked to.
type NumberView struct {
	Number *string `json:"number"` // as WhatsApp has it; null: none is linked
	JID    *string `json:"jid"`    // …@c.us
}

// linkedNumber tells which number's phone the channel is linked to, connected or
// not.
func (s *Service) linkedNumber(ctx context.Context, _ *numberRequest) (NumberView, error) {
	_, linked, err := s.channels.Now(ctx, channelOf(ctx))
	if err != nil || linked == "" {
		return NumberView{}, err
	}
	return NumberView{Number: given(linked), JID: given(linked + "@c.us")}, nil
}

// PlatformView is what kind of phone the number is on. Only the first is told to
// linked devices; the others stand here for who looks for them.
type PlatformView struct {
	Platform     *string `json:"platform"`
	Manufacturer *string `json:"manufacturer"` // always null
	Model        *string `json:"model"`        // always null
	OSVersion    *string `json:"osVersion"`    // always null
}

// platform tells what kind of phone the number is on.
func (s *Service) platform(ctx context.Context, _ *numberRequest) (PlatformView, error) {
	var own whatsappweb.Own
	err := s.askDevice(ctx, commandOwn, none{}, &own)
	return PlatformView{Platform: given(own.Platform)}, err
}

// VersionView is what runs here.
type VersionView struct {
	Version     string `json:"version"`
	WhatsAppWeb string `json:"whatsAppWeb"` // the version of WhatsApp Web that the client speaks as
	Whatsmeow   string `json:"whatsmeow"`   // of the client's library
}

// versions tells what runs here.
func (s *Service) versions(context.Context, *numberRequest) (VersionView, error) {
	protocol, library := whatsappweb.Versions()
	return VersionView{Version: s.version, WhatsAppWeb: protocol, Whatsmeow: library}, nil
}

type aboutRequest struct {
	Number string  `path:"clientNumber" json:"-"`
	About  *string `json:"about" validate:"required,max=139"` // empty takes it away
}

// setAbout changes what the account says of itself.
func (s *Service) setAbout(ctx context.Context, req *aboutRequest) (web.None, error) {
	return web.None{}, onField("about", s.askDevice(ctx, commandAbout, accountCommand{Text: *req.About}, nil))
}

type nameRequest struct {
	Number string `path:"clientNumber" json:"-"`
	Name   string `json:"name" validate:"required,max=25"`
}

// setName changes what the account is called by who has not saved it.
func (s *Service) setName(ctx context.Context, req *nameRequest) (web.None, error) {
	name := strings.TrimSpace(req.Name)
	if name == "" {
		return web.None{}, fault.Invalid("name", "required", "The name is blank; WhatsApp wants one.")
	}
	return web.None{}, onField("name", s.askDevice(ctx, commandName, accountCommand{Text: name}, nil))
}

type presenceRequest struct {
	Number   string `path:"clientNumber" json:"-"`
	Presence string `json:"presence" validate:"required,oneof=available unavailable"`
}

// setPresence shows the number online, or not.
func (s *Service) setPresence(ctx context.Context, req *presenceRequest) (web.None, error) {
	return web.None{}, s.askDevice(ctx, commandPresence, accountCommand{Online: req.Presence == "available"}, nil)
}
