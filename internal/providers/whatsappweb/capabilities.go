package whatsappweb

import "github.com/cirrus/omnichannel/internal/providers"

const mib = 1 << 20

// capabilities is what a linked device can do. The sizes are what WhatsApp's
// own apps send without turning a file into a document.
var capabilities = providers.Capabilities{
	Version:            "2026-09-01",
	Text:               true,
	Media:              true,
	Document:           true,
	Sticker:            true,
	Groups:             true,
	StructuredContacts: true,
	Typing:             true,
	Delete:             true,
	ValidateNumber:     true,
	ProfilePhoto:       true,
	Limits: map[providers.ContentType]providers.Limit{
		providers.TypeText:     {MaxText: 65536},
		providers.TypeImage:    {MaxCaption: 65536, MaxBytes: 16 * mib},
		providers.TypeVideo:    {MaxCaption: 65536, MaxBytes: 64 * mib},
		providers.TypeAudio:    {NoCaption: true, MaxBytes: 16 * mib},
		providers.TypeDocument: {MaxCaption: 65536, MaxBytes: 2048 * mib},
		providers.TypeSticker:  {NoCaption: true, MaxBytes: mib, Mimetypes: []string{"image/webp"}},
		providers.TypeLocation: {},
		providers.TypeContacts: {},
		providers.TypeReaction: {},
	},
}

// Capabilities is what a linked device can do. The caller must not change the
// limits.
func Capabilities() providers.Capabilities { return capabilities }
