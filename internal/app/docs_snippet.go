package app

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/goccy/go-yaml"
)

// docsSnippet is a call of an operation, to be copied.
type docsSnippet struct{ Language, Label, Code string }

// clientMethod is the method of the TypeScript client that asks for an
// operation.
type clientMethod struct {
	Class  string `json:"class"`
	Method string `json:"method"`
}

// docs_client.json is written by clients/typescript (npm run generate), which
// finds the methods by calling them; its tests compile every snippet.
//
//go:embed docs_client.json
var clientTable []byte

var clientMethods = mustReadMethods(clientTable)

func mustReadMethods(table []byte) map[string]clientMethod {
	var methods map[string]clientMethod
	if err := json.Unmarshal(table, &methods); err != nil {
		panic("docs_client.json cannot be read: " + err.Error())
	}
	return methods
}

// snippets shows the same call in every language: what the path and the query
// must have, and the first example of the body. What only providers and
// browsers ask for has no method in the client.
func snippets(op docsOperation, scope string) []docsSnippet {
	list := []docsSnippet{{Language: "curl", Label: "curl", Code: curl(op, scope)}}
	if method, there := clientMethods[op.ID]; there {
		list = append(list, docsSnippet{Language: "typescript", Label: "TypeScript", Code: typeScript(op, method)})
	}
	return list
}

// exampleFile stands for a file in snippets.
const exampleFile = "documento.pdf"

const (
	formType   = "multipart/form-data"
	streamType = "text/event-stream"
	anyType    = "*/*"
)

// answer is the body of the operation's success; nil where it answers nothing.
func (op docsOperation) answer() *docsBody {
	for _, r := range op.Responses {
		if strings.HasPrefix(r.Status, "2") && r.Body != nil {
			return r.Body
		}
	}
	return nil
}

// answerType is the media type of the operation's success; empty where it
// answers nothing.
func (op docsOperation) answerType() string {
	if body := op.answer(); body != nil {
		return body.MediaType
	}
	return ""
}

// example is the body to send: the first example.
func (b *docsBody) example() (docsExample, bool) {
	if b == nil || b.MediaType == formType || len(b.Examples) == 0 {
		return docsExample{}, false
	}
	return b.Examples[0], true
}

func curl(op docsOperation, scope string) string {
	path, query := op.Path, url.Values{}
	for _, p := range op.Parameters {
		switch {
		case p.In == "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(p.Example))
		case p.In == "query" && p.Required:
			query.Set(p.Name, p.Example)
		}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	lines := []string{fmt.Sprintf(`curl -X %s "$OMNI_URL%s"`, op.Method, path)}
	switch {
	case scope == "public":
	case scope == "own" && op.Method == "POST": // a provider's webhook
		lines = append(lines, `-H "X-Webhook-Secret: $OMNI_WEBHOOK_SECRET"`)
	default:
		lines = append(lines, `-H "Authorization: Bearer $OMNI_KEY"`)
	}
	if body := op.answer(); body != nil && len(body.Also) > 0 { // curl would take any of them
		lines = append(lines, `-H "Accept: `+body.MediaType+`"`)
	}
	if example, there := op.Body.example(); there {
		lines = append(lines, `-H "Content-Type: application/json"`, "-d '"+strings.ReplaceAll(example.Text, "'", `'\''`)+"'")
	} else if op.Body != nil {
		lines = append(lines, "-F file=@"+exampleFile)
	}
	switch op.answerType() {
	case anyType: // nothing for a terminal
		lines = append(lines, "-o "+exampleFile)
	case streamType:
		lines = append(lines, "-N")
	}
	return strings.Join(lines, " \\\n  ")
}

// typeScript is a whole program.
func typeScript(op docsOperation, method clientMethod) string {
	object := strings.ToLower(method.Class[:1]) + method.Class[1:]
	call := fmt.Sprintf("%s.%s(%s)", object, method.Method, argument(op))
	use, imported := "const answer = await "+call+"\nconsole.log(answer)", ""
	switch op.answerType() {
	case "":
		use = "await " + call
	case anyType:
		imported = "import { writeFile } from 'node:fs/promises'\n"
		use = fmt.Sprintf("const file = await %s\nawait writeFile('%s', Buffer.from(await file.arrayBuffer()))", call, exampleFile)
	case streamType:
		use = "for await (const event of " + call + ") {\n  console.log(event.type, event.data)\n}"
	}
	if op.Body != nil && op.Body.MediaType == formType {
		imported = "import { readFile } from 'node:fs/promises'\n"
	}
	return fmt.Sprintf(`%simport { %s } from '@cirrus/omnichannel_api'

const { OMNI_URL = '', OMNI_KEY = '' } = process.env
const %s = new %s({ baseUrl: OMNI_URL, apiKey: OMNI_KEY })

%s`, imported, method.Class, object, method.Class, use)
}

// code is a value that stands in a snippet as it is.
type code string

// argument is the flat object that the client's method takes.
func argument(op docsOperation) string {
	var object yaml.MapSlice
	given := map[string]bool{}
	for _, p := range op.Parameters {
		if p.In == "path" || p.In == "query" && p.Required {
			object = append(object, yaml.MapItem{Key: p.Name, Value: p.Example})
			given[p.Name] = true
		}
	}
	if example, there := op.Body.example(); there {
		members, _ := example.value.(yaml.MapSlice)
		for _, member := range members {
			if !given[fmt.Sprint(member.Key)] {
				object = append(object, member)
			}
		}
	} else if op.Body != nil {
		object = append(object, yaml.MapItem{Key: "file", Value: code("await readFile('" + exampleFile + "')")}, yaml.MapItem{Key: "fileName", Value: exampleFile})
	}
	if len(object) == 0 {
		return ""
	}
	var out strings.Builder
	writeLiteral(&out, object, "")
	return out.String()
}
