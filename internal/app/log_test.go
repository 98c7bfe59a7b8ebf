package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/cirrus/omnichannel/internal/vault"
)

// logged is what one line says, in both formats.
func logged(t *testing.T, write func(*slog.Logger)) (fields map[string]any, line string) {
	t.Helper()
	var asJSON, asText bytes.Buffer
	write(newLogger(&asJSON, slog.LevelDebug, "json"))
	write(newLogger(&asText, slog.LevelDebug, "text"))
	if err := json.Unmarshal(asJSON.Bytes(), &fields); err != nil {
		t.Fatalf("%v in %s", err, asJSON.String())
	}
	return fields, asJSON.String() + asText.String()
}

const phone, masks = "5521988887777", "*********7777"

// broken is an error that cannot say what it is.
type broken struct{ cause error }

func (b *broken) Error() string { return b.cause.Error() }

type person struct{ Name, Phone string }

type named string

func (n named) String() string { return "named " + string(n) }

type valuer struct{}

func (valuer) LogValue() slog.Value { return slog.StringValue("omk_from-a-valuer") }

func TestSecretsAreHiddenByTheirNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"secret", "webhook_secret", "token", "access_token", "password", "apiKey", "api_key", "D360-API-KEY",
		"Authorization", "credentials", "access_code", "accessCode", "master_key", "OMNI_MASTER_KEY", "signature"} {
		for _, value := range []any{"hunter2", 54321.5, errors.New("hunter2"), []string{"hunter2"}, slog.GroupValue(slog.String("a", "hunter2"))} {
			fields, line := logged(t, func(l *slog.Logger) { l.Info("x", name, value) })
			if fields[name] != "[redacted]" || strings.Contains(line, "hunter2") || strings.Contains(line, "54321.5") {
				t.Errorf("%s %v: %s", name, value, line)
			}
		}
	}
}

func TestSecretsAreHiddenByTheirShape(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"from 111546962755142_1:0 in 120363400000000008@g.us":        "from ***********5142_1:0 in 120363400000000008@g.us",
		"key omk_AbC-_9x= is unknown":                                "key omk_[redacted] is unknown",
		"signed by whsec_dGVzdA==":                                   "signed by whsec_[redacted]",
		"sent Authorization: Bearer abc.def":                         "sent Authorization: Bearer [redacted]",
		"GET /api/media/1?token=abc&x=1":                             "GET /api/media/1?token=[redacted]&x=1",
		"https://s3/b?X-Amz-Signature=abc&X-Amz-Date=1":              "https://s3/b?X-Amz-Signature=[redacted]&X-Amz-Date=1",
		"https://host/attachments/?mid=1&ext=2&hash=abc":             "https://host/attachments/?mid=1&ext=2&hash=[redacted]",
		"dial mongodb+srv://user:pa55@h1,h2/db?x=1: timeout":         "dial mongodb+srv://[redacted]@h1,h2/db?x=1: timeout",
		"dial mongodb://h1:27017/db":                                 "dial mongodb://h1:27017/db",
		"https://user:pa55@proxy.example.com/":                       "https://[redacted]@proxy.example.com/",
		"write to " + phone + "@s.whatsapp.net":                      "write to " + masks + "@s.whatsapp.net",
		"write to +" + phone + ", and to 2133334444":                 "write to " + masks + ", and to ******4444",
		"call +55 (21) 98888-7777 back":                              "call " + masks + " back",
		"the wamid.HBgNNTUyMTk4ODg4Nzc3NxUCABIYFDNB== is unknown":    "the wamid.[redacted] is unknown",
		"session 64cbbd9596429dbccd7841e5, 123456789012345678901234": "session 64cbbd9596429dbccd7841e5, 123456789012345678901234",
		"account 9a92ea44-244c-4cda-86be-6a9e32ba8f34 at 2026-11-21": "account 9a92ea44-244c-4cda-86be-6a9e32ba8f34 at 2026-11-21",
		"+1 2 and 123456789":                                         "+1 2 and 123456789",
		"Olá, preciso de ajuda":                                      "Olá, preciso de ajuda",
	} {
		// As an attribute, as the message, inside an error, and bound beforehand.
		for where, write := range map[string]func(*slog.Logger){
			"attribute": func(l *slog.Logger) { l.Info("x", "got", text) },
			"error":     func(l *slog.Logger) { l.Info("x", "got", fmt.Errorf("%w", errors.New(text))) },
			"stringer":  func(l *slog.Logger) { l.Info("x", "got", bytes.NewBufferString(text)) },
			"with":      func(l *slog.Logger) { l.With("got", text).Info("x") },
			"message":   func(l *slog.Logger) { l.Info(text, "got", want) }, //nolint:sloglint // a message that is none of ours is what is tested
		} {
			fields, _ := logged(t, write)
			if fields["got"] != want || (where == "message" && fields["msg"] != want) {
				t.Errorf("%s: %v, want %q", where, fields, want)
			}
		}
	}
}

