package vault

import (
	"fmt"
	"log/slog"
)

// redacted stands for a secret wherever one would be shown.
const redacted = "[redacted]"

// Secret is a text that shows itself to nobody who prints, logs or encodes
// it. Reveal gives it. The empty secret shows as empty, so that it can be seen
// to be missing.
type Secret string

// Reveal gives the secret itself. Its callers are few and easily searched.
func (s Secret) Reveal() string { return string(s) }

// String hides the secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return redacted
}

// GoString hides the secret from %#v.
func (s Secret) GoString() string { return `vault.Secret("` + s.String() + `")` }

// Format hides the secret from every verb, %x among them.
func (s Secret) Format(f fmt.State, verb rune) {
	if verb == 'v' && f.Flag('#') {
		fmt.Fprint(f, s.GoString())
		return
	}
	fmt.Fprint(f, s.String())
}

// LogValue hides the secret from slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalJSON hides the secret from JSON.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + s.String() + `"`), nil }

// MarshalText hides the secret from other encodings.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText takes the secret in, from JSON and from the environment.
func (s *Secret) UnmarshalText(text []byte) error {
	*s = Secret(text)
	return nil
}

// MarshalBSONValue refuses: a secret goes to the store sealed.
func (s Secret) MarshalBSONValue() (byte, []byte, error) {
	return 0, nil, fmt.Errorf("a secret cannot be stored in the clear; seal it")
}
