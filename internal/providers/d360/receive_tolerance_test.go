package d360_test

import (
	"strings"
	"testing"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/d360"
	"github.com/cirrus/omnichannel/internal/providers/providertest"
)

func unsupported(kind, raw, errors string) providers.MessageReceived {
	return received(providers.Content{Type: providers.TypeUnsupported, Kind: kind,
		Raw: providers.RawJSON(raw), Errors: providers.RawJSON(errors)})
}

func TestReceiveUnsupported(t *testing.T) {
	t.Parallel()
	const head = `{"from":"4915100000001","id":"wamid.A","timestamp":"1760000000",`
	const why = `[{"code":131051,"title":"Message type unknown"}]`
	cases := []struct{ label, members, kind, errors string }{
		{"no name, as a deleted message comes", `"type":"unsupported","errors":` + why, "", why},
		{"with the kind's name", `"type":"unsupported","unsupported":{"type":"poll"},"errors":` + why, "poll", why},
		{"unknown", `"type":"unknown","errors":` + why, "unknown", why},
		{"a kind of the future", `"type":"hologram","hologram":{"id":"1"}`, "hologram", ""},
		{"no type", `"text":{"body":"x"}`, "", ""},
		{"a text without its body", `"type":"text"`, "text", ""},
		{"a text whose body is an object", `"type":"text","text":{"body":{"a":1}}`, "text", ""},
		{"a place nowhere", `"type":"location","location":{"latitude":"north"}`, "location", ""},
		{"half a place", `"type":"location","location":{"latitude":1}`, "location", ""},
		{"a reaction to nothing", `"type":"reaction","reaction":{"emoji":"x"}`, "reaction", ""},
		{"an image that is a list", `"type":"image","image":[]`, "image", ""},
		{"an edit of nothing", `"type":"edit","edit":{"message":{"type":"text","text":{"body":"x"}}}`, "edit", ""},
		{"an edit into nothing", `"type":"edit","edit":{"original_message_id":"wamid.Q","message":{"type":"text"}}`, "edit", ""},
	}
	var table []providertest.Inbound
	for _, c := range cases {
		table = append(table, providertest.Inbound{
			Label: c.label, Body: inMessage(c.members), Number: "PN1",
			Want: one(unsupported(c.kind, head+c.members+"}", c.errors)),
		})
	}
	providertest.RunInbound(t, d360.New(d360.Options{}), table)
}

func TestReceiveKeepsNeighbours(t *testing.T) {
	t.Parallel()
	const good = `{"from":"4915100000001","id":"wamid.A","timestamp":"1760000000","type":"text","text":{"body":"x"}}`
	read := providers.StatusChanged{ID: "wamid.O", Status: providers.MessageRead}
	providertest.RunInbound(t, d360.New(d360.Options{}), []providertest.Inbound{
		{
			Label: "bad messages beside good ones", Number: "PN1",
			Body: envelope(`"messages":[7,` + good + `,null,{"from":"4915100000001","type":"text"},` + good + `,"x"],
				"statuses":[[],{"id":"wamid.O","status":"read"}]`),
			Want:     []providers.InboundPayload{received(text("x")), received(text("x")), read},
			Problems: []string{"message 0", "message 2", "message 3: a message without an id", "message 5", "status 0"},
		},
		{
			Label: "bad entries and changes", Number: "",
			Body:     `{"entry":[1,{"changes":[2,{"field":"messages","value":3},{"value":{"messages":[` + good + `]}}]},{"changes":null},{}]}`,
			Want:     one(received(text("x"))),
			Problems: []string{"entry 0", "entry 1, change 0", "entry 1, change 1"},
		},
		{
			Label: "an envelope with lists beside it",
			Body:  `{"entry":[],"messages":[` + good + `]}`,
			Want:  one(received(text("x"))),
		},
		{
			Label: "times of every kind",
			Body: `{"messages":[{"from":"4915100000001","id":"wamid.A","timestamp":1.76e9,"type":"text","text":{"body":"x"}},
				{"from":"4915100000001","id":"wamid.A","timestamp":"1760000000000","type":"text","text":{"body":"x"}},
				{"from":"4915100000001","id":"wamid.A","timestamp":"yesterday","type":"text","text":{"body":"x"}}]}`,
			Want: []providers.InboundPayload{received(text("x")), received(text("x")),
				providers.MessageReceived{ID: "wamid.A", From: from(anna), Content: text("x")}},
		},
		{
			Label: "a name twice and bytes that are no UTF-8",
			Body:  `{"messages":[],"messages":[{"from":"4915100000001","id":"wamid.A","timestamp":1760000000,"type":"text","text":{"body":"x` + "\xff" + `"}}]}`,
			Want:  one(received(text("x\uFFFD"))),
		},
		{Label: "nothing in it", Body: `{"entry":[]}`},
		{Label: "an empty object", Body: `{}`, Refused: true},
		{Label: "another's object", Body: `{"type":"MESSAGE"}`, Refused: true},
		{Label: "a list", Body: `[]`, Refused: true},
		{Label: "null", Body: `null`, Refused: true},
		{Label: "entry is a text", Body: `{"entry":"x"}`, Refused: true},
		{Label: "messages is an object", Body: `{"messages":{}}`, Refused: true},
		{Label: "not JSON", Body: `{"messages":[`, Refused: true},
		{Label: "more than JSON", Body: `{"entry":[]} x`, Refused: true},
		{Label: "nothing", Body: ``, Refused: true},
	})
}

