package contacts

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// Collection is where contacts are.
const Collection = "contacts"

// Type tells a person from a group.
type Type string

// The types of contact.
const (
	Individual Type = "individual"
	GroupType  Type = "group"
)

// Condition is a contact's place in its life: live, or gone in one of two ways.
type Condition string

// The conditions. Only a live contact takes messages.
const (
	Live    Condition = "live"
	Merged  Condition = "merged"  // MergedInto answers in its place
	Erasing Condition = "erasing" // cut off; the rest is being deleted
)

// Contact is one person, or one group, on one channel.
type Contact struct {
	ID         ids.Contact         `bson:"_id"`
	Channel    ids.Channel         `bson:"channelId"`
	Account    ids.Account         `bson:"accountId"`
	Type       Type                `bson:"type"`
	Condition  Condition           `bson:"condition"`
	Identities []string            `bson:"identities,omitempty"` // address keys, no two live contacts of a channel share one
	Addresses  []providers.Address `bson:"addresses,omitempty"`  // as the provider wrote them
	ReplyTo    providers.Address   `bson:"replyTo,omitempty"`    // what the provider used last
	Identifier string              `bson:"contactIdentifier"`    // as first seen or as an API caller set it
	Name       string              `bson:"name"`                 // at most MaxName runes
	CustomName string              `bson:"customName,omitempty"`
	Username   string              `bson:"username,omitempty"`
	Company    string              `bson:"companyName,omitempty"`
	Photo      string              `bson:"photo,omitempty"`
	Platform   string              `bson:"platform,omitempty"` // slug of its exclusive platform
	TagIDs     []ids.Tag           `bson:"tagIds,omitempty"`
	IsIgnored  bool                `bson:"isIgnored"`
	Members    []string            `bson:"participants,omitempty"` // of a group, as printed
	NameKey    string              `bson:"nameKey"`                // what lists sort by: the shown name, folded, its first nameKeyMost bytes
	Search     []string            `bson:"search,omitempty"`       // what a search by name looks up, see SearchKeys
	Names      string              `bson:"names,omitempty"`        // all names, folded, a line each: what the rest of a long search is held against
	// NameGiven: an API caller chose Name, and no profile's replaces it.
	NameGiven bool `bson:"nameGiven,omitempty"`
	// PhotoVersion is of a Photo that came from the provider, empty for one that
	// somebody chose; PhotoFile is the file that came last; PhotoDue: the
	// provider is to be asked.
	PhotoVersion string      `bson:"photoVersion,omitempty"`
	PhotoFile    ids.Media   `bson:"photoFile,omitempty"`
	PhotoDue     bool        `bson:"photoDue,omitempty"`
	MergedInto   ids.Contact `bson:"mergedInto,omitempty"`
	CreatedAt    time.Time   `bson:"createdAt"`
	UpdatedAt    time.Time   `bson:"updatedAt"`
	// LastInboundAt is when the person wrote last, as far as that was not into the
	// session that is open: the next one's reply window begins there.
	LastInboundAt time.Time `bson:"lastInboundAt,omitempty"`
}

// NewContact makes a live contact of a party, as yet without anything an operator
// may set.
func NewContact(id ids.Contact, account ids.Account, channel ids.Channel, kind Type, addresses []providers.Address, name string, at time.Time) Contact {
	c := Contact{
		ID: id, Account: account, Channel: channel, Type: kind, Condition: Live,
		Addresses: slices.Clone(addresses), Identities: KeysOf(addresses), ReplyTo: addresses[0],
		Identifier: addresses[0].Print(), Name: name, CreatedAt: at, UpdatedAt: at,
	}
	c.Index()
	return c
}

