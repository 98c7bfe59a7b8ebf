package contract

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// location is where the schemas of the document are compiled from.
const location = "file:///openapi.json"

// document is the parsed text, and the compiler of its schemas.
type document struct {
	root     any
	compiler *jsonschema.Compiler
}

func parse(text []byte) (*document, error) {
	plain, err := yaml.YAMLToJSON(text)
	if err != nil {
		return nil, fmt.Errorf("read openapi.yaml: %w", err)
	}
	root, err := jsonschema.UnmarshalJSON(bytes.NewReader(plain))
	if err != nil {
		return nil, fmt.Errorf("read openapi.yaml: %w", err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	if err := compiler.AddResource(location, root); err != nil {
		return nil, fmt.Errorf("read openapi.yaml: %w", err)
	}
	return &document{root: root, compiler: compiler}, nil
}

// node is a value of the document and the JSON pointer to it.
type node struct {
	doc     *document
	value   any
	pointer string
}

var escapePointer = strings.NewReplacer("~", "~0", "/", "~1")

// get gives a member; it follows a reference that stands in its place.
func (n node) get(name string) node {
	object, _ := n.value.(map[string]any)
	return node{n.doc, object[name], n.pointer + "/" + escapePointer.Replace(name)}.follow()
}

// follow gives what a reference names, and anything else as it is.
func (n node) follow() node {
	object, _ := n.value.(map[string]any)
	ref, _ := object["$ref"].(string)
	path, local := strings.CutPrefix(ref, "#/")
	if !local {
		return n
	}
	at := node{n.doc, n.doc.root, ""}
	for _, part := range strings.Split(path, "/") {
		at = at.get(strings.NewReplacer("~1", "/", "~0", "~").Replace(part))
	}
	return at
}

// members gives the members of an object; none for anything else.
func (n node) members() map[string]any {
	object, _ := n.value.(map[string]any)
	return object
}

// items gives the elements of a list, each with its reference followed.
func (n node) items() []node {
	list, _ := n.value.([]any)
	items := make([]node, 0, len(list))
	for i, value := range list {
		items = append(items, node{n.doc, value, fmt.Sprintf("%s/%d", n.pointer, i)}.follow())
	}
	return items
}

func (n node) text() string {
	text, _ := n.value.(string)
	return text
}

func (n node) isTrue() bool { return n.value == true }

// schema compiles the schema that stands here; nil where there is none.
func (n node) schema() (*jsonschema.Schema, error) {
	if n.value == nil {
		return nil, nil
	}
	compiled, err := n.doc.compiler.Compile(location + "#" + escapeFragment.Replace(n.pointer))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the schema at %s does not compile", n.pointer), err)
	}
	return compiled, nil
}

// escapeFragment writes a JSON pointer into the fragment of a URL.
var escapeFragment = strings.NewReplacer("%", "%25", "{", "%7B", "}", "%7D", " ", "%20", "#", "%23")
