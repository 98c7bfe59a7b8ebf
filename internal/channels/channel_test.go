package channels_test

import (
	"context"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/platforms"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/d360"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb"
)

func TestACreatedD360ChannelIsOpenAndItsProviderKnowsWhereToDeliver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.createD360()
	secret, _ := a.at("webhook.secret").(string)
	url := publicURL + "/api/webhook/360dialog/" + w.platform.ID.String() + "/" + w.id(a).String()
	for path, want := range map[string]any{
		"clientIdentifier": string(w.account), "name": number, "channelType": "whatsapp", "provider": "d360", "identifier": number,
		"platformConfigId": nil, "settings.mode": "sessions", "settings.templateLanguage": "pt_BR", "settings.showAgentName": true,
		"settings.mediaMaxBytes": float64(100 << 20), "state.status": "open", "state.detail": "", "capabilities.template": true,
		"capabilities.delete": false, "webhook.url": url,
	} {
		if got := a.at(path); got != want {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
	}
	if !strings.HasPrefix(secret, "whsec_") || len(secret) != len("whsec_")+32 {
		t.Errorf("the secret is %q", secret)
	}
	if told := w.told(); told == nil || told.URL != url || told.Headers["Authorization"] != "Bearer "+secret {
		t.Errorf("360dialog was told %+v", told)
	}
	ch, ok, err := w.service.ByNumberID(t.Context(), w.account, w.numberID)
	if err != nil || !ok || ch.ID != w.id(a) {
		t.Errorf("by number id: %v, %v, %v", ch.ID, ok, err)
	}
	if _, ok, _ := w.service.ByNumberID(t.Context(), ids.NewAccount(), w.numberID); ok {
		t.Error("another account finds the number")
	}
	rows := w.statuses(w.id(a))
	if len(rows) != 1 || rows[0].Type != "channel.status" || !reflect.DeepEqual(rows[0].Platforms, []ids.PlatformConfig{w.platform.ID}) {
		t.Fatalf("events: %+v", rows)
	}
	if got := w.want(w.call("GET", "/"+w.id(a).String(), ""), 200); got.at("webhook.secret") != nil || got.at("webhook.url") != url {
		t.Errorf("read again: %s", got.text)
	}
}

func TestAWhatsAppWebChannelWithoutAnAdapterSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.want(w.call("POST", "", `{"provider":"whatsappweb","identifier":"+55 21 97777-6666","name":"Loja","platformConfigId":"`+w.platform.ID.String()+`"}`), 201)
	if a.at("state.status") != "failed" || !strings.Contains(a.at("state.detail").(string), "no adapter") || a.at("identifier") != number ||
		a.at("platformConfigId") != w.platform.ID.String() || !strings.Contains(a.at("webhook.url").(string), "/api/webhook/whatsappweb/") {
		t.Errorf("created: %s", a.text)
	}
	if _, err := w.service.Conn(t.Context(), w.id(a)); !fault.Is(err, fault.WhatsAppConnectionClosed) {
		t.Errorf("a connection: %v", err)
	}
	if _, ok := w.service.Receiver(providers.WhatsAppWeb); !ok {
		t.Error("nobody takes its webhooks in")
	}
	for _, path := range []string{"/webhook", "/templates"} {
		method := map[string]string{"/webhook": "POST", "/templates": "GET"}[path]
		if got := w.want(w.call(method, "/"+w.id(a).String()+path, ""), 422); got.at("code") != "capability_unsupported" {
			t.Errorf("%s: %s", path, got.text)
		}
	}
}

func TestCapabilitiesAreTheAdaptersOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	web := w.want(w.call("POST", "", `{"provider":"whatsappweb","identifier":"`+number+`"}`), 201)
	for id, want := range map[string]providers.Capabilities{
		w.id(w.createD360()).String(): d360.New(d360.Options{}).Capabilities(), w.id(web).String(): whatsappweb.Capabilities(),
	} {
		a := w.want(w.call("GET", "/"+id+"/capabilities", ""), 200)
		got, _ := a.body["template"].(bool)
		if limits, _ := a.body["limits"].(map[string]any); got != want.Template || len(limits) != len(want.Limits) || a.body["version"] != want.Version {
			t.Errorf("%s: %s", id, a.text)
		}
	}
	if _, ok := w.service.Capabilities("telegram"); ok {
		t.Error("a provider that does not exist can do something")
	}
}

