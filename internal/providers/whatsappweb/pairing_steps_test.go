package whatsappweb

import (
	"errors"
	"strings"
	"testing"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"github.com/cirrus/omnichannel/internal/providers"
)

// steered is a connection without a client or a goroutine: a test takes each step
// of it.
func steered(t *testing.T) *Conn {
	t.Helper()
	c := newConn(Options{}.withDefaults(), providers.Channel{Identifier: "5521980000001"}, newSink())
	c.life.code, c.life.dial = stoppedTimer(), stoppedTimer()
	t.Cleanup(c.reportingCancel)
	return c
}

// A new secret goes into the code that is shown, at once, and into the rest.
func TestTheSecretOfTheCodesChanges(t *testing.T) {
	t.Parallel()
	c := steered(t)
	c.step(signal{trigger: codesCame, codes: []string{"1,old", "2,old"}, detail: detailQR})
	c.pairingEvent(&events.RotateADVSecret{OldSecret: "old", NewSecret: "new"})
	for _, s := range c.signals.takeAll() {
		c.step(s)
	}
	c.nextCode()
	var codes []string
	for _, p := range c.reports.takeAll() {
		if offered, ok := p.(providers.PairingOffered); ok {
			codes = append(codes, offered.Code)
		}
	}
	if got := strings.Join(codes, " "); got != "1,old 1,new 2,new" {
		t.Errorf("shown: %s", got)
	}
	c.step(signal{trigger: paired})
	c.rotate("new", "newer")
	if left := c.reports.takeAll(); len(left) != 1 {
		t.Errorf("reported after the scan: %+v", left)
	}
}

// A code that was given is waited for once. Later ones, a scan and a new connection
// do not make it longer.
func TestHowLongACodeIsWaitedFor(t *testing.T) {
	t.Parallel()
	now := time.Now()
	offered := func(t *testing.T) *Conn {
		c := steered(t)
		c.options.Now = func() time.Time { return now }
		c.step(signal{trigger: codesCame, codes: []string{"1"}, detail: detailQR})
		c.codeGiven()
		return c
	}
	c := offered(t)
	for i, want := range []providers.Status{showingQR, providers.StatusClosed} {
		c.codeGiven()
		if c.nextCode(); c.State().Status != want {
			t.Errorf("%d times without a QR code: %+v", i+1, c.State())
		}
	}
	c = offered(t)
	now = now.Add(codeCounts)
	if c.nextCode(); c.State().Status != providers.StatusClosed {
		t.Errorf("after the code: %+v", c.State())
	}
	c = offered(t)
	c.step(signal{trigger: passkeyAsked, limit: time.Hour, detail: detailPasskey})
	if c.nextCode(); c.State().Status != providers.StatusClosed {
		t.Errorf("after the passkey's time: %+v", c.State())
	}
	c = offered(t)
	c.step(signal{trigger: dropped})
	c.step(signal{trigger: codesCame, codes: []string{"2"}, detail: detailQR})
	if c.nextCode(); c.State().Status != providers.StatusClosed {
		t.Errorf("on another connection: %+v", c.State())
	}
}

// What the client says of a pairing.
func TestPairingEvents(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		event   any
		trigger trigger
		says    string
	}{
		"codes":             {&events.QR{Codes: []string{"1"}}, codesCame, "Scan"},
		"paired":            {&events.PairSuccess{ID: whatsmeowJID("5521980000001")}, paired, "logging in"},
		"another number":    {&events.PairError{ID: whatsmeowJID("5521980000002"), Error: whatsmeow.ErrPairRejectedLocally}, wrongNumber, "5521980000002"},
		"it fails":          {&events.PairError{Error: errors.New("no good signature")}, pairFailed, "no good signature"},
		"the passkey is":    {&events.PairPasskeyRequest{PublicKey: &types.WebAuthnPublicKey{Timeout: 1000}}, passkeyAsked, "passkey"},
		"the passkey fails": {&events.PairPasskeyError{Error: errors.New("no key")}, pairFailed, "no key"},
	} {
		c := steered(t)
		c.pairingEvent(want.event)
		signals := c.signals.takeAll()
		if len(signals) == 0 || signals[0].trigger != want.trigger || !strings.Contains(signals[0].detail, want.says) {
			t.Errorf("%s: %+v", name, signals)
		}
	}
	c := steered(t)
	c.pairingEvent(&events.QRScannedWithoutMultidevice{})
	if signals := c.signals.takeAll(); len(signals) != 0 {
		t.Errorf("scanned in vain: %+v", signals)
	}
}

// A passkey may want a code compared; nobody does in time.
func TestTheCodeOfAPasskey(t *testing.T) {
	t.Parallel()
	c := steered(t)
	c.step(signal{trigger: passkeyAsked, limit: time.Hour, detail: detailPasskey})
	c.reports.takeAll()
	c.pairingEvent(&events.PairPasskeyConfirmation{Code: "ABCD-EFGH"})
	reports := c.reports.takeAll()
	if asked, ok := reports[0].(providers.PasskeyAsked); len(reports) != 1 || !ok || asked.Code != "ABCD-EFGH" || len(asked.Request) != 0 || time.Until(asked.Until) <= 0 {
		t.Errorf("reported %+v", reports)
	}
	if got := decide(pairing, codesOver); !got.ends || got.to != providers.StatusClosed {
		t.Errorf("in the end: %+v", got)
	}
}

// The adapter refuses without a connection what a connection refuses.
func TestCheckWithoutAConnection(t *testing.T) {
	t.Parallel()
	a := New(Options{})
	if a.Name() != providers.WhatsAppWeb {
		t.Errorf("name %s", a.Name())
	}
	to := providers.Address{Kind: providers.KindPhone, Value: "5521980000001"}
	if err := a.CheckOutbound(t.Context(), providers.Outbound{To: to, Content: providers.Content{Type: providers.TypeText, Text: "oi"}}); err != nil {
		t.Errorf("a text: %v", err)
	}
	err := a.CheckOutbound(t.Context(), providers.Outbound{To: to, Content: providers.Content{Type: providers.TypeTemplate, Name: "oi"}})
	if e := providers.AsSendError(err); e.Reason != providers.ReasonCapabilityUnsupported || e.Sent != providers.No {
		t.Errorf("a template: %+v", e)
	}
}
