package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	omnichannel "github.com/cirrus/omnichannel"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/platforms"
)

// callersOperations are the operations of the document that somebody calls.
func callersOperations(t *testing.T) []docsOperation {
	t.Helper()
	reference, err := readReference(omnichannel.OpenAPI)
	if err != nil {
		t.Fatal(err)
	}
	var list []docsOperation
	for _, tag := range reference.Tags {
		if len(tag.Operations) == 0 {
			t.Errorf("tag %s has no operation", tag.Name)
		}
		for _, op := range tag.Operations {
			if op.Event && len(op.Snippets) > 0 {
				t.Errorf("%s is nothing to call, and has snippets", op.ID)
			}
			if !op.Event {
				list = append(list, op)
			}
		}
	}
	return list
}

func snippet(op docsOperation, language string) string {
	for _, s := range op.Snippets {
		if s.Language == language {
			return s.Code
		}
	}
	return ""
}

// TestDocsShowTheClient wants a snippet in TypeScript for every operation but
// those that no caller of the client asks for. That the snippets are right is
// tested in clients/typescript, where the compiler is.
func TestDocsShowTheClient(t *testing.T) {
	t.Parallel()
	without := []string{"receiveD360", "receiveWhatsAppWeb", "getHealth", "getReadiness", "getOpenAPI", "getDocs"}
	known := map[string]bool{}
	for _, op := range callersOperations(t) {
		known[op.ID] = true
		code := snippet(op, "typescript")
		if has, wanted := code != "", !slices.Contains(without, op.ID); has != wanted {
			t.Errorf("%s has a snippet in TypeScript: %t, want %t. Run make generate.", op.ID, has, wanted)
			continue
		}
		if code != "" && !strings.Contains(code, "."+clientMethods[op.ID].Method+"(") {
			t.Errorf("%s is called otherwise than by %s:\n%s", op.ID, clientMethods[op.ID].Method, code)
		}
	}
	for id := range clientMethods {
		if !known[id] {
			t.Errorf("docs_client.json has a method for %s, which is no operation. Run make generate.", id)
		}
	}
}

// TestDocsHaveACallPerOperation lets a shell read each curl line, and looks at
// what curl would get.
func TestDocsHaveACallPerOperation(t *testing.T) {
	t.Parallel()
	list := callersOperations(t)
	if len(list) < 50 {
		t.Fatalf("only %d operations can be called", len(list))
	}
	for _, op := range list {
		got := curled(t, snippet(op, "curl"))
		if got.method != op.Method || !pathOf(op).MatchString(got.path) {
			t.Errorf("%s is %s %s, and the snippet calls %s %s", op.ID, op.Method, op.Path, got.method, got.path)
		}
		if want := op.Auth != "anyone"; got.proves() != want {
			t.Errorf("%s: the snippet says who calls: %t, want %t", op.ID, got.proves(), want)
		}
		if body := op.answer(); body != nil && slices.Contains(got.headers, "Accept: "+body.MediaType) != (len(body.Also) > 0) {
			t.Errorf("%s may answer %s and %v, and the snippet sends %v", op.ID, body.MediaType, body.Also, got.headers)
		}
		example, hasBody := op.Body.example()
		if isJSON := slices.Contains(got.headers, "Content-Type: application/json"); isJSON != hasBody {
			t.Errorf("%s: the snippet says that it sends JSON: %t, want %t", op.ID, isJSON, hasBody)
		}
		if hasBody && (got.body != example.Text || !json.Valid([]byte(got.body))) {
			t.Errorf("%s sends %q, want %q", op.ID, got.body, example.Text)
		}
		if isForm := len(got.form) > 0; isForm != (op.Body != nil && !hasBody) {
			t.Errorf("%s: the snippet sends a form: %t", op.ID, isForm)
		}
	}
}

