package d360

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/tolerant"
)

// readButton reads the quick reply to a template.
func readButton(raw jsontext.Value) (providers.Content, *providers.MediaRef, error) {
	body, err := decode[buttonBody](raw)
	return reply(string(body.Text), providers.Reply{
		Type:  "quick_reply",
		ID:    string(body.Payload),
		Title: string(body.Text),
	}), nil, err
}

// readInteractive reads the answer to an interactive message. Kinds that have
// no fields of their own keep their JSON in Reply.Data.
func readInteractive(raw jsontext.Value) (providers.Content, *providers.MediaRef, error) {
	body, err := decode[interactiveBody](raw)
	if err != nil || body.Type == "" {
		return providers.Content{}, nil, errEmptyKind
	}
	answer, there := body.Answers[string(body.Type)]
	switch body.Type {
	case "button_reply", "list_reply":
		choice, err := decode[replyBody](answer)
		return reply(string(choice.Title), providers.Reply{
			Type:        string(body.Type),
			ID:          string(choice.ID),
			Title:       string(choice.Title),
			Description: string(choice.Description),
		}), nil, err
	case "nfm_reply":
		form, err := decode[formBody](answer)
		return reply(string(form.Body), providers.Reply{
			Type:         "nfm_reply",
			Name:         string(form.Name),
			ResponseJSON: responseText(form.ResponseJSON),
		}), nil, err
	default:
		if !there {
			answer = raw
		}
		return reply("", providers.Reply{Type: string(body.Type), Data: tolerant.Keep(answer)}), nil, nil
	}
}

func reply(text string, r providers.Reply) providers.Content {
	return providers.Content{Type: providers.TypeInteractive, Text: text, Reply: &r}
}

// responseText is a form's answer as text: it comes as a text holding JSON,
// as null, or as the JSON itself.
func responseText(raw jsontext.Value) string {
	switch raw.Kind() {
	case '"':
		var text string
		if tolerant.Unmarshal(raw, &text) == nil {
			return text
		}
		return ""
	case '{', '[':
		return string(tolerant.Keep(raw))
	default:
		return ""
	}
}
