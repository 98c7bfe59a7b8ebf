package providers

// Capabilities is what a provider can do, as data: the table of the seed's
// section 7 and the limits behind it.
type Capabilities struct {
	// Version changes whenever a value does (a date), so that readers know
	// when to ask again.
	Version string `json:"version"`

	Text               bool `json:"text"`
	Media              bool `json:"media"`
	Document           bool `json:"document"`
	Sticker            bool `json:"sticker"`
	Groups             bool `json:"groups"`
	Template           bool `json:"template"`
	Buttons            bool `json:"buttons"`
	Lists              bool `json:"lists"`
	StructuredContacts bool `json:"structuredContacts"`
	Typing             bool `json:"typing"`
	Delete             bool `json:"delete"`
	ValidateNumber     bool `json:"validateNumber"`
	ProfilePhoto       bool `json:"profilePhoto"`

	// ReplyWindowHours is how long after a contact's last message free-form
	// messages may go out; 0: always.
	ReplyWindowHours int `json:"replyWindowHours"`
	// Limits has one entry per type of content that the provider carries.
	Limits map[ContentType]Limit `json:"limits"`
}

// Limit is what a provider takes of one type of content; 0 or empty: no limit.
type Limit struct {
	MaxText        int      `json:"maxText,omitempty"`     // characters of a text or an interactive's body
	MaxCaption     int      `json:"maxCaption,omitempty"`  // characters
	NoCaption      bool     `json:"noCaption,omitempty"`   // a text beside it is refused
	MaxBytes       int64    `json:"maxBytes,omitempty"`    // of the file
	MaxAnimated    int64    `json:"maxAnimated,omitempty"` // bytes of an animated sticker
	Mimetypes      []string `json:"mimetypes,omitempty"`
	MaxButtons     int      `json:"maxButtons,omitempty"`
	MaxSections    int      `json:"maxSections,omitempty"`
	MaxRows        int      `json:"maxRows,omitempty"` // over all sections
	MaxTitle       int      `json:"maxTitle,omitempty"`
	MaxHeader      int      `json:"maxHeader,omitempty"`
	MaxFooter      int      `json:"maxFooter,omitempty"`
	IndividualOnly bool     `json:"individualOnly,omitempty"` // not in groups
}
