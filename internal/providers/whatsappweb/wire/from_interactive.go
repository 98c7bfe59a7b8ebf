package wire

import (
	"encoding/json"
	"strings"

	"go.mau.fi/whatsmeow/proto/waE2E"

	"github.com/cirrus/omnichannel/internal/providers"
)

func reply(words string, r providers.Reply) (said, bool) {
	return said{content: providers.Content{Type: providers.TypeInteractive, Text: words, Reply: &r}}, true
}

func readButtonsResponse(b body) (said, bool) {
	m := b.message.GetButtonsResponseMessage()
	title := m.GetSelectedDisplayText()
	return reply(title, providers.Reply{Type: "button_reply", ID: m.GetSelectedButtonID(), Title: title})
}

func readListResponse(b body) (said, bool) {
	m := b.message.GetListResponseMessage()
	return reply(m.GetTitle(), providers.Reply{
		Type: "list_reply", ID: m.GetSingleSelectReply().GetSelectedRowID(), Title: m.GetTitle(), Description: m.GetDescription(),
	})
}

func readTemplateReply(b body) (said, bool) {
	m := b.message.GetTemplateButtonReplyMessage()
	title := m.GetSelectedDisplayText()
	return reply(title, providers.Reply{Type: "quick_reply", ID: m.GetSelectedID(), Title: title})
}

// readInteractiveResponse reads the answer to a native flow: a button's is
// named quick_reply, any other one is a form's.
func readInteractiveResponse(b body) (said, bool) {
	m := b.message.GetInteractiveResponseMessage()
	words := m.GetBody().GetText()
	flow := m.GetNativeFlowResponseMessage()
	if flow == nil {
		return text(words)
	}
	if flow.GetName() == "quick_reply" {
		var choice struct {
			ID string `json:"id"`
		}
		// Unreadable parameters leave the choice without an id.
		_ = json.Unmarshal([]byte(flow.GetParamsJSON()), &choice)
		return reply(words, providers.Reply{Type: "button_reply", ID: clean(choice.ID), Title: words})
	}
	return reply(words, providers.Reply{Type: "nfm_reply", Name: flow.GetName(), ResponseJSON: flow.GetParamsJSON()})
}

// shown is a message that a business drew: a header, texts, and things to
// choose from, written out as a text under the header's file.
type shown struct {
	title, body, footer string
	choices             []string
	image               *waE2E.ImageMessage
	video               *waE2E.VideoMessage
	document            *waE2E.DocumentMessage
}

func (s shown) read() (said, bool) {
	words := lines(s.title, s.body, s.footer, bullets(s.choices))
	header := body{message: &waE2E.Message{ImageMessage: s.image, VideoMessage: s.video, DocumentMessage: s.document}}
	var file said
	var ok bool
	switch {
	case s.image != nil:
		file, ok = readImage(header)
	case s.video != nil:
		file, ok = readVideo(header)
	case s.document != nil:
		file, ok = readDocument(header)
	}
	if !ok {
		return text(words)
	}
	file.content.Text = words
	return file, true
}

func readButtons(b body) (said, bool) {
	m := b.message.GetButtonsMessage()
	s := shown{
		title: m.GetText(), body: m.GetContentText(), footer: m.GetFooterText(),
		image: m.GetImageMessage(), video: m.GetVideoMessage(), document: m.GetDocumentMessage(),
	}
	for _, button := range m.GetButtons() {
		s.choices = append(s.choices, button.GetButtonText().GetDisplayText())
	}
	return s.read()
}

func readList(b body) (said, bool) {
	m := b.message.GetListMessage()
	s := shown{title: m.GetTitle(), body: m.GetDescription(), footer: m.GetFooterText()}
	for _, section := range m.GetSections() {
		for _, row := range section.GetRows() {
			s.choices = append(s.choices, strings.Join(present(row.GetTitle(), row.GetDescription()), ": "))
		}
	}
	return s.read()
}

func readTemplate(b body) (said, bool) { return readTemplateMessage(b.message.GetTemplateMessage()) }

// readStructured reads a template as the oldest business clients send it.
func readStructured(b body) (said, bool) {
	return readTemplateMessage(b.message.GetHighlyStructuredMessage().GetHydratedHsm())
}

func readTemplateMessage(m *waE2E.TemplateMessage) (said, bool) {
	if inner := m.GetInteractiveMessageTemplate(); inner != nil {
		return readInteractiveMessage(inner)
	}
	t := m.GetHydratedTemplate()
	if four := m.GetHydratedFourRowTemplate(); four != nil {
		t = four
	}
	s := shown{
		title: t.GetHydratedTitleText(), body: t.GetHydratedContentText(), footer: t.GetHydratedFooterText(),
		image: t.GetImageMessage(), video: t.GetVideoMessage(), document: t.GetDocumentMessage(),
	}
	for _, button := range t.GetHydratedButtons() {
		url, call := button.GetUrlButton(), button.GetCallButton()
		s.choices = append(s.choices,
			button.GetQuickReplyButton().GetDisplayText(),
			strings.Join(present(url.GetDisplayText(), url.GetURL()), ": "),
			strings.Join(present(call.GetDisplayText(), call.GetPhoneNumber()), ": "))
	}
	return s.read()
}

func readInteractive(b body) (said, bool) {
	return readInteractiveMessage(b.message.GetInteractiveMessage())
}

func readInteractiveMessage(m *waE2E.InteractiveMessage) (said, bool) {
	s := shownOf(m)
	for _, one := range m.GetCarouselMessage().GetCards() {
		inner := shownOf(one)
		s.choices = append(s.choices, strings.Join(present(inner.title, inner.body, inner.footer), ": "))
	}
	return s.read()
}

func shownOf(m *waE2E.InteractiveMessage) shown {
	h := m.GetHeader()
	s := shown{
		title: lines(h.GetTitle(), h.GetSubtitle()), body: m.GetBody().GetText(), footer: m.GetFooter().GetText(),
		image: h.GetImageMessage(), video: h.GetVideoMessage(), document: h.GetDocumentMessage(),
	}
	for _, button := range m.GetNativeFlowMessage().GetButtons() {
		var p struct {
			Text string `json:"display_text"`
			URL  string `json:"url"`
		}
		// A button whose parameters are unreadable has nothing to show.
		_ = json.Unmarshal([]byte(button.GetButtonParamsJSON()), &p)
		s.choices = append(s.choices, strings.Join(present(clean(p.Text), clean(p.URL)), ": "))
	}
	return s
}

// lines joins what is there, a line each.
func lines(parts ...string) string { return strings.Join(present(parts...), "\n") }

// bullets is a list as a text; empty without an item.
func bullets(items []string) string {
	there := present(items...)
	if len(there) == 0 {
		return ""
	}
	return "- " + strings.Join(there, "\n- ")
}

func present(parts ...string) []string {
	there := make([]string, 0, len(parts))
	for _, part := range parts {
		if part = strings.TrimSpace(part); part != "" {
			there = append(there, part)
		}
	}
	return there
}
