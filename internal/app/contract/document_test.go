package contract

import (
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	omnichannel "github.com/cirrus/omnichannel"
	"github.com/cirrus/omnichannel/internal/web"
)

// root is the document as it is printed, references and all. Its compiler is
// the test's own: it serves one goroutine.
func root(t *testing.T) node {
	t.Helper()
	doc, err := parse(omnichannel.OpenAPI)
	if err != nil {
		t.Fatal(err)
	}
	return node{doc, doc.root, ""}
}

func TestDocumentIsOpenAPI(t *testing.T) {
	t.Parallel()
	doc, err := openapi3.NewLoader().LoadFromData(omnichannel.OpenAPI)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context(), openapi3.EnableExamplesValidation(), openapi3.EnableSchemaDefaultsValidation()); err != nil {
		t.Fatal(err)
	}
}

// eachOperation calls fn for every operation, webhooks included.
func eachOperation(t *testing.T, fn func(name string, op node)) {
	t.Helper()
	for _, section := range []string{"paths", "webhooks"} {
		items := root(t).get(section)
		for path := range items.members() {
			for _, method := range methods {
				if items.get(path).members()[method] != nil {
					fn(method+" "+path, items.get(path).get(method))
				}
			}
		}
	}
}

func TestOperationsAreDescribed(t *testing.T) {
	t.Parallel()
	tags, ids := map[string]bool{}, map[string]bool{}
	for _, tag := range root(t).get("tags").items() {
		tags[tag.get("name").text()] = true
	}
	scopes := []string{"public", "admin", "account", "key", "number", "own"}
	eachOperation(t, func(name string, op node) {
		for _, field := range []string{"operationId", "summary", "description"} {
			if op.get(field).text() == "" {
				t.Errorf("%s has no %s", name, field)
			}
		}
		if id := op.get("operationId").text(); ids[id] {
			t.Errorf("two operations are named %s", id)
		} else {
			ids[id] = true
		}
		if list := op.get("tags").items(); len(list) != 1 || !tags[list[0].text()] {
			t.Errorf("%s has not one tag of the list", name)
		}
		if strings.HasPrefix(op.pointer, "/paths/") && !slices.Contains(scopes, op.get("x-scope").text()) {
			t.Errorf("%s has no x-scope", name)
		}
	})
}

func TestEveryPropertyAndParameterIsDescribed(t *testing.T) {
	t.Parallel()
	walk(root(t).value, "", func(at string, value map[string]any) {
		_, isParameter := value["in"].(string)
		named := value["properties"]
		if strings.HasSuffix(at, "/example") || strings.Contains(at, "/example/") || strings.Contains(at, "/examples/") || strings.Contains(at, "/value/") {
			return
		}
		if isParameter && value["description"] == nil {
			t.Errorf("the parameter at %s has no description", at)
		}
		properties, _ := named.(map[string]any)
		for name, property := range properties {
			schema, _ := property.(map[string]any)
			if text, _ := schema["description"].(string); text == "" {
				t.Errorf("the property %s at %s has no description", name, at)
			}
		}
	})
}

// walk calls fn for every object below value.
func walk(value any, at string, fn func(at string, object map[string]any)) {
	switch value := value.(type) {
	case map[string]any:
		fn(at, value)
		for name, member := range value {
			walk(member, at+"/"+name, fn)
		}
	case []any:
		for _, item := range value {
			walk(item, at, fn)
		}
	}
}

func TestEverySuccessHasAnExample(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(name string, op node) {
		for status := range op.get("responses").members() {
			content := op.get("responses").get(status).get("content")
			for mediaType := range content.members() {
				media := content.get(mediaType)
				has := media.get("example").value != nil || len(media.get("examples").members()) > 0 || len(media.get("schema").get("examples").items()) > 0
				if !has {
					t.Errorf("%s, %s %s: there is no example", name, status, mediaType)
				}
			}
		}
	})
}

// TestExamplesFitTheirSchemas covers what the OpenAPI library passes over: the
// examples of schemas, and formats.
func TestExamplesFitTheirSchemas(t *testing.T) {
	t.Parallel()
	schemas := root(t).get("components").get("schemas")
	checked := 0
	for name := range schemas.members() {
		compiled, err := schemas.get(name).schema()
		if err != nil {
			t.Error(err)
			continue
		}
		for _, example := range schemas.get(name).get("examples").items() {
			checked++
			if err := compiled.Validate(example.value); err != nil {
				t.Errorf("the example of %s: %s", name, explain(err))
			}
		}
	}
	eachOperation(t, func(name string, op node) {
		bodies := []node{op.get("requestBody").get("content")}
		for status := range op.get("responses").members() {
			bodies = append(bodies, op.get("responses").get(status).get("content"))
		}
		for _, body := range bodies {
			for mediaType := range body.members() {
				if isJSON(mediaType) {
					checked += checkExamples(t, name, body.get(mediaType))
				}
			}
		}
	})
	if checked < 100 {
		t.Errorf("only %d examples were checked", checked)
	}
}