// every wrong create body and the field that is to blame; empty: another code.
func TestWrongBodiesAreRefusedByField(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := newWorld(t)
	id := w.id(w.createD360()).String()
	for _, c := range []struct {
		name, method, path, body string
		status                   int
		code, field              string
	}{
		{"empty", "POST", "", ``, 400, "malformed_request", ""},
		{"not JSON", "POST", "", `{`, 400, "malformed_request", ""},
		{"not an object", "POST", "", `[]`, 422, "validation_failed", "body"},
		{"no provider", "POST", "", `{"identifier":"5521911112222"}`, 422, "validation_failed", "provider"},
		{"unknown provider", "POST", "", `{"provider":"telegram","identifier":"5521911112222"}`, 422, "validation_failed", "provider"},
		{"no identifier", "POST", "", `{"provider":"d360"}`, 422, "validation_failed", "identifier"},
		{"identifier of letters", "POST", "", `{"provider":"d360","identifier":"abc"}`, 422, "validation_failed", "identifier"},
		{"identifier too short", "POST", "", `{"provider":"d360","identifier":"1199"}`, 422, "validation_failed", "identifier"},
		{"identifier as a number", "POST", "", `{"provider":"d360","identifier":5521911112222}`, 422, "validation_failed", "identifier"},
		{"another channel type", "POST", "", `{"provider":"d360","identifier":"5521911112222","channelType":"telegram"}`, 422, "validation_failed", "channelType"},
		{"unknown field", "POST", "", `{"provider":"d360","identifier":"5521911112222","mode":"gateway"}`, 422, "validation_failed", "mode"},
		{"unknown setting", "POST", "", `{"provider":"d360","identifier":"5521911112222","settings":{"showAgent":true}}`, 422, "validation_failed", "settings.showAgent"},
		{"unknown mode", "POST", "", `{"provider":"d360","identifier":"5521911112222","settings":{"mode":"both"}}`, 422, "validation_failed", "settings.mode"},
		{"mode of a wrong type", "POST", "", `{"provider":"d360","identifier":"5521911112222","settings":{"mode":1}}`, 422, "validation_failed", "settings.mode"},
		{"language", "POST", "", `{"provider":"d360","identifier":"5521911112222","settings":{"templateLanguage":"português"}}`, 422, "validation_failed", "settings.templateLanguage"},
		{"no bytes", "POST", "", `{"provider":"d360","identifier":"5521911112222","settings":{"mediaMaxBytes":0}}`, 422, "validation_failed", "settings.mediaMaxBytes"},
		{"too many bytes", "POST", "", `{"provider":"d360","identifier":"5521911112222","settings":{"mediaMaxBytes":9999999999}}`, 422, "validation_failed", "settings.mediaMaxBytes"},
		{"unknown credential", "POST", "", `{"provider":"d360","identifier":"5521911112222","credentials":{"token":"x"}}`, 422, "validation_failed", "credentials.token"},
		{"key of a wrong type", "POST", "", `{"provider":"d360","identifier":"5521911112222","credentials":{"apiKey":7}}`, 422, "validation_failed", "credentials.apiKey"},
		{"key with a line end", "POST", "", `{"provider":"d360","identifier":"5521911112222","credentials":{"apiKey":"abc\r\nX: y"}}`, 422, "validation_failed", "credentials.apiKey"},
		{"short secret", "POST", "", `{"provider":"d360","identifier":"5521911112222","credentials":{"webhookSecret":"hunter2"}}`, 422, "validation_failed", "credentials.webhookSecret"},
		{"unknown platform", "POST", "", `{"provider":"d360","identifier":"5521911112222","platformConfigId":"689a05215b711247e8f54099"}`, 422, "validation_failed", "platformConfigId"},
		{"foreign platform", "POST", "", `{"provider":"d360","identifier":"5521911112222","platformConfigId":"` + other.platform.ID.String() + `"}`, 422, "validation_failed", "platformConfigId"},
		{"malformed platform", "POST", "", `{"provider":"d360","identifier":"5521911112222","platformConfigId":"x"}`, 422, "validation_failed", "platformConfigId"},
		{"foreign account in the body", "POST", "", `{"provider":"d360","identifier":"5521911112222","clientIdentifier":"` + string(other.account) + `"}`, 422, "validation_failed", "clientIdentifier"},
		{"the number again", "POST", "", `{"provider":"d360","identifier":"` + number + `"}`, 409, "conflict", ""},
		{"the number without its ninth digit", "POST", "", `{"provider":"d360","identifier":"552177776666"}`, 409, "conflict", ""},
		{"unknown query", "GET", "?status=open", ``, 422, "validation_failed", "status"},
		{"bad cursor", "GET", "?cursor=x", ``, 422, "validation_failed", "cursor"},
		{"deep page", "GET", "?page=9999&limit=100", ``, 422, "validation_failed", "page"},
		{"malformed id", "GET", "/x", ``, 404, "not_found", ""},
		{"unknown id", "GET", "/689a05215b711247e8f54099", ``, 404, "not_found", ""},
		{"provider may not change", "PATCH", "/" + id, `{"provider":"whatsappweb"}`, 422, "validation_failed", "provider"},
		{"identifier while open", "PATCH", "/" + id, `{"identifier":"5521911112222"}`, 409, "conflict", ""},
		{"no identifier", "PATCH", "/" + id, `{"identifier":null}`, 422, "validation_failed", "identifier"},
		{"setting of a wrong type", "PATCH", "/" + id, `{"settings":{"showAgentName":"yes"}}`, 422, "validation_failed", "settings.showAgentName"},
		{"foreign platform", "PATCH", "/" + id, `{"platformConfigId":"` + other.platform.ID.String() + `"}`, 422, "validation_failed", "platformConfigId"},
		{"templates' cursor", "GET", "/" + id + "/templates?cursor=x", ``, 422, "validation_failed", "cursor"},
	} {
		t.Run(c.method+" "+c.name, func(t *testing.T) {
			a := w.call(c.method, c.path, c.body)
			if a.status != c.status || a.at("code") != c.code || a.field() != c.field {
				t.Errorf("%d %v %q, want %d %s %q: %s", a.status, a.at("code"), a.field(), c.status, c.code, c.field, a.text)
			}
			if strings.Contains(a.text, "hunter2") {
				t.Errorf("the secret is in the answer: %s", a.text)
			}
		})
	}
	if a := w.call("POST", "", `{"provider":"d360","identifier":"`+number+`"}`); a.at("channelId") != id {
		t.Errorf("the conflict does not name the channel: %s", a.text)
	}
}

