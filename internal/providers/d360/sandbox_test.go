package d360_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/d360"
	"github.com/cirrus/omnichannel/internal/providers/providertest"
	sandbox "github.com/cirrus/omnichannel/internal/sandbox/d360"
)

// TestSandboxSends: the most options that there may be, and files that go as
// something else; TestSends has the rest.
func TestSandboxSends(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	raw := func(text string) providers.RawJSON { return providers.RawJSON(text) }
	document := providers.Content{Type: providers.TypeDocument, Text: "c"}
	for _, c := range []struct {
		content providers.Content
		media   *providers.OutboundMedia
	}{
		{content: document, media: pngFile(t)},
		{content: providers.Content{Type: providers.TypeInteractive, Interactive: raw("{" + buttons(3) + "}")}},
		{content: providers.Content{Type: providers.TypeInteractive, Interactive: raw("{" + list(4, 6) + "}")}},
		{content: providers.Content{Type: providers.TypeTemplate, Name: "promocao_imagem", Language: "pt_BR", Components: headerless(t, w, "promocao_imagem")}, media: pngFile(t)},
	} {
		receipt, err := w.send(c.content, c.media)
		if err != nil {
			t.Errorf("%s: %v", c.content.Type, err)
			continue
		}
		if receipt.Address != customer || !strings.HasPrefix(string(receipt.ID), "wamid.") {
			t.Errorf("%s: receipt %+v", c.content.Type, receipt)
		}
		for _, want := range []providers.MessageStatus{providers.MessageSent, providers.MessageDelivered, providers.MessageRead} {
			if s := next[providers.StatusChanged](w); s.ID != receipt.ID || s.Status != want || s.OurID.IsZero() || s.Address.Key() != customer.Key() {
				t.Errorf("%s: status %+v, want %s", c.content.Type, s, want)
			}
		}
	}
}

