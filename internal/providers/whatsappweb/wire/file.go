package wire

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"

	"github.com/cirrus/omnichannel/internal/providers"
)

// File is a file of a message, as whatsmeow downloads it. It implements
// whatsmeow.DownloadableMessage.
type File struct {
	Type       whatsmeow.MediaType
	DirectPath string // on WhatsApp's media hosts; begins with a slash
	// MediaKey opens the file; the digests are of the file as it lies there and
	// of the file itself.
	MediaKey, FileEncSHA256, FileSHA256 []byte
	Length                              uint64 // bytes of the file itself, as the sender says; 0: not said
	// Message names the message that brought the file, as far as the phone needs
	// to upload it again (Client.SendMediaRetryReceipt): ID, Chat, Sender,
	// IsFromMe and IsGroup.
	Message types.MessageInfo
}

// GetDirectPath is where the file lies on WhatsApp's media hosts.
func (f File) GetDirectPath() string { return f.DirectPath }

// GetMediaKey is what opens the file.
func (f File) GetMediaKey() []byte { return f.MediaKey }

// GetFileSHA256 is the digest of the file itself.
func (f File) GetFileSHA256() []byte { return f.FileSHA256 }

// GetFileEncSHA256 is the digest of the file as it lies there.
func (f File) GetFileEncSHA256() []byte { return f.FileEncSHA256 }

// GetMediaType is the kind of file, which the keys depend on.
func (f File) GetMediaType() whatsmeow.MediaType { return f.Type }

var (
	_ whatsmeow.DownloadableMessage = File{}
	_ whatsmeow.MediaTypeable       = File{}
)

// fileID is a File as MediaRef.ID keeps it: compact JSON.
type fileID struct {
	Type    string `json:"t"`
	Path    string `json:"p"`
	Key     []byte `json:"k"`
	Sealed  []byte `json:"e"`
	Plain   []byte `json:"s"`
	Length  uint64 `json:"n,omitempty"`
	Message string `json:"m"`
	Chat    string `json:"c"`
	Sender  string `json:"u,omitempty"` // in groups
	Mine    bool   `json:"o,omitempty"`
}

// fileTypes are the kinds of file that messages carry. Stickers are images.
var fileTypes = map[string]whatsmeow.MediaType{
	"image":    whatsmeow.MediaImage,
	"video":    whatsmeow.MediaVideo,
	"audio":    whatsmeow.MediaAudio,
	"document": whatsmeow.MediaDocument,
}

// media is the reference to a message's file; nil without one. It holds the
// file's key and is as secret as the file.
func (r reading) media(s said) *providers.MediaRef {
	if s.file == nil {
		return nil
	}
	id := fileID{
		Path:    pathOf(s.file),
		Key:     s.file.GetMediaKey(),
		Sealed:  s.file.GetFileEncSHA256(),
		Plain:   s.file.GetFileSHA256(),
		Length:  s.file.GetFileLength(),
		Message: r.info.ID,
		Chat:    r.info.Chat.ToNonAD().String(),
		Mine:    r.info.IsFromMe,
	}
	if message, ok := s.file.(whatsmeow.DownloadableMessage); ok {
		id.Type = typeName(whatsmeow.GetMediaType(message))
	}
	if r.info.IsGroup {
		id.Sender = r.info.Sender.ToNonAD().String()
	}
	ref := &providers.MediaRef{ID: string(jsonOf(id)), Mimetype: s.file.GetMimetype(), FileName: s.fileName}
	if len(id.Plain) == sha256.Size {
		ref.SHA256 = hex.EncodeToString(id.Plain)
	}
	return ref
}

func typeName(kind whatsmeow.MediaType) string {
	for name, known := range fileTypes {
		if known == kind {
			return name
		}
	}
	return ""
}

// pathOf is where a file lies on WhatsApp's media hosts; old senders say it in
// the URL only.
func pathOf(m fileMessage) string {
	if path := m.GetDirectPath(); path != "" {
		return path
	}
	where, err := url.Parse(m.GetURL())
	if err != nil || where.Scheme != "https" || !strings.HasSuffix(where.Hostname(), ".whatsapp.net") || where.Path == "" {
		return ""
	}
	return where.RequestURI()
}

var errNoFile = errors.New("the media reference names no file of WhatsApp")

// FileOf reads a MediaRef that ReadMessage made. An error says what is wrong
// with one that it did not, and never holds the reference itself.
func FileOf(ref providers.MediaRef) (File, error) {
	var id fileID
	decoder := json.NewDecoder(strings.NewReader(ref.ID))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&id); err != nil {
		return File{}, fmt.Errorf("%w: it is not of the form that this adapter writes", errNoFile)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return File{}, fmt.Errorf("%w: something stands behind it", errNoFile)
	}
	if err := id.check(); err != nil {
		return File{}, err
	}
	chat, err := types.ParseJID(id.Chat)
	if err != nil {
		return File{}, fmt.Errorf("%w: its chat is unreadable", errNoFile)
	}
	f := File{
		Type: fileTypes[id.Type], DirectPath: id.Path,
		MediaKey: bytes.Clone(id.Key), FileEncSHA256: bytes.Clone(id.Sealed), FileSHA256: bytes.Clone(id.Plain), Length: id.Length,
	}
	f.Message.ID, f.Message.Chat, f.Message.IsFromMe = id.Message, chat, id.Mine
	if id.Sender != "" {
		f.Message.IsGroup = true
		if f.Message.Sender, err = types.ParseJID(id.Sender); err != nil {
			return File{}, fmt.Errorf("%w: its sender is unreadable", errNoFile)
		}
	}
	return f, nil
}

// check refuses what cannot be downloaded.
func (id fileID) check() error {
	switch {
	case fileTypes[id.Type] == "":
		return fmt.Errorf("%w: its type is unknown", errNoFile)
	case !strings.HasPrefix(id.Path, "/"):
		return fmt.Errorf("%w: its path is not one of WhatsApp's media hosts", errNoFile)
	case len(id.Key) == 0:
		return fmt.Errorf("%w: its key is missing", errNoFile)
	case len(id.Sealed) != sha256.Size || len(id.Plain) != sha256.Size:
		return fmt.Errorf("%w: its digests do not have %d bytes", errNoFile, sha256.Size)
	default:
		return nil
	}
}
