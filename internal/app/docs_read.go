package app

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// docsReference is what the page shows, in the document's order.
type docsReference struct {
	Title, Version, Summary, Description string
	Tags                                 []docsTag
	Problems                             []docsProblem
	Schemas                              []docsSchema
	Security                             []docsSecurity
}

type docsTag struct {
	Name, Description string
	Operations        []docsOperation
}

type docsOperation struct {
	ID, Method, Path, Summary, Description, Auth string
	Event                                        bool // something that we send
	Parameters                                   []docsParameter
	Body                                         *docsBody
	Responses                                    []docsResponse
	Snippets                                     []docsSnippet // for callers; none of what we send
}

// HasProblems tells whether some answer is a problem.
func (op docsOperation) HasProblems() bool {
	return slices.ContainsFunc(op.Responses, func(r docsResponse) bool { return r.Problem })
}

type docsParameter struct {
	Name, In, Type, Description, Example string
	Required                             bool
}

type docsBody struct {
	MediaType string
	Also      []string // media types that may stand for it
	Schema    docsSchema
	Examples  []docsExample
}

type docsExample struct {
	Name, Summary, Text string
	value               any
}

func exampleOf(name, summary string, value any) docsExample {
	return docsExample{Name: name, Summary: summary, Text: exampleText(value), value: value}
}

type docsResponse struct {
	Status, Description string
	Problem             bool
	Codes               []string // of the problem
	Headers             []docsParameter
	Body                *docsBody
}

type docsProblem struct{ Code, Status, When, Example string }

type docsSecurity struct{ Name, Kind, Description string }

// docsNode is a value of the document, members in their order.
type docsNode struct {
	root  *docsNode
	value any
}

func (n docsNode) get(name string) docsNode {
	for _, member := range n.members() {
		if member.Key == name {
			return docsNode{n.root, member.Value}.follow()
		}
	}
	return docsNode{root: n.root}
}

// raw is get without following a reference.
func (n docsNode) raw(name string) docsNode {
	for _, member := range n.members() {
		if member.Key == name {
			return docsNode{n.root, member.Value}
		}
	}
	return docsNode{root: n.root}
}

func (n docsNode) follow() docsNode {
	path, local := strings.CutPrefix(n.raw("$ref").text(), "#/")
	if !local {
		return n
	}
	at := *n.root
	at.root = n.root
	for _, part := range strings.Split(path, "/") {
		at = at.get(part)
	}
	return at
}

func (n docsNode) members() yaml.MapSlice {
	members, _ := n.value.(yaml.MapSlice)
	return members
}

func (n docsNode) items() []docsNode {
	list, _ := n.value.([]any)
	items := make([]docsNode, 0, len(list))
	for _, value := range list {
		items = append(items, docsNode{n.root, value})
	}
	return items
}

func (n docsNode) text() string {
	if n.value == nil {
		return ""
	}
	return fmt.Sprint(n.value)
}

func (n docsNode) isTrue() bool { return n.value == true }

func readReference(document []byte) (docsReference, error) {
	var value any
	if err := yaml.UnmarshalWithOptions(document, &value, yaml.UseOrderedMap()); err != nil {
		return docsReference{}, fmt.Errorf("read openapi.yaml: %w", err)
	}
	root := &docsNode{value: value}
	root.root = root
	info, components := root.get("info"), root.get("components")
	r := docsReference{
		Title: info.get("title").text(), Version: info.get("version").text(), Summary: info.get("summary").text(), Description: info.get("description").text(),
	}
	for _, tag := range root.get("tags").items() {
		r.Tags = append(r.Tags, docsTag{Name: tag.get("name").text(), Description: tag.get("description").text()})
	}
	for _, section := range []string{"paths", "webhooks"} {
		for _, item := range root.get(section).members() {
			readPath(&r, fmt.Sprint(item.Key), root.get(section).get(fmt.Sprint(item.Key)), section == "webhooks")
		}
	}
	r.Problems = readProblems(components)
	for _, member := range components.get("schemas").members() {
		r.Schemas = append(r.Schemas, readSchema(docsNode{root, member.Value}, fmt.Sprint(member.Key)))
	}
	for _, member := range components.get("securitySchemes").members() {
		r.Security = append(r.Security, readSecurity(fmt.Sprint(member.Key), docsNode{root, member.Value}))
	}
	return r, nil
}

// readProblems lists the codes, each with an example where a response has one.
func readProblems(components docsNode) []docsProblem {
	examples := map[string]string{}
	for _, member := range components.get("responses").members() {
		example := docsNode{components.root, member.Value}.get("content").get("application/problem+json").get("example")
		if code := example.get("code").text(); code != "" {
			examples[code] = exampleText(example.value)
		}
	}
	var problems []docsProblem
	for _, member := range components.get("schemas").get("ProblemCode").get("x-problems").members() {
		code, about := fmt.Sprint(member.Key), docsNode{components.root, member.Value}
		problems = append(problems, docsProblem{Code: code, Status: about.get("status").text(), When: about.get("when").text(), Example: examples[code]})
	}
	return problems
}