// headerless makes the components, but for the header, that a template needs.
func headerless(t *testing.T, w *world, name string) providers.RawJSON {
	t.Helper()
	templates, err := w.conn.Templates(w.ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, template := range templates {
		if template.Name == name {
			n := strings.Count(string(template.Components), "{{")
			return providers.RawJSON(`[{"type":"body","parameters":[` + strings.TrimSuffix(strings.Repeat(`{"type":"text","text":"x"},`, n), ",") + `]}]`)
		}
	}
	t.Fatalf("the sandbox has no template %s", name)
	return nil
}

func TestSandboxConversation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	asked := w.write(sandbox.InboundMessage{Type: "text", Text: "Qual o horário?"})
	if asked.From.Addresses[0] != customer || asked.From.Name == "" || asked.Timestamp.IsZero() {
		t.Errorf("message %+v", asked)
	}
	if err := w.conn.SendTyping(w.ctx, customer, asked.ID, providers.Typing); err != nil {
		t.Error(err)
	}
	if m, _ := w.server.Message(string(asked.ID)); !m.ReadByBusiness {
		t.Errorf("typing does not mark what it answers: %+v", m)
	}
	receipt, err := w.send(text("Das 9 às 18"), nil)
	if err != nil {
		t.Fatal(err)
	}
	reply := w.write(sandbox.InboundMessage{Type: "text", Text: "Obrigado", Quote: string(receipt.ID)})
	if reply.Quote == nil || reply.Quote.ID != receipt.ID {
		t.Errorf("reply %+v", reply)
	}
	asking, err := w.send(providers.Content{Type: providers.TypeInteractive, Interactive: providers.RawJSON("{" + buttons(2) + "}")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	chosen := w.write(sandbox.InboundMessage{Type: "choose", Quote: string(asking.ID), Text: "b1"})
	if chosen.Content.Reply == nil || chosen.Content.Reply.ID != "b1" || chosen.Content.Reply.Type != "button_reply" {
		t.Errorf("choice %+v", chosen.Content)
	}
}

// TestSandboxKinds: what the sandbox makes a customer write is read, kind by kind.
func TestSandboxKinds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.write(sandbox.InboundMessage{Type: "text", Text: "x"})
	for kind, want := range map[string]providers.ContentType{
		"image": providers.TypeImage, "video": providers.TypeVideo, "audio": providers.TypeAudio, "voice": providers.TypeAudio,
		"document": providers.TypeDocument, "sticker": providers.TypeSticker, "location": providers.TypeLocation,
		"contacts": providers.TypeContacts, "interactive": providers.TypeInteractive, "button": providers.TypeInteractive,
		"order": providers.TypeOrder, "system": providers.TypeSystem, "unsupported": providers.TypeUnsupported,
	} {
		m := w.write(sandbox.InboundMessage{Type: kind})
		if m.Content.Type != want {
			t.Errorf("%s is read as %+v", kind, m.Content)
		}
		if want.IsMedia() {
			w.fetch(kind, m)
		}
	}
	reaction := w.write(sandbox.InboundMessage{Type: "reaction", Quote: string(first.ID), Text: "👍"})
	if reaction.Content.Target != first.ID || reaction.Content.Emoji != "👍" {
		t.Errorf("reaction %+v", reaction.Content)
	}
	deleted := w.write(sandbox.InboundMessage{Type: "delete", Quote: string(first.ID)})
	if deleted.ID != first.ID || deleted.Content.Type != providers.TypeUnsupported {
		t.Errorf("a deleted message is %+v", deleted)
	}
	for _, kind := range []string{"edit", "revoke"} {
		if _, err := w.server.CustomerWrite(customerPhone, sandbox.InboundMessage{Type: kind, Quote: string(first.ID), Text: "y"}); err != nil {
			t.Fatal(err)
		}
	}
	if e := next[providers.MessageEdited](w); e.Target != first.ID || e.Content.Text != "y" {
		t.Errorf("edit %+v", e)
	}
	if r := next[providers.MessageRevoked](w); r.Target != first.ID {
		t.Errorf("revoke %+v", r)
	}
	if _, err := w.server.StaffWrites("PN1", customerPhone, "do celular"); err != nil {
		t.Fatal(err)
	}
	if m := next[providers.MessageReceived](w); !m.FromPhone || m.From.Addresses[0].Key() != customer.Key() || m.Content.Text != "do celular" {
		t.Errorf("echo %+v", m)
	}
}

// fetch opens an inbound file and compares its digest with the webhook's.
func (w *world) fetch(kind string, m providers.MessageReceived) {
	w.t.Helper()
	if m.Media == nil || m.Media.ID == "" || len(m.Media.SHA256) != 64 {
		w.t.Errorf("%s names the file %+v", kind, m.Media)
		return
	}
	file, err := w.conn.FetchMedia(w.ctx, *m.Media)
	if err != nil {
		w.t.Errorf("%s: %v", kind, err)
		return
	}
	defer file.Close()
	content, err := io.ReadAll(file)
	if err != nil || len(content) == 0 {
		w.t.Errorf("%s has %d bytes, %v", kind, len(content), err)
	}
	if got := digestOf(content); got != m.Media.SHA256 {
		w.t.Errorf("%s has the digest %s, the webhook said %s", kind, got, m.Media.SHA256)
	}
}

func TestSandboxPeopleWithoutPhone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, identity := range []string{"hidden", "userIdInFrom"} {
		who, err := w.server.PutCustomer(sandbox.CustomerConfig{WaID: customerPhone, Username: "joao", Identity: identity})
		if err != nil {
			t.Fatal(err)
		}
		m := w.write(sandbox.InboundMessage{Type: "text", Text: "oi"})
		if diff := providertest.Diff([]providers.Address{bsuid(who.UserID)}, m.From.Addresses); diff != "" {
			t.Errorf("%s:\n%s", identity, diff)
		}
		out := outbound(text("olá"))
		out.To = m.From.Addresses[0]
		receipt, err := w.conn.Send(w.ctx, out)
		if err != nil || receipt.Address != out.To {
			t.Errorf("%s: %+v, %v", identity, receipt, err)
		}
	}
}

