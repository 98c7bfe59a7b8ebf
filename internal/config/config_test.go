package config_test

import (
	"bytes"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/config"
	"github.com/cirrus/omnichannel/internal/vault"
)

func TestDefaults(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", "/var/cache/somebody")
	got, err := config.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	want := config.Config{
		Addr: "127.0.0.1:8080", OpsAddr: "127.0.0.1:8081", DataDir: "/var/cache/somebody/omnichannel/data", S3Region: "us-east-1",
		SendTimeout: 25 * time.Second, EventsKept: 7 * 24 * time.Hour, ChatMessages: 100, SandboxAddr: "127.0.0.1:8090", SandboxControlAddr: "127.0.0.1:8091",
		SandboxWhatsAppAddr: "127.0.0.1:8092", SandboxWhatsAppControlAddr: "127.0.0.1:8093", LogLevel: "info", LogFormat: "json",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("nothing set gives\n%+v, want\n%+v", got, want)
	}
	if level, err := got.Level(); level != slog.LevelInfo || err != nil {
		t.Errorf("level %v, %v", level, err)
	}
}

func TestEverySettingIsRead(t *testing.T) {
	t.Parallel()
	key, previous := vault.NewKey(), vault.NewKey()
	got, err := config.Load([]string{
		"OMNI_ADDR=:1", "OMNI_OPS_ADDR=:2", "OMNI_PUBLIC_URL=https://api.example.com/", "OMNI_CORS_ORIGINS=https://a.example.com,http://localhost:3000",
		"OMNI_TRUSTED_PROXIES=10.0.0.0/8,fd00::/8",
		"OMNI_MONGODB_URI=mongodb://h/db", "OMNI_MASTER_KEY=" + key.Reveal(), "OMNI_MASTER_KEY_PREVIOUS=" + previous.Reveal() + ",",
		"OMNI_ADMIN_KEY=omk_of-an-automation", "OMNI_DATA_DIR=/d", "OMNI_S3_BUCKET=b", "OMNI_S3_ENDPOINT=http://s3:9000", "OMNI_S3_REGION=sa-east-1",
		"OMNI_MEDIA_BUCKETS=x,y", "OMNI_D360_BASE_URL=http://d360", "OMNI_ALLOW_HOSTS=10.0.0.0/8,crm:443", "OMNI_SEND_TIMEOUT=2m", "OMNI_EVENTS_KEPT=96h", "OMNI_CHAT_MESSAGES=7",
		"OMNI_SANDBOX_ADDR=:3", "OMNI_SANDBOX_CONTROL_ADDR=:4", "OMNI_SANDBOX_WHATSAPP_ADDR=:5", "OMNI_SANDBOX_WHATSAPP_CONTROL_ADDR=:6",
		"OMNI_WHATSAPP_URL=http://wa", "OMNI_WHATSAPP_ROOT_KEY=" + strings.Repeat("0a", 32), "OMNI_LOG_LEVEL=debug", "OMNI_LOG_FORMAT=text", "ADDR=elsewhere",
	})
	if err != nil {
		t.Fatal(err)
	}
	want := config.Config{
		Addr: ":1", OpsAddr: ":2", PublicURL: "https://api.example.com", CORSOrigins: []string{"https://a.example.com", "http://localhost:3000"},
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")},
		MongoDBURI:     "mongodb://h/db", MasterKey: key, MasterKeyPrevious: []vault.Secret{previous, ""}, AdminKey: "omk_of-an-automation", DataDir: "/d",
		S3Bucket: "b", S3Endpoint: "http://s3:9000", S3Region: "sa-east-1", MediaBuckets: []string{"x", "y"},
		D360BaseURL: "http://d360", AllowHosts: []string{"10.0.0.0/8", "crm:443"}, SendTimeout: 2 * time.Minute, EventsKept: 96 * time.Hour, ChatMessages: 7,
		SandboxAddr: ":3", SandboxControlAddr: ":4", SandboxWhatsAppAddr: ":5", SandboxWhatsAppControlAddr: ":6",
		WhatsAppURL: "http://wa", WhatsAppRootKey: config.RootKey(bytes.Repeat([]byte{10}, 32)), LogLevel: "debug", LogFormat: "text",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v, want\n%+v", got, want)
	}
	fields := reflect.ValueOf(got)
	for i := range fields.NumField() {
		if fields.Field(i).IsZero() {
			t.Errorf("this test leaves %s out", fields.Type().Field(i).Name)
		}
	}
}

