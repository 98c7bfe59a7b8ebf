package wire

import (
	"cmp"
	"strings"

	"go.mau.fi/whatsmeow/proto/waE2E"

	"github.com/cirrus/omnichannel/internal/providers"
)

func readImage(b body) (said, bool) {
	m := b.message.GetImageMessage()
	return withFile(m, "", providers.Content{Type: providers.TypeImage, Text: m.GetCaption()})
}

// readVideo reads films; a GIF is one without sound that plays for ever.
func readVideo(b body) (said, bool) {
	m := b.message.GetVideoMessage()
	return withFile(m, "", providers.Content{Type: providers.TypeVideo, Text: m.GetCaption()})
}

// readPTV reads the round video notes.
func readPTV(b body) (said, bool) {
	m := b.message.GetPtvMessage()
	return withFile(m, "", providers.Content{Type: providers.TypeVideo, Text: m.GetCaption()})
}

func readAudio(b body) (said, bool) {
	m := b.message.GetAudioMessage()
	return withFile(m, "", providers.Content{Type: providers.TypeAudio, Voice: providers.Bool(m.GetPTT())})
}

func readDocument(b body) (said, bool) {
	m := b.message.GetDocumentMessage()
	name := cmp.Or(m.GetFileName(), m.GetTitle())
	c := providers.Content{Type: providers.TypeDocument, Text: m.GetCaption()}
	// Some phones repeat the file's name where a caption would stand.
	if strings.TrimSpace(c.Text) == name {
		c.Text = ""
	}
	return withFile(m, name, c)
}

func readSticker(b body) (said, bool) {
	m := b.message.GetStickerMessage()
	animated := m.GetIsAnimated() || m.GetIsLottie() || b.lottie
	return withFile(m, "", providers.Content{Type: providers.TypeSticker, Animated: providers.Bool(animated)})
}

// captioned are the kinds whose caption can be edited.
var captioned = map[string]bool{"imageMessage": true, "videoMessage": true, "ptvMessage": true, "documentMessage": true}

// readEdited reads what an edit puts in a message's place. Of a file only the
// caption can change, and phones may repeat no more than that: the file stays.
func readEdited(b body, kind string) said {
	if captioned[kind] && !b.isSecret(kind) {
		s, _ := readers[kind](b)
		return s
	}
	return read(b, kind)
}

// withFile joins a content with its file; one that says neither where it is
// nor how to open it is none.
func withFile(m fileMessage, name string, c providers.Content) (said, bool) {
	return said{content: c, file: m, fileName: name}, pathOf(m) != "" && len(m.GetMediaKey()) > 0
}

// fileMessage is what all kinds of messages with a file have.
type fileMessage interface {
	GetURL() string
	GetDirectPath() string
	GetMediaKey() []byte
	GetFileSHA256() []byte
	GetFileEncSHA256() []byte
	GetFileLength() uint64
	GetMimetype() string
}

var (
	_ fileMessage = (*waE2E.ImageMessage)(nil)
	_ fileMessage = (*waE2E.VideoMessage)(nil)
	_ fileMessage = (*waE2E.AudioMessage)(nil)
	_ fileMessage = (*waE2E.DocumentMessage)(nil)
	_ fileMessage = (*waE2E.StickerMessage)(nil)
)
