package preview

import "bytes"

// format is what a file's first bytes say it is.
type format int

const (
	formatUnknown format = iota
	formatJPEG
	formatPNG
	formatGIF
	formatWebP
	formatMovie // boxes: mp4, m4a, mov, 3gp
	formatOgg
	formatMP3
	formatWAV
)

// sniffSize is how many bytes formatOf wants to see.
const sniffSize = 16

// movieBoxes are what files of boxes begin with; QuickTime's may lack a ftyp.
var movieBoxes = []string{"ftyp", "moov", "mdat", "wide", "free", "skip"}

func formatOf(head []byte) format {
	starts := func(at int, with string) bool { return len(head) >= at && bytes.HasPrefix(head[at:], []byte(with)) }
	switch {
	case starts(0, "\xff\xd8\xff"):
		return formatJPEG
	case starts(0, "\x89PNG\r\n\x1a\n"):
		return formatPNG
	case starts(0, "GIF8"):
		return formatGIF
	case starts(0, "RIFF") && starts(8, "WEBP"):
		return formatWebP
	case starts(0, "RIFF") && starts(8, "WAVE"):
		return formatWAV
	case starts(0, oggPattern):
		return formatOgg
	case starts(0, "ID3"):
		return formatMP3
	}
	for _, box := range movieBoxes {
		if starts(4, box) {
			return formatMovie
		}
	}
	if _, ok := parseFrame(head); ok {
		return formatMP3
	}
	return formatUnknown
}

// maxSeconds is a week: what claims to last longer lies.
const maxSeconds = 7 * 24 * 3600

// seconds are units at so many a second, rounded, at least 1; 0 when there is
// no telling.
func seconds(units, perSecond uint64) int {
	if units == 0 || perSecond == 0 || units/perSecond > maxSeconds {
		return 0
	}
	whole, rest := units/perSecond, units%perSecond
	if rest >= perSecond-rest {
		whole++
	}
	return max(1, int(whole))
}
