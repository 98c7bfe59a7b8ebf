package platforms_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"

	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/platforms"
)

func TestAConfigIsMadeAndFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.create("console", `,"name":"Console","url":"http://127.0.0.1:9000/hook","events":["message.received"]`)
	if !strings.HasPrefix(a.str("secret"), "whsec_") || a.body["isDefault"] != true || a.str("platformSlug") != "console" || a.str("name") != "Console" ||
		a.str("url") != "http://127.0.0.1:9000/hook" || fmt.Sprint(a.body["events"]) != "[message.received]" || a.str("clientIdentifier") != string(w.account) {
		t.Errorf("made: %s", a.text)
	}
	if state, _ := a.body["state"].(map[string]any); state["status"] != "active" || state["since"] == nil || state["detail"] != "" {
		t.Errorf("state: %s", a.text)
	}
	b := w.want(w.call("GET", "/"+a.str("_id"), ""), 200)
	if b.body["secret"] != nil || b.str("createdAt") != a.str("createdAt") {
		t.Errorf("read: %s", b.text)
	}
	got, err := w.service.Get(t.Context(), w.account, w.id(a))
	if err != nil || got.Slug != "console" || got.Account != w.account || !got.IsDefault {
		t.Errorf("get: %+v, %v", got, err)
	}
	bySlug, ok, err := w.service.BySlug(t.Context(), w.account, "console")
	if err != nil || !ok || bySlug.ID != got.ID {
		t.Errorf("by slug: %+v, %v, %v", bySlug, ok, err)
	}
	byDefault, ok, err := w.service.Default(t.Context(), w.account)
	if err != nil || !ok || byDefault.ID != got.ID {
		t.Errorf("default: %+v, %v, %v", byDefault, ok, err)
	}
	if _, err := w.service.Get(t.Context(), ids.NewAccount(), w.id(a)); !fault.Is(err, fault.NotFound) {
		t.Errorf("of another account: %v", err)
	}
	for _, slug := range []string{"", "crm"} {
		if _, ok, err := w.service.BySlug(t.Context(), w.account, slug); ok || err != nil {
			t.Errorf("slug %q: %v, %v", slug, ok, err)
		}
	}
	if _, ok, err := w.service.Default(t.Context(), ids.NewAccount()); ok || err != nil {
		t.Errorf("default of nobody: %v, %v", ok, err)
	}
}

func TestWhatAServerWroteItSeesAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, ok, _ := w.service.BySlug(t.Context(), w.account, "console"); ok {
		t.Fatal("there before it was made")
	}
	a := w.create("console")
	if _, ok, _ := w.service.BySlug(t.Context(), w.account, "console"); !ok {
		t.Error("a config that was missed a moment ago is still missed")
	}
	w.want(w.call("PATCH", "/"+a.str("_id"), `{"name":"New"}`), 200)
	if got, _ := w.service.Get(t.Context(), w.account, w.id(a)); got.Name != "New" {
		t.Errorf("the old name: %+v", got)
	}
	w.want(w.call("DELETE", "/"+a.str("_id"), ""), 204)
	if _, err := w.service.Get(t.Context(), w.account, w.id(a)); !fault.Is(err, fault.NotFound) {
		t.Errorf("deleted: %v", err)
	}
}

func TestASecondQuestionCostsTheStoreNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.id(w.create("console"))
	var commands atomic.Int32
	client, err := mongodb.Connect(t.Context(), mongotest.URI(t), mongodb.Options{Monitor: &event.CommandMonitor{Started: func(context.Context, *event.CommandStartedEvent) { commands.Add(1) }}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Disconnect(context.Background()) }()
	service := w.server(client.Database(w.db.Name()), w.master)
	ask := func() {
		for _, err := range []error{
			second(service.Get(t.Context(), w.account, id)), third(service.BySlug(t.Context(), w.account, "console")),
			third(service.BySlug(t.Context(), w.account, "none")), third(service.Default(t.Context(), w.account)),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	commands.Store(0)
	ask()
	if n := commands.Load(); n != 4 {
		t.Errorf("first: %d commands", n)
	}
	ask()
	if n := commands.Load(); n != 4 {
		t.Errorf("second: %d commands more", n-4)
	}
}

func second[A any](_ A, err error) error        { return err }
func third[A, B any](_ A, _ B, err error) error { return err }

func TestWrongBodiesAreRefusedByField(t *testing.T) {
	t.Parallel()
	w, other := newWorld(t), newWorld(t)
	id := w.create("console").str("_id")
	for _, c := range []struct {
		name, method, path, body string
		status                   int
		code, field              string
	}{
		{"empty", "POST", "", ``, 400, "malformed_request", ""},
		{"not JSON", "POST", "", `{"platformSlug"`, 400, "malformed_request", ""},
		{"no slug", "POST", "", `{"name":"x"}`, 422, "validation_failed", "platformSlug"},
		{"slug with a space", "POST", "", `{"platformSlug":"my crm"}`, 422, "validation_failed", "platformSlug"},
		{"slug of a wrong type", "POST", "", `{"platformSlug":7}`, 422, "validation_failed", "platformSlug"},
		{"long slug", "POST", "", `{"platformSlug":"` + strings.Repeat("x", 65) + `"}`, 422, "validation_failed", "platformSlug"},
		{"slug taken", "POST", "", `{"platformSlug":"console"}`, 409, "conflict", ""},
		{"unknown field", "POST", "", `{"platformSlug":"a","slug":"b"}`, 422, "validation_failed", "slug"},
		{"secret of the caller's own", "POST", "", `{"platformSlug":"a","secret":"x"}`, 422, "validation_failed", "secret"},
		{"unknown event", "POST", "", `{"platformSlug":"a","events":["message.received","message.eaten"]}`, 422, "validation_failed", "events.1"},
		{"an event twice", "POST", "", `{"platformSlug":"a","events":["BATTERY","BATTERY"]}`, 422, "validation_failed", "events.1"},
		{"events as a text", "POST", "", `{"platformSlug":"a","events":"BATTERY"}`, 422, "validation_failed", "events"},
		{"url without a scheme", "POST", "", `{"platformSlug":"a","url":"example.com"}`, 422, "validation_failed", "url"},
		{"url of another scheme", "POST", "", `{"platformSlug":"a","url":"ftp://93.184.216.34/"}`, 422, "validation_failed", "url"},
		{"private url", "POST", "", `{"platformSlug":"a","url":"http://10.0.0.1/hook"}`, 422, "validation_failed", "url"},
		{"loopback on another port", "POST", "", `{"platformSlug":"a","url":"http://127.0.0.1:9001/hook"}`, 422, "validation_failed", "url"},
		{"metadata address", "POST", "", `{"platformSlug":"a","url":"http://169.254.169.254/"}`, 422, "validation_failed", "url"},
		{"default of a wrong type", "POST", "", `{"platformSlug":"a","isDefault":"yes"}`, 422, "validation_failed", "isDefault"},
		{"foreign account in the body", "POST", "", `{"platformSlug":"a","clientIdentifier":"` + string(other.account) + `"}`, 422, "validation_failed", "clientIdentifier"},
		{"another slug", "PATCH", "/" + id, `{"platformSlug":"other"}`, 422, "validation_failed", "platformSlug"},
		{"private url", "PATCH", "/" + id, `{"url":"http://[::1]/"}`, 422, "validation_failed", "url"},
		{"unknown event", "PATCH", "/" + id, `{"events":["x"]}`, 422, "validation_failed", "events.0"},
		{"unknown field", "PATCH", "/" + id, `{"state":"active"}`, 422, "validation_failed", "state"},
		{"no default any more", "PATCH", "/" + id, `{"isDefault":false}`, 409, "conflict", ""},
		{"unknown id", "PATCH", "/689a05215b711247e8f54099", `{"name":"x"}`, 404, "not_found", ""},
		{"malformed id", "GET", "/console", ``, 404, "not_found", ""},
		{"unknown query", "GET", "?slug=x", ``, 422, "validation_failed", "slug"},
	} {
		a := w.call(c.method, c.path, c.body)
		if a.status != c.status || a.str("code") != c.code || a.field() != c.field {
			t.Errorf("%s %s: %d %q, want %d %s %q: %s", c.method, c.name, a.status, a.field(), c.status, c.code, c.field, a.text)
		}
	}
	if defaults, all := w.defaults(); defaults != 1 || all != 1 {
		t.Errorf("%d defaults of %d", defaults, all)
	}
}

func TestEveryEventTypeMayBeAskedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	wanted := []string{}
	for _, one := range events.Types() {
		wanted = append(wanted, string(one))
	}
	gateway := "MESSAGE GROUP_MESSAGE ATTACHMENT MESSAGE_SENT MESSAGE_DELIVERED MESSAGE_READ MESSAGE_PLAYED MESSAGE_REVOKED MESSAGE_DELETED " +
		"GROUP_UPDATE GROUP_JOIN GROUP_LEAVE GROUP_PERMISSION QRCODE AUTHENTICATED LOGGED_IN CONNECTION_STATE CONNECTION_FAILURE DISCONNECTED BATTERY"
	wanted = append(wanted, strings.Fields(gateway)...)
	list, err := json.Marshal(wanted)
	if err != nil {
		t.Fatal(err)
	}
	w.create("console", `,"events":`+string(list))
	// And nothing else: the refusal names all there are.
	if a := w.want(w.call("POST", "", `{"platformSlug":"b","events":["x"]}`), 422); !strings.Contains(a.text, "are: "+strings.Join(wanted, ", ")+".") {
		t.Errorf("the types are not %v: %s", wanted, a.text)
	}
}

func TestAnotherAccountsConfigIsNotFound(t *testing.T) {
	t.Parallel()
	w, other := newWorld(t), newWorld(t)
	id := w.create("console").str("_id")
	for _, c := range []struct{ method, path, body string }{
		{"GET", "/" + id, ""}, {"PATCH", "/" + id, `{"name":"x"}`}, {"DELETE", "/" + id, ""}, {"POST", "/" + id + "/rotate-secret", ""},
	} {
		for _, account := range []ids.Account{other.account, w.account} {
			if a := w.callAs(other.key, account, c.method, c.path, c.body); a.status != 404 || a.str("code") != "not_found" {
				t.Errorf("%s %s: %d %s", c.method, c.path, a.status, a.text)
			}
		}
	}
	other.create("console") // one slug, two accounts
}

func TestThereIsExactlyOneDefault(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := w.create("a"), w.create("b")
	if first.body["isDefault"] != true || second.body["isDefault"] != false {
		t.Errorf("made: %s %s", first.text, second.text)
	}
	third := w.create("c", `,"isDefault":true`)
	if got, _, err := w.service.Default(t.Context(), w.account); err != nil || got.Slug != "c" {
		t.Errorf("default: %+v, %v", got, err)
	}
	w.want(w.call("PATCH", "/"+second.str("_id"), `{"isDefault":true}`), 200)
	w.want(w.call("PATCH", "/"+second.str("_id"), `{"isDefault":true}`), 200)
	if got, _, _ := w.service.Default(t.Context(), w.account); got.Slug != "b" {
		t.Errorf("default: %+v", got)
	}
	if defaults, all := w.defaults(); defaults != 1 || all != 3 {
		t.Errorf("%d defaults of %d", defaults, all)
	}
	w.want(w.call("DELETE", "/"+second.str("_id"), ""), 409)
	w.want(w.call("DELETE", "/"+third.str("_id"), ""), 204)
	w.want(w.call("DELETE", "/"+first.str("_id"), ""), 204)
	w.want(w.call("DELETE", "/"+second.str("_id"), ""), 204) // the last one
	if again := w.create("d"); again.body["isDefault"] != true {
		t.Errorf("the first again: %s", again.text)
	}
}

func TestManyAtOnceLeaveOneDefault(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			_, _, err := w.service.CreateConfig(context.Background(), platforms.Spec{Account: w.account, Slug: fmt.Sprint("p", i), IsDefault: i%2 == 0})
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if defaults, all := w.defaults(); defaults != 1 || all != 8 {
		t.Fatalf("%d defaults of %d", defaults, all)
	}
	for _, item := range w.want(w.call("GET", "?limit=100", ""), 200).body["items"].([]any) {
		id := item.(map[string]any)["_id"].(string)
		group.Go(func() {
			if a := w.call("PATCH", "/"+id, `{"isDefault":true}`); a.status != 200 {
				t.Errorf("make %s the default: %s", id, a.text)
			}
		})
	}
	group.Wait()
	if defaults, all := w.defaults(); defaults != 1 || all != 8 {
		t.Errorf("%d defaults of %d", defaults, all)
	}
}

func TestAFirstAndALastAtOnceLeaveADefault(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 10 {
		last := w.create(fmt.Sprint("last", i))
		var group sync.WaitGroup
		group.Go(func() { w.call("DELETE", "/"+last.str("_id"), "") })
		group.Go(func() { w.call("POST", "", fmt.Sprintf(`{"platformSlug":"next%d"}`, i)) })
		group.Wait()
		if defaults, all := w.defaults(); defaults != 1 {
			t.Fatalf("round %d: %d defaults of %d", i, defaults, all)
		}
		if _, err := w.db.Collection(platforms.Collection).DeleteMany(t.Context(), bson.D{{Key: "accountId", Value: w.account}}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhatIsUsedStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create("first")
	id := w.id(w.create("used"))
	channel, session := ids.New[ids.Channel](), ids.New[ids.Session]()
	now := *w.now.Load()
	row := bson.D{
		{Key: "_id", Value: channel}, {Key: "accountId", Value: w.account}, {Key: "live", Value: true}, {Key: "name", Value: "x"}, {Key: "provider", Value: "d360"},
		{Key: "identifier", Value: "1"}, {Key: "identifierKey", Value: "1"}, {Key: "settings", Value: bson.D{}}, {Key: "connection", Value: bson.D{}},
		{Key: "webhook", Value: bson.D{{Key: "platformConfigId", Value: id}}}, {Key: "checkAt", Value: now}, {Key: "createdAt", Value: now},
	}
	if _, err := w.db.Collection("channels").InsertOne(t.Context(), row); err != nil {
		t.Fatal(err)
	}
	path := "/" + id.String()
	if a := w.want(w.call("DELETE", path, ""), 409); !strings.Contains(a.str("detail"), channel.String()) || a.str("usedBy") != channel.String() {
		t.Errorf("a channel's webhook names it: %s", a.text)
	}
	change := bson.D{{Key: "$set", Value: bson.D{{Key: "webhook", Value: bson.D{}}, {Key: "platformConfigId", Value: id}}}}
	if _, err := w.db.Collection("channels").UpdateByID(t.Context(), channel, change); err != nil {
		t.Fatal(err)
	}
	w.want(w.call("DELETE", path, ""), 409)
	if _, err := w.db.Collection("channels").UpdateByID(t.Context(), channel, bson.D{{Key: "$set", Value: bson.D{{Key: "live", Value: false}}}}); err != nil {
		t.Fatal(err)
	}
	active := bson.D{
		{Key: "_id", Value: session}, {Key: "channelId", Value: channel}, {Key: "accountId", Value: w.account}, {Key: "contactId", Value: ids.New[ids.Contact]()},
		{Key: "provider", Value: "d360"}, {Key: "state", Value: "active"}, {Key: "ignored", Value: false}, {Key: "identityRev", Value: 0}, {Key: "sequence", Value: 1}, {Key: "eventSequence", Value: 1},
		{Key: "unreadCount", Value: 0}, {Key: "createdAt", Value: now}, {Key: "platformSlug", Value: "used"},
	}
	if _, err := w.db.Collection("sessions").InsertOne(t.Context(), active); err != nil {
		t.Fatal(err)
	}
	if a := w.want(w.call("DELETE", path, ""), 409); a.str("usedBy") != session.String() {
		t.Errorf("an active session is on it: %s", a.text)
	}
	if _, err := w.db.Collection("sessions").UpdateByID(t.Context(), session, bson.D{{Key: "$set", Value: bson.D{{Key: "state", Value: "finished"}}}}); err != nil {
		t.Fatal(err)
	}
	w.want(w.call("DELETE", path, ""), 204)
	w.want(w.call("DELETE", path, ""), 404)
}

func TestHoldKeepsAConfigFromBeingDeleted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.id(w.create("console"))
	if err := w.service.Hold(t.Context(), w.account, id); err != nil {
		t.Error(err)
	}
	if err := w.service.Hold(t.Context(), ids.NewAccount(), id); !fault.Is(err, fault.NotFound) {
		t.Errorf("another account holds it: %v", err)
	}
	// A deletion that began before the hold cannot commit after it.
	tries := 0
	err := mongodb.Transaction(t.Context(), w.db.Client(), func(ctx context.Context) error {
		if tries++; tries > 1 {
			return nil
		}
		rows := w.db.Collection(platforms.Collection)
		if err := rows.FindOne(ctx, bson.D{{Key: "_id", Value: id}}).Err(); err != nil {
			return err
		}
		if err := w.service.Hold(t.Context(), w.account, id); err != nil { // another caller's, outside
			t.Error(err)
		}
		_, err := rows.DeleteOne(ctx, bson.D{{Key: "_id", Value: id}})
		return err
	})
	if err != nil || tries != 2 {
		t.Errorf("%d tries, %v", tries, err)
	}
}