func checkExamples(t *testing.T, name string, media node) int {
	t.Helper()
	compiled, err := media.get("schema").schema()
	if err != nil {
		t.Error(err)
		return 0
	}
	examples := map[string]any{}
	if example := media.get("example").value; example != nil {
		examples["example"] = example
	}
	for key := range media.get("examples").members() {
		examples[key] = media.get("examples").get(key).get("value").value
	}
	for key, example := range examples {
		if err := compiled.Validate(example); err != nil {
			t.Errorf("%s, example %s: %s", name, key, explain(err))
		}
	}
	return len(examples)
}

func TestNoComponentIsUnused(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	walk(root(t).value, "", func(at string, object map[string]any) {
		if ref, ok := object["$ref"].(string); ok && !strings.HasPrefix(at, "/components/schemas/"+strings.TrimPrefix(ref, "#/components/schemas/")+"/") {
			used[ref] = true
		}
		if security, ok := object["security"].([]any); ok {
			for _, one := range security {
				for name := range one.(map[string]any) {
					used["#/components/securitySchemes/"+name] = true
				}
			}
		}
	})
	components := root(t).get("components")
	for kind := range components.members() {
		for name := range components.get(kind).members() {
			if !used["#/components/"+kind+"/"+name] {
				t.Errorf("nothing uses %s %s", kind, name)
			}
		}
	}
}

// TestAnswersAreClosed sees to it that a member that is not in the document is
// an error wherever the members are ours.
func TestAnswersAreClosed(t *testing.T) {
	t.Parallel()
	// What others close over, and what is foreign or open on purpose.
	open := []string{"Draft", "MessageBase", "ContentMarks", "Page", "EventEnvelope", "NumberEventHead", "NumberChat", "NumberContent", "NumberGroupNews", "NumberConnection", "D360Webhook", "WhatsAppWebWebhook", "ContactCard"}
	schemas := root(t).get("components").get("schemas")
	for name, value := range schemas.members() {
		schema := value.(map[string]any)
		if schema["type"] != "object" || slices.Contains(open, name) || strings.HasPrefix(name, "Interactive") && name != "InteractiveContent" && name != "InteractiveMessage" {
			continue
		}
		if schema["additionalProperties"] == nil && schema["unevaluatedProperties"] == nil {
			t.Errorf("%s takes any member", name)
		}
	}
}

func TestProblemsAreTheServers(t *testing.T) {
	t.Parallel()
	schema := root(t).get("components").get("schemas").get("ProblemCode")
	var documented []string
	for _, code := range schema.get("enum").items() {
		documented = append(documented, code.text())
	}
	var built []string
	for _, code := range web.Codes() {
		built = append(built, string(code))
		about := schema.get("x-problems").get(string(code))
		if status, _ := about.get("status").value.(json.Number); status.String() != jsonNumber(web.StatusOf(code)) {
			t.Errorf("%s: the document has status %s, the server %d", code, status, web.StatusOf(code))
		}
		if about.get("when").text() == "" {
			t.Errorf("%s: the document does not say when", code)
		}
	}
	slices.Sort(documented)
	slices.Sort(built)
	if !slices.Equal(documented, built) {
		t.Errorf("the document's codes are %v, the server's %v", documented, built)
	}
	if keys := slices.Sorted(maps.Keys(schema.get("x-problems").members())); !slices.Equal(keys, built) {
		t.Errorf("x-problems has %v, the server %v", keys, built)
	}
}

func jsonNumber(n int) string {
	text, _ := json.Marshal(n) // a number always encodes
	return string(text)
}

// TestProblemsHaveTheirStatus sees to it that no response promises a code whose
// status is another.
func TestProblemsHaveTheirStatus(t *testing.T) {
	t.Parallel()
	about := root(t).get("components").get("schemas").get("ProblemCode").get("x-problems")
	eachOperation(t, func(name string, op node) {
		for status := range op.get("responses").members() {
			code := op.get("responses").get(status).get("content").get("application/problem+json").get("schema").get("properties").get("code")
			for _, one := range code.get("enum").items() {
				if want, _ := about.get(one.text()).get("status").value.(json.Number); want.String() != status {
					t.Errorf("%s answers %s with %s", name, one.text(), status)
				}
			}
		}
	})
}

// TestKnownPayloads holds the examples to the payloads that callers were given
// long before this document: requests as they are, answers at least with all
// that they have.
func TestKnownPayloads(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/known_payloads.json")
	if err != nil {
		t.Fatal(err)
	}
	var known []struct {
		Operation, Example string
		Status             int
		Payload            any
	}
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	if err := decoder.Decode(&known); err != nil {
		t.Fatal(err)
	}
	operations := map[string]node{}
	eachOperation(t, func(_ string, op node) { operations[op.get("operationId").text()] = op })
	for _, k := range known {
		op := operations[k.Operation]
		if k.Status == 0 {
			got := op.get("requestBody").get("content").get("application/json").get("examples").get(k.Example).get("value").value
			if !reflect.DeepEqual(got, k.Payload) {
				t.Errorf("%s, example %s is %v, want %v", k.Operation, k.Example, got, k.Payload)
			}
			continue
		}
		got := op.get("responses").get(jsonNumber(k.Status)).get("content").get("application/json").get("examples").get(k.Example).get("value").members()
		for name, want := range k.Payload.(map[string]any) {
			if !reflect.DeepEqual(got[name], want) {
				t.Errorf("%s, example %s has %s: %v, want %v", k.Operation, k.Example, name, got[name], want)
			}
		}
	}
}
