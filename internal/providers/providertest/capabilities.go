package providertest

import (
	"context"
	"testing"

	"github.com/cirrus/omnichannel/internal/providers"
)

// ability says how one capability shows: by an interface that the Conn has, or
// by a message that Check lets through.
type ability struct {
	name   string
	listed bool
	works  func(providers.Conn) bool
}

// Samples are messages that the adapter must let through if and only if it
// lists the capability; a missing one counts as refused.
type Samples struct {
	Text, Image, Audio, Video, Document, Sticker *providers.Outbound
	Group, Template, Buttons, List, Contacts     *providers.Outbound
}

// RunCapabilities holds an adapter to "listed if and only if it works".
func RunCapabilities(t *testing.T, adapter providers.Adapter, conn providers.Conn, s Samples) {
	t.Helper()
	c := adapter.Capabilities()
	if c.Version == "" {
		t.Error("the capabilities have no version")
	}
	abilities := []ability{
		{"text", c.Text, sends(s.Text)},
		{"media (image)", c.Media, sends(s.Image)},
		{"media (audio)", c.Media, sends(s.Audio)},
		{"media (video)", c.Media, sends(s.Video)},
		{"document", c.Document, sends(s.Document)},
		{"sticker", c.Sticker, sends(s.Sticker)},
		{"groups", c.Groups, sends(s.Group)},
		{"template", c.Template, sends(s.Template)},
		{"buttons", c.Buttons, sends(s.Buttons)},
		{"lists", c.Lists, sends(s.List)},
		{"structuredContacts", c.StructuredContacts, sends(s.Contacts)},
		{"template (list)", c.Template, has[providers.TemplateLister]},
		{"typing", c.Typing, has[providers.Typer]},
		{"delete", c.Delete, has[providers.Revoker]},
	}
	for _, a := range abilities {
		if works := a.works(conn); works != a.listed {
			t.Errorf("capability %s is listed: %t, works: %t", a.name, a.listed, works)
		}
	}
	checkLimits(t, c)
}

func checkLimits(t *testing.T, c providers.Capabilities) {
	t.Helper()
	listed := map[providers.ContentType]bool{
		providers.TypeText: c.Text, providers.TypeImage: c.Media, providers.TypeAudio: c.Media,
		providers.TypeVideo: c.Media, providers.TypeDocument: c.Document, providers.TypeSticker: c.Sticker,
		providers.TypeContacts: c.StructuredContacts, providers.TypeTemplate: c.Template,
		providers.TypeInteractive: c.Buttons || c.Lists,
	}
	for kind, can := range listed {
		if _, limited := c.Limits[kind]; limited != can {
			t.Errorf("type %s has limits: %t, is carried: %t", kind, limited, can)
		}
	}
}

func sends(out *providers.Outbound) func(providers.Conn) bool {
	return func(conn providers.Conn) bool {
		if out == nil {
			return false
		}
		return conn.Check(context.Background(), *out) == nil
	}
}

func has[T any](conn providers.Conn) bool {
	_, ok := conn.(T)
	return ok
}
