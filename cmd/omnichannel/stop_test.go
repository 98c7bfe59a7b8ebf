package main_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"

	"github.com/cirrus/omnichannel/internal/sandbox/d360"
	"github.com/cirrus/omnichannel/internal/vault"
)

// simulated is a 360dialog with one number; each request to it goes through
// pass first.
func simulated(t *testing.T, pass func(*http.Request)) (url string, number d360.NumberConfig) {
	t.Helper()
	simulator := d360.New(d360.Options{})
	t.Cleanup(simulator.Close)
	number, err := simulator.AddNumber(d360.NumberConfig{DisplayPhoneNumber: "5521977776666"})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if pass != nil {
			pass(r)
		}
		simulator.Handler().ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, number
}

// provisioned makes an account with a platform and a 360dialog channel.
type provisioned struct{ account, platform, secret, channel string }

func provision(t *testing.T, url, apiKey, webhookSecret string) provisioned {
	t.Helper()
	account := want(t, 201, adminKey, "POST", url+"/api/accounts", `{"name":"Mercearia"}`)["clientIdentifier"].(string)
	base := url + "/api/accounts/" + account
	config := want(t, 201, adminKey, "POST", base+"/platform-configs", `{"platformSlug":"console","name":"Console","isDefault":true}`)
	channel := want(t, 201, adminKey, "POST", base+"/channels",
		`{"provider":"d360","identifier":"5521977776666","credentials":{"apiKey":"`+apiKey+`","webhookSecret":"`+webhookSecret+`"}}`)
	return provisioned{account, config["_id"].(string), config["secret"].(string), channel["_id"].(string)}
}

// template is a first message to somebody.
func template(channel string) string {
	return `{"to":"5521988887777","userName":"João","companyName":"Alterdata","template":"contato_cliente","templateVariables":["João","Alterdata"],"channelId":"` + channel + `"}`
}

// TestASendUnderWayIsAnsweredBeforeTheServerEnds: SIGTERM comes while the
// provider takes its time.
func TestASendUnderWayIsAnsweredBeforeTheServerEnds(t *testing.T) {
	t.Parallel()
	arrived, release := make(chan struct{}), make(chan struct{})
	provider, number := simulated(t, func(r *http.Request) {
		if r.Method == http.MethodPost && r.URL.Path == "/messages" {
			close(arrived)
			<-release
		}
	})
	env := environ("OMNI_MONGODB_URI="+store(t), "OMNI_MASTER_KEY="+vault.NewKey().Reveal(), "OMNI_ADMIN_KEY="+adminKey,
		"OMNI_DATA_DIR="+t.TempDir(), "OMNI_D360_BASE_URL="+provider)
	if _, errs, code := run(t, env, "migrate"); code != 0 {
		t.Fatal(errs)
	}
	p, url := serving(t, env)
	made := provision(t, url, number.APIKey, "")

	type answer struct {
		status int
		body   map[string]any
		err    error
	}
	answered := make(chan answer, 1)
	go func() {
		status, body, err := call(adminKey, "POST", url+"/api/message/start/d360", template(made.channel))
		answered <- answer{status, body, err}
	}()
	<-arrived
	p.signal(syscall.SIGTERM)
	p.await(p.err, `"msg":"stopping"`)
	select {
	case a := <-answered:
		t.Fatalf("answered before the provider did: %+v", a)
	case <-p.exited:
		t.Fatalf("ended before the provider answered: %s", p.all())
	default:
	}
	close(release)
	if a := <-answered; a.err != nil || a.status != http.StatusOK || a.body["status"] != "sent" || !strings.HasPrefix(a.body["messageId"].(string), "wamid.") {
		t.Errorf("the answer: %+v", a)
	}
	if code := p.end(); code != 0 {
		t.Errorf("exit code %d: %s", code, p.all())
	}
	if _, _, err := call("", "GET", url+"/healthz", ""); err == nil {
		t.Error("somebody still answers")
	}

	// What was sent stands in the store as sent.
	p, url = serving(t, env)
	sessions := want(t, 200, adminKey, "GET", url+"/api/accounts/"+made.account+"/sessions", "")["items"].([]any)
	messages := want(t, 200, adminKey, "GET", url+"/api/session/"+sessions[0].(map[string]any)["_id"].(string)+"/messages", "")["items"].([]any)
	if len(messages) != 1 || messages[0].(map[string]any)["status"] != "sent" {
		t.Errorf("messages %v", messages)
	}
	p.stop()
}
