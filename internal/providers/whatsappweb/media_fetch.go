package whatsappweb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waMmsRetry"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/wire"
)

// retryLimit is how long the phone has to put a file up again.
const retryLimit = 30 * time.Second

// FetchMedia opens a file that a message named: downloaded, opened and checked,
// in a temporary file that is gone once it is closed, or when this process ends.
// One that is larger than the channel takes, or than its sender said, is refused:
// before it is downloaded, where that can be known. When WhatsApp keeps it no
// more, the phone is asked to put it up again, which needs the phone to be
// online. Without a connection, whatever keeps it away, the file can be fetched
// later.
func (c *Conn) FetchMedia(ctx context.Context, ref providers.MediaRef) (io.ReadCloser, error) {
	file, err := wire.FileOf(ref)
	if err != nil {
		return nil, &providers.SendError{Reason: providers.ReasonMediaUnavailable, Err: err, Detail: "The message names no file that WhatsApp could give."}
	}
	if most := c.mostBytes(); file.Length > uint64(most) {
		return nil, tooLarge(fmt.Sprintf("The file has %d bytes; this channel takes %d.", file.Length, most))
	}
	if err := c.until(ctx, isOpen); err != nil {
		return nil, later(c.notConnected(err))
	}
	opened, err := c.download(ctx, file)
	if isGone(err) {
		if file.DirectPath, err = c.putUpAgain(ctx, file); err != nil {
			return nil, err
		}
		opened, err = c.download(ctx, file)
	}
	if err != nil {
		return nil, downloadError(err)
	}
	return opened, nil
}

// later makes of a connection that is missing something that passes: a file waits
// for it as long as files do, where a send would rather fail than be forgotten.
func later(err error) error {
	if e := providers.AsSendError(err); e.Reason == providers.ReasonConnectionClosed {
		again := *e
		again.Reason, again.Retryable = providers.ReasonUnavailable, true
		return &again
	}
	return err
}

// mostBytes is how large a file the channel takes.
func (c *Conn) mostBytes() int64 {
	if c.channel.MaxFile > 0 {
		return c.channel.MaxFile
	}
	return capabilities.Limits[providers.TypeDocument].MaxBytes
}

// temporary is a file without a name, so that a crash leaves nothing of it. Where
// an open file cannot lose its name, closing removes it.
type temporary struct {
	*os.File
	named bool
}

func newTemporary() (temporary, error) {
	f, err := os.CreateTemp("", "omnichannel-whatsapp-*")
	if err != nil {
		return temporary{}, fmt.Errorf("make a temporary file: %w", err)
	}
	return temporary{File: f, named: os.Remove(f.Name()) != nil}, nil
}

// Close closes it, and removes what is left.
func (t temporary) Close() error {
	err := t.File.Close()
	if t.named {
		err = errors.Join(err, os.Remove(t.Name()))
	}
	return err
}

// sealing is by how much a file may grow when it is sealed, at most.
const sealing = 1024

var errOverlong = errors.New("the file has more bytes than it may")

// bounded is a file that takes no more than so many bytes. It is told apart from
// an *os.File on purpose: the client reserves room in those for as much as the
// other side claims to send.
type bounded struct {
	whatsmeow.File
	most int64
	stop func(error)
}

// Write writes, or stops it all.
func (b bounded) Write(p []byte) (int, error) {
	at, err := b.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0, err
	}
	if at+int64(len(p)) > b.most {
		b.stop(errOverlong)
		return 0, errOverlong
	}
	return b.File.Write(p)
}

func (c *Conn) download(ctx context.Context, file wire.File) (io.ReadCloser, error) {
	temp, err := newTemporary()
	if err != nil {
		return nil, err
	}
	most := c.mostBytes()
	if file.Length > 0 {
		most = min(most, int64(file.Length))
	}
	// The client would ask the next host for what was too much.
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	if err = c.client.DownloadToFile(ctx, file, bounded{File: temp.File, most: most + sealing, stop: stop}); err == nil {
		_, err = temp.Seek(0, io.SeekStart)
	}
	if errors.Is(context.Cause(ctx), errOverlong) {
		err = errOverlong
	}
	if err != nil {
		return nil, errors.Join(err, temp.Close())
	}
	return temp, nil
}

