package wire

import (
	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"

	"github.com/cirrus/omnichannel/internal/providers"
)

// voiceType is what phones write for their own voice notes; with another type
// they do not play them as such.
const voiceType = "audio/ogg; codecs=opus"

// composeMedia makes a message with a file.
func composeMedia(c providers.Content, f *Upload) (*waE2E.Message, error) {
	if f == nil {
		return nil, invalid("mediaUri", "A message of type %s needs a file.", c.Type)
	}
	switch c.Type {
	case providers.TypeImage:
		return &waE2E.Message{ImageMessage: f.image(c.Text)}, nil
	case providers.TypeVideo:
		return &waE2E.Message{VideoMessage: f.video(c.Text)}, nil
	case providers.TypeDocument:
		return &waE2E.Message{DocumentMessage: f.document(c.Text)}, nil
	case providers.TypeSticker:
		return &waE2E.Message{StickerMessage: f.sticker()}, nil
	default:
		voice := c.Voice != nil && *c.Voice
		if voice && !f.Voice {
			return nil, refuse(providers.ReasonMediaTypeUnsupported, "asVoice", "A voice note must be Ogg with Opus; this file is %s.", f.Mimetype)
		}
		return &waE2E.Message{AudioMessage: f.audio(voice)}, nil
	}
}

func (f *Upload) image(caption string) *waE2E.ImageMessage {
	return &waE2E.ImageMessage{
		URL: orNil(f.URL), DirectPath: orNil(f.DirectPath), MediaKey: f.MediaKey, FileEncSHA256: f.FileEncSHA256, FileSHA256: f.FileSHA256, FileLength: &f.FileLength,
		Mimetype: orNil(f.Mimetype), Caption: orNil(caption), Width: number(f.Width), Height: number(f.Height), JPEGThumbnail: f.Thumbnail,
	}
}

func (f *Upload) video(caption string) *waE2E.VideoMessage {
	return &waE2E.VideoMessage{
		URL: orNil(f.URL), DirectPath: orNil(f.DirectPath), MediaKey: f.MediaKey, FileEncSHA256: f.FileEncSHA256, FileSHA256: f.FileSHA256, FileLength: &f.FileLength,
		Mimetype: orNil(f.Mimetype), Caption: orNil(caption), Width: number(f.Width), Height: number(f.Height), Seconds: number(f.Seconds), JPEGThumbnail: f.Thumbnail,
	}
}

func (f *Upload) audio(voice bool) *waE2E.AudioMessage {
	m := &waE2E.AudioMessage{
		URL: orNil(f.URL), DirectPath: orNil(f.DirectPath), MediaKey: f.MediaKey, FileEncSHA256: f.FileEncSHA256, FileSHA256: f.FileSHA256, FileLength: &f.FileLength,
		Mimetype: orNil(f.Mimetype), Seconds: number(f.Seconds), PTT: proto.Bool(voice),
	}
	if f.Voice {
		m.Mimetype = proto.String(voiceType)
	}
	if voice {
		m.Waveform = f.Waveform
	}
	return m
}

func (f *Upload) document(caption string) *waE2E.DocumentMessage {
	return &waE2E.DocumentMessage{
		URL: orNil(f.URL), DirectPath: orNil(f.DirectPath), MediaKey: f.MediaKey, FileEncSHA256: f.FileEncSHA256, FileSHA256: f.FileSHA256, FileLength: &f.FileLength,
		Mimetype: orNil(f.Mimetype), Caption: orNil(caption), FileName: orNil(f.FileName), Title: orNil(f.FileName), PageCount: number(f.Pages),
		JPEGThumbnail: f.Thumbnail, ThumbnailWidth: number(f.ThumbWidth), ThumbnailHeight: number(f.ThumbHeight),
	}
}

func (f *Upload) sticker() *waE2E.StickerMessage {
	return &waE2E.StickerMessage{
		URL: orNil(f.URL), DirectPath: orNil(f.DirectPath), MediaKey: f.MediaKey, FileEncSHA256: f.FileEncSHA256, FileSHA256: f.FileSHA256, FileLength: &f.FileLength,
		Mimetype: orNil(f.Mimetype), Width: number(f.Width), Height: number(f.Height), IsAnimated: proto.Bool(f.Animated),
	}
}

// number leaves a field unset where the number is not known.
func number(n int) *uint32 {
	if n <= 0 || int64(n) > 1<<32-1 {
		return nil
	}
	return proto.Uint32(uint32(n))
}
