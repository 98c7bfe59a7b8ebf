package preview

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"

	"golang.org/x/image/draw"
)

const (
	// squareSide is the most pixels that a group's or person's picture has each
	// way.
	squareSide = 640
	// squareBytes is what its JPEG stays under where some quality allows that.
	squareBytes = 200 << 10
)

// squareQualities are those of its JPEG: the first that is small enough is taken,
// else the last.
var squareQualities = []int{88, 75, 60, 40}

var (
	// ErrNoPicture says that a file is no JPEG, PNG or still WebP, or a broken one.
	ErrNoPicture = errors.New("this is no JPEG, PNG or still WebP that can be read")
	// ErrVastPicture says that a picture has more pixels than are decoded here.
	ErrVastPicture = errors.New("the picture has too many pixels to be decoded here")
)

// Square makes the picture of a group, or of a person, out of a JPEG, PNG or
// still WebP: a square JPEG of at most 640 pixels each way, the middle of a
// longer one, on white where it is transparent, turned as it is to be shown. open
// gives the file from its start; its reads must end with their context. It fails
// with ErrNoPicture or ErrVastPicture, and with what open and reading failed with.
func Square(ctx context.Context, open func(context.Context) (io.ReadCloser, error)) ([]byte, error) {
	return process.square(ctx, open)
}

func (e *eye) square(ctx context.Context, open opener) (picture []byte, err error) {
	// Decoders of foreign bytes: one that panics is not to take more along.
	defer func() {
		if p := recover(); p != nil {
			picture, err = nil, fmt.Errorf("%w: its decoder panicked: %v", ErrNoPicture, p)
		}
	}()
	file, err := start(ctx, open)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	head, err := file.Peek(headSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("the start of the picture: %w", err)
	}
	found := formatOf(head)
	as, known := pictures[found]
	if !known || found == formatGIF {
		return nil, ErrNoPicture
	}
	size, err := as.measure(bytes.NewReader(head))
	if err != nil || size.Width <= 0 || size.Height <= 0 {
		return nil, fmt.Errorf("%w: its size: %w", ErrNoPicture, err)
	}
	turned := upright
	if as.turned != nil {
		turned = as.turned(head)
	}
	area := int64(size.Width) * int64(size.Height)
	if size.Width > maxSide || size.Height > maxSide || area > e.pixels {
		return nil, fmt.Errorf("%w: %d x %d", ErrVastPicture, size.Width, size.Height)
	}
	if err := e.decoding.Acquire(ctx, area); err != nil {
		return nil, fmt.Errorf("wait for room to decode the picture: %w", err)
	}
	defer e.decoding.Release(area)
	full, err := as.decode(file)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoPicture, err)
	}
	return squared(full, turned)
}

// squared is the middle of a picture.
func squared(full image.Image, turned orientation) ([]byte, error) {
	bounds := full.Bounds()
	side := min(bounds.Dx(), bounds.Dy())
	corner := bounds.Min.Add(image.Pt((bounds.Dx()-side)/2, (bounds.Dy()-side)/2))
	middle := image.Rectangle{Min: corner, Max: corner.Add(image.Pt(side, side))}
	width := min(side, squareSide)
	if side > coarsely*squareSide { // the good way takes memory for each row of the whole
		full, middle = coarse(full, middle, coarsely*squareSide)
	}
	small := image.NewRGBA(image.Rect(0, 0, width, width))
	draw.Draw(small, small.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.BiLinear.Scale(small, small.Bounds(), full, middle, draw.Over, nil)
	small = turned.apply(small)
	var out bytes.Buffer
	for _, quality := range squareQualities {
		out.Reset()
		if err := jpeg.Encode(&out, small, &jpeg.Options{Quality: quality}); err != nil {
			return nil, fmt.Errorf("encode the picture: %w", err)
		}
		if out.Len() < squareBytes {
			break
		}
	}
	return out.Bytes(), nil
}

// coarsely is how many times larger than it is to be a picture may be that is
// made small the good way at once.
const coarsely = 3

// coarse makes a part of a picture small in little memory.
func coarse(full image.Image, part image.Rectangle, side int) (image.Image, image.Rectangle) {
	less := image.NewRGBA(image.Rect(0, 0, side, side))
	draw.ApproxBiLinear.Scale(less, less.Bounds(), full, part, draw.Src, nil)
	return less, less.Bounds()
}
