package phone_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/cirrus/omnichannel/internal/phone"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"5521988887777", "5521988887777"},
		{"+55 (21) 98888-7777", "5521988887777"},
		{"552188887777", "552188887777"}, // a mobile as WhatsApp may still call it
		{"554133334444", "554133334444"}, // a landline
		{"5215512345678", "5215512345678"},
		{"4915123456789", "4915123456789"},
		{"", ""},
		{"abc", ""},
		{"55219888877776666", ""},
		{"123", ""},
		{"5521977776666-group", ""},
		{"1999", ""},
		{"0021988887777", ""},
	} {
		got, err := phone.Parse(c.in)
		if got != c.want || (c.want == "") != errors.Is(err, phone.ErrInvalid) {
			t.Errorf("Parse(%q) = %q, %v; want %q", c.in, got, err, c.want)
		}
	}
}

func TestKeyFoldsTheNinthDigit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"554188887777", "5541988887777", true},
		{"554168887777", "5541968887777", true},
		{"554133334444", "5541933334444", false}, // a landline is no mobile
		{"5215512345678", "525512345678", true},
		{"5491123456789", "541123456789", true},
		{"4915123456789", "4915123456780", false},
	} {
		if got := phone.Same(c.a, c.b); got != c.same {
			t.Errorf("Same(%s, %s) = %v, want %v", c.a, c.b, got, c.same)
		}
		if c.same && (!slices.Contains(phone.Forms(c.a), c.b) || !slices.Contains(phone.Forms(c.b), c.a)) {
			t.Errorf("Forms(%s) = %v, Forms(%s) = %v: each must have the other", c.a, phone.Forms(c.a), c.b, phone.Forms(c.b))
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"", "+55 (21) 98888-7777", "5521988887777", "٣٤٥٦٧٨٩٠", "+", "++55", "55 21\x00988887777"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		digits, err := phone.Parse(text)
		if err != nil {
			if !errors.Is(err, phone.ErrInvalid) || digits != "" {
				t.Fatalf("Parse(%q) = %q, %v", text, digits, err)
			}
			return
		}
		if again, err := phone.Parse(digits); err != nil || again != digits {
			t.Fatalf("Parse(%q) = %q, which reads as %q, %v", text, digits, again, err)
		}
		if key := phone.Key(digits); phone.Key(key) != key {
			t.Fatalf("Key(%q) = %q, whose key is %q", digits, key, phone.Key(key))
		}
		for _, form := range phone.Forms(digits) {
			if !phone.Same(form, digits) {
				t.Fatalf("Forms(%q) has %q, which is another number", digits, form)
			}
		}
	})
}
