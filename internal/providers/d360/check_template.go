package d360

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/tolerant"
)

// component is a template's component as it is sent.
type component struct {
	raw        jsontext.Value
	Type       string           `json:"type"`
	SubType    string           `json:"sub_type"`
	Index      label            `json:"index"`
	Parameters []jsontext.Value `json:"parameters"`
}

// definition is a template's component as the provider lists it.
type definition struct {
	Type    string `json:"type"`
	Format  string `json:"format"`
	Text    string `json:"text"`
	Buttons []struct {
		Type string `json:"type"`
		Text string `json:"text"`
		URL  string `json:"url"`
	} `json:"buttons"`
}

// placeholder is a template's variable, by number or by name.
var placeholder = regexp.MustCompile(`\{\{\s*([A-Za-z0-9_]+)\s*\}\}`)

// named is the parameter format of templates whose variables have names.
const named = "NAMED"

// readComponents reads what a template is sent with; none is fine.
func readComponents(raw providers.RawJSON) ([]component, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	var raws []jsontext.Value
	if err := tolerant.Unmarshal(raw, &raws); err != nil {
		return nil, invalid("components", "The components are no list of objects.")
	}
	components := make([]component, len(raws))
	for i, r := range raws {
		if err := tolerant.Unmarshal(r, &components[i]); err != nil {
			return nil, invalid("components", "Component %d is not of the Cloud API's shape: %v.", i, err)
		}
		components[i].raw = r
		components[i].Type = strings.ToLower(components[i].Type)
		switch components[i].Type {
		case "header", "body", "button", "carousel", "limited_time_offer":
		default:
			return nil, invalid("components", "Component %d is of type %q; there are header, body, button and carousel.", i, clip(components[i].Type, 40))
		}
	}
	return components, nil
}

// checkTemplateShape checks what needs no list of templates.
func checkTemplateShape(ctx context.Context, out providers.Outbound) error {
	switch {
	case out.Content.Name == "":
		return invalid("template", "A template message needs the template's name.")
	case out.Content.Language == "":
		return invalid("language", "A template message needs a language, such as pt_BR.")
	}
	components, err := readComponents(out.Content.Components)
	if err != nil || out.Media == nil {
		return err
	}
	for _, c := range components {
		if c.Type == "header" {
			return invalid("headerMediaUri", "The components have a header already.")
		}
	}
	file := checkFile(ctx, providers.ContentType(headerKind(out.Media.Mimetype)), nil, out.Media)
	if file == nil {
		return nil
	}
	e := *providers.AsSendError(file)
	e.Field = "headerMediaUri"
	return &e
}

// checkTemplate compares the message with the template as the provider lists
// it. Without a list, the provider decides.
func (c *Conn) checkTemplate(ctx context.Context, out providers.Outbound) error {
	name, language := out.Content.Name, out.Content.Language
	found, certain := c.current().templates.find(ctx, name, language)
	if !certain {
		return nil
	}
	if len(found) == 0 {
		return invalid("template", "360dialog has no template %q for this number.", clip(name, 100))
	}
	var languages []string
	for _, t := range found {
		if t.Language == language {
			return checkAgainst(t, out)
		}
		languages = append(languages, t.Language)
	}
	return invalid("language", "Template %q does not exist in %q; it does in %s.", clip(name, 100), clip(language, 20), strings.Join(languages, ", "))
}

func checkAgainst(t providers.Template, out providers.Outbound) error {
	if t.Status != "APPROVED" {
		return invalid("template", "Template %q (%s) is %s; only an APPROVED one can be sent.", t.Name, t.Language, t.Status)
	}
	components, err := readComponents(out.Content.Components)
	if err != nil {
		return err
	}
	for _, d := range definitionsOf(t) {
		if err := checkDefinition(t, d, components, out.Media != nil); err != nil {
			return err
		}
	}
	return nil
}

// definitionsOf reads a template's parts; none where the listing is of a shape
// that we do not know: then the provider decides.
func definitionsOf(t providers.Template) []definition {
	var definitions []definition
	if tolerant.Unmarshal(t.Components, &definitions) != nil {
		return nil
	}
	return definitions
}

// VariableNames gives the names of the variables in a template's body, see
// providers.TemplateReader.
func (c *Conn) VariableNames(ctx context.Context, name, language string) []string {
	found, _ := c.current().templates.find(ctx, name, language)
	for _, t := range found {
		if t.Language != language || t.Format != named {
			continue
		}
		for _, d := range definitionsOf(t) {
			if strings.EqualFold(d.Type, "BODY") {
				return variables(d.Text)
			}
		}
	}
	return nil
}

// checkDefinition checks that one part of a template gets what it needs.
func checkDefinition(t providers.Template, d definition, components []component, file bool) error {
	switch strings.ToUpper(d.Type) {
	case "BODY":
		needed, given := variables(d.Text), parameters(components, "body")
		if len(needed) != len(given) {
			return invalid("templateVariables", "The body of template %q has %d variables; %d were given.", t.Name, len(needed), len(given))
		}
		return checkNames(t, "body", needed, given)
	case "HEADER":
		return checkHeader(t, d, parameters(components, "header"), file)
	case "BUTTONS":
		for i, b := range d.Buttons {
			if strings.EqualFold(b.Type, "URL") && len(variables(b.URL)) > 0 && !hasButton(components, i) {
				return invalid("buttons", "Button %d of template %q needs a value for its address.", i, t.Name)
			}
		}
	}
	return nil
}

func checkHeader(t providers.Template, d definition, given []jsontext.Value, file bool) error {
	if strings.EqualFold(d.Format, "TEXT") || d.Format == "" {
		needed := variables(d.Text)
		if len(needed) != len(given) {
			return invalid("components", "The header of template %q has %d variables; %d were given. A header's text is filled by a header in components, which then hold the body's variables, too.", t.Name, len(needed), len(given))
		}
		return checkNames(t, "header", needed, given)
	}
	if strings.EqualFold(d.Format, "LOCATION") || file || len(given) > 0 {
		return nil
	}
	return invalid("headerMediaUri", "Template %q has a header of type %s, which needs a file.", t.Name, strings.ToUpper(d.Format))
}

// checkNames refuses parameters without the names that a template calls its
// variables by.
func checkNames(t providers.Template, part string, needed []string, given []jsontext.Value) error {
	if t.Format != named {
		return nil
	}
	names := make([]string, 0, len(given))
	for _, raw := range given {
		var parameter struct {
			Name label `json:"parameter_name"`
		}
		if tolerant.Unmarshal(raw, &parameter) == nil {
			names = append(names, string(parameter.Name))
		}
	}
	for _, name := range needed {
		if !slices.Contains(names, name) {
			return invalid("components", "The %s of template %q names its variables; no parameter in components has the parameter_name %q.", part, t.Name, name)
		}
	}
	return nil
}

// variables gives the names, or numbers, of a text's different placeholders, in
// the order in which they first appear.
func variables(text string) []string {
	var names []string
	for _, p := range placeholder.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(names, p[1]) {
			names = append(names, p[1])
		}
	}
	return names
}

// parameters gives what one part of a template is filled with.
func parameters(components []component, part string) []jsontext.Value {
	for _, c := range components {
		if c.Type == part {
			return c.Parameters
		}
	}
	return nil
}

func hasButton(components []component, index int) bool {
	for _, c := range components {
		if c.Type == "button" && string(c.Index) == strconv.Itoa(index) && len(c.Parameters) > 0 {
			return true
		}
	}
	return false
}
