package contract

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	omnichannel "github.com/cirrus/omnichannel"
)

// Spec is openapi.yaml, ready to hold exchanges against. It may be used by
// many goroutines.
type Spec struct {
	operations []*operation
	byID       map[string]*operation
	problem    *jsonschema.Schema
}

// operation is one method of one path.
type operation struct {
	id, method, path string
	scope            string
	segments         []string
	parameters       []parameter
	body             map[string]*jsonschema.Schema // by media type; nil: it reads none
	bodyRequired     bool
	responses        map[int]response
	idempotent       bool
	success          int // the lowest 2xx
}

// parameter is one value of a request's path, query or header.
type parameter struct {
	name, in string
	required bool
	kind     string // the schema's type: string, integer, boolean or array
	schema   *jsonschema.Schema
}

// response is what an operation may answer with one status.
type response struct {
	headers []string                      // that must be there
	content map[string]*jsonschema.Schema // by media type; empty: no body
}

var methods = []string{"get", "put", "post", "delete", "patch"}

// Load reads the document that the program carries. It fails where the
// document is not one that the checks can be made from.
func Load() (*Spec, error) {
	doc, err := parse(omnichannel.OpenAPI)
	if err != nil {
		return nil, err
	}
	return newSpec(doc)
}

func newSpec(doc *document) (*Spec, error) {
	root := node{doc, doc.root, ""}
	s := &Spec{byID: map[string]*operation{}}
	var err error
	if s.problem, err = root.get("components").get("schemas").get("Problem").schema(); err != nil {
		return nil, err
	}
	paths := root.get("paths")
	for path := range paths.members() {
		item := paths.get(path)
		for _, method := range methods {
			if item.members()[method] == nil {
				continue
			}
			op, err := readOperation(path, method, item)
			if err != nil {
				return nil, fmt.Errorf("%s %s: %w", method, path, err)
			}
			if s.byID[op.id] != nil {
				return nil, fmt.Errorf("two operations are named %s", op.id)
			}
			s.operations, s.byID[op.id] = append(s.operations, op), op
		}
	}
	slices.SortFunc(s.operations, func(a, b *operation) int { return strings.Compare(a.id, b.id) })
	return s, nil
}

func readOperation(path, method string, item node) (*operation, error) {
	at := item.get(method)
	op := &operation{
		id: at.get("operationId").text(), method: strings.ToUpper(method), path: path, scope: at.get("x-scope").text(),
		segments: strings.Split(path, "/"), responses: map[int]response{},
	}
	for _, p := range append(item.get("parameters").items(), at.get("parameters").items()...) {
		read, err := readParameter(p)
		if err != nil {
			return nil, err
		}
		op.parameters = append(op.parameters, read)
		op.idempotent = op.idempotent || read.name == "Idempotency-Key"
	}
	var err error
	body := at.get("requestBody")
	op.bodyRequired = body.get("required").isTrue()
	if body.value != nil {
		if op.body, err = readContent(body.get("content")); err != nil {
			return nil, err
		}
	}
	return op, op.readResponses(at.get("responses"))
}

func readParameter(at node) (parameter, error) {
	schema, err := at.get("schema").schema()
	return parameter{
		name: at.get("name").text(), in: at.get("in").text(), required: at.get("required").isTrue(),
		kind: at.get("schema").get("type").text(), schema: schema,
	}, err
}

func (op *operation) readResponses(at node) error {
	for text := range at.members() {
		status, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("%q is not a status", text)
		}
		answer := at.get(text)
		read := response{}
		if read.content, err = readContent(answer.get("content")); err != nil {
			return err
		}
		for name := range answer.get("headers").members() {
			if answer.get("headers").get(name).get("required").isTrue() {
				read.headers = append(read.headers, name)
			}
		}
		op.responses[status] = read
		if status >= 200 && status < 300 && (op.success == 0 || status < op.success) {
			op.success = status
		}
	}
	return nil
}

func readContent(at node) (map[string]*jsonschema.Schema, error) {
	content := map[string]*jsonschema.Schema{}
	for mediaType := range at.members() {
		schema, err := at.get(mediaType).get("schema").schema()
		if err != nil {
			return nil, err
		}
		content[mediaType] = schema
	}
	return content, nil
}
