package d360

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/go-json-experiment/json"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/tolerant"
)

// keyHeader carries the channel's key on every call, also for a file's bytes.
const keyHeader = "D360-API-KEY"

// maxAnswer bounds an answer's body, in bytes; a page of templates is the
// longest.
const maxAnswer = 8 * mib

// errTooLong is an answer over maxAnswer.
var errTooLong = errors.New("the answer is too long")

// endpoint is a path of the API below the base URL.
func (c *Conn) endpoint(path string, query url.Values) string {
	u := c.adapter.base.JoinPath(path)
	u.RawQuery = query.Encode()
	return u.String()
}

// do makes one call without a file and reads its answer, within the time that
// such a call has.
func (c *Conn) do(req *http.Request) ([]byte, error) {
	ctx, cancel := context.WithTimeout(req.Context(), c.adapter.callTimeout)
	defer cancel()
	return c.exchange(req.WithContext(ctx))
}

// exchange makes one call and reads its answer. An error is a *SendError that
// holds for a call that must not be repeated blindly; see repeatable for others.
func (c *Conn) exchange(req *http.Request) ([]byte, error) {
	with, leave, err := c.begin()
	if err != nil {
		return nil, err
	}
	defer leave()
	resp, err := c.roundTrip(req, with.key)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err == nil && len(body) > maxAnswer {
		err = errTooLong
	}
	if resp.StatusCode/100 != 2 {
		return nil, c.refused(with, readAnswer(resp.StatusCode, resp.Header, body))
	}
	c.worked(with, false)
	if err != nil {
		return nil, unreadable(err)
	}
	return body, nil
}

// refused makes the error of a refusal and keeps what it says of the channel.
func (c *Conn) refused(with *keyed, a answer) *providers.SendError {
	e := a.sendError()
	c.failed(with, e)
	return e
}

// unreadable is a success whose body makes no sense.
func unreadable(err error) *providers.SendError {
	return &providers.SendError{
		Reason: providers.ReasonProviderInternal,
		Sent:   providers.Maybe,
		Detail: "360dialog took the request, but its answer cannot be read. " + adviceStatus,
		Err:    err,
	}
}

// roundTrip makes the call with a key of the channel's. It knows whether the
// provider can have seen the request: only then is a failure "perhaps done".
func (c *Conn) roundTrip(req *http.Request, key string) (*http.Response, error) {
	var begun atomic.Bool
	trace := &httptrace.ClientTrace{WroteHeaders: func() { begun.Store(true) }}
	req = req.WithContext(httptrace.WithClientTrace(req.Context(), trace))
	req.Header.Set(keyHeader, key)
	req.Header.Set("Accept", "application/json")
	resp, err := c.adapter.client.Do(req)
	if err == nil {
		return resp, nil
	}
	if begun.Load() {
		return nil, &providers.SendError{
			Reason: providers.ReasonTimeout,
			Sent:   providers.Maybe,
			Detail: "360dialog gave no answer. " + adviceStatus,
			Err:    err,
		}
	}
	return nil, &providers.SendError{
		Reason:    providers.ReasonUnavailable,
		Retryable: true,
		Detail:    "360dialog cannot be reached at " + c.adapter.base.Host + "; nothing was sent.",
		Err:       err,
	}
}

// repeatable is the error of a call that does no harm when made twice: what
// was perhaps done may be tried again, and no message's status will tell.
func repeatable(err error) error {
	e := providers.AsSendError(err)
	if e.Sent == providers.No {
		return e
	}
	copied := *e
	copied.Sent, copied.Retryable = providers.No, true
	copied.Detail = strings.TrimSuffix(copied.Detail, adviceStatus) + adviceAgain
	return &copied
}

// postJSON sends a body as JSON and reads the answer's.
func (c *Conn) postJSON(ctx context.Context, path string, body any) ([]byte, error) {
	text, err := json.Marshal(body, tolerant.Options)
	if err != nil {
		return nil, invalid("", "The message cannot be written as JSON: %v.", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.endpoint(path, nil), bytes.NewReader(text))
	if err != nil {
		return nil, invalid("", "The request cannot be made: %v.", err)
	}
	req.Header.Set("Content-Type", "application/json")
	return c.do(req)
}

// getJSON asks for a resource and reads it into `into`.
func (c *Conn) getJSON(ctx context.Context, path string, query url.Values, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.endpoint(path, query), nil)
	if err != nil {
		return invalid("", "The request cannot be made: %v.", err)
	}
	body, err := c.do(req)
	if err != nil {
		return repeatable(err)
	}
	if err := tolerant.Unmarshal(body, into); err != nil {
		return repeatable(unreadable(err))
	}
	return nil
}
