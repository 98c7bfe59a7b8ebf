package preview

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os/exec"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/cirrus/omnichannel/internal/providers"
)

const (
	// maxPixels bounds a picture that is decoded, and all that are at one time.
	maxPixels = 50_000_000
	// maxRead bounds what is read of one file, in bytes: more than a film may
	// have on WhatsApp.
	maxRead = 256 << 20
	// headSize is how much of a file is held at one time, in bytes. The size
	// and the orientation of a picture must stand in it.
	headSize = 256 << 10
	// lookTime bounds a look, so that most of a send's time stays for the send.
	lookTime = 12 * time.Second
	// filmTime bounds one run of ffmpeg.
	filmTime = 10 * time.Second
)

// Facts are what phones show of a file before they have it. A zero field is
// not known.
type Facts struct {
	// Width and Height are pixels, as the file is to be shown: turned already.
	Width, Height int
	// Seconds is the length of a sound or film, rounded, but at least 1.
	Seconds int
	// Thumbnail is a JPEG under 10 KiB of at most 100 pixels each way, which
	// ThumbWidth and ThumbHeight say.
	Thumbnail               []byte
	ThumbWidth, ThumbHeight int
	// Waveform is 64 values from 0 to 100, of voice notes only. It stays nil as
	// long as nothing here decodes sound; phones draw a flat line then.
	Waveform []byte
	// Voice tells that the file is Ogg with Opus, as voice notes must be.
	Voice bool
	// Animated tells that a webp moves.
	Animated bool
	// Pages stays 0: phones show documents without it.
	Pages int
}

// Look reads a file and says what phones show of it. open gives the file from
// its start, as often as it is asked to; its reads must end with their context.
// size is in bytes. Look ends with ctx, at the latest after 12 seconds and what
// one picture takes to be scaled. It has no error: what cannot be read stays
// zero, with a line in the log at debug. A kind without a file is not opened.
func Look(ctx context.Context, kind providers.ContentType, mimetype string, size int64, open func(context.Context) (io.ReadCloser, error)) Facts {
	return process.look(ctx, kind, mimetype, size, open)
}

// process is how this process looks: its memory for pictures is one, and so is
// its PATH.
var process = newEye(sync.OnceValue(findFFmpeg))

// findFFmpeg gives the path of ffmpeg; empty: there is none.
func findFFmpeg() string {
	path, err := exec.LookPath("ffmpeg")
	if err != nil {
		return ""
	}
	return path
}

type opener = func(context.Context) (io.ReadCloser, error)

// eye looks at files; its fields are what tests make small.
type eye struct {
	ffmpeg   func() string // its path, empty without one
	pixels   int64         // the largest picture to decode
	decoding *semaphore.Weighted
	filmTime time.Duration
}

func newEye(ffmpeg func() string) *eye {
	return &eye{ffmpeg: ffmpeg, pixels: maxPixels, decoding: semaphore.NewWeighted(maxPixels), filmTime: filmTime}
}

func (e *eye) look(ctx context.Context, kind providers.ContentType, mimetype string, size int64, open opener) (facts Facts) {
	if !kind.IsMedia() {
		return Facts{}
	}
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	log := slog.With("content_type", string(kind), "mimetype", mimetype, "size", size)
	// Decoders of foreign bytes: one that panics must not take the send along.
	defer func() {
		if p := recover(); p != nil {
			log.WarnContext(ctx, "reading a file for its preview panicked", "panic", fmt.Sprint(p))
			facts = Facts{}
		}
	}()
	facts, err := e.read(ctx, kind, size, open)
	if err != nil {
		log.DebugContext(ctx, "phones will not show all of a file before they have it", "error", err)
	}
	return facts
}

// read gives what it found, also beside an error.
func (e *eye) read(ctx context.Context, kind providers.ContentType, size int64, open opener) (Facts, error) {
	file, err := start(ctx, open)
	if err != nil {
		return Facts{}, err
	}
	defer file.Close()
	head, err := file.Peek(sniffSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return Facts{}, fmt.Errorf("the start of the file: %w", err)
	}
	found := formatOf(head)
	if pixels, is := pictures[found]; is {
		return e.picture(ctx, pixels, file.Reader)
	}
	if kind == providers.TypeDocument {
		return Facts{}, nil
	}
	var facts Facts
	switch found {
	case formatMovie:
		facts, err = movieFacts(file.Reader)
		if kind == providers.TypeVideo {
			still, stillErr := e.still(ctx, open)
			facts.Thumbnail, facts.ThumbWidth, facts.ThumbHeight = still.jpeg, still.width, still.height
			err = errors.Join(err, stillErr)
		}
	case formatOgg:
		facts, err = oggFacts(file.Reader)
	case formatMP3:
		facts.Seconds, err = mp3Seconds(file.Reader, size)
	case formatWAV:
		facts.Seconds, err = wavSeconds(file.Reader, size)
	default:
		err = errUnknown
	}
	return facts, err
}

var errUnknown = errors.New("the file is of no type whose preview is known here")

// stream is a file being read from its start, no further than maxRead and no
// longer than its context.
type stream struct {
	*bufio.Reader
	io.Closer
}

func start(ctx context.Context, open opener) (stream, error) {
	file, err := open(ctx)
	if err != nil {
		return stream{}, fmt.Errorf("open the file: %w", err)
	}
	return stream{bufio.NewReaderSize(io.LimitReader(during{ctx, file}, maxRead), headSize), file}, nil
}

// during reads only as long as its context lasts.
type during struct {
	ctx context.Context
	r   io.Reader
}

// Read gives the context's error once it ended.
func (d during) Read(p []byte) (int, error) {
	if err := d.ctx.Err(); err != nil {
		return 0, err
	}
	return d.r.Read(p)
}
