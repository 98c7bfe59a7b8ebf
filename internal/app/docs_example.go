package app

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
)

// exampleText writes a value as JSON, members in their order; a text stands as
// it is.
func exampleText(value any) string {
	if text, ok := value.(string); ok {
		return text
	}
	var out strings.Builder
	writeExample(&out, value, "")
	return out.String()
}

// exampleWidth is how long a value on one line may be.
const exampleWidth = 72

func writeExample(out *strings.Builder, value any, indent string) {
	flat := flatExample(value)
	if len(flat) <= exampleWidth {
		out.WriteString(flat)
		return
	}
	inner := indent + "  "
	switch value := value.(type) {
	case yaml.MapSlice:
		out.WriteString("{\n")
		for i, member := range value {
			fmt.Fprintf(out, "%s%q: ", inner, fmt.Sprint(member.Key))
			writeExample(out, member.Value, inner)
			out.WriteString(comma(i, len(value)))
		}
		out.WriteString(indent + "}")
	case []any:
		out.WriteString("[\n")
		for i, item := range value {
			out.WriteString(inner)
			writeExample(out, item, inner)
			out.WriteString(comma(i, len(value)))
		}
		out.WriteString(indent + "]")
	default:
		out.WriteString(flat)
	}
}

func comma(i, of int) string {
	if i == of-1 {
		return "\n"
	}
	return ",\n"
}

func flatExample(value any) string {
	var parts []string
	switch value := value.(type) {
	case yaml.MapSlice:
		for _, member := range value {
			parts = append(parts, fmt.Sprintf("%q: %s", fmt.Sprint(member.Key), flatExample(member.Value)))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case []any:
		for _, item := range value {
			parts = append(parts, flatExample(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil { // YAML has no value that JSON lacks but .nan and .inf
		return fmt.Sprint(value)
	}
	return strings.TrimSuffix(out.String(), "\n")
}
