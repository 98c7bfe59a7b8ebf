package apptest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/platforms"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/sandbox/d360"
	"github.com/cirrus/omnichannel/internal/vault"
)

// withDatabase puts a database's name into a store's address.
func withDatabase(uri, name string) string {
	base, query, found := strings.Cut(uri, "?")
	base = strings.TrimRight(base, "/") + "/" + name
	if found {
		return base + "?" + query
	}
	return base
}

// World is one account on a server: a platform, a 360dialog channel, a
// WhatsApp Web channel, and a key.
type World struct {
	*Server
	T        testing.TB
	Account  ids.Account
	Key      string
	Config   ids.PlatformConfig
	D360     ids.Channel
	WhatsApp ids.Channel
	Number   string // of both channels
	APIKey   string // of the number at the simulated 360dialog
	Secret   string // of both channels' webhooks
}

// Preset are ids that a world must have; zero ones are made.
type Preset struct {
	Account  ids.Account
	Config   ids.PlatformConfig
	D360     ids.Channel
	WhatsApp ids.Channel
	Number   string
}

var serial atomic.Int64

// Phone is a number that no other test has.
func Phone() string { return fmt.Sprintf("55219%08d", 70_000_000+serial.Add(1)) }

// NewWorld makes an account on the shared server.
func NewWorld(t testing.TB) *World {
	t.Helper()
	return Shared(t).World(t, Preset{})
}

// World makes an account on this server.
func (s *Server) World(t testing.TB, p Preset) *World {
	t.Helper()
	ctx := context.Background()
	w := &World{Server: s, T: t, Account: p.Account, Config: p.Config, D360: p.D360, WhatsApp: p.WhatsApp, Number: p.Number, Secret: "whsec_" + "dGVzdHMtb25seS1zZWNyZXQtb2YtY2hhbm5lbHM="}
	if w.Number == "" {
		w.Number = Phone()
	}
	rooms := s.App.Rooms
	account, err := rooms.Accounts.CreateAccount(ctx, w.Account, t.Name())
	w.must(err)
	w.Account = account.ID
	key, _, err := rooms.Accounts.CreateKey(ctx, w.Account, false, "test")
	w.must(err)
	w.Key = key
	number, err := s.Simulator.AddNumber(d360.NumberConfig{DisplayPhoneNumber: w.Number})
	w.must(err)
	w.APIKey = number.APIKey
	config, _, err := rooms.Platforms.CreateConfig(ctx, platforms.Spec{ID: w.Config, Account: w.Account, Slug: "console", Name: "Console", IsDefault: true})
	w.must(err)
	w.Config = config.ID
	ch, _, err := rooms.Channels.CreateChannel(ctx, channels.Spec{
		ID: w.D360, Account: w.Account, Name: "D360", Provider: providers.D360, Identifier: w.Number, Platform: w.Config,
		Settings: channels.DefaultSettings(), APIKey: vault.Secret(w.APIKey), WebhookSecret: vault.Secret(w.Secret),
	})
	w.must(err)
	w.D360 = ch.ID
	ch, _, err = rooms.Channels.CreateChannel(ctx, channels.Spec{
		ID: w.WhatsApp, Account: w.Account, Name: "WhatsApp Web", Provider: providers.WhatsAppWeb, Identifier: w.Number, Platform: w.Config,
		Settings: channels.DefaultSettings(), WebhookSecret: vault.Secret(w.Secret),
	})
	w.must(err)
	w.WhatsApp = ch.ID
	return w
}

func (w *World) must(err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatal(err)
	}
}

// Answer is what the server said.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// JSON reads the answer's body.
func (a Answer) JSON() map[string]any {
	var body map[string]any
	if err := json.Unmarshal(a.Body, &body); err != nil {
		return map[string]any{"notJSON": string(a.Body)}
	}
	return body
}

// Code is the answer's problem code; empty for a success.
func (a Answer) Code() string {
	code, _ := a.JSON()["code"].(string)
	return code
}

