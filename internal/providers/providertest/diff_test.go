package providertest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/providertest"
)

func TestDiffFindsEveryDifference(t *testing.T) {
	t.Parallel()
	base := func() providers.MessageReceived {
		return providers.MessageReceived{ID: "a", Timestamp: time.Unix(1, 0),
			From:    providers.Party{Addresses: []providers.Address{{Kind: providers.KindPhone, Value: "1"}}},
			Content: providers.Content{Voice: providers.Bool(false), Contacts: providers.RawJSON("[]")}}
	}
	if diff := providertest.Diff(base(), base()); diff != "" {
		t.Fatalf("equal values differ:\n%s", diff)
	}
	elsewhere := base()
	elsewhere.Timestamp = time.Unix(1, 0).In(time.FixedZone("x", 3600))
	if diff := providertest.Diff(base(), elsewhere); diff != "" {
		t.Errorf("the same instant differs:\n%s", diff)
	}
	for path, change := range map[string]func(*providers.MessageReceived){
		".ID":                     func(m *providers.MessageReceived) { m.ID = "b" },
		".Timestamp":              func(m *providers.MessageReceived) { m.Timestamp = time.Time{} },
		".From.Addresses[1]":      func(m *providers.MessageReceived) { m.From.Addresses = append(m.From.Addresses, providers.Address{}) },
		".From.Addresses[0].Kind": func(m *providers.MessageReceived) { m.From.Addresses[0].Kind = providers.KindLID },
		".Content.Voice":          func(m *providers.MessageReceived) { m.Content.Voice = nil },
		".Content.Animated":       func(m *providers.MessageReceived) { m.Content.Animated = providers.Bool(false) },
		".Content.Contacts":       func(m *providers.MessageReceived) { m.Content.Contacts = providers.RawJSON("[1]") },
		".Media":                  func(m *providers.MessageReceived) { m.Media = &providers.MediaRef{} },
		".Group":                  func(m *providers.MessageReceived) { m.Group = &providers.Group{Name: "x"} },
		".FromPhone":              func(m *providers.MessageReceived) { m.FromPhone = true },
	} {
		changed := base()
		change(&changed)
		if diff := providertest.Diff(base(), changed); !strings.Contains(diff, path) {
			t.Errorf("a change at %s was not found: %q", path, diff)
		}
	}
	if diff := providertest.Diff([]providers.InboundPayload{providers.MessageRevoked{}}, []providers.InboundPayload{providers.GroupSynced{}}); diff == "" {
		t.Error("payloads of two types are equal")
	}
}

func TestLoopbackOnly(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"https://waba-v2.360dialog.io/", "http://10.0.0.1/", "http://127.0.0.1.example.com/"} {
		resp, err := providertest.LoopbackOnly().Get(url)
		if err == nil {
			resp.Body.Close()
			t.Errorf("%s was reached", url)
		} else if !strings.Contains(err.Error(), "would leave this machine") {
			t.Errorf("%s failed otherwise: %v", url, err)
		}
	}
}
