package events

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/cirrus/omnichannel/internal/ids"
)

// Timeout is how long a platform may take to answer.
const Timeout = 15 * time.Second

// drainMost is how much of an answer is read, so that its connection can be
// used again.
const drainMost = 64 << 10

// outcome is what an attempt means for its event and its endpoint.
type outcome string

const (
	taken   outcome = "delivered"
	refused outcome = "refused" // this event; others may be taken
	silent  outcome = "down"    // the endpoint takes nothing now
	gone    outcome = "gone"    // for good
)

// outcomeOf reads an answer's status. A redirect is not followed: its target
// was never checked nor given by anybody, and every event would meet it.
func outcomeOf(status int) outcome {
	switch {
	case status >= 200 && status < 300:
		return taken
	case status == http.StatusGone:
		return gone
	case status == http.StatusTooManyRequests, status < 400, status >= 500:
		return silent
	default:
		return refused
	}
}

// request is one call to make.
type request struct {
	url     string
	event   ids.Event
	body    []byte
	signers []*standardwebhooks.Webhook
}

// result is what came of a call.
type result struct {
	item    *item
	url     string // that was called
	attempt Attempt
	outcome outcome
	asked   time.Duration // by Retry-After
	cut     bool          // it was cut off from this side, and is as if never made
}

// post makes a call.
func (s *Service) post(ctx context.Context, r request) result {
	at, began := s.now(), time.Now()
	res := result{url: r.url, attempt: Attempt{At: at}}
	resp, err := s.call(ctx, r, at)
	if err == nil {
		res.attempt.Answer, err = readAnswer(resp)
		res.attempt.Status, res.outcome, res.asked = resp.StatusCode, outcomeOf(resp.StatusCode), retryAfter(resp.Header, at)
		if res.outcome == taken { // whatever becomes of the rest of its body
			res.attempt.Answer, err = "", nil
		}
	}
	switch {
	case err != nil:
		res.outcome, res.cut = silent, ctx.Err() != nil
		res.attempt.Error = without(err)
	case res.outcome != taken:
		res.attempt.Error = answeredWith(resp)
	}
	took := time.Since(began)
	res.attempt.Latency = took.Milliseconds()
	if !res.cut {
		s.metrics.attempt(res.outcome, took)
	}
	return res
}

func (s *Service) call(ctx context.Context, r request, at time.Time) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url, bytes.NewReader(r.body))
	if err != nil {
		return nil, err
	}
	id := wireID(r.event)
	signatures := make([]string, 0, len(r.signers))
	for _, signer := range r.signers {
		signature, err := signer.Sign(id, at, r.body)
		if err != nil {
			return nil, fmt.Errorf("sign event %s: %w", id, err)
		}
		signatures = append(signatures, signature)
	}
	req.Header = http.Header{
		"Content-Type": {"application/json; charset=utf-8"}, "User-Agent": {"omnichannel"},
		http.CanonicalHeaderKey(standardwebhooks.HeaderWebhookID):        {id},
		http.CanonicalHeaderKey(standardwebhooks.HeaderWebhookTimestamp): {strconv.FormatInt(at.Unix(), 10)},
		http.CanonicalHeaderKey(standardwebhooks.HeaderWebhookSignature): {strings.Join(signatures, " ")},
	}
	return s.client.Do(req)
}

// readAnswer gives how an answer's body begins.
func readAnswer(resp *http.Response) (string, error) {
	defer resp.Body.Close()
	var kept bytes.Buffer
	if _, err := io.CopyN(&kept, resp.Body, answerMost); err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	_, _ = io.CopyN(io.Discard, resp.Body, drainMost) // for the connection's sake only
	return strings.ToValidUTF8(kept.String(), "\uFFFD"), nil
}

// without gives an error's text without the URL, which may hold a token.
func without(err error) string {
	var at *url.Error
	if errors.As(err, &at) {
		if at.Timeout() {
			return fmt.Sprintf("There was no answer within %s.", Timeout)
		}
		err = at.Err
	}
	return "There was no answer: " + err.Error() + "."
}

func answeredWith(resp *http.Response) string {
	if to := resp.Header.Get("Location"); to != "" && resp.StatusCode < 400 {
		if u, err := url.Parse(to); err == nil {
			return fmt.Sprintf("The URL answered %d with a redirect to the host %q, which is not followed: set the URL that it leads to.", resp.StatusCode, u.Host)
		}
	}
	return fmt.Sprintf("The URL answered %d.", resp.StatusCode)
}
