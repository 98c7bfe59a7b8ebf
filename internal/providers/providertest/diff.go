package providertest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Diff compares two values field by field, unexported ones left out, and gives
// one line per difference, empty when there is none. Times are compared as
// instants, byte slices as text, empty ones as none.
func Diff(want, got any) string {
	wanted, gotten := map[string]string{}, map[string]string{}
	flatten("", reflect.ValueOf(want), wanted)
	flatten("", reflect.ValueOf(got), gotten)
	var lines []string
	for path, text := range wanted {
		if other, ok := gotten[path]; !ok {
			lines = append(lines, fmt.Sprintf("%s: want %s, got nothing", path, text))
		} else if other != text {
			lines = append(lines, fmt.Sprintf("%s: want %s, got %s", path, text, other))
		}
	}
	for path, text := range gotten {
		if _, ok := wanted[path]; !ok {
			lines = append(lines, fmt.Sprintf("%s: want nothing, got %s", path, text))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// flatten writes every non-zero leaf under its path; what a pointer, slice or
// map holds is written also when it is zero.
func flatten(path string, v reflect.Value, into map[string]string) {
	if !v.IsValid() {
		return
	}
	if text, ok := leaf(v); ok {
		if !v.IsZero() && text != `""` {
			into[path] = text
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return
		}
		into[path+"("+v.Elem().Type().String()+")"] = "set"
		if text, ok := leaf(v.Elem()); ok {
			into[path] = text
			return
		}
		flatten(path, v.Elem(), into)
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.IsExported() {
				flatten(path+"."+field.Name, v.Field(i), into)
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			at := fmt.Sprintf("%s[%d]", path, i)
			into[at] = "set"
			flatten(at, v.Index(i), into)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			at := fmt.Sprintf("%s[%v]", path, key)
			into[at] = "set"
			flatten(at, v.MapIndex(key), into)
		}
	}
}

// leaf gives the text of a value that has no parts.
func leaf(v reflect.Value) (string, bool) {
	if !v.CanInterface() {
		return "", false
	}
	switch x := v.Interface().(type) {
	case time.Time:
		return x.UTC().Format(time.RFC3339Nano), true
	case error:
		return fmt.Sprintf("%q", x.Error()), v.Kind() == reflect.Interface && !v.IsNil() && v.Elem().Kind() != reflect.Pointer
	}
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return fmt.Sprintf("%q", v.Interface()), true
		}
		return "", false
	case reflect.Struct, reflect.Pointer, reflect.Interface, reflect.Map, reflect.Func, reflect.Chan:
		return "", false
	default:
		return fmt.Sprintf("%#v", v.Interface()), true
	}
}
