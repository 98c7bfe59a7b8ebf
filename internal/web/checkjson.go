package web

import (
	"unicode/utf8"

	"github.com/cirrus/omnichannel/internal/fault"
)

// CheckJSON refuses, without building anything, a body that nests deeper than
// most levels or that cannot be JSON at its edges. It reads each byte once.
func CheckJSON(body []byte, most int) error {
	depth, inText, escaped, seen := 0, false, false, false
	for _, b := range body {
		switch {
		case inText:
			switch {
			case escaped:
				escaped = false
			case b == '\\':
				escaped = true
			case b == '"':
				inText = false
			}
			continue
		case b == '"':
			inText = true
		case b == '{' || b == '[':
			if depth++; depth > most {
				return fault.New(fault.MalformedRequest, "The body nests deeper than %d levels.", most)
			}
		case b == '}' || b == ']':
			depth--
		}
		if !seen && b > ' ' {
			seen = true
			if b != '{' && b != '[' {
				return fault.New(fault.MalformedRequest, "The body is not a JSON object.")
			}
		}
	}
	if !seen || inText || depth != 0 || !utf8.Valid(body) {
		return fault.New(fault.MalformedRequest, "The body is not JSON: it is empty, cut off, or not UTF-8.")
	}
	return nil
}
