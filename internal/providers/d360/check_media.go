package d360

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/cirrus/omnichannel/internal/providers"
)

// checkMedia checks a file's type and size and the text beside it.
func checkMedia(ctx context.Context, out providers.Outbound) error {
	kind := out.Content.Type
	limit := capabilities.Limits[kind]
	if limit.NoCaption && out.Content.Text != "" {
		return invalid("text", "WhatsApp shows no text beside a message of type %s.", kind)
	}
	if !limit.NoCaption {
		if err := checkLength("text", "The caption", out.Content.Text, limit.MaxCaption); err != nil {
			return err
		}
	}
	if out.Media == nil {
		return invalid("mediaUri", "A message of type %s needs a file.", kind)
	}
	return checkFile(ctx, kind, out.Content.Animated, out.Media)
}

// checkFile checks a file against the limits of a kind of message. animated is
// what is known of a sticker, nil nothing.
func checkFile(ctx context.Context, kind providers.ContentType, animated *bool, m *providers.OutboundMedia) error {
	limit := capabilities.Limits[kind]
	if known := uploadType(m.Mimetype); len(limit.Mimetypes) > 0 && !slices.Contains(limit.Mimetypes, known) {
		return refuse(providers.ReasonMediaTypeUnsupported, "mediaUri", "360dialog takes no file of type %s as %s; it takes %s.",
			known, kind, strings.Join(limit.Mimetypes, ", "))
	}
	largest := limit.MaxBytes
	if limit.MaxAnimated > 0 && m.Size > limit.MaxBytes && m.Size <= limit.MaxAnimated && moves(ctx, animated, m) {
		largest = limit.MaxAnimated
	}
	if m.Size > largest {
		return refuse(providers.ReasonMediaTooLarge, "mediaUri", "The file has %d bytes; 360dialog takes %d of type %s.", m.Size, largest, kind)
	}
	return nil
}

// moves tells whether a sticker is animated, by its bytes where nobody said so.
// One that cannot be read is left to the provider.
func moves(ctx context.Context, animated *bool, m *providers.OutboundMedia) bool {
	if animated != nil {
		return *animated
	}
	if m.Open == nil {
		return true
	}
	file, err := m.Open(ctx)
	if err != nil {
		return true
	}
	defer file.Close()
	head := make([]byte, 21)
	if _, err := io.ReadFull(file, head); err != nil {
		return true
	}
	// The extended WebP header's flags: 0x02 is animation.
	return string(head[:4]) == "RIFF" && string(head[8:16]) == "WEBPVP8X" && head[20]&0x02 != 0
}