func TestSandboxSetup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	health, err := w.conn.Health(w.ctx)
	if err != nil || health.NumberID != "PN1" || !health.CanSend || health.Detail != "" {
		t.Errorf("health %+v, %v", health, err)
	}
	blocked := "BLOCKED"
	if _, err := w.server.PatchNumber("PN1", sandbox.NumberPatch{Health: &blocked}); err != nil {
		t.Fatal(err)
	}
	if health, err = w.conn.Health(w.ctx); err != nil || health.CanSend || health.Detail == "" {
		t.Errorf("health %+v, %v", health, err)
	}
	_, err = w.conn.Send(w.ctx, outbound(text("x")))
	providertest.CompareError(t, &providers.SendError{Reason: providers.ReasonAccountBlocked, TellOperator: true, ProviderCode: "131031"}, err)
	if _, err := w.server.RotateKey("PN1"); err != nil {
		t.Fatal(err)
	}
	_, err = w.conn.Health(w.ctx)
	providertest.CompareError(t, &providers.SendError{Reason: providers.ReasonInvalidToken, TellOperator: true}, err)
}

// TestSandboxFaults: each fault that the sandbox can switch on, and what the
// adapter makes of it.
func TestSandboxFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	maybe := providers.SendError{Reason: providers.ReasonProviderInternal, Sent: providers.Maybe}
	timeout := providers.SendError{Reason: providers.ReasonTimeout, Sent: providers.Maybe}
	blocked := providers.SendError{Reason: providers.ReasonAccountBlocked, TellOperator: true}
	for kind, want := range map[string]providers.SendError{
		"unauthorized":        {Reason: providers.ReasonInvalidToken, TellOperator: true},
		"endpoint_rate_limit": {Reason: providers.ReasonRateLimited, Retryable: true, RetryAfter: 5 * time.Second},
		"payment_required":    blocked, "api_disabled": blocked, "endpoint_blocked": blocked,
		"hub_internal": maybe, "bad_gateway": maybe, "html_error": maybe,
		"no_id": maybe, "empty_list": maybe, "truncated": maybe, "not_json": maybe, "empty_body": maybe,
		"drop_before": timeout, "drop_after": timeout,
	} {
		if err := w.server.SetFaults([]sandbox.Rule{{Match: sandbox.Match{Endpoint: "messages"}, Fault: sandbox.Fault{Kind: kind}}}); err != nil {
			t.Fatal(err)
		}
		_, err := w.send(text(kind), nil)
		if err == nil {
			t.Errorf("fault %s went unseen", kind)
			continue
		}
		t.Run(kind, func(t *testing.T) { providertest.CompareError(t, &want, err) })
	}
}

// TestSandboxRefusals: the sandbox refuses what Check refuses, so neither is
// laxer than the other.
func TestSandboxRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *sandbox.Settings) { s.Window = "sync" })
	interactive := func(members string) providers.Content {
		return providers.Content{Type: providers.TypeInteractive, Interactive: providers.RawJSON("{" + members + "}")}
	}
	// First, since a list of templates that is seconds old is not asked for again.
	unknown := template("nothing", "pt_BR", ``)
	providertest.CompareError(t, &providers.SendError{Reason: providers.ReasonInvalidMessage, Field: "template"}, w.conn.Check(w.ctx, unknown))
	providertest.CompareError(t, &providers.SendError{Reason: providers.ReasonInvalidMessage, Field: "template", ProviderCode: "132001"}, sending(w, unknown))
	for label, content := range map[string]providers.Content{
		"a long text":            text(strings.Repeat("x", 4097)),
		"four buttons":           interactive(buttons(4)),
		"eleven rows":            interactive(list(5, 6)),
		"a long title":           interactive(strings.Replace(buttons(1), `"t"`, `"`+strings.Repeat("t", 21)+`"`, 1)),
		"no body":                interactive(strings.Replace(buttons(1), `"body":{"text":"b"},`, ``, 1)),
		"an untitled section":    interactive(strings.Replace(list(1, 1), "s0", "", 1)),
		"a template's variables": {Type: providers.TypeTemplate, Name: "contato_cliente", Language: "pt_BR"},
		"a paused template":      {Type: providers.TypeTemplate, Name: "campanha_pausada", Language: "pt_BR"},
	} {
		out := outbound(content)
		out.To = customer
		for by, err := range map[string]error{"Check": w.conn.Check(w.ctx, out), "the sandbox": sending(w, out)} {
			var refusal *providers.SendError
			if !errors.As(err, &refusal) || refusal.Reason != providers.ReasonInvalidMessage || refusal.Sent == providers.Maybe || refusal.Retryable {
				t.Errorf("%s: %s says %v", label, by, err)
			}
		}
	}
	if err := w.server.SetWindow("PN1", customerPhone, false); err != nil {
		t.Fatal(err)
	}
	providertest.CompareError(t, &providers.SendError{Reason: providers.ReasonReplyWindowClosed, ProviderCode: "131047"}, sending(w, outboundTo(customer)))
}