func tooLarge(detail string) error {
	return &providers.SendError{Reason: providers.ReasonMediaTooLarge, Detail: detail}
}

// isGone tells whether WhatsApp keeps a file no more.
func isGone(err error) bool {
	return errors.Is(err, whatsmeow.ErrMediaDownloadFailedWith403) || errors.Is(err, whatsmeow.ErrMediaDownloadFailedWith404) || errors.Is(err, whatsmeow.ErrMediaDownloadFailedWith410)
}

// downloadError tells whether another try may bring the file.
func downloadError(err error) error {
	if errors.Is(err, errOverlong) {
		return tooLarge("The file has more bytes than its sender said, or than this channel takes.")
	}
	e := &providers.SendError{
		Reason: providers.ReasonMediaUnavailable, Retryable: true, Err: err,
		Detail: "The file could not be downloaded from WhatsApp.",
	}
	if isGone(err) {
		e.Retryable, e.Detail = false, "WhatsApp keeps the file no more."
	}
	for _, broken := range []error{
		whatsmeow.ErrInvalidMediaHMAC, whatsmeow.ErrInvalidMediaEncSHA256, whatsmeow.ErrInvalidMediaSHA256, whatsmeow.ErrTooShortFile,
	} {
		if errors.Is(err, broken) {
			e.Detail = "What WhatsApp gave is not the file that was sent."
		}
	}
	return e
}

// putUpAgain asks the phone for a file that WhatsApp keeps no more, and gives
// where it is then.
func (c *Conn) putUpAgain(ctx context.Context, file wire.File) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, retryLimit)
	defer cancel()
	answer, forget := c.retries.await(file.Message.ID)
	defer forget()
	about := file.Message
	if err := c.client.SendMediaRetryReceipt(ctx, &about, file.MediaKey); err != nil && ctx.Err() == nil {
		return "", later(c.sendError(err, false))
	}
	select {
	case e := <-answer:
		return newPath(e, file.MediaKey)
	case <-ctx.Done():
	case <-c.ctx.Done():
	}
	return "", &providers.SendError{
		Reason: providers.ReasonMediaUnavailable, Retryable: true,
		Detail: "WhatsApp keeps the file no more, and the phone, which could put it up again, does not answer. Is it online?",
	}
}

func newPath(e *events.MediaRetry, key []byte) (string, error) {
	answer, err := whatsmeow.DecryptMediaRetryNotification(e, key)
	if err == nil && answer.GetResult() == waMmsRetry.MediaRetryNotification_SUCCESS && answer.GetDirectPath() != "" {
		return answer.GetDirectPath(), nil
	}
	return "", &providers.SendError{
		Reason: providers.ReasonMediaUnavailable, Err: err,
		Detail: fmt.Sprintf("WhatsApp keeps the file no more, and the phone could not put it up again (%s).", answer.GetResult()),
	}
}

// retries hands the phone's answers to those who wait for them, by message.
type retries struct {
	mu      sync.Mutex
	waiting map[types.MessageID]map[chan *events.MediaRetry]bool
}

func newRetries() *retries {
	return &retries{waiting: map[types.MessageID]map[chan *events.MediaRetry]bool{}}
}

func (r *retries) await(id types.MessageID) (answer <-chan *events.MediaRetry, forget func()) {
	ch := make(chan *events.MediaRetry, 1)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.waiting[id] == nil {
		r.waiting[id] = map[chan *events.MediaRetry]bool{}
	}
	r.waiting[id][ch] = true
	return ch, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.waiting[id], ch)
		if len(r.waiting[id]) == 0 {
			delete(r.waiting, id)
		}
	}
}

func (r *retries) answer(e *events.MediaRetry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for ch := range r.waiting[e.MessageID] {
		select {
		case ch <- e:
		default: // answered twice
		}
	}
}
