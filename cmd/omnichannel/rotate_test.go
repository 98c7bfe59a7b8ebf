package main_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/platforms"
	"github.com/cirrus/omnichannel/internal/vault"
)

// sealedUnder counts the rows that name a master key anywhere.
func sealedUnder(t *testing.T, db *mongo.Database, key vault.KeyID) map[string]int {
	t.Helper()
	names, err := db.ListCollectionNames(t.Context(), bson.D{})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	for _, name := range names {
		cursor, err := db.Collection(name).Find(t.Context(), bson.D{})
		if err != nil {
			t.Fatal(err)
		}
		var rows []bson.Raw
		if err := cursor.All(t.Context(), &rows); err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if strings.Contains(row.String(), string(key)) {
				found[name]++
			}
		}
	}
	return found
}

func TestRotateKey(t *testing.T) {
	t.Parallel()
	uri := store(t)
	_, name, _ := strings.Cut(strings.TrimPrefix(uri, "mongodb://"), "/")
	name, _, _ = strings.Cut(name, "?")
	db := mongotest.Client(t).Database(name)
	former, current := vault.NewKey(), vault.NewKey()
	vaultOf := func(key vault.Secret) *vault.Vault {
		v, err := vault.New(key)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	provider, number := simulated(t, nil)
	base := environ("OMNI_MONGODB_URI="+uri, "OMNI_ADMIN_KEY="+adminKey, "OMNI_DATA_DIR="+t.TempDir(), "OMNI_D360_BASE_URL="+provider)
	with := func(key, previous vault.Secret) []string {
		return append(base[:len(base):len(base)], "OMNI_MASTER_KEY="+key.Reveal(), "OMNI_MASTER_KEY_PREVIOUS="+previous.Reveal())
	}
	if _, errs, code := run(t, with(former, ""), "migrate"); code != 0 {
		t.Fatal(errs)
	}
	const webhookSecret = "the-secret-of-the-channel's-webhook"
	p, url := serving(t, with(former, ""))
	made := provision(t, url, number.APIKey, webhookSecret)
	link := want(t, 201, adminKey, "POST", url+"/api/accounts/"+made.account+"/media", `{"a":"file"}`)["url"].(string)
	p.stop()
	before := sealedUnder(t, db, vaultOf(former).KeyID())
	if before["channels"] != 1 || before["platform_configs"] != 1 || before["secrets"] == 0 {
		t.Fatalf("sealed under the former key: %v", before)
	}

	// The new key alone opens nothing, and says which setting is missing.
	if _, errs, code := run(t, append(with(current, ""), "OMNI_ADDR=127.0.0.1:0", "OMNI_OPS_ADDR=127.0.0.1:0"), "serve"); code != 1 || !oneLine(errs, "OMNI_MASTER_KEY_PREVIOUS") {
		t.Errorf("serve under the new key alone: %d %s", code, errs)
	}
	if _, errs, code := run(t, with(current, ""), "rotate-key"); code != 1 || !oneLine(errs, "OMNI_MASTER_KEY_PREVIOUS") {
		t.Errorf("rotate-key without the former key: %d %s", code, errs)
	}
	for i, words := range [][]string{{"channels: 1 sealed", "platform configs: 1 sealed", "shared secrets: 1 sealed"}, {"channels: 0", "platform configs: 0", "shared secrets: 0"}} {
		out, errs, code := run(t, with(current, former), "rotate-key")
		if code != 0 || errs != "" || strings.Contains(out, current.Reveal()) || strings.Contains(out, former.Reveal()) {
			t.Fatalf("run %d: %d %s%s", i, code, out, errs)
		}
		for _, word := range words {
			if !strings.Contains(out, word) {
				t.Errorf("run %d: no %q in %s", i, word, out)
			}
		}
	}
	if left := sealedUnder(t, db, vaultOf(former).KeyID()); len(left) != 0 {
		t.Errorf("still sealed under the former key: %v", left)
	}

	// All of it works under the new key alone.
	p, url = serving(t, with(current, ""))
	if sent := want(t, 200, adminKey, "POST", url+"/api/message/start/d360", template(made.channel)); sent["status"] != "sent" {
		t.Errorf("with the channel's API key: %v", sent)
	}
	webhook := url + "/api/webhook/360dialog/" + made.platform + "/" + made.channel
	want(t, 200, webhookSecret, "POST", webhook, `{"object":"whatsapp_business_account","entry":[]}`)
	want(t, 401, webhookSecret+"x", "POST", webhook, `{"object":"whatsapp_business_account","entry":[]}`)
	if status, _ := ask(t, "", "GET", url+link[strings.Index(link, "/api/media/"):], ""); status != http.StatusOK {
		t.Errorf("a link from before: %d", status)
	}
	config, err := ids.Parse[ids.PlatformConfig](made.platform)
	if err != nil {
		t.Fatal(err)
	}
	room := platforms.New(platforms.Options{DB: db, Vault: vaultOf(current), Now: time.Now})
	secrets, err := room.Secrets(context.Background(), ids.Account(made.account), config)
	if err != nil || len(secrets) != 1 || secrets[0].Reveal() != made.secret {
		t.Errorf("the platform's secret: %v, %v", secrets, err)
	}
	p.stop()
}
