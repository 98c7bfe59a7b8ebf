package whatsapp

import (
	"cmp"
	"encoding/base64"
	"fmt"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"
)

// mediaKinds says which key and which type a file has that names none.
var mediaKinds = map[string]struct {
	kind     whatsmeow.MediaType
	mimeType string
}{
	"image":    {whatsmeow.MediaImage, "image/png"},
	"video":    {whatsmeow.MediaVideo, "video/mp4"},
	"audio":    {whatsmeow.MediaAudio, "audio/mpeg"},
	"voice":    {whatsmeow.MediaAudio, "audio/ogg; codecs=opus"},
	"document": {whatsmeow.MediaDocument, "application/pdf"},
	"sticker":  {whatsmeow.MediaImage, "image/webp"},
}

// samples are the smallest files of their types that programs take for such.
var samples = map[string]string{
	"image/png":              "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
	"image/webp":             "UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAgA0JaQAA3AA/vuUAAA=",
	"video/mp4":              "AAAAGGZ0eXBtcDQyAAAAAG1wNDJpc29tAAAACGZyZWUAAAAIbWRhdA==",
	"audio/mpeg":             "//uQxAAAAAAAAAAAAAAAAAAAAAAASW5mbwAAAA8AAAABAAAAkAA=",
	"audio/ogg; codecs=opus": "T2dnUwACAAAAAAAAAAABAAAAAAAAAAAAAAABE09wdXNIZWFkAQE4AYC7AAAAAAA=",
	"application/pdf":        "JVBERi0xLjQKMSAwIG9iago8PC9UeXBlL0NhdGFsb2c+PgplbmRvYmoKdHJhaWxlcgo8PC9Sb290IDEgMCBSPj4KJSVFT0Y=",
}

// sample is a small file of a type.
func sample(mimeType string) []byte {
	encoded, there := samples[mimeType]
	if !there {
		return []byte("a file of the sandbox, of type " + mimeType + "\n")
	}
	raw, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		panic("whatsapp sandbox: a sample file is not base64: " + mimeType) // a constant
	}
	return raw
}

// sealDraft puts the file of a draft onto the shelf, if it is of a type that has one.
func (s *Server) sealDraft(d *Draft, owner string) (file *sealed, err error) {
	sort, has := mediaKinds[d.Type]
	if !has {
		return nil, nil
	}
	m := Media{}
	if d.Media != nil {
		m = *d.Media
	}
	m.MimeType = cmp.Or(m.MimeType, sort.mimeType)
	if len(m.Bytes) == 0 {
		m.Bytes = sample(m.MimeType)
	}
	d.Media = &m
	f, err := s.sealMedia(m.Bytes, sort.kind, owner)
	return &f, err
}

// mediaMessage refers to the file that sealDraft put away.
func mediaMessage(d Draft, f *sealed, info *waE2E.ContextInfo, now int64) (*waE2E.Message, error) {
	if f == nil {
		return nil, fmt.Errorf("message type %q does not exist", d.Type)
	}
	out := refer(d, *d.Media, *f, info, now)
	if d.ViewOnce {
		out = &waE2E.Message{ViewOnceMessageV2: &waE2E.FutureProofMessage{Message: out}}
	}
	return out, nil
}

func refer(d Draft, m Media, f sealed, info *waE2E.ContextInfo, now int64) *waE2E.Message {
	caption := proto.String(d.Text)
	if d.Text == "" {
		caption = nil
	}
	url, seconds, once := proto.String("https://mmg.whatsapp.net"+f.directPath), proto.Uint32(uint32(max(m.Seconds, 1))), proto.Bool(d.ViewOnce)
	switch d.Type {
	case "image":
		return &waE2E.Message{ImageMessage: &waE2E.ImageMessage{
			Mimetype: &m.MimeType, Caption: caption, Width: proto.Uint32(1), Height: proto.Uint32(1), ViewOnce: once, ContextInfo: info,
			URL: url, DirectPath: &f.directPath, MediaKey: f.key, FileSHA256: f.plainHash, FileEncSHA256: f.sealedHash, FileLength: &f.length, MediaKeyTimestamp: &now,
		}}
	case "video":
		return &waE2E.Message{VideoMessage: &waE2E.VideoMessage{
			Mimetype: &m.MimeType, Caption: caption, Seconds: seconds, GifPlayback: &m.Gif, ViewOnce: once, ContextInfo: info,
			URL: url, DirectPath: &f.directPath, MediaKey: f.key, FileSHA256: f.plainHash, FileEncSHA256: f.sealedHash, FileLength: &f.length, MediaKeyTimestamp: &now,
		}}
	case "audio", "voice":
		return &waE2E.Message{AudioMessage: &waE2E.AudioMessage{
			Mimetype: &m.MimeType, PTT: proto.Bool(d.Type == "voice"), Seconds: seconds, ViewOnce: once, ContextInfo: info,
			URL: url, DirectPath: &f.directPath, MediaKey: f.key, FileSHA256: f.plainHash, FileEncSHA256: f.sealedHash, FileLength: &f.length, MediaKeyTimestamp: &now,
		}}
	case "sticker":
		return &waE2E.Message{StickerMessage: &waE2E.StickerMessage{
			Mimetype: &m.MimeType, IsAnimated: &m.Animated, Width: proto.Uint32(512), Height: proto.Uint32(512), ContextInfo: info,
			URL: url, DirectPath: &f.directPath, MediaKey: f.key, FileSHA256: f.plainHash, FileEncSHA256: f.sealedHash, FileLength: &f.length, MediaKeyTimestamp: &now,
		}}
	}
	name := cmp.Or(m.FileName, "document.pdf")
	document := &waE2E.Message{DocumentMessage: &waE2E.DocumentMessage{
		Mimetype: &m.MimeType, FileName: &name, Title: &name, Caption: caption, ContextInfo: info,
		URL: url, DirectPath: &f.directPath, MediaKey: f.key, FileSHA256: f.plainHash, FileEncSHA256: f.sealedHash, FileLength: &f.length, MediaKeyTimestamp: &now,
	}}
	if caption == nil {
		return document
	}
	return &waE2E.Message{DocumentWithCaptionMessage: &waE2E.FutureProofMessage{Message: document}}
}