func outboundTo(to providers.Address) providers.Outbound {
	out := outbound(text("x"))
	out.To = to
	return out
}

func sending(w *world, out providers.Outbound) error {
	_, err := w.conn.Send(w.ctx, out)
	return err
}

// TestSandboxPace: at the adapter's own pace, no send meets the sandbox's pair
// limit; without it, one does.
func TestSandboxPace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *sandbox.Settings) { s.Statuses.Enabled = false })
	w.conn = openWith(t, d360.Options{BaseURL: w.url, Client: providertest.LoopbackOnly(), Pace: d360.Pace{PerSecond: 1e6, Burst: 1000}})
	sent := 0
	for ; w.conn.Reserve(customer) == 0; sent++ {
		if err := sending(w, outboundTo(customer)); err != nil {
			t.Fatalf("send %d: %v", sent, err)
		}
	}
	if sent < 40 {
		t.Errorf("only %d sends had a place", sent)
	}
	for range 10 {
		if err := sending(w, outboundTo(customer)); err != nil {
			e := providers.AsSendError(err)
			if e.ProviderCode != "131056" || e.RetryAfter != 4*time.Second || w.conn.Reserve(customer) <= 3*time.Second {
				t.Errorf("error %+v", e)
			}
			return
		}
	}
	t.Error("the pair limit was never met")
}

// TestSandboxDocuments: a text of any type goes as plain text under its own
// name; what the upload takes no type of is refused by that type.
func TestSandboxDocuments(t *testing.T) {
	t.Parallel()
	strict, lax := newWorld(t), newWorld(t, func(s *sandbox.Settings) { s.Media.AnyDocumentType = true })
	for _, c := range []struct {
		mimetype, name string
		refused        bool
	}{
		{"text/csv", "lista.csv", false},
		{"text/csv; charset=utf-8", "lista.csv", false},
		{"application/json", "a.json", false},
		{"application/pdf", "a.pdf", false},
		{"application/zip", "a.zip", true},
		{"image/svg+xml", "a.svg", true},
		{"", "a.bin", true},
	} {
		for _, w := range []*world{strict, lax} {
			file := withFile(outbound(providers.Content{Type: providers.TypeDocument}), c.mimetype, c.name).Media
			receipt, err := w.send(providers.Content{Type: providers.TypeDocument}, file)
			if refused := c.refused && w == strict; refused {
				providertest.CompareError(t, &providers.SendError{Reason: providers.ReasonMediaTypeUnsupported, Field: "mediaUri", ProviderCode: "100"}, err)
				if kind := c.mimetype; err == nil || !strings.Contains(err.Error(), kind) {
					t.Errorf("%q is refused with %v", kind, err)
				}
				continue
			}
			if err != nil {
				t.Errorf("%q: %v", c.mimetype, err)
				continue
			}
			m, ok := w.server.Message(string(receipt.ID))
			if payload := fmt.Sprintf("%s", m.Payload); !ok || m.Type != "document" || !strings.Contains(payload, `"filename":"`+c.name+`"`) {
				t.Errorf("%q: the phone shows %+v", c.mimetype, m)
			}
		}
	}
}
