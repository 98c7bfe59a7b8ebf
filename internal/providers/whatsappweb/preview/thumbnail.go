package preview

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"

	"golang.org/x/image/draw"
)

const (
	thumbSide  = 100      // pixels of the longer side
	thumbBytes = 10 << 10 // a thumbnail travels inside of the message
)

// qualities of a thumbnail's JPEG: the first that is small enough is taken.
var qualities = []int{60, 40, 20, 5}

type thumbnail struct {
	jpeg          []byte
	width, height int
}

// shrunk is a picture made small, on white where it is transparent, and turned
// as it is to be shown. Small ones keep their size.
func shrunk(full image.Image, turned orientation) (thumbnail, error) {
	width, height := fit(full.Bounds().Dx(), full.Bounds().Dy())
	small := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(small, small.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.BiLinear.Scale(small, small.Bounds(), full, full.Bounds(), draw.Over, nil)
	small = turned.apply(small)
	for _, quality := range qualities {
		var out bytes.Buffer
		if err := jpeg.Encode(&out, small, &jpeg.Options{Quality: quality}); err != nil {
			return thumbnail{}, fmt.Errorf("encode the thumbnail: %w", err)
		}
		if out.Len() < thumbBytes {
			return thumbnail{jpeg: out.Bytes(), width: small.Rect.Dx(), height: small.Rect.Dy()}, nil
		}
	}
	return thumbnail{}, fmt.Errorf("no thumbnail of %d x %d pixels stays under %d bytes", width, height, thumbBytes)
}

// fit scales a size down so that its longer side is a thumbnail's.
func fit(width, height int) (int, int) {
	longer := max(width, height)
	if longer <= thumbSide {
		return width, height
	}
	return max(1, width*thumbSide/longer), max(1, height*thumbSide/longer)
}
