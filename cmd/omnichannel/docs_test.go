package main_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// sandboxed starts the sandbox and gives what it printed, by name.
func sandboxed(t *testing.T) map[string]string {
	t.Helper()
	p := start(t, environ("OMNI_DATA_DIR="+t.TempDir(), "OMNI_ADDR=127.0.0.1:0", "OMNI_OPS_ADDR=127.0.0.1:0",
		"OMNI_SANDBOX_ADDR=127.0.0.1:0", "OMNI_SANDBOX_CONTROL_ADDR=127.0.0.1:0",
		"OMNI_SANDBOX_WHATSAPP_ADDR=127.0.0.1:0", "OMNI_SANDBOX_WHATSAPP_CONTROL_ADDR=127.0.0.1:0"), "sandbox")
	printed := p.await(p.out, "Ctrl-C ends everything")
	t.Cleanup(func() {
		p.signal(os.Interrupt)
		if code := p.end(); code != 0 {
			t.Errorf("exit code %d: %s", code, p.all())
		}
	})
	found := map[string]string{}
	for name, form := range map[string]string{"api": `The API: +(\S+)`, "control": `Simulated 360dialog:.*its control: (http://[0-9.:]+)`, "phones": `Simulated WhatsApp:.*its control: (http://[0-9.:]+)`, "account": `Account: +(\S+)`, "key": `API key: +(\S+)`} {
		got := regexp.MustCompile(form).FindStringSubmatch(printed)
		if got == nil {
			t.Fatalf("no %s in %s", name, printed)
		}
		found[name] = got[1]
	}
	return found
}

// examples are the sh blocks of a document, at the addresses of a sandbox.
func examples(t *testing.T, file string, at map[string]string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", file))
	if err != nil {
		t.Fatal(err)
	}
	var script strings.Builder
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		script.WriteString(block[1])
	}
	host := func(name string) string { return strings.TrimPrefix(at[name], "http://") }
	return strings.NewReplacer("127.0.0.1:8080", host("api"), "127.0.0.1:8091", host("control"), "127.0.0.1:8093", host("phones")).Replace(script.String())
}

// execute runs a script as a person would paste it; each line that curl prints
// is JSON.
func execute(t *testing.T, script string, at map[string]string) []map[string]any {
	t.Helper()
	// Answers have no line's end of their own.
	cmd := exec.Command("bash", "-c", "set -eu\ncurl() { command curl -sS --fail-with-body -w '\\n' \"$@\" || [ $? = 22 ]; }\n"+script)
	cmd.Dir = t.TempDir() // for the files that they write
	cmd.Env = environ("KEY="+at["key"], "ACCOUNT="+at["account"])
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s\n%s", err, errs.String(), out)
	}
	var answers []map[string]any
	for line := range strings.Lines(string(out)) {
		var body map[string]any
		if strings.TrimSpace(line) == "" {
			continue
		}
		if err := json.Unmarshal([]byte(line), &body); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		answers = append(answers, body)
	}
	return answers
}

// unlinked makes a number with a phone of its own, and a channel of it that is
// not linked yet.
func unlinked(at map[string]string) string {
	const number = "5521966665555"
	return `NUMBER=` + number + `
curl -X POST ` + at["phones"] + `/control/phones -H 'Content-Type: application/json' -d '{"phone":"` + number + `","name":"Nova"}'
curl -X POST ` + at["api"] + `/api/accounts/$ACCOUNT/channels -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' -d '{"provider":"whatsappweb","identifier":"` + number + `"}'
`
}

// TestTheExamplesOfTheDocumentsRun: what people paste first must work.
func TestTheExamplesOfTheDocumentsRun(t *testing.T) {
	t.Parallel()
	for file, refused := range map[string][]string{
		"README.md": nil,
		// What is refused on purpose, in order.
		"docs/sandbox.md": {"number_not_on_whatsapp", "provider_timeout"},
	} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			at := sandboxed(t)
			script := examples(t, file, at)
			if file == "README.md" {
				script = unlinked(at) + script
				// a person reads the session's id; here the shell does
				script = strings.ReplaceAll(script, "# answer (SESSION is the _id above)",
					`SESSION=$(command curl -s "`+at["api"]+`/api/accounts/$ACCOUNT/sessions" -H "Authorization: Bearer $KEY" | grep -oE '"_id":"[0-9a-f]{24}"' | head -1 | cut -d'"' -f4)`)
			}
			var codes []string
			for _, answer := range execute(t, script, at) {
				if code, ok := answer["code"].(string); ok && answer["title"] != nil { // a pairing code is no problem's
					codes = append(codes, code)
				}
				if answer["error"] != nil {
					t.Errorf("refused: %v", answer)
				}
			}
			if strings.Join(codes, " ") != strings.Join(refused, " ") {
				t.Errorf("refused are %v, want %v", codes, refused)
			}
		})
	}
}
