package messages

import (
	"encoding/json"
	"strings"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// Draft is what a caller wants to say, in any of the forms of the API.
type Draft struct {
	Text        string            `json:"text"`
	MediaURI    string            `json:"mediaUri" validate:"max=4096"`
	Interactive providers.RawJSON `json:"interactive"`
	Location    *LocationDraft    `json:"location"`
	Reaction    *ReactionDraft    `json:"reaction"`
	Quoted      *QuoteDraft       `json:"quotedMessage"`
	AgentName   string            `json:"agentName" validate:"max=100"`
	FileName    string            `json:"fileName" validate:"max=255"`
	AsVoice     bool              `json:"asVoice"`
}

// LocationDraft is a place to send, in degrees.
type LocationDraft struct {
	Latitude  *float64 `json:"latitude" validate:"required,gte=-90,lte=90"`
	Longitude *float64 `json:"longitude" validate:"required,gte=-180,lte=180"`
	Name      string   `json:"name" validate:"max=1000"`
	Address   string   `json:"address" validate:"max=1000"`
}

// ReactionDraft is an emoji for an earlier message; empty takes it back.
type ReactionDraft struct {
	MessageID string `json:"messageId" validate:"required,max=512"`
	Emoji     string `json:"emoji" validate:"max=64"`
}

// QuoteDraft is the earlier message that this one answers.
type QuoteDraft struct {
	ID      string `json:"id" validate:"required,max=512"`
	Message string `json:"message" validate:"max=4096"`
}

// content is the draft without its file.
func (d *Draft) content() (providers.Content, error) {
	if err := d.one(); err != nil {
		return providers.Content{}, err
	}
	switch {
	case d.MediaURI != "":
		return providers.Content{Type: providers.TypeDocument, Text: d.Text}, nil // the type follows from the file
	case d.Interactive != nil:
		return interactive(d.Interactive)
	case d.Location != nil:
		l := d.Location
		return providers.Content{Type: providers.TypeLocation, Latitude: l.Latitude, Longitude: l.Longitude, Name: l.Name, Address: l.Address}, nil
	case d.Reaction != nil:
		return providers.Content{Type: providers.TypeReaction, Target: ids.ProviderMessage(d.Reaction.MessageID), Emoji: d.Reaction.Emoji}, nil
	default:
		return providers.Content{Type: providers.TypeText, Text: d.Text}, nil
	}
}

// one sees to it that exactly one thing is said; a text may stand beside a
// file.
func (d *Draft) one() error {
	var said []string
	for name, there := range map[string]bool{
		"text": d.Text != "" && d.MediaURI == "", "mediaUri": d.MediaURI != "", "interactive": d.Interactive != nil,
		"location": d.Location != nil, "reaction": d.Reaction != nil,
	} {
		if there {
			said = append(said, name)
		}
	}
	switch {
	case len(said) == 0:
		return fault.Invalid("text", "required", "Say one of text, mediaUri, interactive, location or reaction.")
	case len(said) > 1:
		return fault.Invalid(said[0], "exclusive", "Say only one of text, mediaUri, interactive, location or reaction; this has %d.", len(said))
	case strings.TrimSpace(d.Text) == "" && d.Text != "":
		return fault.Invalid("text", "required", "The text is blank.")
	case d.FileName != "" && d.MediaURI == "":
		return fault.Invalid("fileName", "exclusive", "A file name belongs to a mediaUri.")
	case d.AsVoice && d.MediaURI == "":
		return fault.Invalid("asVoice", "exclusive", "A voice note needs a mediaUri.")
	}
	return nil
}

// interactive reads the Cloud API's interactive object; `contacts` is a kind
// of ours that becomes a contacts message.
func interactive(raw providers.RawJSON) (providers.Content, error) {
	var head struct {
		Type     string            `json:"type"`
		Contacts providers.RawJSON `json:"contacts"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return providers.Content{}, fault.Invalid("interactive", "type", "An interactive is a JSON object with a type.")
	}
	switch head.Type {
	case "":
		return providers.Content{}, fault.Invalid("interactive.type", "required", "An interactive has a type, such as button, list or contacts.")
	case "contacts":
		var list []json.RawMessage
		if json.Unmarshal(head.Contacts, &list) != nil || len(list) == 0 {
			return providers.Content{}, fault.Invalid("interactive.contacts", "required", "An interactive of type contacts has a list of contacts.")
		}
		return providers.Content{Type: providers.TypeContacts, Contacts: head.Contacts}, nil
	default:
		return providers.Content{Type: providers.TypeInteractive, Interactive: raw}, nil
	}
}
