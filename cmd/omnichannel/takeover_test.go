package main_test

import (
	"context"
	"encoding/hex"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
	"github.com/cirrus/omnichannel/internal/vault"
)

// eventually waits for a condition, as long as these tests wait for anything.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %s", what, patience)
		}
	}
}

// holds tells whether a server holds a linked device.
func holds(t *testing.T, p *process) bool {
	t.Helper()
	printed, _ := p.out.read()
	operations := regexp.MustCompile(`operations: (http://[0-9.:]+)`).FindStringSubmatch(printed)
	if operations == nil {
		t.Fatalf("no operations in %s", printed)
	}
	resp, err := http.Get(operations[1] + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(string(text), "\nomnichannel_devices_held 1\n")
}

// TestADeviceMovesToAnotherServer: the one that holds it is killed; the other
// one takes in what was written meanwhile, and sends, without a new pairing.
func TestADeviceMovesToAnotherServer(t *testing.T) {
	t.Parallel()
	const number, customer = "5521977776666", "5521988887777"
	phones := whatsapp.New(whatsapp.Options{Seed: "takeover", Phones: []whatsapp.PhoneConfig{{Phone: number}, {Phone: customer, Name: "João Silva"}}})
	t.Cleanup(phones.Close)
	running, err := phones.Listen(context.Background(), "127.0.0.1:0", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(running.Close)
	root := phones.RootKey()
	env := environ("OMNI_MONGODB_URI="+store(t), "OMNI_MASTER_KEY="+vault.NewKey().Reveal(), "OMNI_ADMIN_KEY="+adminKey,
		"OMNI_DATA_DIR="+t.TempDir(), "OMNI_WHATSAPP_URL="+running.URL, "OMNI_WHATSAPP_ROOT_KEY="+hex.EncodeToString(root[:]))
	if _, errs, code := run(t, env, "migrate"); code != 0 {
		t.Fatal(errs)
	}
	first, url := serving(t, env)
	second, other := serving(t, env)
	account := want(t, 201, adminKey, "POST", url+"/api/accounts", `{"name":"Mercearia"}`)["clientIdentifier"].(string)
	base := "/api/accounts/" + account
	want(t, 201, adminKey, "POST", url+base+"/platform-configs", `{"platformSlug":"console","name":"Console","isDefault":true}`)
	want(t, 201, adminKey, "POST", url+base+"/channels", `{"provider":"whatsappweb","identifier":"`+number+`"}`)
	shown := want(t, 200, adminKey, "POST", other+"/"+number+"/connect", "")
	code, _ := shown["qr"].(string)
	if err := phones.Scan(number, code); err != nil {
		t.Fatalf("scan %v: %v", shown, err)
	}
	eventually(t, "the channel to open", func() bool { return want(t, 200, adminKey, "GET", url+"/"+number+"/status", "")["status"] == "open" })
	write := func(text string) {
		t.Helper()
		if _, err := phones.Write(customer, whatsapp.Draft{To: number, Text: text}); err != nil {
			t.Fatal(err)
		}
	}
	write("antes")
	var session string
	eventually(t, "the session", func() bool {
		items := want(t, 200, adminKey, "GET", other+base+"/sessions", "")["items"].([]any)
		if len(items) == 1 {
			session = items[0].(map[string]any)["_id"].(string)
		}
		return session != ""
	})
	// Each server sends over the device, whichever of them holds it.
	for _, server := range []string{url, other} {
		want(t, 200, adminKey, "POST", server+"/api/message/send", `{"sessionId":"`+session+`","text":"de `+server+`"}`)
	}
	owner, left := first, other
	if holds(t, second) {
		owner, left = second, url
	}
	if err := owner.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	killed := time.Now()
	write("depois")
	eventually(t, "what was written meanwhile", func() bool {
		items := want(t, 200, adminKey, "GET", left+"/api/session/"+session+"/messages?order=desc", "")["items"].([]any)
		return items[0].(map[string]any)["content"].(map[string]any)["text"] == "depois"
	})
	took := time.Since(killed)
	sent := want(t, 200, adminKey, "POST", left+"/api/message/send", `{"sessionId":"`+session+`","text":"ainda aqui"}`)
	if _, err := phones.Message(customer, sent["messageId"].(string)); err != nil {
		eventually(t, "the answer on the phone", func() bool {
			_, err := phones.Message(customer, sent["messageId"].(string))
			return err == nil
		})
	}
	t.Logf("the other server had taken in what was written %.1f s after the kill, and had sent %.1f s after it", took.Seconds(), time.Since(killed).Seconds())
	info, err := phones.Phone(number)
	if err != nil || len(info.Devices) != 1 {
		t.Errorf("the phone has linked devices %+v, %v", info.Devices, err)
	}
}
