package preview

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
)

// inside says which boxes are opened, and in which box they are looked for.
// What stands anywhere else is skipped, so nothing nests deeper than this.
var inside = map[string][]string{
	"":     {"moov"},
	"moov": {"mvhd", "trak", "mvex"},
	"mvex": {"mehd"},
	"trak": {"tkhd", "mdia"},
	"mdia": {"hdlr"},
}

// fields is how much of a box with values is read, in bytes: the longest one,
// a tkhd with times of 64 bits.
const fields = 96

// movie is what is known of a film so far.
type movie struct {
	forward
	timescale, duration, fragments uint64
	width, height                  int   // of the first track of pictures
	track                          track // the one being read
}

type track struct {
	width, height int
	handler       string
}

// movieFacts reads the boxes of an mp4 or one of its kin, up to the end of the
// one that describes the film, wherever it stands. What was found before a
// break is given beside the error.
func movieFacts(file *bufio.Reader) (Facts, error) {
	m := movie{forward: forward{r: file}}
	err := m.children("", math.MaxInt64)
	units := m.duration
	if units == 0 {
		units = m.fragments
	}
	return Facts{Width: m.width, Height: m.height, Seconds: seconds(units, m.timescale)}, err
}

// children reads the boxes up to a place; at the top it ends with the moov.
func (m *movie) children(parent string, end int64) error {
	for m.at < end {
		name, bodyEnd, err := m.next(end)
		if err != nil {
			return fmt.Errorf("a box in %q: %w", parent, err)
		}
		if slices.Contains(inside[parent], name) {
			if err := m.read(name, bodyEnd); err != nil {
				return err
			}
			if parent == "" {
				return nil
			}
		}
		if err := m.skipTo(bodyEnd); err != nil {
			return fmt.Errorf("skip the box %q: %w", name, err)
		}
	}
	return nil
}

func (m *movie) read(name string, end int64) error {
	if _, holds := inside[name]; !holds {
		return m.values(name, end)
	}
	if name != "trak" {
		return m.children(name, end)
	}
	m.track = track{}
	err := m.children(name, end)
	if m.track.handler == "vide" && m.width == 0 {
		m.width, m.height = m.track.width, m.track.height
	}
	return err
}

// values reads a box of values. One that is too short for them has none.
func (m *movie) values(name string, end int64) error {
	var room [fields]byte
	body := room[:min(fields, end-m.at)]
	if err := m.full(body); err != nil {
		return fmt.Errorf("the box %q: %w", name, err)
	}
	if len(body) == 0 {
		return nil
	}
	long := body[0] == 1 // times of 64 bits
	switch {
	case name == "mvhd" && long && len(body) >= 32:
		m.timescale, m.duration = uint64(binary.BigEndian.Uint32(body[20:])), known64(body[24:])
	case name == "mvhd" && !long && len(body) >= 20:
		m.timescale, m.duration = uint64(binary.BigEndian.Uint32(body[12:])), known32(body[16:])
	case name == "mehd" && long && len(body) >= 12:
		m.fragments = known64(body[4:])
	case name == "mehd" && !long && len(body) >= 8:
		m.fragments = known32(body[4:])
	case name == "hdlr" && len(body) >= 12:
		m.track.handler = string(body[8:12])
	case name == "tkhd" && long && len(body) >= 96:
		m.track.width, m.track.height = shown(body[52:96])
	case name == "tkhd" && !long && len(body) >= 84:
		m.track.width, m.track.height = shown(body[40:84])
	}
	return nil
}

// known32 and known64 read a length; all ones mean that it is not known.
func known32(b []byte) uint64 {
	if n := binary.BigEndian.Uint32(b); n != math.MaxUint32 {
		return uint64(n)
	}
	return 0
}

func known64(b []byte) uint64 {
	if n := binary.BigEndian.Uint64(b); n != math.MaxUint64 {
		return n
	}
	return 0
}

// shown reads a track's matrix of nine numbers and the size behind it, which
// changes sides when the matrix makes a quarter turn. Fractions are dropped.
func shown(b []byte) (width, height int) {
	number := func(i int) uint32 { return binary.BigEndian.Uint32(b[4*i:]) }
	width, height = int(number(9)>>16), int(number(10)>>16)
	if number(0) == 0 && number(4) == 0 && number(1) != 0 && number(3) != 0 {
		return height, width
	}
	return width, height
}

var errBoxSize = errors.New("its size cannot be")

// next reads the head of a box inside of one that ends at end.
func (m *movie) next(end int64) (name string, bodyEnd int64, err error) {
	start := m.at
	var head [8]byte
	if err := m.full(head[:]); err != nil {
		return "", 0, err
	}
	name, size := string(head[4:]), uint64(binary.BigEndian.Uint32(head[:]))
	switch size {
	case 0: // to the end of what it is in
		return name, end, nil
	case 1: // too long for 32 bits
		var long [8]byte
		if err := m.full(long[:]); err != nil {
			return "", 0, err
		}
		size = binary.BigEndian.Uint64(long[:])
	}
	if size < uint64(m.at-start) || size > uint64(end-start) {
		return "", 0, fmt.Errorf("box %q: %w: %d bytes", name, errBoxSize, size)
	}
	return name, start + int64(size), nil
}
