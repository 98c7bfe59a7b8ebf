// Package config reads the settings from the environment, once, and refuses
// bad ones with a line that names them. Only package app imports it.
package config

import (
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"

	"github.com/cirrus/omnichannel/internal/vault"
)

// Config is every setting; each is documented in the README's table under its
// OMNI_ name.
type Config struct {
	Addr        string   `env:"ADDR" envDefault:"127.0.0.1:8080"`
	OpsAddr     string   `env:"OPS_ADDR" envDefault:"127.0.0.1:8081"`
	PublicURL   string   `env:"PUBLIC_URL"`
	CORSOrigins []string `env:"CORS_ORIGINS"`
	// TrustedProxies are the networks of those whose X-Forwarded-For is believed.
	TrustedProxies []netip.Prefix `env:"TRUSTED_PROXIES"`

	MongoDBURI        string         `env:"MONGODB_URI"`
	MasterKey         vault.Secret   `env:"MASTER_KEY"`
	MasterKeyPrevious []vault.Secret `env:"MASTER_KEY_PREVIOUS"`
	AdminKey          vault.Secret   `env:"ADMIN_KEY"`
	DataDir           string         `env:"DATA_DIR"`

	S3Bucket     string   `env:"S3_BUCKET"`
	S3Endpoint   string   `env:"S3_ENDPOINT"`
	S3Region     string   `env:"S3_REGION" envDefault:"us-east-1"`
	MediaBuckets []string `env:"MEDIA_BUCKETS"`

	D360BaseURL string   `env:"D360_BASE_URL"`
	AllowHosts  []string `env:"ALLOW_HOSTS"`

	// WhatsAppURL is a simulated WhatsApp in the place of the real one, and
	// WhatsAppRootKey what its certificates come from.
	WhatsAppURL     string  `env:"WHATSAPP_URL"`
	WhatsAppRootKey RootKey `env:"WHATSAPP_ROOT_KEY"`

	SendTimeout time.Duration `env:"SEND_TIMEOUT" envDefault:"25s"`
	EventsKept  time.Duration `env:"EVENTS_KEPT" envDefault:"168h"`

	ChatMessages int `env:"CHAT_MESSAGES" envDefault:"100"`

	SandboxAddr        string `env:"SANDBOX_ADDR" envDefault:"127.0.0.1:8090"`
	SandboxControlAddr string `env:"SANDBOX_CONTROL_ADDR" envDefault:"127.0.0.1:8091"`

	SandboxWhatsAppAddr        string `env:"SANDBOX_WHATSAPP_ADDR" envDefault:"127.0.0.1:8092"`
	SandboxWhatsAppControlAddr string `env:"SANDBOX_WHATSAPP_CONTROL_ADDR" envDefault:"127.0.0.1:8093"`

	LogLevel  string `env:"LOG_LEVEL" envDefault:"info"`
	LogFormat string `env:"LOG_FORMAT" envDefault:"json"`
}

// RootKey is a key of 32 bytes, in hex.
type RootKey [32]byte

// UnmarshalText reads it.
func (k *RootKey) UnmarshalText(text []byte) error {
	key, err := hex.DecodeString(string(text))
	if err != nil || len(key) != len(k) {
		return fmt.Errorf("must be %d bytes in hex", len(k))
	}
	copy(k[:], key)
	return nil
}

// Prefix stands before every setting's name.
const Prefix = "OMNI_"

// Load reads the environment. environ has the form of os.Environ.
func Load(environ []string) (Config, error) {
	var c Config
	if err := env.ParseWithOptions(&c, env.Options{Prefix: Prefix, Environment: env.ToMap(environ)}); err != nil {
		return Config{}, unreadable(err)
	}
	if c.DataDir == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			return Config{}, errors.New("OMNI_DATA_DIR is not set, and this user has no cache directory to default to: set it")
		}
		c.DataDir = filepath.Join(base, "omnichannel", "data")
	}
	return c, errors.Join(c.check()...)
}

// unreadable names the settings whose text is no value of their type.
func unreadable(err error) error {
	var all env.AggregateError
	if !errors.As(err, &all) {
		return fmt.Errorf("read the settings: %w", err)
	}
	var wrong []error
	for _, err := range all.Errors {
		var parse env.ParseError
		if !errors.As(err, &parse) {
			wrong = append(wrong, fmt.Errorf("read the settings: %w", err))
			continue
		}
		name := parse.Name
		if field, ok := reflect.TypeFor[Config]().FieldByName(parse.Name); ok {
			name = Prefix + field.Tag.Get("env")
		}
		wrong = append(wrong, fmt.Errorf("%s: %w", name, parse.Err))
	}
	return errors.Join(wrong...)
}

