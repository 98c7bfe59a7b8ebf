package web

import (
	"bytes"
	"unicode/utf8"

	"github.com/cirrus/omnichannel/internal/fault"
)

// step is what a byte outside of texts does to the depth, and quote marks the
// beginning of a text; a table is twice as fast as comparing.
var step = [256]int8{'{': 1, '[': 1, '}': -1, ']': -1, '"': quote}

const quote = 2

// CheckJSON refuses, without building anything, a body that nests deeper than
// most levels or that cannot be JSON at its edges. It reads each byte once.
func CheckJSON(body []byte, most int) error {
	text := bytes.TrimLeft(body, " \t\r\n")
	if len(text) > 0 && text[0] != '{' && text[0] != '[' {
		return fault.New(fault.MalformedRequest, "The body is not a JSON object.")
	}
	depth, whole := 0, len(text) > 0
	for i := 0; i < len(text) && whole; i++ {
		switch by := step[text[i]]; by {
		case 0:
		case quote:
			length := textEnd(text[i+1:])
			whole = length >= 0
			i += 1 + length
		default:
			if depth += int(by); depth > most {
				return fault.New(fault.MalformedRequest, "The body nests deeper than %d levels.", most)
			}
			whole = depth >= 0
		}
	}
	if !whole || depth != 0 || !utf8.Valid(body) {
		return fault.New(fault.MalformedRequest, "The body is not JSON: it is empty, cut off, or not UTF-8.")
	}
	return nil
}

// textEnd finds the quote that ends a text; -1: none does.
func textEnd(text []byte) int {
	for from := 0; ; {
		at := bytes.IndexByte(text[from:], '"')
		if at < 0 {
			return -1
		}
		at += from
		escapes := 0
		for escapes < at-from && text[at-1-escapes] == '\\' {
			escapes++
		}
		if escapes%2 == 0 {
			return at
		}
		from = at + 1
	}
}
