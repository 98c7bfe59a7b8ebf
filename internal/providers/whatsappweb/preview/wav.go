package preview

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"math"
)

// wavSeconds is the length of a WAV: its samples' bytes by the bytes a second
// that its format says. A recorder that could not go back to write the length
// leaves 0 or all ones; the file's size in bytes stands in.
func wavSeconds(file *bufio.Reader, size int64) (int, error) {
	const riffHead = 12
	chunks := forward{r: file}
	if err := chunks.skipTo(riffHead); err != nil {
		return 0, fmt.Errorf("the head of a WAV: %w", err)
	}
	var bytesASecond uint64
	for {
		var head [8]byte
		if err := chunks.full(head[:]); err != nil {
			return 0, fmt.Errorf("a chunk of a WAV: %w", err)
		}
		length := int64(binary.LittleEndian.Uint32(head[4:]))
		end := chunks.at + length + length%2
		switch string(head[:4]) {
		case "fmt ":
			var format [12]byte
			if err := chunks.full(format[:min(length, 12)]); err != nil {
				return 0, fmt.Errorf("the format of a WAV: %w", err)
			}
			bytesASecond = uint64(binary.LittleEndian.Uint32(format[8:]))
		case "data":
			if length == 0 || length == math.MaxUint32 {
				length = max(0, size-chunks.at)
			}
			return seconds(uint64(length), bytesASecond), nil
		}
		if err := chunks.skipTo(end); err != nil {
			return 0, fmt.Errorf("skip a chunk of a WAV: %w", err)
		}
	}
}