// setting is one by its name, with its text.
type setting struct{ name, text string }

// check gives what is wrong, a line a setting.
func (c *Config) check() []error {
	var wrong []error
	bad := func(name, format string, args ...any) {
		wrong = append(wrong, fmt.Errorf(Prefix+name+": "+format, args...))
	}
	for _, s := range []setting{{"ADDR", c.Addr}, {"OPS_ADDR", c.OpsAddr}, {"SANDBOX_ADDR", c.SandboxAddr}, {"SANDBOX_CONTROL_ADDR", c.SandboxControlAddr},
		{"SANDBOX_WHATSAPP_ADDR", c.SandboxWhatsAppAddr}, {"SANDBOX_WHATSAPP_CONTROL_ADDR", c.SandboxWhatsAppControlAddr}} {
		if _, _, err := net.SplitHostPort(s.text); err != nil {
			bad(s.name, "%q is no host:port", s.text)
		}
	}
	for _, s := range []setting{{"PUBLIC_URL", c.PublicURL}, {"D360_BASE_URL", c.D360BaseURL}, {"S3_ENDPOINT", c.S3Endpoint}, {"WHATSAPP_URL", c.WhatsAppURL}} {
		if s.text != "" && !isHTTP(s.text) {
			bad(s.name, "%q is no http(s) URL", s.text)
		}
	}
	for _, origin := range c.CORSOrigins {
		// A browser sends scheme, host and port; anything more never matches.
		if u, err := url.Parse(origin); err != nil || !isHTTP(origin) || u.Scheme+"://"+u.Host != origin {
			bad("CORS_ORIGINS", "%q is no origin such as https://console.example.com", origin)
		}
	}
	// The text may hold a password: it is not repeated.
	if c.MongoDBURI != "" && !strings.HasPrefix(c.MongoDBURI, "mongodb://") && !strings.HasPrefix(c.MongoDBURI, "mongodb+srv://") {
		bad("MONGODB_URI", "it begins with neither mongodb:// nor mongodb+srv://")
	}
	if c.AdminKey != "" && !isKey(c.AdminKey.Reveal()) {
		bad("ADMIN_KEY", "it is not %d to %d letters, digits and signs without blanks", keyLeast, keyMost)
	}
	if c.MasterKey != "" {
		if _, err := vault.New(c.MasterKey, c.MasterKeyPrevious...); err != nil {
			wrong = append(wrong, err) // it names the setting
		}
	}
	if _, err := c.Level(); err != nil {
		bad("LOG_LEVEL", "%q is none of debug, info, warn, error", c.LogLevel)
	}
	if c.LogFormat != "json" && c.LogFormat != "text" {
		bad("LOG_FORMAT", "%q is neither json nor text", c.LogFormat)
	}
	if c.SendTimeout < time.Second || c.SendTimeout > 2*time.Minute {
		bad("SEND_TIMEOUT", "%s is not between 1s and 2m", c.SendTimeout)
	}
	if c.EventsKept < 4*24*time.Hour || c.EventsKept > 90*24*time.Hour { // a platform may be down for three days
		bad("EVENTS_KEPT", "%s is not between 96h (4 days) and 2160h (90 days)", c.EventsKept)
	}
	if c.ChatMessages < 0 || c.ChatMessages > 10_000 {
		bad("CHAT_MESSAGES", "%d is not between 0 and 10000", c.ChatMessages)
	}
	c.PublicURL = strings.TrimRight(c.PublicURL, "/")
	return wrong
}

// An admin key opens everything, so it is not to be guessed; longer ones than
// callers may present would open nothing.
const keyLeast, keyMost = 16, 256

func isKey(text string) bool {
	blank := strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' })
	return !blank && len(text) >= keyLeast && len(text) <= keyMost
}

func isHTTP(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}

// Level is the log level.
func (c *Config) Level() (slog.Level, error) {
	var level slog.Level
	err := level.UnmarshalText([]byte(c.LogLevel))
	return level, err
}

// Production refuses what a server without --local cannot do without.
func (c *Config) Production() error {
	var wrong []error
	if c.MongoDBURI == "" {
		wrong = append(wrong, errors.New("OMNI_MONGODB_URI is not set: name the replica set, or run `omnichannel serve --local`"))
	}
	if c.MasterKey == "" {
		wrong = append(wrong, errors.New("OMNI_MASTER_KEY is not set: give 32 random bytes in base64 (`openssl rand -base64 32`)"))
	}
	return errors.Join(wrong...)
}
