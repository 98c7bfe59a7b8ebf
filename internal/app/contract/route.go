package contract

import (
	"net/url"
	"strings"
)

// find gives the operation that a request is for, and the values of its path,
// decoded. known tells, where there is none, whether the path has other
// methods.
func (s *Spec) find(method, escapedPath string) (op *operation, values map[string]string, known bool) {
	parts := strings.Split(escapedPath, "/")
	for _, candidate := range s.operations {
		found, ok := candidate.match(parts)
		if !ok {
			continue
		}
		known = true
		if candidate.method == method && (op == nil || candidate.before(op)) {
			op, values = candidate, found
		}
	}
	return op, values, known
}

// match compares a path's parts, still escaped, with the operation's.
func (op *operation) match(parts []string) (map[string]string, bool) {
	if len(parts) != len(op.segments) {
		return nil, false
	}
	values := map[string]string{}
	for i, segment := range op.segments {
		text, err := url.PathUnescape(parts[i])
		switch {
		case err != nil:
			return nil, false
		case isParameter(segment):
			if text == "" {
				return nil, false
			}
			values[segment[1:len(segment)-1]] = text
		case text != segment:
			return nil, false
		}
	}
	return values, true
}

// before tells which of two operations that match the same path is meant: the
// one that names a part that the other leaves open.
func (op *operation) before(other *operation) bool {
	for i, segment := range op.segments {
		if mine, its := isParameter(segment), isParameter(other.segments[i]); mine != its {
			return its
		}
	}
	return false
}

func isParameter(segment string) bool {
	return strings.HasPrefix(segment, "{") && strings.HasSuffix(segment, "}")
}
