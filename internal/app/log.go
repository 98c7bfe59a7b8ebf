package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"strings"
)

// secretNames are attributes whose values never reach a log.
var secretNames = regexp.MustCompile(`(?i)(secret|token|password|api[_-]?key|authorization|credential|access[_-]?code|master[_-]?key|signature)`)

// numbers are runs of digits long enough to be somebody's phone number, or a
// number as people write it, which begins with a plus. Ids in hexadecimal have
// letters among theirs, or 24 digits. In the addresses of keys an underscore
// follows the number.
var numbers = regexp.MustCompile(`\+[0-9][0-9 ().-]{7,20}[0-9]|\b[0-9]{10,15}(?:\b|_)`)

// wamids embed the phone number of the person.
var wamids = regexp.MustCompile(`wamid\.[A-Za-z0-9+/=_-]+`)

// logins are user and password in a URL.
var logins = regexp.MustCompile(`(\b[a-z0-9+]+://)[^@/\s"]+@`)

// tokens are secrets wherever they stand: keys and webhook secrets of ours,
// bearer tokens, parameters that sign a URL.
var tokens = regexp.MustCompile(`(omk_|whsec_)[A-Za-z0-9+/=_-]+` +
	`|(?i)(\bbearer )[^\s"]+` +
	`|([?&][a-z_-]*(?:token|signature|secret|credential|key|hash)=)[^&\s"]+`)

// newLogger writes to w, with secrets and phone numbers taken out.
func newLogger(w io.Writer, level slog.Level, format string) *slog.Logger {
	options := &slog.HandlerOptions{Level: level}
	var handler slog.Handler = slog.NewJSONHandler(w, options)
	if format == "text" {
		handler = slog.NewTextHandler(w, options)
	}
	return slog.New(redactor{handler})
}

// redactor is a handler that sees every attribute before the next one does.
type redactor struct{ next slog.Handler }

func (r redactor) Enabled(ctx context.Context, level slog.Level) bool {
	return r.next.Enabled(ctx, level)
}

func (r redactor) Handle(ctx context.Context, record slog.Record) error {
	clean := slog.NewRecord(record.Time, record.Level, redactText(record.Message), record.PC)
	record.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(redact(a))
		return true
	})
	return r.next.Handle(ctx, clean)
}

func (r redactor) WithAttrs(attrs []slog.Attr) slog.Handler {
	clean := make([]slog.Attr, 0, len(attrs))
	for _, a := range attrs {
		clean = append(clean, redact(a))
	}
	return redactor{r.next.WithAttrs(clean)}
}

func (r redactor) WithGroup(name string) slog.Handler { return redactor{r.next.WithGroup(name)} }

func redact(a slog.Attr) slog.Attr {
	if secretNames.MatchString(a.Key) {
		return slog.String(a.Key, "[redacted]")
	}
	value := a.Value.Resolve()
	switch value.Kind() {
	case slog.KindString:
		return slog.String(a.Key, redactText(value.String()))
	case slog.KindGroup:
		clean := make([]any, 0, len(value.Group()))
		for _, member := range value.Group() {
			clean = append(clean, redact(member))
		}
		return slog.Group(a.Key, clean...)
	case slog.KindAny:
		// Whatever it is, its text is what can be looked through; fmt survives
		// a String or Error method that panics.
		return slog.String(a.Key, redactText(fmt.Sprint(value.Any())))
	}
	return slog.Attr{Key: a.Key, Value: value}
}

// redactText keeps the last four digits of a number, so that an operator can
// still tell two apart.
func redactText(text string) string {
	text = tokens.ReplaceAllString(text, "${1}${2}${3}[redacted]")
	text = logins.ReplaceAllString(text, "${1}[redacted]@")
	text = wamids.ReplaceAllString(text, "wamid.[redacted]")
	return numbers.ReplaceAllStringFunc(text, masked)
}

func masked(number string) string {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number)
	if len(digits) < 8 {
		return number
	}
	_, rest, _ := strings.Cut(number, digits)
	return strings.Repeat("*", len(digits)-4) + digits[len(digits)-4:] + rest
}
