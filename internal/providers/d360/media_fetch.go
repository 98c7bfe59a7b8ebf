package d360

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/cirrus/omnichannel/internal/providers"
)

// mediaHost is where Meta says that files are. 360dialog serves the same paths
// on its own host; the key goes to that one only.
const mediaHost = "lookaside.fbsbx.com"

// FetchMedia opens a file that a webhook named: by the webhook's own URL where
// there is one, else by asking for one. An error that another try cannot mend
// is not Retryable; 20 failed look-ups in an hour would close the endpoint for
// all of the number's files.
func (c *Conn) FetchMedia(ctx context.Context, ref providers.MediaRef) (io.ReadCloser, error) {
	if ref.Foreign {
		return nil, lost("The file's address was not given by 360dialog.")
	}
	if address, ok := c.rehost(ref.URL); ok {
		body, err := c.download(ctx, address)
		if err == nil || ref.ID == "" || providers.AsSendError(err).Reason != providers.ReasonMediaUnavailable {
			return body, err
		}
	}
	if ref.ID == "" {
		return nil, lost("360dialog named neither an id nor an address that it serves.")
	}
	address, err := c.lookUp(ctx, ref.ID)
	if err != nil {
		return nil, err
	}
	return c.download(ctx, address)
}

// rehost turns Meta's address of a file into 360dialog's.
func (c *Conn) rehost(text string) (string, bool) {
	u, err := url.Parse(text)
	if err != nil || u.Path == "" {
		return "", false
	}
	base := c.adapter.base
	if host := strings.ToLower(u.Host); host != mediaHost && host != strings.ToLower(base.Host) {
		return "", false
	}
	moved := base.JoinPath(u.EscapedPath())
	if strings.EqualFold(u.Host, base.Host) {
		moved.Path, moved.RawPath = u.Path, u.RawPath
	}
	moved.RawQuery = u.RawQuery
	return moved.String(), true
}

// lookUp asks where the file of an id is.
func (c *Conn) lookUp(ctx context.Context, id string) (string, error) {
	if id == "." || id == ".." || len(id) > maxID {
		return "", lost("The file's id makes no sense.")
	}
	lookups := c.current().lookups
	if wait := lookups.closed(); wait > 0 {
		return "", &providers.SendError{
			Reason: providers.ReasonRateLimited, Retryable: true, RetryAfter: wait,
			Detail: "Too many of this number's files could not be found within the hour; 360dialog would close the endpoint.",
		}
	}
	var found struct {
		URL label `json:"url"`
	}
	if err := c.getJSON(ctx, url.PathEscape(id), nil, &found); err != nil {
		e := providers.AsSendError(err)
		if e.Reason != providers.ReasonUnavailable && e.Reason != providers.ReasonConnectionClosed {
			lookups.add()
		}
		return "", fileError(e)
	}
	address, ok := c.rehost(string(found.URL))
	if !ok {
		return "", lost("360dialog gave an address on a host that is not Meta's media host.")
	}
	return address, nil
}

// download opens a file at 360dialog's host.
func (c *Conn) download(ctx context.Context, address string) (io.ReadCloser, error) {
	ctx, moving := watchSilence(ctx, c.adapter.silence)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		moving.stop()
		return nil, lost("The file's address makes no sense.")
	}
	with, leave, err := c.begin()
	if err != nil {
		moving.stop()
		return nil, err
	}
	defer leave()
	resp, err := c.roundTrip(req, with.key)
	if err != nil {
		moving.stop()
		return nil, fileError(providers.AsSendError(repeatable(err)))
	}
	if resp.StatusCode == http.StatusOK {
		return movingBody{moving.reader(resp.Body), resp.Body, moving}, nil
	}
	defer moving.stop()
	defer resp.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 64*kib)) // a refusal's text is worth having, not worth failing for
	return nil, fileError(providers.AsSendError(repeatable(c.refused(with, readAnswer(resp.StatusCode, resp.Header, body)))))
}

// fileError is the error of a fetch: what would be a wrong message is a file
// that is not there.
func fileError(e *providers.SendError) *providers.SendError {
	copied := *e
	copied.Field = ""
	switch e.Reason {
	case providers.ReasonInvalidMessage, providers.ReasonUnknown, providers.ReasonMediaUnavailable:
		copied.Reason = providers.ReasonMediaUnavailable
	}
	return &copied
}

func lost(detail string) *providers.SendError {
	return &providers.SendError{Reason: providers.ReasonMediaUnavailable, Detail: detail}
}

const (
	// errorLimit stays below the 20 failed look-ups within errorWindow after
	// which 360dialog closes the endpoint.
	errorLimit  = 18
	errorWindow = time.Hour
)

// errorBudget counts failed look-ups of files.
type errorBudget struct {
	now func() time.Time

	mu     sync.Mutex
	failed []time.Time // oldest first, errorLimit at most
}

func newErrorBudget(now func() time.Time) *errorBudget { return &errorBudget{now: now} }

// closed is how long no look-up may be made; 0: one may.
func (b *errorBudget) closed() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.failed) < errorLimit {
		return 0
	}
	return max(0, b.failed[0].Add(errorWindow).Sub(b.now()))
}

func (b *errorBudget) add() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.failed) == errorLimit {
		b.failed = append(b.failed[:0], b.failed[1:]...)
	}
	b.failed = append(b.failed, b.now())
}