// String shows status and body, for messages of tests.
func (a Answer) String() string { return fmt.Sprintf("%d %s", a.Status, a.Body) }

// Request is one call; Body may be bytes, or anything that becomes JSON.
type Request struct {
	Method, Path string
	Body         any
	Key          string // empty: the world's; "-": none
	Header       map[string]string
}

// Do calls the server.
func (w *World) Do(r Request) Answer {
	w.T.Helper()
	content, raw := r.Body.([]byte)
	if r.Body != nil && !raw {
		var err error
		content, err = json.Marshal(r.Body)
		w.must(err)
	}
	req, err := http.NewRequestWithContext(context.Background(), r.Method, w.App.URL()+r.Path, bytes.NewReader(content))
	w.must(err)
	if r.Body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if r.Key == "" {
		r.Key = w.Key
	}
	if r.Key != "-" {
		req.Header.Set("Authorization", "Bearer "+r.Key)
	}
	for name, value := range r.Header {
		req.Header.Set(name, value)
	}
	resp, err := w.Client.Do(req)
	w.must(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	w.must(err)
	return Answer{Status: resp.StatusCode, Header: resp.Header, Body: body}
}

// Call calls the server with the world's key and a JSON body.
func (w *World) Call(method, path string, body any) Answer {
	w.T.Helper()
	return w.Do(Request{Method: method, Path: path, Body: body})
}

// Want calls and fails the test when the status is another.
func (w *World) Want(status int, method, path string, body any) map[string]any {
	w.T.Helper()
	a := w.Call(method, path, body)
	if a.Status != status {
		w.T.Fatalf("%s %s: %s, want %d", method, path, a, status)
	}
	if len(a.Body) == 0 {
		return nil
	}
	return a.JSON()
}

// Base is the path of the account's resources.
func (w *World) Base() string { return "/api/accounts/" + string(w.Account) }

// Webhook is the path of a channel's webhook.
func (w *World) Webhook(provider string) string {
	channel := w.D360
	if provider == "whatsappweb" {
		channel = w.WhatsApp
	}
	return "/api/webhook/" + provider + "/" + w.Config.String() + "/" + channel.String()
}

// Deliver posts a webhook body with the channel's secret.
func (w *World) Deliver(provider string, body any) Answer {
	w.T.Helper()
	return w.Do(Request{Method: http.MethodPost, Path: w.Webhook(provider), Body: body, Key: w.Secret})
}

// Write lets a simulated customer write to the world's number.
func (w *World) Write(phone string, in d360.InboundMessage) string {
	w.T.Helper()
	in.Number = w.APIKey
	id, err := w.Simulator.CustomerWrite(phone, in)
	w.must(err)
	return id
}

// Eventually asks until ok; it fails the test after a minute and a half.
func (w *World) Eventually(what string, ok func() bool) {
	w.T.Helper()
	deadline := time.Now().Add(90 * time.Second)
	for !ok() {
		if time.Now().After(deadline) {
			w.T.Fatalf("%s: not within 90 seconds", what)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// Session lets a customer write and gives the session that this opens.
func (w *World) Session(phone string) string {
	w.T.Helper()
	w.Write(phone, d360.InboundMessage{Type: "text", Text: "Olá, preciso de ajuda"})
	return w.AwaitSession(phone)
}

// AwaitSession waits until a customer has an active session.
func (w *World) AwaitSession(phone string) string {
	w.T.Helper()
	var id string
	w.Eventually("an active session of the customer", func() bool {
		page := w.Want(http.StatusOK, http.MethodGet, w.Base()+"/sessions?status=active&limit=100", nil)
		for _, item := range page["items"].([]any) {
			session := item.(map[string]any)
			if session["client"].(map[string]any)["providerId"] == phone {
				id = session["_id"].(string)
			}
		}
		return id != ""
	})
	return id
}
