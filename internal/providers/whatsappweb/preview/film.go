package preview

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"os/exec"
	"time"
)

const (
	// maxStill bounds what ffmpeg may say, in bytes: more than a PNG of a
	// thumbnail's size can have.
	maxStill = 256 << 10
	// maxComplaint is how much of its complaints an error repeats.
	maxComplaint = 500
	// filmPixels is the room that a film takes while ffmpeg decodes it, as
	// pixels of pictures: so only a few run at one time.
	filmPixels = 10_000_000
)

// still is the first frame of a film as a thumbnail; zero without ffmpeg.
func (e *eye) still(ctx context.Context, open opener) (thumbnail, error) {
	ffmpeg := e.ffmpeg()
	if ffmpeg == "" {
		return thumbnail{}, nil
	}
	room := min(filmPixels, e.pixels)
	if err := e.decoding.Acquire(ctx, room); err != nil {
		return thumbnail{}, fmt.Errorf("wait for room to decode the film: %w", err)
	}
	defer e.decoding.Release(room)
	film, err := keep(ctx, open)
	if err != nil {
		return thumbnail{}, fmt.Errorf("put the film into a temporary file: %w", err)
	}
	defer func() { _ = os.Remove(film) }() // a stray in the folder for temporary files, at worst
	frame, err := e.firstFrame(ctx, ffmpeg, film)
	if err != nil {
		return thumbnail{}, err
	}
	picture, err := decodeStill(frame)
	if err != nil {
		return thumbnail{}, fmt.Errorf("the frame from ffmpeg: %w", err)
	}
	return shrunk(picture, upright)
}

// decodeStill decodes what ffmpeg made, when it is as small as was asked.
func decodeStill(frame []byte) (image.Image, error) {
	size, err := png.DecodeConfig(bytes.NewReader(frame))
	if err != nil {
		return nil, err
	}
	if size.Width > thumbSide || size.Height > thumbSide {
		return nil, fmt.Errorf("%d x %d pixels are more than a thumbnail's", size.Width, size.Height)
	}
	return png.Decode(bytes.NewReader(frame))
}

// keep writes a file into a temporary one, in which ffmpeg can seek: the box
// that describes a film may stand behind it. The caller removes it.
func keep(ctx context.Context, open opener) (path string, err error) {
	from, err := start(ctx, open)
	if err != nil {
		return "", err
	}
	defer from.Close()
	to, err := os.CreateTemp("", "omnichannel-film-*")
	if err != nil {
		return "", err
	}
	_, err = io.Copy(to, from)
	if err = errors.Join(err, to.Close()); err != nil {
		return "", errors.Join(err, os.Remove(to.Name()))
	}
	return to.Name(), nil
}

// firstFrame runs ffmpeg. It may read this one file, as a film in boxes, and no
// address that the film names; it sees nothing of our environment.
func (e *eye) firstFrame(ctx context.Context, ffmpeg, film string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, e.filmTime)
	defer cancel()
	run := exec.CommandContext(ctx, ffmpeg,
		"-nostdin", "-hide_banner", "-loglevel", "error", "-threads", "1",
		"-protocol_whitelist", "file", "-f", "mov", "-i", film,
		"-an", "-sn", "-dn", "-frames:v", "1",
		"-vf", fmt.Sprintf("scale=%d:%d:force_original_aspect_ratio=decrease", thumbSide, thumbSide),
		"-f", "image2pipe", "-c:v", "png", "pipe:1")
	frame, complaint := bounded{left: maxStill}, bounded{left: maxComplaint}
	run.Stdout, run.Stderr, run.Env, run.WaitDelay = stopping{&frame}, &complaint, []string{}, time.Second
	err := run.Run()
	if frame.more {
		err = errors.Join(err, errTooMuch)
	}
	if err != nil {
		return nil, fmt.Errorf("ffmpeg: %w: %s", errors.Join(err, context.Cause(ctx)), complaint.kept)
	}
	return frame.kept, nil
}

var errTooMuch = errors.New("it says more than a thumbnail")

// bounded keeps the first bytes that are written to it and swallows the rest.
type bounded struct {
	kept []byte
	left int
	more bool // there was a rest
}

// Write keeps what there is room for.
func (b *bounded) Write(p []byte) (int, error) {
	fits := min(len(p), b.left)
	b.kept = append(b.kept, p[:fits]...)
	b.left -= fits
	b.more = b.more || fits < len(p)
	return len(p), nil
}

// stopping refuses what a bounded one would swallow, so that the program that
// writes is stopped.
type stopping struct{ *bounded }

// Write gives errTooMuch once there is no more room.
func (s stopping) Write(p []byte) (int, error) {
	if _, err := s.bounded.Write(p); err != nil || s.more {
		return 0, errors.Join(err, errTooMuch)
	}
	return len(p), nil
}
