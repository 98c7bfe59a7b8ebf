package whatsappweb

import (
	"context"
	"errors"
	"io"

	"go.mau.fi/whatsmeow/types"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/preview"
)

// GroupPicture makes what SetGroupPhoto takes of a JPEG, PNG or still WebP: a
// square JPEG of at most 640 pixels each way, as WhatsApp's own clients send. open
// gives the file from its start. A file that is none is a *providers.SendError.
func GroupPicture(ctx context.Context, open func(context.Context) (io.ReadCloser, error)) ([]byte, error) {
	picture, err := preview.Square(ctx, open)
	switch {
	case errors.Is(err, preview.ErrNoPicture):
		return nil, &providers.SendError{
			Reason: providers.ReasonMediaTypeUnsupported, Field: "mediaUri", Err: err,
			Detail: "The picture of a group is made of a JPEG, a PNG or a still WebP; this file is none of them, or broken.",
		}
	case errors.Is(err, preview.ErrVastPicture):
		return nil, &providers.SendError{
			Reason: providers.ReasonMediaTooLarge, Field: "mediaUri", Err: err,
			Detail: "The picture has more than 50 million pixels. Send a smaller one; phones show 640 each way.",
		}
	}
	return picture, err
}

// SetGroupPhoto changes the picture of a group, to what GroupPicture made; none
// takes it away.
func (c *Conn) SetGroupPhoto(ctx context.Context, id string, picture []byte) error {
	return c.onGroup(ctx, id, "change the picture of", func(jid types.JID) error {
		_, err := c.client.SetGroupPhoto(ctx, jid, picture) // nil, not empty, takes it away
		return err
	})
}
