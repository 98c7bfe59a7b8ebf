package messages

import (
	"encoding/json"

	"github.com/cirrus/omnichannel/internal/providers"
)

// render gives the content as the contact sees it: with the agent's name as a
// bold first line of the text, the caption or the interactive's body. With
// none of these there is nowhere to show it.
func render(content providers.Content, agent string) providers.Content {
	if agent == "" {
		return content
	}
	line := "*" + agent + "*:\n"
	switch {
	case content.Text != "":
		content.Text = line + content.Text
	case content.Type == providers.TypeInteractive:
		content.Interactive = withBodyLine(content.Interactive, line)
	}
	return content
}

// withBodyLine puts a line before an interactive's body text; what has none
// stays as it is.
func withBodyLine(interactive providers.RawJSON, line string) providers.RawJSON {
	var parts map[string]json.RawMessage
	var body map[string]json.RawMessage
	var text string
	if json.Unmarshal(interactive, &parts) != nil || json.Unmarshal(parts["body"], &body) != nil || json.Unmarshal(body["text"], &text) != nil {
		return interactive
	}
	body["text"] = mustJSON(line + text)
	parts["body"] = mustJSON(body)
	return providers.RawJSON(mustJSON(parts))
}

// mustJSON writes what cannot fail to be written: strings and maps of JSON.
func mustJSON(value any) json.RawMessage {
	text, err := json.Marshal(value)
	if err != nil {
		panic("a string or a map of JSON cannot be written: " + err.Error())
	}
	return text
}
