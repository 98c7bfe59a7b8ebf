package whatsappweb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"go.mau.fi/whatsmeow"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/wire"
)

var _ providers.PhotoFetcher = (*Conn)(nil)

// FetchPhoto opens the profile picture of a person or group. One that is hidden
// from us is none.
func (c *Conn) FetchPhoto(ctx context.Context, of providers.Address, known string) (io.ReadCloser, string, error) {
	info, err := c.client.GetProfilePictureInfo(ctx, wire.JIDOf(of), &whatsmeow.GetProfilePictureParams{ExistingID: known})
	switch {
	case errors.Is(err, whatsmeow.ErrProfilePictureNotSet), errors.Is(err, whatsmeow.ErrProfilePictureUnauthorized):
		return nil, "", nil
	case err != nil:
		return nil, "", fmt.Errorf("ask for a profile picture: %w", err)
	case info == nil:
		return nil, known, nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, info.URL, nil)
	if err != nil {
		return nil, "", fmt.Errorf("fetch a profile picture: %w", err)
	}
	resp, err := c.options.Files.Do(req)
	if err != nil {
		return nil, "", fmt.Errorf("fetch a profile picture: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		_ = resp.Body.Close() // nothing of it is wanted
		return nil, "", fmt.Errorf("fetch a profile picture: WhatsApp answered %s", resp.Status)
	}
	return resp.Body, info.ID, nil
}
