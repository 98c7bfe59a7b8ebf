package main_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
)

// holder is the mongod that holds a data directory.
func holder(t *testing.T, dir string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "mongodb", "data", "mongod.lock"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || !alive(pid) {
		t.Fatalf("no mongod holds %s: %q, %v", dir, text, err)
	}
	return pid
}

func alive(pid int) bool { return syscall.Kill(pid, 0) == nil }

// curls are the commands that the sandbox prints to go on with.
var curls = regexp.MustCompile(`(?m)^# (.*)\n((?:(?:SESSION|curl).*\n)+)`)

// TestTheSandboxKeepsItsPromises runs it twice on one data directory, and each
// time all that it prints.
func TestTheSandboxKeepsItsPromises(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	env := environ("OMNI_DATA_DIR="+dir, "OMNI_ADDR=127.0.0.1:0", "OMNI_OPS_ADDR=127.0.0.1:0", "OMNI_SANDBOX_ADDR=127.0.0.1:0", "OMNI_SANDBOX_CONTROL_ADDR=127.0.0.1:0",
		"OMNI_SANDBOX_WHATSAPP_ADDR=127.0.0.1:0", "OMNI_SANDBOX_WHATSAPP_CONTROL_ADDR=127.0.0.1:0")
	seen := 0
	for round := range 2 {
		p := start(t, env, "sandbox")
		printed := p.await(p.out, "Ctrl-C ends everything")
		for _, word := range []string{"João Silva writes: Olá, preciso de ajuda", "João Silva writes: Vocês abrem hoje?", "scans the QR code", "session ", "Atendente Maria answers", "… read"} {
			if !strings.Contains(printed, word) {
				t.Errorf("round %d: no %q in %s", round, word, printed)
			}
		}
		mongod := holder(t, dir)
		seen = tryAll(t, printed, seen)
		operations := regexp.MustCompile(`Operations: +(http://[0-9.:]+)/metrics`).FindStringSubmatch(printed)
		if operations == nil {
			t.Fatalf("no operations in %s", printed)
		}
		want(t, 200, "", "GET", operations[1]+"/metrics", "")
		want(t, 200, "", "GET", operations[1]+"/readyz", "")
		p.signal(os.Interrupt)
		if code := p.end(); code != 0 {
			t.Errorf("round %d: exit code %d: %s", round, code, p.all())
		}
		if errs, _ := p.err.read(); errs != "" {
			t.Errorf("round %d logs %s", round, errs)
		}
		if alive(mongod) {
			t.Errorf("round %d: mongod %d is left", round, mongod)
		}
	}
}

// tryAll runs the printed commands in one shell, as a person would paste them,
// and gives how many messages the conversation has then: more than before.
func tryAll(t *testing.T, printed string, before int) int {
	t.Helper()
	found := curls.FindAllStringSubmatch(printed, -1)
	if len(found) != 7 {
		t.Fatalf("%d commands in %s", len(found), printed)
	}
	var script strings.Builder
	for _, c := range found {
		script.WriteString(c[2] + "echo; echo ----\n")
	}
	out, err := exec.Command("bash", "-c", "set -e\n"+script.String()).Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	answers := strings.Split(string(out), "----\n")
	var bodies []map[string]any
	for i, c := range found {
		var body map[string]any
		if err := json.Unmarshal([]byte(answers[i]), &body); err != nil {
			t.Fatalf("%s: %v: %s", c[1], err, answers[i])
		}
		if body["code"] != nil || body["error"] != nil {
			t.Errorf("%s: %s", c[1], answers[i])
		}
		bodies = append(bodies, body)
	}
	if id, _ := bodies[0]["id"].(string); !strings.HasPrefix(id, "wamid.") {
		t.Errorf("the customer wrote: %v", bodies[0])
	}
	if items, _ := bodies[1]["items"].([]any); len(items) == 0 {
		t.Errorf("the open sessions: %v", bodies[1])
	}
	for _, i := range []int{2, 6} {
		if bodies[i]["status"] != "sent" {
			t.Errorf("%s: %v", found[i][1], bodies[i])
		}
	}
	shown, _ := json.Marshal(bodies[3])
	if !strings.Contains(string(shown), "Em que posso ajudar?") {
		t.Errorf("the phone shows %s", shown)
	}
	if id, _ := bodies[4]["id"].(string); id == "" {
		t.Errorf("the customer wrote from a phone: %v", bodies[4])
	}
	if shown, _ := json.Marshal(bodies[5]); !strings.Contains(string(shown), "Boa tarde!") || !strings.Contains(string(shown), "*Atendente Maria*:") {
		t.Errorf("the phone on WhatsApp Web shows %s", shown)
	}
	return countMessages(t, printed, before)
}

// countMessages reads the conversation with the keys that were printed.
func countMessages(t *testing.T, printed string, before int) int {
	t.Helper()
	read := func(name string) string {
		got := regexp.MustCompile(name + `: +(\S+)`).FindStringSubmatch(printed)
		if got == nil {
			t.Fatalf("no %s in %s", name, printed)
		}
		return got[1]
	}
	url, key := read("The API"), read("API key")
	want(t, 200, read("Admin key"), "GET", url+"/api/accounts", "")
	sessions := want(t, 200, key, "GET", url+"/api/accounts/"+read("Account")+"/sessions?limit=1", "")["items"].([]any)
	id := sessions[0].(map[string]any)["_id"].(string)
	messages := want(t, 200, key, "GET", url+"/api/session/"+id+"/messages", "")
	total := int(messages["total"].(float64))
	if total <= before {
		t.Errorf("the conversation has %d messages, %d before", total, before)
	}
	return total
}

// A store that others use is left as it is: its messages would go to simulators. One
// that the sandbox began itself it finds again.
func TestTheSandboxLeavesOtherStoresAlone(t *testing.T) {
	t.Parallel()
	env := func(uri, dir string) []string {
		return environ("OMNI_MONGODB_URI="+uri, "OMNI_DATA_DIR="+dir, "OMNI_ADDR=127.0.0.1:0", "OMNI_OPS_ADDR=127.0.0.1:0", "OMNI_SANDBOX_ADDR=127.0.0.1:0",
			"OMNI_SANDBOX_CONTROL_ADDR=127.0.0.1:0", "OMNI_SANDBOX_WHATSAPP_ADDR=127.0.0.1:0", "OMNI_SANDBOX_WHATSAPP_CONTROL_ADDR=127.0.0.1:0")
	}
	used, dir := store(t), t.TempDir()
	_, name, _ := strings.Cut(strings.TrimPrefix(used, "mongodb://"), "/")
	name, _, _ = strings.Cut(name, "?")
	db := mongotest.Client(t).Database(name)
	if _, err := db.Collection("accounts").InsertOne(t.Context(), bson.D{{Key: "_id", Value: "somebody's"}}); err != nil {
		t.Fatal(err)
	}
	if out, errs, code := run(t, env(used, dir), "sandbox"); code != 1 || out != "" || !oneLine(errs, "OMNI_MONGODB_URI", "unset it") {
		t.Errorf("on a store in use: %d %s%s", code, out, errs)
	}
	if names, err := db.ListCollectionNames(t.Context(), bson.D{}); err != nil || len(names) != 1 {
		t.Errorf("the store was changed: %v, %v", names, err)
	}
	own := store(t)
	for round := range 2 {
		p := start(t, env(own, dir), "sandbox")
		p.await(p.out, "Ctrl-C ends everything")
		p.signal(os.Interrupt)
		if code := p.end(); code != 0 {
			t.Errorf("round %d: exit code %d: %s", round, code, p.all())
		}
	}
}
