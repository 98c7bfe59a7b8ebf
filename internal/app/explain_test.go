package app_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/app"
	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/egress"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/platforms"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/sandbox/d360"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
	"github.com/cirrus/omnichannel/internal/sessions"
)

// allowed are the query shapes that may look at more than they return, by a
// part of their name, each with its reason.
var allowed = map[string]string{
	"$count":                       "a list's total is counted up to 10,000, from the index alone",
	"identities sort=createdAt":    "an identifier is one contact a channel: what is sorted is that short",
	"aggregate channels":           "channels by status, for readiness: there are few",
	"find waiting":                 "the sweep reads the whole small collection, at most 200 rows; rows live ten minutes",
	"find migrations":              "read once, at the start and by readiness; a row a migration",
	"$changeStream":                "a stream reads the oplog from where it begins",
	"aggregate accounts":           "the administrator's list counts all accounts, up to 10,000",
	"find secrets":                 "one row a secret of the installation",
	"find channels filter=checkAt": "the health watch walks channels by their next check",
}

// recorder collects one example of every shape of command that a server sends.
type recorder struct {
	mu     sync.Mutex
	shapes map[string]bson.D
	on     bool
	others bool // what tests send themselves is left out
}

// explained are the commands whose plan matters.
var explained = []string{"find", "aggregate", "count", "distinct", "update", "delete", "findAndModify"}

// noise are parts of a command that its plan does not depend on.
var noise = []string{"lsid", "txnNumber", "startTransaction", "autocommit", "$db", "$clusterTime", "writeConcern", "readConcern", "$readPreference", "ordered", "bypassDocumentValidation", "maxTimeMS", "comment"}

func (r *recorder) monitor() *event.CommandMonitor {
	return &event.CommandMonitor{Started: func(_ context.Context, e *event.CommandStartedEvent) {
		r.mu.Lock()
		defer r.mu.Unlock()
		if !r.on || !slices.Contains(explained, e.CommandName) || r.others && fromTest() {
			return
		}
		var command bson.D
		if bson.Unmarshal(e.Command, &command) != nil {
			return
		}
		kept := slices.DeleteFunc(command, func(field bson.E) bool { return slices.Contains(noise, field.Key) })
		for _, one := range single(kept) {
			r.shapes[shape(one)] = one
		}
	}}
}

// single splits an update or delete of many statements into commands of one.
func single(command bson.D) []bson.D {
	for i, field := range command {
		statements, ok := field.Value.(bson.A)
		if !ok || field.Key != "updates" && field.Key != "deletes" {
			continue
		}
		var out []bson.D
		for _, statement := range statements {
			one := slices.Clone(command)
			one[i] = bson.E{Key: field.Key, Value: bson.A{statement}}
			out = append(out, one)
		}
		return out
	}
	return []bson.D{command}
}

// shape names a command by its collection and the fields and operators that it
// asks by, without values.
func shape(command bson.D) string {
	name := fmt.Sprintf("%s %v", command[0].Key, command[0].Value)
	for _, field := range command[1:] {
		switch field.Key {
		case "filter", "query", "sort":
			name += " " + field.Key + "=" + fields(field.Value)
		case "pipeline":
			for _, stage := range field.Value.(bson.A) {
				name += " " + fields(stage)
			}
		case "updates", "deletes":
			name += " filter=" + fields(field.Value.(bson.A)[0].(bson.D)[0].Value)
		}
	}
	return name
}

func fields(value any) string {
	switch v := value.(type) {
	case bson.D:
		var names []string
		for _, e := range v {
			inner := fields(e.Value)
			if inner != "" {
				inner = "(" + inner + ")"
			}
			names = append(names, e.Key+inner)
		}
		return strings.Join(names, ",")
	case bson.A:
		if len(v) > 0 {
			return fields(v[0])
		}
	}
	return ""
}

