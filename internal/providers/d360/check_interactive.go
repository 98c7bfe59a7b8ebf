package d360

import (
	"context"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/tolerant"
)

// The limits inside an interactive message, in characters or pieces.
const (
	maxReplyID      = 256
	maxRowID        = 200
	maxRowTitle     = 24
	maxRowText      = 72
	maxSectionTitle = 24
	maxProducts     = 30
	maxDisplayText  = 20
)

// interactive is an interactive message as the caller wrote it, as far as it
// is checked here.
type interactive struct {
	Type   string             `json:"type"`
	Header *interactiveHeader `json:"header"`
	Body   *interactiveText   `json:"body"`
	Footer *interactiveText   `json:"footer"`
	Action *action            `json:"action"`
}

type interactiveHeader struct {
	Type     string         `json:"type"`
	Text     string         `json:"text"`
	Image    jsontext.Value `json:"image"`
	Video    jsontext.Value `json:"video"`
	Document jsontext.Value `json:"document"`
}

type interactiveText struct {
	Text string `json:"text"`
}

type action struct {
	Name       string           `json:"name"`
	Button     string           `json:"button"`
	Buttons    []replyButton    `json:"buttons"`
	Sections   []section        `json:"sections"`
	CatalogID  string           `json:"catalog_id"`
	ProductID  string           `json:"product_retailer_id"`
	Parameters actionParameters `json:"parameters"`
}

type replyButton struct {
	Type  string `json:"type"`
	Reply *struct {
		ID    string `json:"id"`
		Title string `json:"title"`
	} `json:"reply"`
}

type section struct {
	Title    string           `json:"title"`
	Rows     []listRow        `json:"rows"`
	Products []jsontext.Value `json:"product_items"`
}

type listRow struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description"`
}

type actionParameters struct {
	DisplayText string `json:"display_text"`
	URL         string `json:"url"`
	FlowID      string `json:"flow_id"`
	FlowName    string `json:"flow_name"`
	FlowCTA     string `json:"flow_cta"`
}

// interactiveCheck checks what is particular to one type.
type interactiveCheck struct {
	needsBody bool
	// headers are the types a header may have; nil: none may be there.
	headers []string
	action  func(action) error
}

var (
	anyHeader  = []string{"text", "image", "video", "document"}
	textHeader = []string{"text"}
)

// interactiveChecks has a row for every type the Cloud API knows; what a row
// does not check is the provider's to say.
var interactiveChecks = map[string]interactiveCheck{
	"button":                   {needsBody: true, headers: anyHeader, action: checkButtons},
	"list":                     {needsBody: true, headers: textHeader, action: checkList},
	"cta_url":                  {needsBody: true, headers: anyHeader, action: checkLink},
	"flow":                     {needsBody: true, headers: anyHeader, action: checkFlow},
	"product":                  {headers: textHeader, action: checkProduct},
	"product_list":             {needsBody: true, headers: textHeader, action: checkProducts},
	"catalog_message":          {needsBody: true, headers: anyHeader},
	"location_request_message": {needsBody: true, headers: anyHeader},
	"order_details":            {needsBody: true, headers: anyHeader},
	"order_status":             {needsBody: true, headers: anyHeader},
	"call_permission_request":  {headers: anyHeader},
	"carousel":                 {needsBody: true, headers: anyHeader},
	"request_contact_info":     {needsBody: true, headers: anyHeader},
}

func checkInteractive(_ context.Context, out providers.Outbound) error {
	var m interactive
	if err := tolerant.Unmarshal(out.Content.Interactive, &m); err != nil {
		return invalid("interactive", "The interactive message is not of the Cloud API's shape: %v.", err)
	}
	check, known := interactiveChecks[m.Type]
	if !known {
		return invalid("interactive.type", "%q is no type of interactive message that 360dialog knows.", clip(m.Type, 60))
	}
	if m.Action == nil {
		return invalid("interactive.action", "An interactive message needs an action.")
	}
	if err := m.checkTexts(check); err != nil {
		return err
	}
	if check.action == nil {
		return nil
	}
	return check.action(*m.Action)
}

