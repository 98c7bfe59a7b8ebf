package app

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"
)

// identifier is a name that needs no quotes as a key.
var identifier = regexp.MustCompile(`^[A-Za-z_$][\w$]*$`)

// writeLiteral writes a value as TypeScript does, members in their order: on
// one line where that is short.
func writeLiteral(out *strings.Builder, value any, indent string) {
	flat := flatLiteral(value)
	if len(flat) <= exampleWidth {
		out.WriteString(flat)
		return
	}
	inner := indent + "  "
	switch value := value.(type) {
	case yaml.MapSlice:
		out.WriteString("{\n")
		for _, member := range value {
			out.WriteString(inner + literalKey(member.Key) + ": ")
			writeLiteral(out, member.Value, inner)
			out.WriteString(",\n")
		}
		out.WriteString(indent + "}")
	case []any:
		out.WriteString("[\n")
		for _, item := range value {
			out.WriteString(inner)
			writeLiteral(out, item, inner)
			out.WriteString(",\n")
		}
		out.WriteString(indent + "]")
	default:
		out.WriteString(flat)
	}
}

func literalKey(key any) string {
	if name := fmt.Sprint(key); !identifier.MatchString(name) {
		return quoted(name)
	}
	return fmt.Sprint(key)
}

func flatLiteral(value any) string {
	var parts []string
	switch value := value.(type) {
	case yaml.MapSlice:
		for _, member := range value {
			parts = append(parts, literalKey(member.Key)+": "+flatLiteral(member.Value))
		}
		if len(parts) == 0 {
			return "{}"
		}
		return "{ " + strings.Join(parts, ", ") + " }"
	case []any:
		for _, item := range value {
			parts = append(parts, flatLiteral(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case string:
		return quoted(value)
	case code:
		return string(value)
	}
	return flatExample(value) // numbers, booleans and null are written alike
}

// quoted writes a text between single quotes, or double ones where it holds
// single ones. What JSON escapes, TypeScript reads alike.
func quoted(text string) string {
	double := flatExample(text)
	if strings.Contains(text, "'") {
		return double
	}
	return "'" + strings.ReplaceAll(double[1:len(double)-1], `\"`, `"`) + "'"
}
