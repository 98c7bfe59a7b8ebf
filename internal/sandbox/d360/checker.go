package d360

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
)

// checker walks a decoded body and keeps the first thing that is wrong with it.
// What is missing is 131008, what is out of its limits 131009, what has a wrong
// type or an unknown name 100.
type checker struct {
	err *apiError
}

func (c *checker) refuse(code int, format string, args ...any) {
	if c.err == nil {
		c.err = refuse(code, format, args...)
	}
}

// object is a JSON object whose fields are taken one by one; what nobody took
// by done() is an unknown field.
type object struct {
	c      *checker
	path   string
	fields map[string]any
	taken  map[string]bool
}

// value is a field, or what stands where a field should be.
type value struct {
	c     *checker
	path  string
	v     any
	there bool
}

// decodeJSON reads one JSON value and nothing behind it; numbers stay as they
// are written.
func decodeJSON(body []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the JSON value")
	}
	return v, nil
}

func (c *checker) root(v any) *object {
	return value{c: c, path: "", v: v, there: true}.object()
}

func (o *object) child(name string) string {
	if o.path == "" {
		return name
	}
	return o.path + "['" + name + "']"
}

// maybe takes a field that may be absent.
func (o *object) maybe(name string) value {
	o.taken[name] = true
	v, there := o.fields[name]
	return value{c: o.c, path: o.child(name), v: v, there: there}
}

// need takes a field that must be there.
func (o *object) need(name string) value {
	v := o.maybe(name)
	if !v.there {
		o.c.refuse(131008, "The parameter %s is required.", v.path)
	}
	return v
}

// exactlyOne takes the one of several fields that must be there alone.
func (o *object) exactlyOne(names ...string) (string, value) {
	var found []string
	for _, name := range names {
		if o.maybe(name).there {
			found = append(found, name)
		}
	}
	if len(found) == 1 {
		return found[0], o.maybe(found[0])
	}
	if len(found) == 0 {
		o.c.refuse(131008, "One of the parameters %s of %q is required.", strings.Join(names, ", "), o.path)
	} else {
		o.c.refuse(131009, "Only one of the parameters %s of %q may be given.", strings.Join(names, ", "), o.path)
	}
	return "", value{c: o.c, path: o.path}
}

// done refuses the fields that nobody took.
func (o *object) done() {
	var unknown []string
	for name := range o.fields {
		if !o.taken[name] {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) == 0 {
		return
	}
	sort.Strings(unknown)
	o.c.refuse(100, "Unexpected key %q on param %q.", unknown[0], o.path)
}

func (v value) wrongType(want string) {
	if v.there {
		v.c.refuse(100, "Param %s must be %s.", v.path, want)
	}
}

// object is the value's fields; an empty object when it is none.
func (v value) object() *object {
	fields, is := v.v.(map[string]any)
	if !is {
		v.wrongType("a JSON object")
	}
	return &object{c: v.c, path: v.path, fields: fields, taken: map[string]bool{}}
}

// list is the value's elements, whose number must be within the limits.
func (v value) list(minimum, maximum int) []value {
	items, is := v.v.([]any)
	if !is {
		v.wrongType("an array")
		return nil
	}
	if len(items) < minimum || len(items) > maximum {
		v.c.refuse(131009, "Param %s must have between %d and %d elements, it has %d.", v.path, minimum, maximum, len(items))
		return nil
	}
	out := make([]value, len(items))
	for i, item := range items {
		out[i] = value{c: v.c, path: fmt.Sprintf("%s[%d]", v.path, i), v: item, there: true}
	}
	return out
}

// anyText is a string of at most maximum characters, or empty.
func (v value) anyText(maximum int) string {
	s, is := v.v.(string)
	if !is {
		v.wrongType("a string")
		return ""
	}
	if n := utf8.RuneCountInString(s); n > maximum {
		v.c.refuse(131009, "Param %s must be at most %d characters long, it has %d.", v.path, maximum, n)
	}
	return s
}

// text is a string of 1 to maximum characters.
func (v value) text(maximum int) string {
	s := v.anyText(maximum)
	if v.there && strings.TrimSpace(s) == "" {
		v.c.refuse(131008, "Param %s must not be empty.", v.path)
	}
	return s
}

func (v value) oneOf(options ...string) string {
	s := v.anyText(1 << 20)
	if v.there && !slices.Contains(options, s) {
		v.c.refuse(131009, "Param %s must be one of {%s}, it is %q.", v.path, strings.Join(options, ", "), s)
	}
	return s
}

func (v value) boolean() bool {
	b, is := v.v.(bool)
	if !is {
		v.wrongType("a boolean")
	}
	return b
}

// number is a JSON number within the limits. The real service takes numbers
// only, so "12.5" is refused.
func (v value) number(minimum, maximum float64) float64 {
	n, is := v.v.(json.Number)
	if !is {
		v.wrongType("a number")
		return 0
	}
	f, err := n.Float64()
	if err != nil || f < minimum || f > maximum {
		v.c.refuse(131009, "Param %s must be between %g and %g, it is %s.", v.path, minimum, maximum, n)
	}
	return f
}

// index is a position given as a number or as its digits.
func (v value) index(maximum int64) int {
	written, is := v.v.(json.Number)
	if s, text := v.v.(string); text {
		written, is = json.Number(s), true
	}
	if !is {
		v.wrongType("an integer")
		return 0
	}
	n, err := written.Int64()
	if err != nil || n < 0 || n > maximum {
		v.c.refuse(131009, "Param %s must be an integer between 0 and %d.", v.path, maximum)
		return 0
	}
	return int(n)
}

// link is an absolute http or https URL.
func (v value) link() string {
	s := v.text(2000)
	if !v.there || v.c.err != nil {
		return s
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		v.c.refuse(131009, "Param %s is not a valid URL.", v.path)
	}
	return s
}

// anything takes the value as it is, as long as it is an object.
func (v value) anything() map[string]any {
	fields, is := v.v.(map[string]any)
	if !is {
		v.wrongType("a JSON object")
	}
	return fields
}