// TestEveryQueryHasItsIndex lets a server do all it does on 20,000 contacts,
// sessions and messages in three accounts, and explains each command it sent:
// a collection scan, a sort in memory, or more than 3 × returned + 100 keys or
// documents examined fails.
func TestEveryQueryHasItsIndex(t *testing.T) {
	t.Parallel()
	r := &recorder{shapes: map[string]bson.D{}}
	server := apptest.Start(t, apptest.Options{App: app.Options{Monitor: r.monitor(), Egress: egress.Options{Allow: []string{"127.0.0.1"}}}})
	worlds := []*apptest.World{server.World(t, apptest.Preset{}), server.World(t, apptest.Preset{}), server.World(t, apptest.Preset{})}
	for i, w := range worlds {
		fill(t, w, []int{14_000, 4_000, 2_000}[i])
	}
	r.mu.Lock()
	r.on = true
	r.mu.Unlock()
	for _, w := range worlds {
		walk(t, w)
		walkDeliveries(t, w)
	}
	walkDevice(t, worlds[0])
	for _, loop := range server.App.Rooms.Messages.Loops() { // their first runs may have been before the recorder
		if err := loop.Run(context.Background()); err != nil {
			t.Errorf("loop %s: %v", loop.Name, err)
		}
	}
	r.mu.Lock()
	r.on = false // what explains is asked through the same client
	shapes := r.shapes
	r.mu.Unlock()
	sent.explained(shapes)
	if len(shapes) < 40 {
		t.Errorf("only %d shapes of commands were seen: the walk, or the monitor, has lost its way", len(shapes))
	}
	for name, command := range shapes {
		if reason := excuse(name); reason != "" {
			continue
		}
		if problem := explain(server.App.DB, command); problem != "" {
			t.Errorf("%s: %s", name, problem)
		}
	}
}

func excuse(name string) string {
	for part, reason := range allowed {
		if strings.Contains(name, part) || part == "$count" && strings.Contains(name, "$group") && strings.Contains(name, "$limit") {
			return reason
		}
	}
	return ""
}

// explain gives what is wrong with a command's plan; empty when nothing is.
func explain(db *mongo.Database, command bson.D) string {
	var plan bson.M
	err := db.RunCommand(context.Background(), bson.D{{Key: "explain", Value: command}, {Key: "verbosity", Value: "executionStats"}}).Decode(&plan)
	if err != nil {
		return "cannot be explained: " + err.Error()
	}
	f := &found{}
	f.walk(plan)
	switch {
	case f.stages["COLLSCAN"]:
		return "scans the collection"
	case f.stages["SORT"]:
		return "sorts in memory"
	case f.keys > 3*f.returned+100 || f.docs > 3*f.returned+100:
		return fmt.Sprintf("examines %d keys and %d documents for %d", f.keys, f.docs, f.returned)
	}
	return ""
}

// found is what a plan tells.
type found struct {
	stages               map[string]bool
	keys, docs, returned int64
}

func (f *found) walk(value any) {
	if f.stages == nil {
		f.stages = map[string]bool{}
	}
	switch v := value.(type) {
	case bson.M:
		for key, inner := range v {
			f.field(key, inner)
		}
	case bson.D:
		for _, e := range v {
			f.field(e.Key, e.Value)
		}
	case bson.A:
		for _, inner := range v {
			f.walk(inner)
		}
	}
}

func (f *found) field(key string, value any) {
	switch key {
	case "rejectedPlans", "allPlansExecution":
		return
	case "stage":
		f.stages[fmt.Sprint(value)] = true
	case "totalKeysExamined":
		f.keys = max(f.keys, whole(value))
	case "totalDocsExamined":
		f.docs = max(f.docs, whole(value))
	case "nReturned", "nMatched", "nWouldModify", "nWouldDelete":
		f.returned = max(f.returned, whole(value))
	}
	f.walk(value)
}

func whole(value any) int64 {
	switch n := value.(type) {
	case int32:
		return int64(n)
	case int64:
		return n
	case float64:
		return int64(n)
	}
	return 0
}

// fill writes n contacts with a session and a message each, as the intake
// would have.
func fill(t *testing.T, w *apptest.World, n int) {
	t.Helper()
	if err := fillRows(context.Background(), w.App.DB, filling{w.Account, w.D360, w.Config}, n); err != nil {
		t.Fatal(err)
	}
}

// filling is whose rows they are.
type filling struct {
	Account ids.Account
	D360    ids.Channel
	Config  ids.PlatformConfig
}

