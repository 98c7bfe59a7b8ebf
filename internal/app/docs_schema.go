package app

import (
	"fmt"
	"slices"
	"strings"
)

// docsSchema is a schema as a table of its properties, or as alternatives.
type docsSchema struct {
	Name, Description string
	Type              docsType
	Properties        []docsProperty
	Alternatives      []string // names of schemas
	Values            []string // of an enumeration
	Open              bool     // more properties may be there
}

// docsType is a type in words, and the schema that it leads to.
type docsType struct{ Text, Link string }

type docsProperty struct {
	Name, Description string
	Required          bool
	Type              docsType
	Values            []string
	Nested            []docsProperty
}

// schemaName gives the name of the schema that a reference leads to; empty
// where the schema stands in its place.
func schemaName(at docsNode) string {
	name, _ := strings.CutPrefix(at.raw("$ref").text(), "#/components/schemas/")
	return name
}

// readSchema reads a schema; what it is made of (allOf) is laid out.
func readSchema(at docsNode, name string) docsSchema {
	typ := typeOf(at)
	if name == "" {
		name = schemaName(at)
	}
	at = at.follow()
	s := docsSchema{Name: name, Description: at.get("description").text(), Type: typ, Values: values(at), Properties: properties(at)}
	for _, group := range []string{"oneOf", "anyOf"} {
		for _, one := range at.get(group).items() {
			if to := schemaName(one); to != "" {
				s.Alternatives = append(s.Alternatives, to)
			}
		}
	}
	s.Open = at.get("additionalProperties").isTrue()
	return s
}

// properties lists the properties of an object, those that it takes over from
// others first; a later one of the same name takes the earlier one's place.
func properties(at docsNode) []docsProperty {
	var list []docsProperty
	for _, part := range at.get("allOf").items() {
		list = append(list, properties(part.follow())...)
	}
	required := map[string]bool{}
	for _, name := range at.get("required").items() {
		required[name.text()] = true
	}
	for i := range list {
		list[i].Required = list[i].Required || required[list[i].Name]
	}
	for _, member := range at.get("properties").members() {
		p := readProperty(fmt.Sprint(member.Key), docsNode{at.root, member.Value})
		p.Required = required[p.Name]
		if i := slices.IndexFunc(list, func(old docsProperty) bool { return old.Name == p.Name }); i >= 0 {
			p.Required = p.Required || list[i].Required
			list[i] = p
			continue
		}
		list = append(list, p)
	}
	return list
}

func readProperty(name string, at docsNode) docsProperty {
	p := docsProperty{Name: name, Description: at.raw("description").text(), Type: typeOf(at)}
	if p.Description == "" {
		p.Description = at.follow().get("description").text()
	}
	if schemaName(at) == "" { // else its own table has the rest
		p.Values, p.Nested = values(at), properties(at)
		if items := at.raw("items"); items.value != nil && schemaName(items) == "" {
			p.Nested = properties(items)
		}
	}
	return p
}

func values(at docsNode) []string {
	var list []string
	for _, value := range at.get("enum").items() {
		list = append(list, exampleText(value.value))
	}
	if constant := at.get("const"); constant.value != nil {
		list = append(list, exampleText(constant.value))
	}
	return list
}

// typeOf says what a schema is, in few words.
func typeOf(at docsNode) docsType {
	if name := schemaName(at); name != "" {
		return docsType{Text: name, Link: name}
	}
	t := docsType{Text: typeWords(at)}
	switch {
	case at.get("items").value != nil:
		item := typeOf(at.raw("items"))
		t = docsType{Text: "list of " + item.Text, Link: item.Link}
	case len(at.get("anyOf").items()) > 0:
		var words []string
		for _, one := range at.get("anyOf").items() {
			alternative := typeOf(one)
			words = append(words, alternative.Text)
			if alternative.Link != "" {
				t.Link = alternative.Link
			}
		}
		t.Text = strings.Join(words, " or ")
	}
	if limits := limitWords(at); limits != "" {
		t.Text += ", " + limits
	}
	return t
}

func typeWords(at docsNode) string {
	var words []string
	for _, one := range at.get("type").items() {
		words = append(words, exampleText(one.value))
	}
	text := strings.ReplaceAll(strings.Join(words, " or "), `"`, "")
	switch {
	case text == "" && at.get("type").value != nil:
		text = at.get("type").text()
	case text == "" && at.get("const").value != nil:
		text = "constant"
	case text == "":
		text = "anything"
	}
	if format := at.get("format").text(); format != "" {
		text += " (" + format + ")"
	}
	return text
}

// limitWords says within which bounds a value must be.
func limitWords(at docsNode) string {
	var words []string
	for _, limit := range []struct{ key, words string }{
		{"minLength", "at least %s characters"}, {"maxLength", "at most %s characters"}, {"minItems", "at least %s"}, {"maxItems", "at most %s"},
		{"minimum", "from %s"}, {"maximum", "to %s"}, {"default", "by default %s"},
	} {
		if value := at.raw(limit.key); value.value != nil {
			words = append(words, fmt.Sprintf(limit.words, value.text()))
		}
	}
	return strings.Join(words, ", ")
}