func TestNestedAndForeignValuesAreLookedThrough(t *testing.T) {
	t.Parallel()
	var none *broken
	for name, write := range map[string]func(*slog.Logger){
		"group":         func(l *slog.Logger) { l.Info("x", slog.Group("a", slog.Group("b", "to", phone, "token", "hunter2"))) },
		"inline group":  func(l *slog.Logger) { l.Info("x", slog.Group("", "to", phone)) },
		"with group":    func(l *slog.Logger) { l.WithGroup("a").With("to", phone, "secret", "hunter2").Info("x", "from", phone) },
		"group in with": func(l *slog.Logger) { l.With(slog.Group("a", "to", phone)).Info("x") },
		"list":          func(l *slog.Logger) { l.Info("x", "to", []string{phone, "omk_x"}) },
		"map":           func(l *slog.Logger) { l.Info("x", "to", map[string]string{"phone": phone}) },
		"struct":        func(l *slog.Logger) { l.Info("x", "to", person{"João", phone}) },
		"pointer":       func(l *slog.Logger) { l.Info("x", "to", &person{"João", phone}) },
		"bytes":         func(l *slog.Logger) { l.Info("x", "to", json.RawMessage(`"`+phone+`"`)) },
		"named":         func(l *slog.Logger) { l.Info("x", "to", named(phone)) },
		"joined":        func(l *slog.Logger) { l.Info("x", "error", errors.Join(errors.New(phone), errors.New("omk_x"))) },
		"nil error":     func(l *slog.Logger) { l.Info("x", "error", none) },
		"nothing":       func(l *slog.Logger) { l.Info("x", "error", nil) },
		"valuer":        func(l *slog.Logger) { l.Info("x", "to", valuer{}) },
		"secret type":   func(l *slog.Logger) { l.Info("x", "value", vault.Secret("hunter2"), "list", []vault.Secret{"hunter2"}) },
	} {
		_, line := logged(t, write)
		for _, leak := range []string{phone, "hunter2", "omk_x", "omk_from", "888877"} {
			if strings.Contains(line, leak) {
				t.Errorf("%s: %s", name, line)
			}
		}
	}
	fields, _ := logged(t, func(l *slog.Logger) { l.WithGroup("a").With("to", phone).Info("x", "n", 12, "ok", true) })
	if inner, _ := fields["a"].(map[string]any); inner["to"] != masks || inner["n"] != float64(12) || inner["ok"] != true {
		t.Errorf("groups keep their places: %v", fields)
	}
}

func TestLevelsAndFormats(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log := newLogger(&out, slog.LevelWarn, "json")
	log.Info("too quiet")
	if out.Len() != 0 || log.Enabled(context.Background(), slog.LevelInfo) || !log.Enabled(context.Background(), slog.LevelWarn) {
		t.Errorf("at level warn: %s", out.String())
	}
	log.Warn("loud", "a", 1)
	if !json.Valid(out.Bytes()) {
		t.Errorf("json: %s", out.String())
	}
	out.Reset()
	newLogger(&out, slog.LevelInfo, "text").Info("plain", "a", 1)
	if !strings.Contains(out.String(), "msg=plain a=1") {
		t.Errorf("text: %s", out.String())
	}
}
