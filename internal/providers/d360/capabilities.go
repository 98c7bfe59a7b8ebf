package d360

import "github.com/cirrus/omnichannel/internal/providers"

// Sizes of files, in bytes. WhatsApp's KB and MB are binary.
const (
	kib = 1 << 10
	mib = 1 << 20
)

// capabilities is what the Cloud API takes, read from Meta's reference of 2026
// and 360dialog's.
var capabilities = providers.Capabilities{
	Version:            "2026-09-01",
	Text:               true,
	Media:              true,
	Document:           true,
	Sticker:            true,
	Template:           true,
	Buttons:            true,
	Lists:              true,
	StructuredContacts: true,
	Typing:             true,
	ReplyWindowHours:   24,
	Limits: map[providers.ContentType]providers.Limit{
		providers.TypeText:  {MaxText: 4096, IndividualOnly: true},
		providers.TypeImage: {MaxCaption: 1024, MaxBytes: 5 * mib, Mimetypes: []string{"image/jpeg", "image/png"}, IndividualOnly: true},
		providers.TypeVideo: {MaxCaption: 1024, MaxBytes: 16 * mib, Mimetypes: []string{"video/mp4", "video/3gpp"}, IndividualOnly: true},
		providers.TypeAudio: {NoCaption: true, MaxBytes: 16 * mib, IndividualOnly: true,
			Mimetypes: []string{"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"}},
		providers.TypeDocument: {MaxCaption: 1024, MaxBytes: 100 * mib, IndividualOnly: true},
		providers.TypeSticker: {NoCaption: true, MaxBytes: 100 * kib, MaxAnimated: 500 * kib,
			Mimetypes: []string{"image/webp"}, IndividualOnly: true},
		providers.TypeLocation: {IndividualOnly: true},
		providers.TypeContacts: {IndividualOnly: true},
		providers.TypeReaction: {IndividualOnly: true},
		providers.TypeTemplate: {IndividualOnly: true},
		providers.TypeInteractive: {MaxText: 1024, MaxButtons: 3, MaxSections: 10, MaxRows: 10, MaxTitle: 20,
			MaxHeader: 60, MaxFooter: 60, IndividualOnly: true},
	},
}

// Capabilities is what 360dialog can do. The caller must not change the limits.
func (a *Adapter) Capabilities() providers.Capabilities { return capabilities }
