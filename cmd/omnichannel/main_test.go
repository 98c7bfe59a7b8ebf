package main_test

import (
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/cirrus/omnichannel/internal/vault"
)

// oneLine tells whether a refusal is what a person can act on: one line, with
// the words in it.
func oneLine(text string, words ...string) bool {
	if !strings.HasPrefix(text, "omnichannel: ") || strings.Count(text, "\n") != 1 {
		return false
	}
	for _, word := range words {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

func TestHelp(t *testing.T) {
	t.Parallel()
	commands := map[string]string{
		"serve": "-local", "sandbox": "simulated 360dialog", "migrate": "OMNI_MONGODB_URI", "rotate-key": "OMNI_MASTER_KEY_PREVIOUS", "lost-key": "-id",
		"apikey": "-admin", "apikey create": "-account", "apikey list": "-account", "apikey revoke": "-id", "version": "version",
	}
	for command, word := range commands {
		for _, flag := range []string{"--help", "-h"} {
			out, errs, code := run(t, environ(), append(strings.Fields(command), flag)...)
			if code != 0 || errs != "" || !strings.HasPrefix(out, "omnichannel "+command) || !strings.Contains(out, word) {
				t.Errorf("%s %s: %d\n%s%s", command, flag, code, out, errs)
			}
		}
	}
	for _, args := range [][]string{nil, {"help"}, {"--help"}, {"-h"}} {
		out, errs, code := run(t, environ(), args...)
		for command := range commands {
			if name := strings.Fields(command)[0]; code != 0 || errs != "" || !regexp.MustCompile(`(?m)^  `+name+` +\w`).MatchString(out) {
				t.Errorf("%v: %d, no %s in\n%s%s", args, code, name, out, errs)
			}
		}
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	if out, errs, code := run(t, environ(), "version"); code != 0 || errs != "" || strings.TrimSpace(out) == "" || strings.Count(out, "\n") != 1 {
		t.Errorf("%d %q %q", code, out, errs)
	}
}

func TestWhatIsRefusedIsRefusedInOneLine(t *testing.T) {
	t.Parallel()
	uri, key, dir := "OMNI_MONGODB_URI="+store(t), "OMNI_MASTER_KEY="+vault.NewKey().Reveal(), "OMNI_DATA_DIR="+t.TempDir()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	free := "OMNI_ADDR=127.0.0.1:0"
	for _, c := range []struct {
		args  string
		env   []string
		words []string
	}{
		{"fly", nil, []string{`"fly"`, "omnichannel help"}},
		{"serve --fast", nil, []string{"-fast", "--help"}},
		{"serve now", nil, []string{`"now"`}},
		{"version 2", nil, []string{`"2"`}},
		{"apikey", nil, []string{"apikey create"}},
		{"apikey delete", nil, []string{`"delete"`}},
		{"apikey --admin", nil, []string{"apikey create"}},
		{"apikey create", nil, []string{"--admin", "--account"}},
		{"apikey create --admin --account x", nil, []string{"--admin", "--account"}},
		{"apikey create --admin", nil, []string{"OMNI_MONGODB_URI"}},
		{"apikey create --admin", []string{uri}, []string{"omnichannel migrate"}},
		{"migrate", nil, []string{"OMNI_MONGODB_URI"}},
		{"migrate", []string{"OMNI_MONGODB_URI=mongodb://user:hunter2@"}, []string{"OMNI_MONGODB_URI"}},
		{"rotate-key", []string{uri}, []string{"OMNI_MASTER_KEY"}},
		{"rotate-key", []string{uri, key}, []string{"omnichannel migrate"}},
		{"lost-key", []string{uri, key}, []string{"--id"}},
		{"lost-key --id 0123456789abcdef", []string{uri}, []string{"OMNI_MASTER_KEY"}},
		{"lost-key --id 0123456789abcdef", []string{uri, key}, []string{"omnichannel migrate"}},
		{"serve", []string{key}, []string{"OMNI_MONGODB_URI"}},
		{"serve", []string{uri}, []string{"OMNI_MASTER_KEY"}},
		{"serve", []string{uri, "OMNI_MASTER_KEY=hunter2"}, []string{"OMNI_MASTER_KEY", "base64"}},
		{"serve", []string{uri, key, free}, []string{"migrations", "conversations", "omnichannel migrate"}},
		{"serve", []string{uri, key, "OMNI_ADDR=" + taken.Addr().String()}, []string{"OMNI_ADDR", "in use"}},
		{"serve", []string{uri, key, free, "OMNI_OPS_ADDR=" + taken.Addr().String()}, []string{"OMNI_OPS_ADDR", "in use"}},
		{"serve", []string{uri, key, "OMNI_LOG_LEVEL=loud"}, []string{"OMNI_LOG_LEVEL", "loud"}},
		{"sandbox", []string{"OMNI_SANDBOX_ADDR=" + taken.Addr().String()}, []string{"OMNI_SANDBOX_ADDR", "in use"}},
	} {
		out, errs, code := run(t, environ(append([]string{"OMNI_OPS_ADDR=127.0.0.1:0", dir}, c.env...)...), strings.Fields(c.args)...)
		if code != 1 || out != "" || !oneLine(errs, c.words...) || strings.Contains(errs, "hunter2") {
			t.Errorf("%s %v: %d\n%s%s", c.args, c.env, code, out, errs)
		}
	}
}

// TestAFirstStart goes the way of whoever installs it: migrate, serve, use the
// key that the first start prints, and start again.
func TestAFirstStart(t *testing.T) {
	t.Parallel()
	env := environ("OMNI_MONGODB_URI="+store(t), "OMNI_MASTER_KEY="+vault.NewKey().Reveal(), "OMNI_DATA_DIR="+t.TempDir())
	out, errs, code := run(t, env, "migrate")
	if code != 0 || errs != "" || !strings.Contains(out, "conversations") {
		t.Fatalf("migrate: %d %s%s", code, out, errs)
	}
	if out, errs, code := run(t, env, "migrate"); code != 0 || out != "the schema is up to date\n" || errs != "" {
		t.Errorf("migrate again: %d %s%s", code, out, errs)
	}
	p, url := serving(t, env)
	printed, _ := p.out.read()
	first := regexp.MustCompile(`First start: account ([0-9a-f-]{36}) .*\n(omk_[A-Za-z0-9_-]{43})\n`).FindStringSubmatch(printed)
	if first == nil || !regexp.MustCompile(`omnichannel listens on http://127\.0\.0\.1:[1-9][0-9]* \(operations: http://127\.0\.0\.1:[1-9][0-9]*\)\n`).MatchString(printed) {
		t.Fatalf("prints %q", printed)
	}
	account, key := first[1], first[2]
	want(t, 200, key, "GET", url+"/api/accounts/"+account, "")

	made, errs, code := run(t, env, "apikey", "create", "--account", strings.ToUpper(account), "--name", "console")
	if code != 0 || errs != "" || !regexp.MustCompile(`^omk_[A-Za-z0-9_-]{43}\n$`).MatchString(made) {
		t.Fatalf("apikey create --account: %d %s%s", code, made, errs)
	}
	own := strings.TrimSpace(made)
	want(t, 200, own, "GET", url+"/api/accounts/"+account, "")
	want(t, 403, own, "GET", url+"/api/accounts", "")
	if names := want(t, 200, key, "GET", url+"/api/accounts/"+account+"/api-keys", "")["items"].([]any); len(names) != 1 || names[0].(map[string]any)["name"] != "console" {
		t.Errorf("keys %v", names)
	}
	made, errs, code = run(t, env, "apikey", "create", "--admin")
	if code != 0 || errs != "" {
		t.Fatalf("apikey create --admin: %d %s", code, errs)
	}
	want(t, 200, strings.TrimSpace(made), "GET", url+"/api/accounts", "")
	if listed, errs, code := run(t, env, "apikey", "list", "--account", account); code != 0 || errs != "" || !regexp.MustCompile(`^[0-9a-f]{24}  \S+  console\n$`).MatchString(listed) {
		t.Errorf("apikey list --account: %d %s%s", code, listed, errs)
	}
	listed, errs, code := run(t, env, "apikey", "list", "--admin")
	admins := regexp.MustCompile(`^[0-9a-f]{24}  \S+  first admin key\n([0-9a-f]{24})  \S+  made on the command line\n$`).FindStringSubmatch(listed)
	if code != 0 || admins == nil {
		t.Fatalf("apikey list --admin: %d %s%s", code, listed, errs)
	}
	if out, errs, code := run(t, env, "apikey", "revoke", "--id", admins[1]); code != 0 || errs != "" || !strings.Contains(out, admins[1]) {
		t.Errorf("apikey revoke: %d %s%s", code, out, errs)
	}
	if _, errs, code := run(t, env, "apikey", "revoke", "--id", admins[1]); code != 1 || !oneLine(errs, admins[1]) {
		t.Errorf("apikey revoke again: %d %s", code, errs)
	}
	if left, _, _ := run(t, env, "apikey", "list", "--admin"); strings.Contains(left, admins[1]) || strings.Count(left, "\n") != 1 {
		t.Errorf("after the revocation there are %s", left)
	}
	if _, errs, code := run(t, env, "apikey", "create", "--account", "9a92ea44-244c-4cda-86be-6a9e32ba8f34"); code != 1 || !oneLine(errs, "9a92ea44") {
		t.Errorf("a key of no account: %d %s", code, errs)
	}
	if _, errs, code := run(t, env, "apikey", "create", "--account", "acme"); code != 1 || !oneLine(errs, "acme", "UUID") {
		t.Errorf("a key of no UUID: %d %s", code, errs)
	}
	p.stop()

	again, url := serving(t, env)
	if printed, _ := again.out.read(); strings.Contains(printed, "omk_") || strings.Contains(printed, "First start") {
		t.Errorf("the second start prints %s", printed)
	}
	want(t, 200, key, "GET", url+"/api/accounts/"+account, "")
	again.stop()
}

// TestServeLocal: no setting at all but where the files go.
func TestServeLocal(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	env := environ("OMNI_DATA_DIR="+dir, "OMNI_ADMIN_KEY="+adminKey)
	for range 2 {
		p, url := serving(t, env, "--local")
		want(t, 200, adminKey, "GET", url+"/readyz", "")
		mongod := holder(t, dir)
		p.stop()
		if alive(mongod) {
			t.Errorf("mongod %d outlives its server", mongod)
		}
	}
	if info, err := os.Stat(filepath.Join(dir, "master.key")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the local key: %v, %v", info, err)
	}
}
