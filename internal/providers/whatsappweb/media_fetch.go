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
// in a temporary file that is gone once it is closed. When WhatsApp keeps it no
// more, the phone is asked to put it up again, which needs the phone to be
// online.
func (c *Conn) FetchMedia(ctx context.Context, ref providers.MediaRef) (io.ReadCloser, error) {
	file, err := wire.FileOf(ref)
	if err != nil {
		return nil, &providers.SendError{Reason: providers.ReasonMediaUnavailable, Err: err, Detail: "The message names no file that WhatsApp could give."}
	}
	if err := c.until(ctx, isOpen); err != nil {
		return nil, c.notConnected(err)
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

// temporary is a file that is removed once it is closed.
type temporary struct{ *os.File }

// Close closes and removes it.
func (t temporary) Close() error {
	return errors.Join(t.File.Close(), os.Remove(t.Name()))
}

func (c *Conn) download(ctx context.Context, file wire.File) (_ io.ReadCloser, err error) {
	f, err := os.CreateTemp("", "omnichannel-whatsapp-*")
	if err != nil {
		return nil, fmt.Errorf("make a temporary file: %w", err)
	}
	temp := temporary{f}
	if err = c.client.DownloadToFile(ctx, file, f); err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, temp.Close())
	}
	return temp, nil
}

// isGone tells whether WhatsApp keeps a file no more.
func isGone(err error) bool {
	return errors.Is(err, whatsmeow.ErrMediaDownloadFailedWith403) || errors.Is(err, whatsmeow.ErrMediaDownloadFailedWith404) || errors.Is(err, whatsmeow.ErrMediaDownloadFailedWith410)
}

// downloadError tells whether another try may bring the file.
func downloadError(err error) error {
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
	if err := c.client.SendMediaRetryReceipt(ctx, &about, file.MediaKey); err != nil {
		return "", c.sendError(err, false)
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
