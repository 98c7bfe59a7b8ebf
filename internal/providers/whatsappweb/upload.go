package whatsappweb

import (
	"context"
	"errors"
	"fmt"
	"io"

	"go.mau.fi/whatsmeow"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/preview"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/wire"
)

// mediaTypes are how WhatsApp keeps the files of each kind of message.
var mediaTypes = map[providers.ContentType]whatsmeow.MediaType{
	providers.TypeImage:    whatsmeow.MediaImage,
	providers.TypeSticker:  whatsmeow.MediaImage,
	providers.TypeVideo:    whatsmeow.MediaVideo,
	providers.TypeAudio:    whatsmeow.MediaAudio,
	providers.TypeDocument: whatsmeow.MediaDocument,
}

// upload brings a message's file to WhatsApp, sealed, and says what phones show
// of it; nil when the message has none. The file is streamed, through a
// temporary one, which is gone afterwards.
func (c *Conn) upload(ctx context.Context, out providers.Outbound) (*wire.Upload, error) {
	if out.Media == nil {
		return nil, nil
	}
	kind, known := mediaTypes[out.Content.Type]
	if !known {
		return nil, &providers.SendError{
			Reason: providers.ReasonCapabilityUnsupported, Field: "mediaUri",
			Detail: fmt.Sprintf("WhatsApp Web sends no file with a message of type %s.", out.Content.Type),
		}
	}
	m := out.Media
	file, err := m.Open(ctx)
	if err != nil {
		return nil, fileUnavailable(m.ID, err)
	}
	defer func() { _ = file.Close() }() // it was only read
	temp, err := newTemporary()
	if err != nil {
		return nil, &providers.SendError{Reason: providers.ReasonUnavailable, Retryable: true, Err: err, Detail: "This server has no room to seal the file; check its temporary folder."}
	}
	defer func() { _ = temp.Close() }() // nothing of it is needed any more
	source := &source{from: file}
	// Without its Close, which would be called for us and again by us.
	stored, err := c.client.UploadReader(ctx, source, struct{ io.ReadWriteSeeker }{temp}, kind)
	switch {
	case source.err != nil:
		return nil, fileUnavailable(m.ID, source.err)
	case err != nil:
		return nil, c.uploadError(m.ID, err)
	}
	facts := preview.Look(ctx, out.Content.Type, m.Mimetype, m.Size, m.Open)
	return &wire.Upload{
		UploadResponse: stored, Mimetype: m.Mimetype, FileName: m.FileName,
		Width: facts.Width, Height: facts.Height, Seconds: facts.Seconds, Pages: facts.Pages,
		Thumbnail: facts.Thumbnail, ThumbWidth: facts.ThumbWidth, ThumbHeight: facts.ThumbHeight,
		Waveform: facts.Waveform, Voice: facts.Voice, Animated: facts.Animated,
	}, nil
}

// source keeps apart the failures of reading a file from those of sending it.
type source struct {
	from io.Reader
	err  error
}

// Read reads from the file.
func (s *source) Read(p []byte) (int, error) {
	n, err := s.from.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

func fileUnavailable(id ids.Media, err error) error {
	return &providers.SendError{
		Reason: providers.ReasonMediaUnavailable, Field: "mediaUri", Retryable: true, Err: err,
		Detail: fmt.Sprintf("File %s could not be read from the media store.", id),
	}
}

// uploadError tells whether another try may bring a file to WhatsApp. The client
// says the status in words only.
func (c *Conn) uploadError(id ids.Media, err error) error {
	var status int
	for e := err; e != nil; e = errors.Unwrap(e) {
		if _, scanErr := fmt.Sscanf(e.Error(), "upload failed with status code %d", &status); scanErr == nil {
			break
		}
	}
	switch {
	case status == 413:
		return &providers.SendError{Reason: providers.ReasonMediaTooLarge, Field: "mediaUri", ProviderCode: "413", Err: err, Detail: fmt.Sprintf("WhatsApp finds file %s too large.", id)}
	case status == 415:
		return &providers.SendError{Reason: providers.ReasonMediaTypeUnsupported, Field: "mediaUri", ProviderCode: "415", Err: err, Detail: fmt.Sprintf("WhatsApp does not take files such as %s.", id)}
	case status != 0:
		return &providers.SendError{
			Reason: providers.ReasonUnavailable, Retryable: status >= 500 || status == 408 || status == 429, ProviderCode: fmt.Sprint(status), Err: err,
			Detail: fmt.Sprintf("WhatsApp's media host refused file %s with status %d.", id, status),
		}
	}
	return c.sendError(err, false)
}