func fillRows(ctx context.Context, db *mongo.Database, w filling, n int) error {
	began := time.Now().Add(-time.Hour).UTC().Truncate(time.Millisecond)
	names := []string{"João Silva", "Maria Souza", "Ana Lima", "Pedro Alves", "Carla Dias", "Rui Costa", "Beatriz Melo", "Zeca Pires"}
	for first := 0; first < n; first += 1000 {
		var people, talks, said []any
		for i := first; i < min(first+1000, n); i++ {
			at := began.Add(time.Duration(i) * time.Millisecond)
			address := providers.Address{Kind: providers.KindPhone, Value: fmt.Sprintf("55119%08d", 60_000_000+i)}
			contact := contacts.NewContact(ids.New[ids.Contact](), w.Account, w.D360, contacts.Individual, []providers.Address{address}, fmt.Sprintf("%s %d", names[i%len(names)], i), at)
			session := sessions.Session{
				ID: ids.New[ids.Session](), Channel: w.D360, Account: w.Account, Contact: contact.ID, Provider: providers.D360, State: sessions.Active,
				Sequence: 1, EventSequence: 2, Unread: 1, Platform: w.Config, Slug: "console", CreatedAt: at, LastMessageAt: at, LastInboundAt: at,
			}
			if i%2 == 0 {
				session.State, session.FinishedAt = sessions.Finished, at
			}
			id := ids.ProviderMessage(fmt.Sprintf("wamid.FILL%d", i))
			message := messages.Message{
				ID: ids.New[ids.Message](), Channel: w.D360, Account: w.Account, Session: session.ID, Contact: contact.ID, Sequence: 1, Direction: messages.Inbound,
				ProviderID: id, DedupeKey: messages.DedupeKeyOf(messages.Inbound, id), Content: providers.Content{Type: providers.TypeText, Text: "oi"}, Timestamp: at, ReceivedAt: at,
			}
			people, talks, said = append(people, contact), append(talks, session), append(said, message)
		}
		for collection, rows := range map[string][]any{contacts.Collection: people, sessions.Collection: talks, messages.Collection: said} {
			if _, err := db.Collection(collection).InsertMany(ctx, rows); err != nil {
				return err
			}
		}
	}
	return nil
}

// walkDeliveries lets a platform take events, refuse them, and take them again.
func walkDeliveries(t *testing.T, w *apptest.World) {
	t.Helper()
	r := listen(t, w)
	r.answers(always(http.StatusServiceUnavailable))
	session := w.Session(apptest.Phone())
	state(w, platforms.Failing)
	w.Want(http.StatusOK, http.MethodPost, "/api/session/transfer/"+session, map[string]any{"params": map[string]any{"platformSlug": "console", "agentId": "agent_1"}})
	contact := text(w.Want(http.StatusOK, http.MethodGet, "/api/session/"+session, nil), "contactId")
	for _, query := range []string{"", "&status=pending", "&status=failed", "&platformSlug=console", "&type=message.received"} {
		deliveries(w, query)
	}
	back(w, r)
	settled(w)
	some := deliveries(w, "&status=delivered")[0]
	path := w.Base() + "/deliveries/" + text(some, "_id")
	w.Want(http.StatusOK, http.MethodGet, path, nil)
	w.Want(http.StatusAccepted, http.MethodPost, path+"/replay", nil)
	w.Want(http.StatusAccepted, http.MethodPost, w.Base()+"/deliveries/replay", map[string]any{"from": time.Now().Add(-time.Hour), "to": time.Now().Add(time.Minute), "status": "delivered", "type": "message.received"})
	w.Want(http.StatusAccepted, http.MethodPost, configPath(w)+"/test", nil)
	settled(w)
	r.answers(always(http.StatusGone))
	w.Want(http.StatusAccepted, http.MethodPost, path+"/replay", nil)
	state(w, platforms.Disabled)
	w.Want(http.StatusOK, http.MethodDelete, w.Base()+"/contacts/"+contact, nil)
	for _, loop := range w.App.Rooms.Events.Loops() {
		if loop.Name == "deliveries_measured" || loop.Name == "events_emptied" {
			if err := loop.Run(context.Background()); err != nil {
				t.Error(err)
			}
		}
	}
}