// TestABadSettingIsOneLine: each wrong value gives one line, which begins with
// the setting's name and does not repeat what may be secret.
func TestABadSettingIsOneLine(t *testing.T) {
	t.Parallel()
	const secret = "hunter2hunter2"
	for _, c := range []struct{ name, value, says string }{
		{"OMNI_ADDR", "8080", "host:port"},
		{"OMNI_ADDR", "", "host:port"},
		{"OMNI_OPS_ADDR", "1.2.3.4", "host:port"},
		{"OMNI_SANDBOX_ADDR", "x", "host:port"},
		{"OMNI_SANDBOX_CONTROL_ADDR", "x", "host:port"},
		{"OMNI_PUBLIC_URL", "api.example.com", "http(s)"},
		{"OMNI_PUBLIC_URL", "ftp://api.example.com", "http(s)"},
		{"OMNI_PUBLIC_URL", "http://", "http(s)"},
		{"OMNI_D360_BASE_URL", "waba", "http(s)"},
		{"OMNI_S3_ENDPOINT", "s3:9000", "http(s)"},
		{"OMNI_CORS_ORIGINS", "*", "no origin"},
		{"OMNI_CORS_ORIGINS", "https://a.example.com/", "no origin"},
		{"OMNI_CORS_ORIGINS", "https://a.example.com,b.example.com", `"b.example.com"`},
		{"OMNI_CORS_ORIGINS", "null", "no origin"},
		{"OMNI_TRUSTED_PROXIES", "10.0.0.0/8,10.0.0.1", "10.0.0.1"},
		{"OMNI_TRUSTED_PROXIES", "proxy", "proxy"},
		{"OMNI_MONGODB_URI", "user:" + secret + "@host", "mongodb://"},
		{"OMNI_MASTER_KEY", secret, "32 bytes in base64"},
		{"OMNI_ADMIN_KEY", secret, "16 to 256"},
		{"OMNI_ADMIN_KEY", " " + secret + secret, "blanks"},
		{"OMNI_ADMIN_KEY", strings.Repeat(secret, 20), "16 to 256"},
		{"OMNI_SEND_TIMEOUT", "25", "duration"},
		{"OMNI_EVENTS_KEPT", "7d", "duration"},
		{"OMNI_EVENTS_KEPT", "95h", "between"},
		{"OMNI_CHAT_MESSAGES", "-1", "between"},
		{"OMNI_CHAT_MESSAGES", "10001", "between"},
		{"OMNI_CHAT_MESSAGES", "many", "invalid"},
		{"OMNI_EVENTS_KEPT", "2161h", "between"},
		{"OMNI_SEND_TIMEOUT", "soon", "duration"},
		{"OMNI_SEND_TIMEOUT", "999ms", "between"},
		{"OMNI_SEND_TIMEOUT", "2m1s", "between"},
		{"OMNI_LOG_LEVEL", "loud", "none of"},
		{"OMNI_LOG_FORMAT", "xml", "neither"},
	} {
		_, err := config.Load([]string{c.name + "=" + c.value})
		if c.value == "" {
			if err != nil { // left empty is left out
				t.Errorf("%s empty: %v", c.name, err)
			}
			continue
		}
		if err == nil {
			t.Errorf("%s=%s is taken", c.name, c.value)
			continue
		}
		text := err.Error()
		if !strings.HasPrefix(text, c.name+": ") || !strings.Contains(text, c.says) || strings.Contains(text, "\n") || strings.Contains(text, secret) {
			t.Errorf("%s=%s: %q", c.name, c.value, text)
		}
	}
	_, err := config.Load([]string{"OMNI_MASTER_KEY=" + vault.NewKey().Reveal(), "OMNI_MASTER_KEY_PREVIOUS=" + secret})
	if err == nil || !strings.HasPrefix(err.Error(), "OMNI_MASTER_KEY_PREVIOUS") || strings.Contains(err.Error(), secret) {
		t.Errorf("a bad former key: %v", err)
	}
	_, err = config.Load([]string{"OMNI_LOG_FORMAT=xml", "OMNI_ADDR=x", "OMNI_LOG_LEVEL=loud"})
	if err == nil || !regexp.MustCompile(`^OMNI_ADDR: .*\nOMNI_LOG_LEVEL: .*\nOMNI_LOG_FORMAT: .*$`).MatchString(err.Error()) {
		t.Errorf("three bad settings: %v", err)
	}
}

func TestWithoutACacheDirectoryTheDataDirectoryMustBeSet(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", "")
	t.Setenv("HOME", "")
	if _, err := config.Load(nil); err == nil || !strings.HasPrefix(err.Error(), "OMNI_DATA_DIR") {
		t.Errorf("got %v", err)
	}
	if _, err := config.Load([]string{"OMNI_DATA_DIR=/d"}); err != nil {
		t.Error(err)
	}
}

func TestProductionNeedsStoreAndKey(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		environ []string
		want    []string
	}{
		{nil, []string{"OMNI_MONGODB_URI", "OMNI_MASTER_KEY"}},
		{[]string{"OMNI_MONGODB_URI=mongodb://h"}, []string{"OMNI_MASTER_KEY"}},
		{[]string{"OMNI_MASTER_KEY=" + vault.NewKey().Reveal()}, []string{"OMNI_MONGODB_URI"}},
		{[]string{"OMNI_MONGODB_URI=mongodb://h", "OMNI_MASTER_KEY=" + vault.NewKey().Reveal()}, nil},
	} {
		cfg, err := config.Load(append([]string{"OMNI_DATA_DIR=/d"}, c.environ...))
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		if err := cfg.Production(); err != nil {
			lines = strings.Split(err.Error(), "\n")
		}
		if len(lines) != len(c.want) {
			t.Errorf("%v: %q", c.environ, lines)
			continue
		}
		for i, name := range c.want {
			if !strings.HasPrefix(lines[i], name+" is not set") {
				t.Errorf("%v: %q, want %s", c.environ, lines[i], name)
			}
		}
	}
}

// TestTheReadmeKnowsEverySetting: its table is the only list that people have.
func TestTheReadmeKnowsEverySetting(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for i := range reflect.TypeFor[config.Config]().NumField() {
		tag := reflect.TypeFor[config.Config]().Field(i).Tag
		name := config.Prefix + tag.Get("env")
		known[name] = true
		row := regexp.MustCompile("(?m)^\\|[^|]*`" + name + "`[^|]*\\|[^|]*\\|").FindString(string(readme))
		if row == "" {
			t.Errorf("%s has no row", name)
		}
		if d := tag.Get("envDefault"); d != "" && name != "OMNI_S3_REGION" && !strings.Contains(row, "`"+d+"`") {
			t.Errorf("%s defaults to %s, its row says %s", name, d, row)
		}
	}
	for _, name := range regexp.MustCompile(`OMNI_[A-Z0-9_]+`).FindAllString(string(readme), -1) {
		if !known[name] {
			t.Errorf("the README names %s, which is no setting", name)
		}
	}
}
