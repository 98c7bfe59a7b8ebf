package preview

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"
)

// maxSide bounds each side of a picture that is decoded, in pixels: scaling one
// of a single column of millions would cost as much memory as many pictures.
const maxSide = 1 << 16

// pixels is how pictures of one format are read.
type pixels struct {
	measure  func(io.Reader) (image.Config, error)
	decode   func(io.Reader) (image.Image, error)
	turned   func(head []byte) orientation // nil: never
	animated func(head []byte) bool        // nil: not told
}

var pictures = map[format]pixels{
	formatJPEG: {measure: jpeg.DecodeConfig, decode: jpeg.Decode, turned: exifOrientation},
	formatPNG:  {measure: png.DecodeConfig, decode: png.Decode},
	formatGIF:  {measure: gif.DecodeConfig, decode: gif.Decode},
	formatWebP: {measure: webp.DecodeConfig, decode: webp.Decode, animated: movingWebP},
}

func (e *eye) picture(ctx context.Context, as pixels, file *bufio.Reader) (Facts, error) {
	head, err := file.Peek(headSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return Facts{}, fmt.Errorf("the start of the picture: %w", err)
	}
	size, err := as.measure(bytes.NewReader(head))
	if err != nil {
		return Facts{}, fmt.Errorf("the size of the picture: %w", err)
	}
	facts := Facts{Width: size.Width, Height: size.Height}
	turned := upright
	if as.turned != nil {
		turned = as.turned(head)
	}
	if turned.sideways() {
		facts.Width, facts.Height = size.Height, size.Width
	}
	if as.animated != nil && as.animated(head) {
		facts.Animated = true // the decoder takes still ones only
		return facts, nil
	}
	small, err := e.shrink(ctx, as, size, turned, file)
	if err != nil {
		return facts, err
	}
	facts.Thumbnail, facts.ThumbWidth, facts.ThumbHeight = small.jpeg, small.width, small.height
	return facts, nil
}

// shrink decodes a picture when there is room for it and makes it small.
func (e *eye) shrink(ctx context.Context, as pixels, size image.Config, turned orientation, file io.Reader) (thumbnail, error) {
	area := int64(size.Width) * int64(size.Height)
	if size.Width <= 0 || size.Height <= 0 || size.Width > maxSide || size.Height > maxSide || area > e.pixels {
		return thumbnail{}, fmt.Errorf("a picture of %d x %d pixels is not decoded: the most is %d pixels", size.Width, size.Height, e.pixels)
	}
	if err := e.decoding.Acquire(ctx, area); err != nil {
		return thumbnail{}, fmt.Errorf("wait for room to decode the picture: %w", err)
	}
	defer e.decoding.Release(area)
	full, err := as.decode(file)
	if err != nil {
		return thumbnail{}, fmt.Errorf("decode the picture: %w", err)
	}
	return shrunk(full, turned)
}

// movingWebP reads the flags of an extended webp's header, which is its first
// chunk; the simple formats have no animation.
func movingWebP(head []byte) bool {
	const flags, animation = 20, 1 << 1
	return len(head) > flags && string(head[12:16]) == "VP8X" && head[flags]&animation != 0
}