func readSecurity(name string, at docsNode) docsSecurity {
	kind := at.get("in").text() + " " + at.get("name").text()
	if at.get("type").text() == "http" {
		kind = "Authorization: Bearer"
	}
	return docsSecurity{Name: name, Kind: kind, Description: at.get("description").text()}
}

func readPath(r *docsReference, path string, item docsNode, event bool) {
	for _, method := range []string{"post", "get", "put", "patch", "delete"} {
		at := item.get(method)
		if at.value == nil {
			continue
		}
		op := readDocsOperation(path, method, item, at, event)
		i := slices.IndexFunc(r.Tags, func(tag docsTag) bool {
			return slices.ContainsFunc(at.get("tags").items(), func(n docsNode) bool { return n.text() == tag.Name })
		})
		if i >= 0 {
			r.Tags[i].Operations = append(r.Tags[i].Operations, op)
		}
	}
}

func readDocsOperation(path, method string, item, at docsNode, event bool) docsOperation {
	op := docsOperation{
		ID: at.get("operationId").text(), Method: strings.ToUpper(method), Path: path, Summary: at.get("summary").text(),
		Description: at.get("description").text(), Event: event, Auth: auth(at, event),
	}
	for _, p := range append(item.get("parameters").items(), at.get("parameters").items()...) {
		op.Parameters = append(op.Parameters, readParameter(p.follow()))
	}
	op.Body = readBody(at.get("requestBody").get("content"))
	for _, member := range at.get("responses").members() {
		op.Responses = append(op.Responses, readResponse(fmt.Sprint(member.Key), docsNode{at.root, member.Value}.follow()))
	}
	if !event {
		op.Snippets = snippets(op, at.get("x-scope").text())
	}
	return op
}

// auth says who may call an operation.
func auth(at docsNode, event bool) string {
	if event {
		return "signed by us as Standard Webhooks with the platform config's secret"
	}
	switch at.get("x-scope").text() {
	case "public":
		return "anyone"
	case "admin":
		return "an admin key"
	case "account":
		return "a key of the account, or an admin key"
	case "key":
		return "a key of the account that it is in, or an admin key"
	case "number":
		return "a key of the account that has the number, an admin key, or the channel's access code"
	}
	var ways []string
	for _, way := range at.get("security").items() {
		for _, member := range way.members() {
			ways = append(ways, fmt.Sprint(member.Key))
		}
	}
	return "any one of " + strings.Join(ways, ", ")
}

func readParameter(at docsNode) docsParameter {
	return docsParameter{
		Name: at.get("name").text(), In: at.get("in").text(), Required: at.get("required").isTrue(), Type: typeOf(at.raw("schema")).Text,
		Description: at.get("description").text(), Example: at.get("example").text(),
	}
}

// readBody reads the first media type of a content; nil where there is none.
func readBody(content docsNode) *docsBody {
	members := content.members()
	if len(members) == 0 {
		return nil
	}
	media := docsNode{content.root, members[0].Value} // the first is the one to show
	body := &docsBody{MediaType: fmt.Sprint(members[0].Key), Schema: readSchema(media.raw("schema"), "")}
	for _, other := range members[1:] {
		body.Also = append(body.Also, fmt.Sprint(other.Key))
	}
	if example := media.get("example"); example.value != nil {
		body.Examples = append(body.Examples, exampleOf("Example", "", example.value))
	}
	for _, named := range media.get("examples").members() {
		at := docsNode{content.root, named.Value}
		body.Examples = append(body.Examples, exampleOf(fmt.Sprint(named.Key), at.get("summary").text(), at.get("value").value))
	}
	if items := media.get("schema").get("examples").items(); len(body.Examples) == 0 && len(items) > 0 {
		body.Examples = append(body.Examples, exampleOf("Example", "", items[0].value))
	}
	return body
}

func readResponse(status string, at docsNode) docsResponse {
	r := docsResponse{Status: status, Description: at.get("description").text()}
	for _, member := range at.get("headers").members() {
		header := docsNode{at.root, member.Value}.follow()
		r.Headers = append(r.Headers, docsParameter{Name: fmt.Sprint(member.Key), Type: typeOf(header.raw("schema")).Text, Description: header.get("description").text()})
	}
	problem := at.get("content").get("application/problem+json")
	if r.Problem = problem.value != nil; r.Problem {
		for _, code := range problem.get("schema").get("properties").get("code").get("enum").items() {
			r.Codes = append(r.Codes, code.text())
		}
	}
	if !r.Problem {
		r.Body = readBody(at.get("content"))
	}
	return r
}
