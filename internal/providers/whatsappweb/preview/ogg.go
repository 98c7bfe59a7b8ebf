package preview

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

const (
	oggPattern    = "OggS"
	oggHeaderSize = 27
	oggFirst      = 1 << 1 // flag of a page that begins a stream
	opusRate      = 48000  // granule positions of Opus, whatever the sound was recorded at
)

// OpusInOgg tells whether a file is a voice note's: Ogg that begins with a
// stream of Opus. It reads the first page, no more; an error is the reader's
// own, a file of anything else is none.
func OpusInOgg(file io.Reader) (bool, error) {
	first, err := nextPage(bufio.NewReader(file))
	if err != nil {
		if errors.Is(err, errNoPage) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return false, nil
		}
		return false, fmt.Errorf("the first page of a sound: %w", err)
	}
	sound, known := soundOf(first)
	return known && sound.opus, nil
}

// page is the head of a page of Ogg, with the beginning of what is in it.
type page struct {
	flags   byte
	granule int64 // where the sound is at its end; -1: no packet ends in it
	stream  uint32
	body    []byte // at most 64 bytes
}

// sound is a stream that has a length.
type sound struct {
	opus  bool
	rate  uint64 // units of its granules a second
	skips int64  // units at the start that are not played
}

var (
	errNoPage  = errors.New("no page of Ogg where one must be")
	errNoSound = errors.New("an Ogg file without Opus or Vorbis")
)

// oggFacts reads through all pages; the last of the first sound tells how long
// it is. Pages' checksums are not looked at.
func oggFacts(file *bufio.Reader) (Facts, error) {
	var (
		of     sound
		stream uint32
		found  bool
		voice  bool
		end    int64
	)
	for pages := 0; ; pages++ {
		p, err := nextPage(file)
		if err != nil {
			if errors.Is(err, io.EOF) { // where a page might have begun: all were read
				err = nil
			}
			if !found {
				return Facts{}, errors.Join(errNoSound, err)
			}
			return Facts{Voice: voice, Seconds: seconds(uint64(max(0, end-of.skips)), of.rate)}, err
		}
		if !found {
			of, found = soundOf(p)
			stream, voice = p.stream, found && of.opus && pages == 0
		}
		if found && p.stream == stream {
			end = max(end, p.granule)
		}
	}
}

// nextPage reads one page and leaves the reader behind it. io.EOF: there is none.
func nextPage(r *bufio.Reader) (page, error) {
	var head [oggHeaderSize]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return page{}, err
	}
	if string(head[:4]) != oggPattern || head[4] != 0 {
		return page{}, errNoPage
	}
	var lacing [255]byte
	segments := lacing[:head[26]]
	if _, err := io.ReadFull(r, segments); err != nil {
		return page{}, unexpected(err)
	}
	length := 0
	for _, n := range segments {
		length += int(n)
	}
	p := page{
		flags: head[5], granule: int64(binary.LittleEndian.Uint64(head[6:])), stream: binary.LittleEndian.Uint32(head[14:]),
		body: make([]byte, min(length, 64)),
	}
	if _, err := io.ReadFull(r, p.body); err != nil {
		return page{}, unexpected(err)
	}
	if _, err := r.Discard(length - len(p.body)); err != nil {
		return page{}, unexpected(err)
	}
	return p, nil
}

// unexpected is an end inside of a page.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// soundOf reads the head of a stream of sound; false when the page begins none.
func soundOf(first page) (sound, bool) {
	if first.flags&oggFirst == 0 {
		return sound{}, false
	}
	opusHead, vorbisHead := []byte("OpusHead"), []byte("\x01vorbis")
	switch b := first.body; {
	case bytes.HasPrefix(b, opusHead) && len(b) >= 12:
		return sound{opus: true, rate: opusRate, skips: int64(binary.LittleEndian.Uint16(b[10:]))}, true
	case bytes.HasPrefix(b, vorbisHead) && len(b) >= 16:
		return sound{rate: uint64(binary.LittleEndian.Uint32(b[12:]))}, true
	default:
		return sound{}, false
	}
}
