package preview

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// frame is the head of a frame of MPEG audio, layer III.
type frame struct {
	bitrate  uint64 // bits a second
	rate     uint64 // samples a second
	samples  uint64 // in each frame
	sideInfo int    // bytes between the head and what Xing wrote
	length   int    // bytes, head included
}

const frameHead = 4

// Bit rates by index, in thousands a second; 0 cannot be told from the head.
var (
	bitrates1 = [16]uint64{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0}
	bitrates2 = [16]uint64{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0}
	rates1    = [4]uint64{44100, 48000, 32000, 0}
)

// parseFrame reads the head of a frame; false when it is none.
func parseFrame(b []byte) (frame, bool) {
	const layerIII, mono = 1, 3
	if len(b) < frameHead || b[0] != 0xff || b[1]&0xe0 != 0xe0 || b[1]>>1&3 != layerIII {
		return frame{}, false
	}
	version, padding := b[1]>>3&3, int(b[2]>>1&1)
	single := b[3]>>6 == mono
	f := frame{bitrate: bitrates2[b[2]>>4] * 1000, rate: rates1[b[2]>>2&3], samples: 576, sideInfo: sideInfo(single, 9, 17)}
	switch version {
	case 3: // MPEG 1
		f.bitrate, f.samples, f.sideInfo = bitrates1[b[2]>>4]*1000, 1152, sideInfo(single, 17, 32)
	case 2: // MPEG 2
		f.rate /= 2
	case 0: // MPEG 2.5
		f.rate /= 4
	default:
		return frame{}, false
	}
	if f.bitrate == 0 || f.rate == 0 {
		return frame{}, false
	}
	f.length = int(f.samples/8*f.bitrate/f.rate) + padding
	return f, true
}

func sideInfo(single bool, mono, stereo int) int {
	if single {
		return mono
	}
	return stereo
}

var errNoFrame = errors.New("no frame of MP3 near the start")

// mp3Seconds is the length of an MP3: by the number of frames where its encoder
// wrote it, else by the bit rate of the first frame and the file's size in bytes.
func mp3Seconds(file *bufio.Reader, size int64) (int, error) {
	at, err := skipTags(file)
	if err != nil {
		return 0, fmt.Errorf("the tags of an MP3: %w", err)
	}
	// A frame is followed by another; one match alone may be chance.
	head, err := file.Peek(64 << 10)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, fmt.Errorf("the first frame of an MP3: %w", err)
	}
	for i := range head {
		f, ok := parseFrame(head[i:])
		if !ok {
			continue
		}
		if next := i + f.length; next+frameHead <= len(head) {
			if _, follows := parseFrame(head[next:]); !follows {
				continue
			}
		}
		if frames, written := frameCount(head[i:], f); written {
			return seconds(frames*f.samples, f.rate), nil
		}
		return seconds(uint64(max(0, size-at-int64(i)))*8, f.bitrate), nil
	}
	return 0, errNoFrame
}

// skipTags reads over the ID3v2 tags at the start and gives their length.
func skipTags(file *bufio.Reader) (int64, error) {
	const tagHead, footer = 10, 1 << 4
	for at := int64(0); ; {
		head, err := file.Peek(tagHead)
		if err != nil && !errors.Is(err, io.EOF) {
			return at, err
		}
		if len(head) < tagHead || string(head[:3]) != "ID3" {
			return at, nil
		}
		length := 0
		for _, b := range head[6:tagHead] { // seven bits of each
			length = length<<7 | int(b&0x7f)
		}
		length += tagHead
		if head[5]&footer != 0 {
			length += tagHead
		}
		skipped, err := file.Discard(length)
		at += int64(skipped)
		if err != nil {
			return at, err
		}
	}
}

// frameCount is what the encoder says in the first frame: Xing and Info have it
// behind the side information, VBRI at a fixed place.
func frameCount(b []byte, f frame) (uint64, bool) {
	const framesFlag, vbri, vbriFrames = 1, frameHead + 32, frameHead + 32 + 14
	if at := frameHead + f.sideInfo; len(b) >= at+12 {
		name, flags := string(b[at:at+4]), binary.BigEndian.Uint32(b[at+4:])
		if (name == "Xing" || name == "Info") && flags&framesFlag != 0 {
			return uint64(binary.BigEndian.Uint32(b[at+8:])), true
		}
	}
	if len(b) >= vbriFrames+4 && string(b[vbri:vbri+4]) == "VBRI" {
		return uint64(binary.BigEndian.Uint32(b[vbriFrames:])), true
	}
	return 0, false
}
