package gateway

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb"
	"github.com/cirrus/omnichannel/internal/web"
)

// The commands about contacts.
const (
	commandContacts = "contacts"
	commandProfile  = "profile"
	commandPhoto    = "photo"
)

// pictures are the types that a profile picture may have.
var pictures = []string{"image/jpeg", "image/png", "image/webp"}

// photo is a picture on its way between servers; empty: none.
type photo struct{ Image []byte }

func contactCommands(s *channels.Service) {
	type conn = *whatsappweb.Conn
	// Cut where the device is held: all of them may be more than one answer holds.
	answer(s, commandContacts, func(ctx context.Context, c conn, q web.ListQuery) (mongodb.ListPage[whatsappweb.Known], error) {
		all, err := c.Contacts(ctx)
		if err != nil {
			return mongodb.ListPage[whatsappweb.Known]{}, err
		}
		return pageOf(q, all, func(k whatsappweb.Known) string { return cmp.Or(k.Phone, k.LID) })
	})
	answer(s, commandProfile, func(ctx context.Context, c conn, of providers.Address) (whatsappweb.Profile, error) {
		return c.Profile(ctx, of)
	})
	answer(s, commandPhoto, func(ctx context.Context, c conn, of providers.Address) (photo, error) {
		image, err := c.Photo(ctx, of)
		return photo{image}, err
	})
}

// KnownView is somebody whom the number's device knows; what it was not told is
// null.
type KnownView struct {
	WhoView
	Name         *string `json:"name"` // the first there is of the others
	FullName     *string `json:"fullName"`
	FirstName    *string `json:"firstName"`
	PushName     *string `json:"pushName"`
	BusinessName *string `json:"businessName"`
}

// ProfileView is that with what they show to the number.
type ProfileView struct {
	KnownView
	About    *string `json:"about"`
	HasPhoto bool    `json:"hasPhoto"`
}

func knownView(k whatsappweb.Known) KnownView {
	return KnownView{
		WhoView: whoView(k.Who), Name: given(cmp.Or(k.FullName, k.FirstName, k.BusinessName, k.PushName)),
		FullName: given(k.FullName), FirstName: given(k.FirstName), PushName: given(k.PushName), BusinessName: given(k.BusinessName),
	}
}

// listContacts lists whom the number's device knows by a name.
func (s *Service) listContacts(ctx context.Context, req *listRequest) (mongodb.ListPage[KnownView], error) {
	var page mongodb.ListPage[whatsappweb.Known]
	err := s.askDevice(ctx, commandContacts, req.ListQuery, &page)
	return web.Page(page, knownView), err
}

// contact tells what is known of somebody on WhatsApp.
func (s *Service) contact(ctx context.Context, req *personRequest) (ProfileView, error) {
	of, err := person(req.Contact)
	if err != nil {
		return ProfileView{}, err
	}
	var profile whatsappweb.Profile
	if err := s.askDevice(ctx, commandProfile, of, &profile); err != nil {
		return ProfileView{}, err
	}
	if profile.Who == (whatsappweb.Who{}) {
		return ProfileView{}, fault.New(fault.NumberNotOnWhatsApp, "Nobody is on WhatsApp under %.40q.", req.Contact)
	}
	return ProfileView{KnownView: knownView(profile.Known), About: given(profile.About), HasPhoto: profile.PhotoID != ""}, nil
}

// contactPhoto gives somebody's profile picture.
func (s *Service) contactPhoto(c *gin.Context) error {
	if err := web.OnlyQuery(c); err != nil {
		return err
	}
	of, err := person(c.Param("contact"))
	if err != nil {
		return err
	}
	var got photo
	if err := s.askDevice(c.Request.Context(), commandPhoto, of, &got); err != nil {
		return err
	}
	if len(got.Image) == 0 {
		return fault.New(fault.NotFound, "%.40q shows no profile picture to this number: there is none, it is hidden, or nobody is there.", c.Param("contact"))
	}
	kind := http.DetectContentType(got.Image)
	if !slices.Contains(pictures, kind) {
		return fault.New(fault.ProviderUnavailable, "WhatsApp gave something of type %q for the picture of %.40q.", kind, c.Param("contact"))
	}
	c.Header("Cache-Control", "no-store")
	c.Header("X-Content-Type-Options", "nosniff")
	c.Data(http.StatusOK, kind, got.Image)
	return nil
}