// walk does once whatever asks the store something.
func walk(t *testing.T, w *apptest.World) {
	t.Helper()
	tag := w.Want(http.StatusCreated, http.MethodPost, w.Base()+"/tags", map[string]any{"name": "VIP", "color": "#ff0000"})["_id"].(string)
	contact := w.Want(http.StatusCreated, http.MethodPost, w.Base()+"/contacts", map[string]any{
		"contactIdentifier": apptest.Phone(), "name": "Único Nome", "type": "individual", "channelId": w.D360, "channelType": "whatsapp", "tagIds": []string{tag},
	})["_id"].(string)
	for _, query := range []string{
		"", "?order=desc", "?sort=name", "?sort=name&order=desc&limit=50", "?type=individual", "?type=group", "?type=individual&sort=name&order=desc", "?type=group&sort=name", "?name=joao&sort=name", "?name=j&sort=name&order=desc", "?channelType=whatsapp", "?channelType=telegram",
		"?name=joao", "?name=unico%20nome", "?name=z", "?name=zeca%20pires%207", "?contactIdentifier=5511960000007", "?tagIds=" + tag, "?tagIds=" + tag + "&sort=name", "?tagIds=" + tag + "&sort=name&name=unico", "?channelId=" + w.D360.String(), "?channelId=" + w.D360.String() + "&sort=name", "?page=3&limit=100",
	} {
		page := w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts"+query, nil)
		if cursor, ok := page["nextCursor"].(string); ok && (query == "" || query == "?sort=name") {
			w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts?cursor="+cursor+strings.Replace(query, "?", "&", 1), nil)
		}
	}
	phone := apptest.Phone()
	session := w.Session(phone)
	for _, query := range []string{"", "?status=active", "?status=finished&order=asc", "?channelId=" + w.D360.String(), "?platformSlug=console", "?platformSlug=console&status=active", "?agentId=agent_1", "?contactId=" + contact} {
		w.Want(http.StatusOK, http.MethodGet, w.Base()+"/sessions"+query, nil)
	}
	sent := w.Want(http.StatusOK, http.MethodPost, "/api/message/send", map[string]any{"sessionId": session, "text": "Olá"})
	w.Eventually("the read tick", func() bool {
		return w.Want(http.StatusOK, http.MethodGet, "/api/message/"+sent["_id"].(string), nil)["status"] == "read"
	})
	w.Want(http.StatusOK, http.MethodGet, "/api/message/"+sent["messageId"].(string)+"?channelId="+w.D360.String(), nil)
	w.Want(http.StatusOK, http.MethodPost, "/api/message/send", map[string]any{"sessionId": session, "reaction": map[string]any{"messageId": sent["_id"], "emoji": "👍"}})
	w.Want(http.StatusOK, http.MethodGet, "/api/session/"+session+"/messages", nil)
	w.Want(http.StatusOK, http.MethodPost, "/api/session/"+session+"/read", map[string]any{})
	w.Want(http.StatusOK, http.MethodPost, "/api/session/"+session+"/typing", map[string]any{"state": "typing"})
	w.Want(http.StatusOK, http.MethodPost, "/api/message/start/d360", map[string]any{"to": apptest.Phone(), "userName": "Ana", "template": "contato_cliente", "templateVariables": []string{"a", "b"}})
	w.Want(http.StatusOK, http.MethodPost, "/api/session/transfer/"+session, map[string]any{"params": map[string]any{"platformSlug": "console", "agentId": "agent_1"}, "transferMessage": "um momento"})
	w.Write(phone, d360.InboundMessage{Type: "image"})
	w.Eventually("the file", func() bool {
		page := w.Want(http.StatusOK, http.MethodGet, "/api/session/"+session+"/messages?limit=5", nil)
		for _, item := range page["items"].([]any) {
			if file, ok := item.(map[string]any)["media"].(map[string]any); ok && file["status"] == "ready" {
				return true
			}
		}
		return false
	})
	w.Want(http.StatusOK, http.MethodDelete, "/api/session/finish/"+session, nil)
	w.Want(http.StatusOK, http.MethodPatch, w.Base()+"/contacts/"+contact, map[string]any{"customName": "X", "isIgnored": true})
	w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts/"+contact+"/export", nil)
	w.Want(http.StatusOK, http.MethodDelete, w.Base()+"/contacts/"+contact+"?allChannels=true", nil)
	gone := text(w.Want(http.StatusCreated, http.MethodPost, w.Base()+"/platform-configs", doc{"platformSlug": "gone", "name": "Gone"}), "_id")
	w.Want(http.StatusNoContent, http.MethodDelete, w.Base()+"/platform-configs/"+gone, nil)
	for _, path := range []string{"/api-keys", "/tags", "/channels", "/platform-configs", "/channels/" + w.D360.String() + "/templates"} {
		w.Want(http.StatusOK, http.MethodGet, w.Base()+path, nil)
	}
	if a := w.Call(http.MethodDelete, w.Base()+"/tags/"+tag, nil); a.Status != http.StatusNoContent {
		t.Errorf("delete a tag: %s", a)
	}
	emptied := text(w.Do(apptest.Request{Method: http.MethodPost, Path: "/api/accounts", Body: doc{"name": "Vazia"}, Key: apptest.AdminKey}).JSON(), "clientIdentifier")
	if a := w.Do(apptest.Request{Method: http.MethodDelete, Path: "/api/accounts/" + emptied, Key: apptest.AdminKey}); a.Status != http.StatusNoContent {
		t.Errorf("delete an account: %s", a)
	}
	w.Deliver("whatsappweb", []byte(`{"type":"MESSAGE","from":"5521988887777","to":"web1","body":{"type":"text","content":"oi"}}`))
	w.Deliver("360dialog", []byte(`{"statuses":[{"id":"wamid.NOBODY","status":"read","timestamp":"1659518400","recipient_id":"5521988887777"}]}`))
}