// pathOf matches the operation's path with something in each place, and what
// the query must have.
func pathOf(op docsOperation) *regexp.Regexp {
	path := regexp.MustCompile(`\\\{\w+\\\}`).ReplaceAllString(regexp.QuoteMeta(op.Path), `[^/{}?]+`)
	var query []string
	for _, p := range op.Parameters {
		if p.In == "query" && p.Required {
			query = append(query, p.Name+"=[^&{}]+")
		}
	}
	if len(query) > 0 {
		slices.Sort(query)
		path += `\?` + strings.Join(query, "&")
	}
	return regexp.MustCompile("^https://omni.test" + path + "$")
}

// curlCall is what curl is told.
type curlCall struct {
	method, path, body string
	headers, form      []string
}

// proves tells whether the call says who calls.
func (c curlCall) proves() bool {
	return slices.Contains(c.headers, "Authorization: Bearer omk_1") || slices.Contains(c.headers, "X-Webhook-Secret: whsec_1")
}

func curled(t *testing.T, line string) curlCall {
	t.Helper()
	shell := exec.CommandContext(t.Context(), "bash", "-c", `curl() { printf '%s\0' "$@"; }`+"\n"+line)
	shell.Env = []string{"OMNI_URL=https://omni.test", "OMNI_KEY=omk_1", "OMNI_WEBHOOK_SECRET=whsec_1"}
	out, err := shell.Output()
	if err != nil {
		t.Fatalf("a shell cannot read %q: %v", line, err)
	}
	words := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	var call curlCall
	for i := 0; i < len(words); i++ {
		flag, value := words[i], ""
		if flag != "-N" && strings.HasPrefix(flag, "-") && i+1 < len(words) {
			i++
			value = words[i]
		}
		switch flag {
		case "-X":
			call.method = value
		case "-H":
			call.headers = append(call.headers, value)
		case "-d":
			call.body = value
		case "-F":
			call.form = append(call.form, value)
		case "-o", "-N":
		default:
			if call.path != "" {
				t.Errorf("%q has %q and %q", line, call.path, flag)
			}
			call.path = flag
		}
	}
	return call
}

func TestDocsLiterals(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", exampleWidth)
	for _, c := range []struct {
		value any
		want  string
	}{
		{"Olá", `'Olá'`},
		{`say "oi" \ to` + "\n" + `them`, `'say "oi" \\ to\nthem'`},
		{`it's "it"`, `"it's \"it\""`},
		{yaml.MapSlice{}, `{}`},
		{yaml.MapSlice{{Key: "a", Value: nil}, {Key: "b-c", Value: true}, {Key: "d", Value: []any{uint64(1), 2.5}}}, `{ a: null, 'b-c': true, d: [1, 2.5] }`},
		{yaml.MapSlice{{Key: "a", Value: []any{long, code("x()")}}}, "{\n  a: [\n    '" + long + "',\n    x(),\n  ],\n}"},
	} {
		var out strings.Builder
		writeLiteral(&out, c.value, "")
		if out.String() != c.want {
			t.Errorf("%v is written %s, want %s", c.value, out.String(), c.want)
		}
	}
}

// TestDocsGuideIsTheCode builds the program in Go of the guide to webhooks, and
// looks for what it says of times.
func TestDocsGuideIsTheCode(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../../docs/webhooks.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, says := range []string{
		fmt.Sprintf("may take %.0f seconds", events.Timeout.Seconds()),
		fmt.Sprintf("For %.0f hours every request", platforms.Overlap.Hours()),
		fmt.Sprintf("can be replayed for %.0f days", events.Kept.Hours()/24),
	} {
		if !bytes.Contains(guide, []byte(says)) {
			t.Errorf("docs/webhooks.md does not say that it %q", says)
		}
	}
	for _, one := range append(events.Types(), events.PlatformTest) {
		if !bytes.Contains(guide, []byte("`"+string(one)+"`")) {
			t.Errorf("docs/webhooks.md does not tell of %s", one)
		}
	}
	programs := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllSubmatch(guide, -1)
	if len(programs) != 1 {
		t.Fatalf("docs/webhooks.md has %d programs in Go, want 1", len(programs))
	}
	source := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(source, programs[0][1], 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "go", "vet", source).CombinedOutput(); err != nil {
		t.Errorf("the program does not compile: %v\n%s", err, out)
	}
}
