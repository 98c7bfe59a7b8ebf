package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"text/template"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/platforms"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/sandbox/d360"
	"github.com/cirrus/omnichannel/internal/vault"
)

// demo is the account that the sandbox makes once and finds again.
type demo struct {
	Account  ids.Account        `json:"clientIdentifier"`
	Key      string             `json:"apiKey"`
	AdminKey string             `json:"adminKey"`
	Platform ids.PlatformConfig `json:"platformConfigId"`
	D360     ids.Channel        `json:"d360ChannelId"`
	WhatsApp ids.Channel        `json:"whatsappwebChannelId"`
}

// customer is the person who writes in the sandbox's conversation.
const customer, customerName = "5521988887777", "João Silva"

// makeDemo makes the demo account in an empty store; what it made stands in a
// file beside the store, since keys cannot be read back.
func makeDemo(ctx context.Context, a *App, dataDir string) (demo, error) {
	path := demoFile(dataDir)
	d, there, err := readDemo(dataDir)
	if err != nil {
		return d, err
	}
	if there {
		return d, a.Rooms.Channels.Connect(ctx, d.D360) // a new simulator knows no webhook
	}
	account, admin, made, err := a.Rooms.Accounts.Bootstrap(ctx)
	if err != nil {
		return d, err
	}
	if !made {
		return d, fmt.Errorf("the store in %s has an account already, but %s is gone: remove the folder to start afresh", dataDir, path)
	}
	d.Account, d.AdminKey = account, admin
	if d.Key, _, err = a.Rooms.Accounts.CreateKey(ctx, account, false, "demo"); err != nil {
		return d, err
	}
	console, _, err := a.Rooms.Platforms.CreateConfig(ctx, platforms.Spec{Account: account, Slug: "console", Name: "Console", IsDefault: true})
	if err != nil {
		return d, err
	}
	d.Platform = console.ID
	for _, c := range []struct {
		provider providers.Name
		number   string
		key      string
		into     *ids.Channel
	}{
		{providers.D360, demoNumber.DisplayPhoneNumber, demoNumber.APIKey, &d.D360},
		{providers.WhatsAppWeb, demoNumber.DisplayPhoneNumber, "", &d.WhatsApp},
	} {
		created, _, err := a.Rooms.Channels.CreateChannel(ctx, channels.Spec{
			Account: account, Name: "Demo " + string(c.provider), Provider: c.provider, Identifier: c.number,
			APIKey: vault.Secret(c.key), Platform: d.Platform, Settings: channels.DefaultSettings(),
		})
		if err != nil {
			return d, err
		}
		*c.into = created.ID
	}
	text, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return d, err
	}
	return d, os.WriteFile(path, text, 0o600)
}

func demoFile(dataDir string) string { return filepath.Join(dataDir, "demo.json") }

// readDemo gives what makeDemo made; false: nothing yet.
func readDemo(dataDir string) (d demo, there bool, err error) {
	text, err := os.ReadFile(demoFile(dataDir))
	if os.IsNotExist(err) {
		return d, false, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &d)
	}
	if err != nil {
		return d, false, fmt.Errorf("read %s: %w", demoFile(dataDir), err)
	}
	return d, true, nil
}

// converse lets a customer write, answers, and shows the ticks come back, all
// by the same doors that others use.
func converse(ctx context.Context, a *App, d demo, simulator *d360.Server, out io.Writer) error {
	if _, err := simulator.PutCustomer(d360.CustomerConfig{WaID: customer, Name: customerName}); err != nil {
		return err
	}
	fmt.Fprintf(out, "\nA conversation through the simulated 360dialog:\n  %s writes: Olá, preciso de ajuda\n", customerName)
	if _, err := simulator.CustomerWrite(customer, d360.InboundMessage{Type: "text", Text: "Olá, preciso de ajuda"}); err != nil {
		return err
	}
	return answerAndWatch(ctx, a, d, d.D360, "Olá! Como posso ajudá-lo?", out)
}