func TestReceiveFields(t *testing.T) {
	t.Parallel()
	notice := func(kind, detail, members string) []providers.InboundPayload {
		return []providers.InboundPayload{providers.ChannelNotice{Kind: kind, Detail: detail, Raw: providers.RawJSON(
			`{"messaging_product":"whatsapp","metadata":{"display_phone_number":"493000","phone_number_id":"PN1"},` + members + `}`)}}
	}
	table := numbered([]providertest.Inbound{
		{
			Label: "a template was paused",
			Body:  field("message_template_status_update", `"event":"PAUSED","message_template_name":"hello","reason":"NONE"`),
			Want: notice("message_template_status_update",
				"360dialog reported message_template_status_update, template hello, event PAUSED, reason NONE.",
				`"event":"PAUSED","message_template_name":"hello","reason":"NONE"`),
		},
		{
			Label: "the account",
			Body:  field("account_update", `"event":"DISABLED_UPDATE"`),
			Want:  notice("account_update", "360dialog reported account_update, event DISABLED_UPDATE.", `"event":"DISABLED_UPDATE"`),
		},
		{Label: "an unknown field", Body: field("tea_time", `"messages":[]`), Problems: []string{`field "tea_time" is unknown`}},
	})
	for _, ignored := range []string{"history", "smb_app_state_sync", "user_preferences", "calls", "group_lifecycle_update", "business_username_updates", "flows"} {
		table = append(table, providertest.Inbound{
			Label: ignored + " is known and ignored",
			Body:  field(ignored, `"statuses":[{"id":"c","status":"RINGING","type":"call"}],"messages":[{"id":"x","from":"1"}],"history":[1]`),
		})
	}
	providertest.RunInbound(t, d360.New(d360.Options{}), table)
}

func TestReceiveBoundsItsProblems(t *testing.T) {
	t.Parallel()
	got, err := d360.New(d360.Options{}).Receive([]byte(`{"messages":[`+strings.Repeat("1,", 5000)+`1]}`), providertest.ReceivedAt)
	if err != nil || len(got.Items) != 0 || len(got.Problems) != 101 {
		t.Errorf("%d items, %d problems, %v", len(got.Items), len(got.Problems), err)
	}
}

func TestReceiveManyNumbers(t *testing.T) {
	t.Parallel()
	change := func(number string) string {
		return `{"field":"messages","value":{"metadata":{"phone_number_id":` + number + `},"statuses":[{"id":"wamid.O","status":"sent"}]}}`
	}
	got, err := d360.New(d360.Options{}).Receive(
		[]byte(`{"entry":[{"changes":[`+change(`"A"`)+`,`+change(`7`)+`]},{"changes":[`+change(`null`)+`]}]}`), providertest.ReceivedAt)
	if err != nil {
		t.Fatal(err)
	}
	var numbers []string
	for _, item := range got.Items {
		numbers = append(numbers, item.Number)
	}
	if diff := providertest.Diff([]string{"A", "7", ""}, numbers); diff != "" {
		t.Error(diff)
	}
}

// FuzzReceive holds Receive to its promise: it never panics, and what it gives
// is whole.
func FuzzReceive(f *testing.F) {
	for _, seed := range []string{
		`{}`, `[]`, `{"entry":[{"changes":[{"field":"messages","value":{"messages":[{}]}}]}]}`,
		inMessage(`"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"response_json":null}}`),
		inMessage(`"type":"edit","edit":{"original_message_id":"q","message":{"type":"location","location":{"latitude":1,"longitude":"2"}}}`),
		field("user_id_update", `"user_id_update":[{"user_id":{"previous":"a","current":"b"}}]`),
		field("account_update", `"event":"x"`),
		`{"statuses":[{"id":"a","status":"failed","errors":[{"code":"x"}]}],"errors":[{}],"messages":[{"type":"system","system":{"type":"user_changed_user_id","user_id":"a.b"},"id":"1"}]}`,
	} {
		f.Add([]byte(seed))
	}
	adapter := d360.New(d360.Options{})
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := adapter.Receive(body, providertest.ReceivedAt)
		if err != nil && (len(got.Items) > 0 || len(got.Problems) > 0) {
			t.Fatal("a refused webhook gave something")
		}
		for _, item := range got.Items {
			if m, ok := item.Payload.(providers.MessageReceived); ok && (m.ID == "" || len(m.From.Addresses) == 0 || m.Content.Type == "") {
				t.Fatalf("half a message: %+v", m)
			}
		}
	})
}

func BenchmarkReceive(b *testing.B) {
	body := []byte(envelope(`"contacts":[{"profile":{"name":"Anna"},"wa_id":"4915100000001"}],"messages":[{"from":"4915100000001",
		"id":"wamid.HBgNNTUyMTk4ODg4Nzc3NxUCABIYFjNBMDJCMEE2RkY4QzRBOUNCNzAyRjAA","timestamp":"1760000000","type":"text","text":{"body":"Hello, I need some help"}}]`))
	adapter := d360.New(d360.Options{})
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := adapter.Receive(body, providertest.ReceivedAt); err != nil {
			b.Fatal(err)
		}
	}
}
