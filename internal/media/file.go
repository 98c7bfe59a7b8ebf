package media

import (
	"time"

	"github.com/cirrus/omnichannel/internal/ids"
)

// Kind is what a file is to a messenger.
type Kind string

// The kinds; everything that is none of the first four is a document.
const (
	Audio    Kind = "audio"
	Image    Kind = "image"
	Video    Kind = "video"
	Sticker  Kind = "sticker"
	Document Kind = "document"
)

// File is a stored file, as its row has it.
type File struct {
	ID        ids.Media   `bson:"_id"`
	Account   ids.Account `bson:"accountId"`
	Kind      Kind        `bson:"kind"`
	Mimetype  string      `bson:"mimetype"`
	FileName  string      `bson:"fileName,omitempty"`
	Size      int64       `bson:"size"`               // bytes
	SHA256    string      `bson:"sha256"`             // hex
	Uploaded  bool        `bson:"uploaded,omitempty"` // by a caller, for any number of messages
	CreatedAt time.Time   `bson:"createdAt"`
	// Message is what the file was kept for; zero for an uploaded one, and for a
	// photo.
	Message ids.Message `bson:"messageId,omitempty"`
	// Contact is whose photo the file was kept as; zero for every other one.
	Contact ids.Contact `bson:"contactId,omitempty"`
	// CheckAt is when it is looked whether Message or Contact names the file;
	// unset once it was found to.
	CheckAt time.Time `bson:"checkAt,omitempty"`
}

// Hint is what is said of a file before its bytes are seen.
type Hint struct {
	Mimetype string
	FileName string
	MaxBytes int64 // more is refused while streaming
	// Message is the message that the file is for; zero for an upload, and for a
	// photo.
	Message ids.Message
	// Contact is the contact whose photo the file is; zero for every other one.
	Contact ids.Contact
	// ID is the id that the file is to have; zero: a new one.
	ID ids.Media
}

// id is the one that the file gets.
func (h Hint) id() ids.Media {
	if h.ID.IsZero() {
		return ids.New[ids.Media]()
	}
	return h.ID
}