func TestAnotherAccountsChannelIsNotFound(t *testing.T) {
	t.Parallel()
	w, other := newWorld(t), newWorld(t)
	id := w.id(w.createD360()).String()
	for _, c := range []struct{ method, path, body string }{
		{"GET", "", ""}, {"PATCH", "", `{"name":"x"}`}, {"DELETE", "", ""}, {"GET", "/capabilities", ""}, {"POST", "/webhook", ""}, {"GET", "/templates", ""},
	} {
		// Under its own account, and with a foreign key under the right one.
		if a := w.callAs(other.key, other.account, c.method, "/"+id+c.path, c.body); a.status != 404 || a.at("code") != "not_found" {
			t.Errorf("%s %s of another account: %d %s", c.method, c.path, a.status, a.text)
		}
		if a := w.callAs(other.key, w.account, c.method, "/"+id+c.path, c.body); a.status != 404 {
			t.Errorf("%s %s by another account's key: %d %s", c.method, c.path, a.status, a.text)
		}
		if a := w.callAs("", w.account, c.method, "/"+id+c.path, c.body); a.status != 401 {
			t.Errorf("%s %s without a key: %d %s", c.method, c.path, a.status, a.text)
		}
	}
	if a := other.want(other.call("GET", "", ""), 200); a.at("total") != float64(0) {
		t.Errorf("the other account lists %s", a.text)
	}
	// The same number may be a channel of each account.
	w.want(other.call("POST", "", `{"provider":"d360","identifier":"`+number+`"}`), 201)
}

func TestListingPagesAndOrders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, n := range []string{"5521911110001", "5521911110002", "5521911110003"} {
		w.want(w.call("POST", "", `{"provider":"whatsappweb","identifier":"`+n+`"}`), 201)
	}
	first := w.want(w.call("GET", "?limit=2", ""), 200)
	cursor, _ := first.at("nextCursor").(string)
	if first.at("total") != float64(3) || first.at("totalIsExact") != true || cursor == "" || len(first.body["items"].([]any)) != 2 {
		t.Fatalf("first page: %s", first.text)
	}
	second := w.want(w.call("GET", "?limit=2&cursor="+cursor, ""), 200)
	if items := second.body["items"].([]any); len(items) != 1 || items[0].(map[string]any)["identifier"] != "5521911110003" {
		t.Errorf("second page: %s", second.text)
	}
	if last := w.want(w.call("GET", "?order=desc&limit=1", ""), 200); last.body["items"].([]any)[0].(map[string]any)["identifier"] != "5521911110003" {
		t.Errorf("the newest: %s", last.text)
	}
}

