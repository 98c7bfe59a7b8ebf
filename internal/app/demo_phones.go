package app

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// phones is the simulated WhatsApp beside the demo account's server.
type phones struct {
	whatsapp *whatsapp.Server
	running  *whatsapp.Running
}

// phonesSeed makes the keys that the server trusts; the phones are new people
// at each start.
const phonesSeed = "omnichannel sandbox"

// openPhones starts the simulated WhatsApp with the owner's phone and that of a
// customer.
func openPhones(ctx context.Context, addr, controlAddr string) (*phones, error) {
	p := &phones{whatsapp: whatsapp.New(whatsapp.Options{Seed: phonesSeed, Phones: []whatsapp.PhoneConfig{
		{Phone: demoNumber.DisplayPhoneNumber, Name: demoNumber.Name},
		{Phone: customer, Name: customerName, AutoRead: true},
	}})}
	var err error
	if p.running, err = p.whatsapp.Listen(ctx, addr, controlAddr); err != nil {
		p.whatsapp.Close()
		return nil, fmt.Errorf("OMNI_SANDBOX_WHATSAPP_ADDR, OMNI_SANDBOX_WHATSAPP_CONTROL_ADDR: %w", err)
	}
	return p, nil
}

func (p *phones) close() {
	p.running.Close()
	p.whatsapp.Close()
}

// numberStatus is as much of a number's status as the demo looks at.
type numberStatus struct {
	Status string  `json:"status"`
	Number *string `json:"number"`
}

// link lets the phone scan the channel's code, as a person would. After a
// restart of the sandbox the phone is a new one, which does not know the device:
// the channel is logged out and linked again.
func (p *phones) link(ctx context.Context, a *App, d demo, out io.Writer) error {
	number := demoNumber.DisplayPhoneNumber
	var now numberStatus
	status := func() error {
		return call(ctx, d.Key, http.MethodGet, a.URL()+"/"+number+"/status", nil, &now)
	}
	if err := status(); err != nil {
		return err
	}
	if now.Number != nil {
		err := eventually(ctx, "the device that a former phone had linked to be logged out", func() (bool, error) {
			err := status()
			return now.Status == "logged_out", err
		})
		if err != nil {
			return err
		}
	}
	var code struct {
		QR string `json:"qr"`
	}
	if err := call(ctx, d.Key, http.MethodGet, a.URL()+"/"+number+"/qr", nil, &code); err != nil {
		return err
	}
	fmt.Fprintf(out, "\nA conversation through the simulated WhatsApp:\n  the phone of %s scans the QR code of its channel\n", number)
	if err := p.whatsapp.Scan(number, code.QR); err != nil {
		return err
	}
	return eventually(ctx, "the linked device to connect", func() (bool, error) {
		err := status()
		return now.Status == "open", err
	})
}

// converse lets a customer write to the linked number and be answered.
func (p *phones) converse(ctx context.Context, a *App, d demo, out io.Writer) error {
	if err := p.link(ctx, a, d, out); err != nil {
		return err
	}
	fmt.Fprintf(out, "  %s writes: Vocês abrem hoje?\n", customerName)
	if _, err := p.whatsapp.Write(customer, whatsapp.Draft{To: demoNumber.DisplayPhoneNumber, Text: "Vocês abrem hoje?"}); err != nil {
		return err
	}
	return answerAndWatch(ctx, a, d, d.WhatsApp, "Sim, das 8 às 18 horas.", out)
}
