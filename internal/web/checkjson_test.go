package web_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/web"
)

// deep is 10 MB of JSON that nests 10,000 levels.
func deep() []byte {
	const levels = 10_000
	body := append(bytes.Repeat([]byte(`{"a":[`), levels/2), bytes.Repeat([]byte(`"0123456789",`), 10<<20/13)...)
	return append(append(body, '1'), bytes.Repeat([]byte("]}"), levels/2)...)
}

func TestCheckJSON(t *testing.T) {
	t.Parallel()
	for body, good := range map[string]bool{
		`{}`: true, ` [ ] `: true, `{"a":{"b":[]}}`: true, `{"a":"{[{[\"{[\\"}`: true, "{\"a\":\"ç\"}": true, "\n{}\n": true,
		``: false, ` `: false, `"x"`: false, `1`: false, `null`: false, `{`: false, `{}}`: false, `[[]`: false, `{"a":"x}`: false, `{"a":"\"}`: false,
		"{\"a\":\"\xff\"}": false, `{"a":{"b":{"c":{}}}}`: false, `[[[[]]]]`: false, `]`: false, `}{`: false,
		`{"a":"\\"}`: true, `{"a":"\"\\"}`: true, `{"a":"\"\\\"}`: false, `{"\"":"\\\"}]"}`: true, `{"a":"x"}"`: false,
	} {
		if err := web.CheckJSON([]byte(body), 3); (err == nil) != good || err != nil && !fault.Is(err, fault.MalformedRequest) {
			t.Errorf("%q: %v", body, err)
		}
	}
	body := deep()
	if err := web.CheckJSON(body, 64); !fault.Is(err, fault.MalformedRequest) || !strings.Contains(err.Error(), "64") {
		t.Errorf("10,000 levels: %v", err)
	}
	if err := web.CheckJSON(body, 10_000); err != nil {
		t.Errorf("as deep as is allowed: %v", err)
	}
}

// BenchmarkCheckJSON: the most that a webhook may be, refused for its depth, and
// read to its end.
func BenchmarkCheckJSON(b *testing.B) {
	body := deep()
	for name, most := range map[string]int{"refused": 64, "read": 10_000} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				if err := web.CheckJSON(body, most); (err == nil) != (most == 10_000) {
					b.Fatal(err)
				}
			}
		})
	}
}