// KeysOf gives the identities of addresses, each once.
func KeysOf(addresses []providers.Address) []string {
	keys := make([]string, 0, len(addresses))
	for _, address := range addresses {
		if key := address.Key(); !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// Shown is the name that people see: the custom one where there is one.
func (c *Contact) Shown() string {
	switch {
	case c.CustomName != "":
		return c.CustomName
	case c.Name != "":
		return c.Name
	default:
		return c.Identifier
	}
}

// Index sets the shadow fields that lists sort and search by.
func (c *Contact) Index() {
	c.NameKey = clipped(Fold(c.Shown()), nameKeyMost)
	c.Search = SearchKeys(c.CustomName, c.Name)
	c.Names = strings.TrimSpace(Fold(c.Name) + "\n" + Fold(c.CustomName))
}

const (
	// MaxName is how long a name may be, in runes.
	MaxName = 512
	// nameKeyMost is how much of a name lists sort by, in bytes: it stands in an
	// index, and in cursors.
	nameKeyMost = 200
)

// ClipName cuts a name that a provider told without measure.
func ClipName(name string) string {
	runes := 0
	for at := range name {
		if runes == MaxName {
			return name[:at]
		}
		runes++
	}
	return name
}

// clipped cuts a text to so many bytes at most, between two runes.
func clipped(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}

// Fold lower-cases a text and takes its accents and doubled spaces away.
func Fold(text string) string {
	plain := norm.NFC.String(strings.Map(withoutAccents, norm.NFD.String(text)))
	return strings.Join(strings.Fields(strings.ToLower(plain)), " ")
}

// withoutAccents drops the marks that NFD sets apart from their letters.
func withoutAccents(r rune) rune {
	if unicode.Is(unicode.Mn, r) {
		return -1
	}
	return r
}

// prefixLengths are the lengths, in runes, of the name prefixes that are
// indexed. A search takes the longest that its text reaches and filters the
// rest, so that few rows are looked at for nothing and a new contact costs few
// index entries.
var prefixLengths = []int{1, 2, 3, 5, 8}

// maxSearchWords bounds the index entries that one name makes.
const maxSearchWords = 8

// SearchKeys gives what a search by name looks in: the indexed prefixes of the
// names from each of their words on.
func SearchKeys(names ...string) []string {
	var keys []string
	for _, name := range names {
		letters := []rune(Fold(name))
		words := 0
		for i := range letters {
			if words == maxSearchWords {
				break
			}
			if !beginsWord(letters, i) {
				continue
			}
			words++
			for _, n := range prefixLengths {
				if key := string(letters[i:min(i+n, len(letters))]); i+n <= len(letters) && !slices.Contains(keys, key) {
					keys = append(keys, key)
				}
			}
		}
	}
	return keys
}

// beginsWord tells whether a word of a folded name begins there: behind a space,
// and where letters or digits begin behind anything else, such as a bracket.
func beginsWord(letters []rune, i int) bool {
	if i == 0 || letters[i-1] == ' ' {
		return true
	}
	return ofWord(letters[i]) && !ofWord(letters[i-1])
}

// ofWord tells what words are made of; marks are of the letter before them.
func ofWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// wordStart is beginsWord as a regular expression over Contact.Names.
const wordStart = `(^|[ \n]|[^\p{L}\p{Nd}\p{M}])`

// searchKey gives the indexed prefix that a search text reaches.
func searchKey(folded string) string {
	letters := []rune(folded)
	for i := len(prefixLengths) - 1; i >= 0; i-- {
		if n := prefixLengths[i]; n <= len(letters) {
			return string(letters[:n])
		}
	}
	return ""
}

// Absorb takes over what another contact has that this one lacks: they are one
// person. Ignored and tags unite; what is set here stays.
func (c *Contact) Absorb(other Contact) {
	for _, key := range other.Identities {
		if !slices.Contains(c.Identities, key) {
			c.Identities = append(c.Identities, key)
		}
	}
	for _, address := range other.Addresses {
		if !slices.Contains(c.Addresses, address) {
			c.Addresses = append(c.Addresses, address)
		}
	}
	for _, tag := range other.TagIDs {
		if !slices.Contains(c.TagIDs, tag) {
			c.TagIDs = append(c.TagIDs, tag)
		}
	}
	c.IsIgnored = c.IsIgnored || other.IsIgnored
	if other.LastInboundAt.After(c.LastInboundAt) {
		c.LastInboundAt = other.LastInboundAt
	}
	if c.Name == "" {
		c.NameGiven = other.NameGiven
	}
	for _, field := range []struct{ mine, theirs *string }{
		{&c.Name, &other.Name}, {&c.CustomName, &other.CustomName}, {&c.Username, &other.Username},
		{&c.Company, &other.Company}, {&c.Platform, &other.Platform},
	} {
		if *field.mine == "" {
			*field.mine = *field.theirs
		}
	}
	if c.Photo == "" && other.PhotoVersion == "" { // what the provider shows is asked anew: the file is the other's
		c.Photo = other.Photo
	}
	c.PhotoDue = c.PhotoDue || other.PhotoDue || c.Photo == "" && other.Photo != ""
}