// answerAndWatch waits for the session that a customer's message opens on a
// channel, answers in it and shows the ticks come back.
func answerAndWatch(ctx context.Context, a *App, d demo, channel ids.Channel, text string, out io.Writer) error {
	var session struct {
		Items []struct {
			ID     string `json:"_id"`
			Unread int    `json:"unreadCount"`
		} `json:"items"`
	}
	err := eventually(ctx, "the session", func() (bool, error) {
		err := call(ctx, d.Key, http.MethodGet, a.URL()+"/api/accounts/"+string(d.Account)+"/sessions?status=active&channelId="+channel.String(), nil, &session)
		return len(session.Items) > 0 && session.Items[0].Unread > 0, err
	})
	if err != nil {
		return err
	}
	id := session.Items[0].ID
	fmt.Fprintf(out, "  session %s is open, %d unread\n", id, session.Items[0].Unread)
	var sent struct {
		ID string `json:"_id"`
	}
	answer := map[string]string{"sessionId": id, "text": text, "agentName": "Atendente Maria"}
	if err := call(ctx, d.Key, http.MethodPost, a.URL()+"/api/message/send", answer, &sent); err != nil {
		return err
	}
	fmt.Fprintf(out, "  Atendente Maria answers: %s (message %s)\n", answer["text"], sent.ID)
	var message struct {
		Status string `json:"status"`
	}
	shown := ""
	err = eventually(ctx, "the read tick", func() (bool, error) {
		err := call(ctx, d.Key, http.MethodGet, a.URL()+"/api/message/"+sent.ID, nil, &message)
		if message.Status != shown {
			shown = message.Status
			fmt.Fprintf(out, "  … %s\n", shown)
		}
		return shown == "read", err
	})
	if err != nil {
		return err
	}
	return call(ctx, d.Key, http.MethodPost, a.URL()+"/api/session/"+id+"/read", struct{}{}, nil)
}

// call asks the API as any caller would.
func call(ctx context.Context, key, method, url string, body, into any) error {
	var content bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&content).Encode(body); err != nil {
			return err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, url, &content)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+key)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("%s %s: %s: %s", method, url, resp.Status, text)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(text, into)
}

var goOn = template.Must(template.New("").Parse(`
The API:             {{.URL}}   (reference: {{.URL}}/docs)
Operations:          {{.Ops}}/metrics, /healthz, /readyz
Simulated 360dialog: {{.Sandbox.APIURL}}   (its control: {{.Sandbox.ControlURL}}/control/)
Simulated WhatsApp:  {{.Phones.URL}}   (its control: {{.Phones.ControlURL}}/control/)
Account:             {{.Demo.Account}}
API key:             {{.Demo.Key}}
Admin key:           {{.Demo.AdminKey}}

Go on with these:

# a customer writes
curl -s {{.Sandbox.ControlURL}}/control/customers/{{.Customer}}/messages -H 'Content-Type: application/json' -d '{"type":"text","text":"Bom dia!"}'

# the open sessions
curl -s '{{.URL}}/api/accounts/{{.Demo.Account}}/sessions?status=active' -H 'Authorization: Bearer {{.Demo.Key}}'

# answer in the newest one
SESSION=$(curl -s '{{.URL}}/api/accounts/{{.Demo.Account}}/sessions?status=active&limit=1' -H 'Authorization: Bearer {{.Demo.Key}}' | grep -oE '"_id":"[0-9a-f]{24}"' | head -1 | cut -d'"' -f4)
curl -s {{.URL}}/api/message/send -H 'Authorization: Bearer {{.Demo.Key}}' -H 'Content-Type: application/json' -d '{"sessionId":"'$SESSION'","text":"Bom dia! Em que posso ajudar?","agentName":"Atendente Maria"}'

# what the customer's phone shows
curl -s {{.Sandbox.ControlURL}}/control/customers/{{.Customer}}/messages

# the customer writes over WhatsApp Web, from a phone to the linked number
curl -s {{.Phones.ControlURL}}/control/phones/{{.Customer}}/messages -H 'Content-Type: application/json' -d '{"to":"{{.Number}}","text":"Boa tarde!"}'

# what that phone shows
curl -s '{{.Phones.ControlURL}}/control/phones/{{.Customer}}/messages?limit=3'

# start a conversation by a template
curl -s {{.URL}}/api/message/start/d360 -H 'Authorization: Bearer {{.Demo.Key}}' -H 'Content-Type: application/json' -d '{"to":"{{.Customer}}","userName":"João Silva","companyName":"Alterdata","template":"contato_cliente","templateVariables":["João Silva","Alterdata"]}'

Ctrl-C ends everything; the data stays.
`))

// print tells how to go on.
func (d demo) print(out io.Writer, a *App, running *d360.Running, p *phones) {
	_ = goOn.Execute(out, map[string]any{"URL": a.URL(), "Ops": a.OpsURL(), "Sandbox": running, "Demo": d, "Customer": customer, "Phones": p.running, "Number": demoNumber.DisplayPhoneNumber}) // to a terminal
}