// checkTexts checks header, body and footer.
func (m interactive) checkTexts(check interactiveCheck) error {
	limit := capabilities.Limits[providers.TypeInteractive]
	switch {
	case m.Body == nil || m.Body.Text == "":
		if check.needsBody {
			return invalid("interactive.body.text", "An interactive message of type %s needs a body text.", m.Type)
		}
	default:
		if err := checkLength("interactive.body.text", "The body", m.Body.Text, limit.MaxText); err != nil {
			return err
		}
	}
	if m.Footer != nil {
		if err := checkLength("interactive.footer.text", "The footer", m.Footer.Text, limit.MaxFooter); err != nil {
			return err
		}
	}
	if m.Header == nil {
		return nil
	}
	return m.Header.check(check.headers, limit.MaxHeader)
}

func (h interactiveHeader) check(allowed []string, limit int) error {
	for _, kind := range allowed {
		if h.Type != kind {
			continue
		}
		shown := map[string]bool{"text": h.Text != "", "image": len(h.Image) > 0, "video": len(h.Video) > 0, "document": len(h.Document) > 0}
		if !shown[kind] {
			return invalid("interactive.header."+kind, "A header of type %s needs its %s.", kind, kind)
		}
		return checkLength("interactive.header.text", "The header", h.Text, limit)
	}
	return invalid("interactive.header.type", "A header of type %q does not fit here.", clip(h.Type, 40))
}

func checkButtons(a action) error {
	const field = "interactive.action.buttons"
	limit := capabilities.Limits[providers.TypeInteractive]
	if n := len(a.Buttons); n == 0 || n > limit.MaxButtons {
		return invalid(field, "There are %d buttons; WhatsApp takes 1 to %d.", n, limit.MaxButtons)
	}
	ids, titles := map[string]bool{}, map[string]bool{}
	for i, b := range a.Buttons {
		at := field + "." + strconv.Itoa(i)
		switch {
		case b.Type != "reply" || b.Reply == nil:
			return invalid(at+".type", "Button %d must be of type reply and have a reply.", i)
		case b.Reply.ID == "" || b.Reply.Title == "":
			return invalid(at+".reply", "Button %d needs an id and a title.", i)
		case ids[b.Reply.ID]:
			return invalid(at+".reply.id", "Two buttons have the id %q.", clip(b.Reply.ID, 60))
		case titles[b.Reply.Title]:
			return invalid(at+".reply.title", "Two buttons have the title %q.", clip(b.Reply.Title, 60))
		}
		ids[b.Reply.ID], titles[b.Reply.Title] = true, true
		if err := checkLength(at+".reply.id", "The button's id", b.Reply.ID, maxReplyID); err != nil {
			return err
		}
		if err := checkLength(at+".reply.title", "The button's title", b.Reply.Title, limit.MaxTitle); err != nil {
			return err
		}
	}
	return nil
}

func checkLink(a action) error {
	switch {
	case a.Parameters.DisplayText == "" || a.Parameters.URL == "":
		return invalid("interactive.action.parameters", "A link button needs a display_text and a url.")
	default:
		return checkLength("interactive.action.parameters.display_text", "The link's text", a.Parameters.DisplayText, maxDisplayText)
	}
}

func checkFlow(a action) error {
	if a.Parameters.FlowCTA == "" || (a.Parameters.FlowID == "") == (a.Parameters.FlowName == "") {
		return invalid("interactive.action.parameters", "A flow needs a flow_cta and either a flow_id or a flow_name.")
	}
	return nil
}

func checkProduct(a action) error {
	if a.CatalogID == "" || a.ProductID == "" {
		return invalid("interactive.action", "A product needs a catalog_id and a product_retailer_id.")
	}
	return nil
}

func checkProducts(a action) error {
	items := 0
	for _, s := range a.Sections {
		items += len(s.Products)
	}
	switch limit := capabilities.Limits[providers.TypeInteractive].MaxSections; {
	case a.CatalogID == "":
		return invalid("interactive.action.catalog_id", "A list of products needs a catalog_id.")
	case len(a.Sections) == 0 || len(a.Sections) > limit:
		return invalid("interactive.action.sections", "There are %d sections; WhatsApp takes 1 to %d.", len(a.Sections), limit)
	case items == 0 || items > maxProducts:
		return invalid("interactive.action.sections", "There are %d products; WhatsApp takes 1 to %d in all.", items, maxProducts)
	}
	return nil
}
