package app

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"regexp"
	"strings"
	"sync"

	omnichannel "github.com/cirrus/omnichannel"
)

//go:embed docs.html
var docsTemplate string

// docsPage is the reference of the API as one page without any outside asset,
// made once of openapi.yaml.
func docsPage() []byte { return docs() }

var docs = sync.OnceValue(func() []byte {
	page, err := renderDocs(omnichannel.OpenAPI)
	if err != nil { // the document is part of the program, and a test renders it
		panic("the reference cannot be made: " + err.Error())
	}
	return page
})

func renderDocs(document []byte) ([]byte, error) {
	reference, err := readReference(document)
	if err != nil {
		return nil, err
	}
	page, err := template.New("docs").Funcs(template.FuncMap{"prose": prose, "line": line, "lower": strings.ToLower, "anchor": anchor}).Parse(docsTemplate)
	if err != nil {
		return nil, fmt.Errorf("read the reference's template: %w", err)
	}
	var out bytes.Buffer
	if err := page.Execute(&out, reference); err != nil {
		return nil, fmt.Errorf("render the reference: %w", err)
	}
	return out.Bytes(), nil
}

var (
	codeMark   = regexp.MustCompile("`([^`]+)`")
	strongMark = regexp.MustCompile(`\*\*([^*]+)\*\*`)
)

// line renders one line of a description: `code` and **strong**, nothing else.
func line(text string) template.HTML {
	escaped := template.HTMLEscapeString(strings.TrimSpace(text))
	escaped = codeMark.ReplaceAllString(escaped, "<code>$1</code>")
	return template.HTML(strongMark.ReplaceAllString(escaped, "<strong>$1</strong>")) //nolint:gosec // escaped above
}

// prose renders a description of several paragraphs; lines that begin with a
// dash are a list.
func prose(text string) template.HTML {
	var out strings.Builder
	for _, block := range strings.Split(strings.TrimSpace(text), "\n\n") {
		if items, isList := strings.CutPrefix(block, "- "); isList {
			out.WriteString("<ul>")
			for _, item := range strings.Split(items, "\n- ") {
				out.WriteString("<li>" + string(line(item)) + "</li>")
			}
			out.WriteString("</ul>")
			continue
		}
		out.WriteString("<p>" + string(line(block)) + "</p>")
	}
	return template.HTML(out.String()) //nolint:gosec // every part is escaped
}

// anchor makes a name fit for a link.
func anchor(name string) string { return strings.ReplaceAll(strings.ToLower(name), " ", "-") }
