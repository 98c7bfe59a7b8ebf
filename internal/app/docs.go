package app

import (
	"html/template"
	"strings"

	omnichannel "github.com/cirrus/omnichannel"
)

// docsPage is the reference as one page.
func docsPage() []byte {
	var page strings.Builder
	page.WriteString("<!doctype html><title>Omnichannel API</title><pre>")
	template.HTMLEscape(&page, omnichannel.OpenAPI)
	return []byte(page.String() + "</pre>")
}