// walkDevice lets a linked device do what one does: it is linked, messages come
// and go in chats and groups, the gateway is asked, a contact is erased.
func walkDevice(t *testing.T, w *apptest.World) {
	t.Helper()
	w.Link()
	customer := apptest.Phone()
	w.AddPhone(whatsapp.PhoneConfig{Phone: customer, Name: "João Silva", AutoRead: true})
	if err := w.Phones().SetPicture(customer, apptest.JPEG); err != nil {
		t.Fatal(err)
	}
	group, err := w.Phones().CreateGroup(customer, whatsapp.GroupDraft{Subject: "Vendas", Members: []string{w.Number}})
	if err != nil {
		t.Fatal(err)
	}
	first := w.Says(customer, whatsapp.Draft{To: w.Number, Text: "Oi"})
	w.Says(customer, whatsapp.Draft{To: w.Number, Type: "image", Text: "Veja"})
	w.Says(customer, whatsapp.Draft{To: w.Number, Type: "reaction", Message: first, Text: "👍"})
	w.Says(customer, whatsapp.Draft{To: w.Number, Type: "edit", Message: first, Text: "Olá"})
	w.Says(customer, whatsapp.Draft{To: group.ID, Text: "Oi, grupo"})
	session := w.AwaitSession(customer)
	w.AwaitSession(group.ID + "-group")
	for _, path := range []string{"/status", "/connect", "/reset"} {
		method := http.MethodPost
		if path == "/status" {
			method = http.MethodGet
		}
		w.Want(http.StatusOK, method, "/"+w.Number+path, nil)
	}
	w.AwaitStatus("open")
	walkChats(t, w, customer, group.ID)
	sent := w.Want(http.StatusOK, http.MethodPost, "/api/message/send", doc{"sessionId": session, "text": "Bom dia"})
	w.Want(http.StatusOK, http.MethodPost, "/api/session/"+session+"/read", doc{})
	w.Want(http.StatusOK, http.MethodPost, "/api/session/"+session+"/typing", doc{"state": "typing"})
	w.Want(http.StatusOK, http.MethodDelete, "/api/message/"+text(sent, "messageId")+"?senderId="+w.Number+"&channelSlug=whatsappweb", nil)
	for _, path := range []string{"chats/" + customer + "/read", "groups/" + group.ID + "-group/read", "chats/" + customer + "/archive"} {
		act(w, http.MethodPost, path, nil)
	}
	w.Want(http.StatusOK, http.MethodPut, gate(w, "access-code"), nil)
	var contact string
	w.Eventually("the picture", func() bool {
		page := w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts?contactIdentifier="+customer, nil)
		contact = text(page, "items.0._id")
		return text(page, "items.0.photo") != ""
	})
	w.Want(http.StatusOK, http.MethodDelete, w.Base()+"/contacts/"+contact, nil)
	w.Want(http.StatusOK, http.MethodPost, "/"+w.Number+"/logout", nil)
}

// walkChats asks for the chats of a phone and their messages, clears and deletes
// there, and lets the sweep come by.
func walkChats(t *testing.T, w *apptest.World, customer, group string) {
	t.Helper()
	chatWith(w, customer+"@c.us", doc{})
	chatWith(w, group+"-group", doc{})
	lid := must(w.Phones().Phone(customer)).LID
	for _, of := range []string{"chats/" + customer, "chats/" + lid + "@lid", "groups/" + group + "-group"} {
		walked(w, of, "limit=1")
		walked(w, of, "older=true&limit=50")
	}
	for _, cursor := range []string{"", "&order=asc", "&page=2"} {
		page := w.Want(http.StatusOK, http.MethodGet, gate(w, "chats?limit=1"+cursor), nil)
		if next := text(page, "nextCursor"); next != "" && cursor == "" {
			w.Want(http.StatusOK, http.MethodGet, gate(w, "chats?limit=1&cursor="+next), nil)
		}
	}
	last := w.Says(w.Number, whatsapp.Draft{To: group, Text: "só para mim"})
	chatWith(w, group+"-group", doc{"lastMessage.id": last})
	if err := w.Phones().DeleteForMe(w.Number, last); err != nil {
		t.Fatal(err)
	}
	w.Eventually("it to go", func() bool { return !strings.Contains(mustJSON(chatList(w)), last) })
	must(w.Phones().PatchChat(w.Number, group, whatsapp.ChatPatch{Cleared: true}))
	chatWith(w, group+"-group", doc{"lastMessage": nil})
	for _, loop := range w.App.Rooms.Chats.Loops() {
		if err := loop.Run(t.Context()); err != nil {
			t.Errorf("loop %s: %v", loop.Name, err)
		}
	}
}
