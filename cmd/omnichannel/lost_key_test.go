package main_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/cirrus/omnichannel/internal/vault"
)

// A master key that nobody has any more costs what it sealed, and no more: the
// server starts again, and goes on once the credentials were given anew.
func TestLostKey(t *testing.T) {
	t.Parallel()
	provider, number := simulated(t, nil)
	base := environ("OMNI_MONGODB_URI="+store(t), "OMNI_ADMIN_KEY="+adminKey, "OMNI_DATA_DIR="+t.TempDir(), "OMNI_D360_BASE_URL="+provider)
	with := func(key vault.Secret) []string {
		return append(base[:len(base):len(base)], "OMNI_MASTER_KEY="+key.Reveal())
	}
	former, current := vault.NewKey(), vault.NewKey()
	if _, errs, code := run(t, with(former), "migrate"); code != 0 {
		t.Fatal(errs)
	}
	p, url := serving(t, with(former))
	made := provision(t, url, number.APIKey, "the-secret-of-the-channel's-webhook")
	want(t, 200, adminKey, "POST", url+"/api/message/start/d360", template(made.channel))
	p.stop()

	_, errs, code := run(t, append(with(current), "OMNI_ADDR=127.0.0.1:0", "OMNI_OPS_ADDR=127.0.0.1:0"), "serve")
	named := regexp.MustCompile(`[0-9a-f]{16}`).FindString(errs)
	if code != 1 || !oneLine(errs, "OMNI_MASTER_KEY_PREVIOUS", "lost-key --id "+named) || named == "" {
		t.Fatalf("serve without the key: %d %s", code, errs)
	}
	if _, errs, code := run(t, with(former), "lost-key", "--id", named); code != 1 || !oneLine(errs, "is not lost") {
		t.Errorf("a key that is set: %d %s", code, errs)
	}
	out, errs, code := run(t, with(current), "lost-key", "--id", named)
	if code != 0 || errs != "" {
		t.Fatalf("lost-key: %d %s%s", code, out, errs)
	}
	for _, words := range []string{"Links to files", "rotate-secret", made.platform, "PATCH", made.channel} {
		if !strings.Contains(out, words) {
			t.Errorf("no %q in\n%s", words, out)
		}
	}

	p, url = serving(t, with(current))
	channel := url + "/api/accounts/" + made.account + "/channels/" + made.channel
	want(t, 200, adminKey, "PATCH", channel, `{"credentials":{"apiKey":"`+number.APIKey+`","webhookSecret":"another-secret-of-its-webhook"}}`)
	if sent := want(t, 200, adminKey, "POST", url+"/api/message/start/d360", template(made.channel)); sent["status"] != "sent" {
		t.Errorf("with credentials given anew: %v", sent)
	}
	want(t, 200, "another-secret-of-its-webhook", "POST", url+"/api/webhook/360dialog/"+made.platform+"/"+made.channel, `{"object":"whatsapp_business_account","entry":[]}`)
	shown := want(t, 200, adminKey, "POST", url+"/api/accounts/"+made.account+"/platform-configs/"+made.platform+"/rotate-secret", "")
	if secret, _ := shown["secret"].(string); !strings.HasPrefix(secret, "whsec_") || secret == made.secret {
		t.Errorf("the platform's secret: %v", shown)
	}
	want(t, 201, adminKey, "POST", url+"/api/accounts/"+made.account+"/media", `{"a":"file"}`)
	p.stop()
	if _, errs, code := run(t, with(current), "lost-key", "--id", named); code != 1 || !oneLine(errs, "nothing is sealed") {
		t.Errorf("again: %d %s", code, errs)
	}
}
