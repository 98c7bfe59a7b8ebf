// Package laws holds the rooms to the imports that they may have. A room
// without a row here fails: whoever adds one says what it may know.
package laws

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/cirrus/omnichannel"

// leaves may be imported by every feature.
var leaves = []string{"ids", "phone", "fault", "web", "mongodb"}

// anything marks a room that may import every other one.
const anything = "*"

// rooms says which rooms of internal/ each room may import.
var rooms = map[string][]string{
	"app":                      {anything},
	"app/apptest":              {anything},
	"app/contract":             {"web"},
	"config":                   {"vault"}, // for the type that hides secrets
	"ids":                      {},
	"phone":                    {},
	"fault":                    {"ids"},
	"vault":                    {"fault"},
	"egress":                   {"fault"},
	"web":                      {"fault", "mongodb", "ids"},
	"mongodb":                  {"fault"},
	"mongodb/local":            {},
	"mongodb/local/withmongod": {"mongodb/local"},
	"mongodb/mongotest":        {"mongodb", "mongodb/local"},
	"jobs":                     {"fault", "mongodb", "ids"},
	"media":                    with("egress", "jobs", "vault"),
	"media/s3test":             {"media"},
	"accounts":                 with(),
	"platforms":                with("egress", "vault", "events"), // the types that a config subscribes to
	"events":                   with("platforms", "egress", "jobs"),
	"events/eventstest":        {"events", "ids"},
	"contacts":                 with("events", "providers"), // addresses
	"channels":                 with("providers", "platforms", "events", "jobs", "vault"),
	"sessions":                 with("contacts", "channels", "platforms", "events", "providers"),
	"messages":                 with("sessions", "contacts", "channels", "media", "events", "providers", "platforms", "jobs"),
	"privacy":                  with("contacts"),
	"gateway/chats":            with("channels", "messages", "providers"),
	"gateway":                  with("gateway/chats", "channels", "messages", "media", "providers", "providers/whatsappweb", "jobs"),
	"photos":                   with("contacts", "channels", "media", "providers"),
	"providers":                {"ids", "phone", "fault"},
	"providers/whatsappweb": {
		"providers/whatsappweb/devicestore", "providers/whatsappweb/wire", "providers/whatsappweb/preview",
		"providers/tolerant", "providers", "ids", "phone",
	},
	"providers/whatsappweb/wire":                  {"providers", "ids", "phone"},
	"providers/whatsappweb/preview":               {"providers"},
	"providers/whatsappweb/devicestore":           {"vault", "mongodb", "ids"},
	"providers/whatsappweb/devicestore/storetest": {},
	"providers/d360":                              {"providers/tolerant", "providers", "egress", "ids", "phone", "fault"},
	"providers/providertest":                      {"providers", "ids"},
	"providers/tolerant":                          {},
	"sandbox/control":                             {},
	"sandbox/d360":                                {"sandbox/control"},
	"sandbox/whatsapp":                            {"sandbox/whatsapp/memstore", "sandbox/control"},
	"sandbox/whatsapp/memstore":                   {},
	"laws":                                        {},
}

// libraries says which rooms alone may import a library.
var libraries = map[string][]string{
	"go.mau.fi/whatsmeow":             {"providers/whatsappweb", "providers/whatsappweb/wire", "providers/whatsappweb/devicestore", "providers/whatsappweb/devicestore/storetest", "sandbox/whatsapp", "sandbox/whatsapp/memstore"},
	"github.com/aws/aws-sdk-go-v2/":   {"media", "media/s3test"},
	module + "/internal/config":       {"app", "app/apptest"},
	module + "/internal/app":          {"app", "app/apptest", "app/contract"},
	"github.com/caarlos0/env":         {"config"},
	"github.com/nyaruka/phonenumbers": {"phone", "sandbox/d360"},
	"code.dny.dev/ssrf":               {"egress"},
}

// ginFiles are the files of features that may import Gin.
var ginFiles = []string{"handle_", "routes.go"}

// banned words name nothing; a name with one of them says nothing either.
var banned = []string{"manager", "helper", "util"}

func with(more ...string) []string { return append(slices.Clone(leaves), more...) }

func TestRoomsImportOnlyWhatTheyMay(t *testing.T) {
	t.Parallel()
	files := sources(t)
	seen := map[string]bool{}
	for file, imports := range files {
		room := strings.TrimPrefix(path.Dir(file), "internal/")
		test := strings.HasSuffix(file, "_test.go")
		seen[room] = true
		may, known := rooms[room]
		if !known {
			t.Errorf("%s: room %q has no row in this test: say what it may import", file, room)
			continue
		}
		for _, imported := range imports {
			checkLibrary(t, file, room, imported, test)
			other, ours := strings.CutPrefix(imported, module+"/internal/")
			if !ours || test || other == room || slices.Contains(may, anything) || slices.Contains(may, other) {
				continue
			}
			t.Errorf("%s imports %s, which room %q may not know", file, other, room)
		}
	}
	for room := range rooms {
		if !seen[room] {
			t.Errorf("room %q of this test is not there", room)
		}
	}
}

func checkLibrary(t *testing.T, file, room, imported string, test bool) {
	t.Helper()
	for prefix, allowed := range libraries {
		if strings.HasPrefix(imported, prefix) && !test && !slices.Contains(allowed, room) {
			t.Errorf("%s imports %s; only %v may", file, imported, allowed)
		}
	}
	if imported != "github.com/gin-gonic/gin" || test || room == "web" || room == "app" {
		return
	}
	base := path.Base(file)
	if !slices.ContainsFunc(ginFiles, func(name string) bool { return strings.HasPrefix(base, name) }) {
		t.Errorf("%s imports Gin; in a feature only handle_*.go and routes.go may", file)
	}
}

func TestFilesAreNotNamedAfterNothing(t *testing.T) {
	t.Parallel()
	for file := range sources(t) {
		for _, word := range banned {
			if strings.Contains(strings.ToLower(file), word) {
				t.Errorf("%s: %q says nothing; name what is in it", file, word)
			}
		}
	}
}

// sources gives the imports of every Go file below internal.
func sources(t *testing.T) map[string][]string {
	t.Helper()
	root := filepath.Join("..", "..")
	files := map[string][]string{}
	err := fs.WalkDir(os.DirFS(root), "internal", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			// A folder with a module of its own is another program.
			if _, err := os.Stat(filepath.Join(root, name, "go.mod")); err == nil {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, name), nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		files[name] = []string{}
		for _, spec := range parsed.Imports {
			files[name] = append(files[name], strings.Trim(spec.Path.Value, `"`))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatal("no sources were found: the test looks in the wrong place")
	}
	return files
}
