package d360

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/tolerant"
)

// answer is what a refusal says, whichever of the four shapes it came in.
type answer struct {
	status  int
	code    string // empty: none
	message string
	details string
	wait    time.Duration // 0: not said
}

// maxWait bounds what a provider's header may ask of us.
const maxWait = 24 * time.Hour

// refusal is the body of an answer that is not 2xx: Meta's `error` object,
// 360dialog's `meta`, 360dialog's `error` text, or the legacy `errors`.
type refusal struct {
	Error  jsontext.Value   `json:"error"`
	Errors list[valueError] `json:"errors"`
	Meta   loose[hubMeta]   `json:"meta"`
	Detail label            `json:"detail"`
}

type hubMeta struct {
	DeveloperMessage label `json:"developer_message"`
}

// readAnswer reads a refusal. A body of none of the shapes is its own message.
func readAnswer(status int, header http.Header, body []byte) answer {
	a := answer{status: status, wait: waitOf(header)}
	var r refusal
	if tolerant.Unmarshal(body, &r) != nil {
		a.message = clip(strings.ToValidUTF8(strings.TrimSpace(string(body)), "\uFFFD"), 300)
		return a
	}
	switch r.Error.Kind() {
	case '{':
		var e valueError
		if tolerant.Unmarshal(r.Error, &e) == nil {
			a.fill(e)
		}
	case '"':
		var text label
		if tolerant.Unmarshal(r.Error, &text) == nil {
			a.message = string(text)
		}
	default:
		for _, e := range r.Errors.Items {
			if e.Err == nil {
				a.fill(e.Value)
				break
			}
		}
	}
	if a.message == "" {
		a.message = string(tolerant.First(r.Meta.Value.DeveloperMessage, r.Detail))
	}
	a.message, a.details = clip(a.message, 500), clip(a.details, 1000)
	return a
}

func (a *answer) fill(e valueError) {
	a.code = string(e.Code)
	a.message = string(tolerant.First(e.Message, e.Title))
	a.details = string(tolerant.First(e.Data.Value.Details, e.Details))
}

// waitOf reads how long the provider wants to be left alone.
func waitOf(header http.Header) time.Duration {
	var wait time.Duration
	if seconds, err := strconv.ParseFloat(strings.TrimSpace(header.Get("Retry-After")), 64); err == nil && seconds > 0 {
		wait = time.Duration(min(seconds, maxWait.Seconds()) * float64(time.Second))
	}
	return min(max(wait, usageWait(header.Get("X-Business-Use-Case-Usage"))), maxWait)
}

// usageWait reads Meta's usage header, whose
// `estimated_time_to_regain_access` is in minutes.
func usageWait(text string) time.Duration {
	var usage map[string][]struct {
		Minutes number `json:"estimated_time_to_regain_access"`
	}
	if text == "" || tolerant.Unmarshal([]byte(text), &usage) != nil {
		return 0
	}
	var wait time.Duration
	for _, uses := range usage {
		for _, use := range uses {
			minutes := min(max(use.Minutes.Value, 0), maxWait.Minutes())
			wait = max(wait, time.Duration(minutes*float64(time.Minute)))
		}
	}
	return wait
}

// sendError turns a refusal into what the rooms above decide by.
func (a answer) sendError() *providers.SendError {
	v := judge(a)
	detail := firstText(a.details, a.message, http.StatusText(a.status), "an answer without a text")
	e := &providers.SendError{
		Reason:       v.reason,
		Sent:         v.sent,
		Retryable:    v.retry,
		TellOperator: v.tell,
		ProviderCode: a.code,
		Title:        a.message,
		Detail:       "360dialog answered " + strconv.Itoa(a.status) + ": " + ended(detail) + " " + v.advice,
		Field:        v.field,
	}
	if v.retry {
		e.RetryAfter = v.pause
		if a.wait > 0 {
			e.RetryAfter = a.wait
		}
	}
	return e
}

func firstText(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

// ended gives a sentence its full stop.
func ended(text string) string {
	if text == "" || strings.ContainsAny(text[len(text)-1:], ".!?") {
		return text
	}
	return text + "."
}