func TestADeletedChannelIsGoneAndItsNumberFree(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.id(w.createD360())
	if _, err := w.service.Conn(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	w.want(w.call("DELETE", "/"+id.String(), ""), 204)
	w.want(w.call("DELETE", "/"+id.String(), ""), 404)
	w.want(w.call("GET", "/"+id.String(), ""), 404)
	if _, err := w.service.Get(t.Context(), id); !fault.Is(err, fault.NotFound) {
		t.Errorf("get: %v", err)
	}
	if _, err := w.service.Conn(t.Context(), id); !fault.Is(err, fault.NotFound) {
		t.Errorf("conn: %v", err)
	}
	if err := w.service.Report(t.Context(), id, providers.State{Status: providers.StatusOpen}); !fault.Is(err, fault.NotFound) {
		t.Errorf("report: %v", err)
	}
	var row bson.M
	if err := w.db.Collection(channels.Collection).FindOne(t.Context(), bson.D{{Key: "_id", Value: id}}).Decode(&row); err != nil {
		t.Fatal(err)
	}
	if row["credentials"] != nil || row["deletedAt"] == nil || row["name"] != number {
		t.Errorf("what is left: %v", row)
	}
	if again := w.createD360(); w.id(again) == id || again.at("state.status") != "open" {
		t.Errorf("added anew: %s", again.text)
	}
}

func TestARepeatedRequestGetsTheFirstAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	body := `{"provider":"d360","identifier":"` + number + `","credentials":{"apiKey":"` + w.apiKey + `"}}`
	first := w.want(w.call("POST", "", body, "Idempotency-Key", "a"), 201)
	again := w.want(w.call("POST", "", body, "Idempotency-Key", "a"), 201)
	if first.text != again.text || first.at("webhook.secret") == nil {
		t.Errorf("first %s\nagain %s", first.text, again.text)
	}
}

func TestAPresetIdIsMadeOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := ids.New[ids.Channel]()
	spec := channels.Spec{ID: id, Account: w.account, Provider: providers.D360, Identifier: number, APIKey: "x"}
	first, secret, err := w.service.CreateChannel(t.Context(), spec)
	if err != nil || first.ID != id || secret == "" || first.Settings != channels.DefaultSettings() {
		t.Fatalf("made %+v, %v", first, err)
	}
	again, same, err := w.service.CreateChannel(t.Context(), spec)
	if err != nil || again.ID != id || same.Reveal() != secret.Reveal() {
		t.Errorf("again %v, %v", again.ID, err)
	}
	spec.Account = ids.NewAccount()
	if _, _, err := w.service.CreateChannel(t.Context(), spec); !fault.Is(err, fault.Conflict) {
		t.Errorf("another account takes the id: %v", err)
	}
}

func TestPlatformsInUseStay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	second, _, err := w.platforms.CreateConfig(t.Context(), platforms.Spec{Account: w.account, Slug: "crm"})
	if err != nil {
		t.Fatal(err)
	}
	id := w.id(w.createD360())
	moved := w.want(w.call("PATCH", "/"+id.String(), `{"platformConfigId":"`+second.ID.String()+`"}`), 200)
	want := publicURL + "/api/webhook/360dialog/" + second.ID.String() + "/" + id.String()
	if moved.at("webhook.url") != want || w.told().URL != want {
		t.Errorf("moved: %s, told %v", moved.text, w.told())
	}
	if cleared := w.want(w.call("PATCH", "/"+id.String(), `{"platformConfigId":null}`), 200); cleared.at("platformConfigId") != nil || w.told().URL == want {
		t.Errorf("cleared: %s", cleared.text)
	}
}

func TestNoPublicURLAndNoPlatformShowInTheState(t *testing.T) {
	t.Parallel()
	w := newWorld(t, alone, func(w *world) { w.options = func(o *channels.Options) { o.PublicURL = "" } })
	a := w.createD360()
	if a.at("state.status") != "open" || !strings.Contains(a.at("state.detail").(string), "OMNI_PUBLIC_URL") || !strings.HasPrefix(a.at("webhook.url").(string), "/api/webhook/") {
		t.Errorf("without a public URL: %s", a.text)
	}
	if got := w.want(w.call("POST", "/"+w.id(a).String()+"/webhook", ""), 409); !strings.Contains(got.at("detail").(string), "OMNI_PUBLIC_URL") {
		t.Errorf("asked to set it: %s", got.text)
	}
	// Somebody has told the provider by hand: the first good webhook shows it.
	header := http.Header{"X-Webhook-Secret": {a.at("webhook.secret").(string)}}
	ch, err := w.service.Get(t.Context(), w.id(a))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.service.VerifyWebhook(t.Context(), ch, header, nil, nil); err != nil {
		t.Fatal(err)
	}
	w.clock.move(channels.CheckEvery)
	w.watch()
	if ch, err := w.service.Get(t.Context(), ch.ID); err != nil || ch.State.Detail != "" {
		t.Errorf("after a webhook: %+v, %v", ch.State, err)
	}

	bare := ids.NewAccount()
	created, _, err := newWorld(t).service.CreateChannel(context.Background(), channels.Spec{Account: bare, Provider: providers.D360, Identifier: number, APIKey: "x"})
	if err != nil || created.State.Status != providers.StatusFailed || !strings.Contains(created.State.Detail, "key") {
		t.Errorf("with a wrong key: %+v, %v", created.State, err)
	}
}
