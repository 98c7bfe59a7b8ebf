package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/web"
)

type inner struct {
	Value string `json:"value" validate:"required,max=4"`
}

// everything is a request with all that a field can be.
type everything struct {
	Session  ids.Session            `path:"sessionId" json:"sessionId"`
	Owner    ids.Account            `path:"owner" json:"owner"`
	Since    web.Time               `query:"since" json:"-"`
	Until    *web.Time              `query:"until" json:"-"`
	Tags     []ids.Tag              `query:"tags" json:"-"`
	Kinds    []string               `query:"kinds" json:"-"`
	Unread   *bool                  `query:"unread" json:"-"`
	Depth    int                    `query:"depth" json:"-" validate:"lte=9"`
	Name     web.Optional[string]   `json:"name" validate:"omitempty,max=5"`
	Labels   web.Optional[[]string] `json:"labels"`
	At       web.Time               `json:"at"`
	Children []inner                `json:"children" validate:"max=2,dive"`
	Mode     string                 `json:"mode" validate:"omitempty,oneof=agent gateway"`
}

const (
	sessionID = "64cbbd9596429dbccd7841e5"
	otherID   = "64cbbd9596429dbccd7841e6"
	path      = "/things/" + string(ownAccount) + "/" + sessionID
)

// bound serves a route that hands over what it was given.
func bound() (*gin.Engine, *everything) {
	got := new(everything)
	return engineOf(web.Route{Method: http.MethodPost, Path: "/things/{owner}/{sessionId}", Handler: web.JSON(func(_ context.Context, req *everything) (web.None, error) {
		*got = *req
		return web.None{}, nil
	})}), got
}

func TestPathAndBodyMustAgree(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		path, body string
		status     int
		field      string
	}{
		{path, `{}`, 204, ""},
		{path, `{"sessionId":"` + sessionID + `"}`, 204, ""},
		{path, `{"sessionId":"` + strings.ToUpper(sessionID) + `","owner":"` + strings.ToUpper(string(ownAccount)) + `"}`, 204, ""},
		{"/things/" + strings.ToUpper(string(ownAccount)) + "/" + strings.ToUpper(sessionID), `{"sessionId":"` + sessionID + `","owner":"` + string(ownAccount) + `"}`, 204, ""},
		{path, `{"sessionId":"` + otherID + `"}`, 422, "sessionId mismatch"},
		{path, `{"owner":"` + string(otherAccount) + `"}`, 422, "owner mismatch"},
		{path, `{"sessionId":"x"}`, 422, "sessionId type"},
		{path, `{"owner":"x"}`, 422, "owner type"},
		{path, `{"sessionId":1}`, 422, "sessionId type"},
		{"/things/" + string(ownAccount) + "/x", `{}`, 404, ""},
		{"/things/x/" + sessionID, `{}`, 404, ""},
		{"/things/%2e%2e%2f/" + sessionID, `{}`, 404, ""},
	} {
		engine, got := bound()
		a := do(engine, http.MethodPost, c.path, c.body)
		if a.status != c.status || a.field() != c.field {
			t.Errorf("%s %s: %d %q, want %d %q: %s", c.path, c.body, a.status, a.field(), c.status, c.field, a.text)
		}
		if c.status == 204 && (got.Session.String() != sessionID || got.Owner != ownAccount) {
			t.Errorf("%s %s gives %s of %s", c.path, c.body, got.Session, got.Owner)
		}
	}
}

func TestQueries(t *testing.T) {
	t.Parallel()
	engine, got := bound()
	query := "?since=2026-05-04T12:00:00-03:00&until=1777906800&tags=" + sessionID + ",%20" + otherID + "&tags=" + sessionID + "&kinds=a,,b&unread=false&depth=9"
	if a := do(engine, http.MethodPost, path+query, `{}`); a.status != 204 {
		t.Fatalf("%d %s", a.status, a.text)
	}
	if want := time.Date(2026, 5, 4, 15, 0, 0, 0, time.UTC); !got.Since.Equal(want) || got.Until == nil || !got.Until.Equal(want) {
		t.Errorf("times %v, %v, want %v", got.Since, got.Until, want)
	}
	if fmt.Sprint(got.Tags) != fmt.Sprint([]string{sessionID, otherID, sessionID}) || fmt.Sprint(got.Kinds) != "[a b]" {
		t.Errorf("lists %v, %v", got.Tags, got.Kinds)
	}
	if got.Unread == nil || *got.Unread || got.Depth != 9 {
		t.Errorf("unread %v, depth %d", got.Unread, got.Depth)
	}
	if do(engine, http.MethodPost, path, `{}`); got.Unread != nil || got.Until != nil || got.Tags != nil || !got.Since.IsZero() {
		t.Errorf("left out: %+v", got)
	}
	for query, field := range map[string]string{
		"since=yesterday": "since malformed", "since=": "since malformed", "tags=x": "tags malformed", "tags=" + sessionID + ",x": "tags malformed",
		"unread=perhaps": "unread malformed", "depth=ten": "depth malformed", "depth=1.5": "depth malformed", "depth=10": "depth lte",
		"depth=1&depth=2": "depth malformed", "detph=1": "detph unknown", "name=x": "name unknown", "sessionId=" + sessionID: "sessionId unknown",
		"depth=99999999999999999999": "depth malformed",
	} {
		if a := do(engine, http.MethodPost, path+"?"+query, `{}`); a.status != 422 || a.field() != field || a.str("code") != "validation_failed" {
			t.Errorf("?%s: %d %q, want %q: %s", query, a.status, a.field(), field, a.text)
		}
	}
}

func TestBodies(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		body   string
		status int
		field  string
	}{
		{"", 400, ""}, {"  \n", 400, ""}, {"{", 400, ""}, {`{"name":"x"} {}`, 400, ""}, {`{"name":"x",}`, 400, ""}, {"hello", 400, ""},
		{"{\"name\":\"\xff\"}", 400, ""}, {`{"name":"x"`, 400, ""},
		{"[]", 422, "body type"}, {`"x"`, 422, "body type"}, {"null", 204, ""},
		{`{"nmae":"x"}`, 422, "nmae unknown"}, {`{"Name":"x"}`, 422, "Name unknown"}, {`{"name":"a","name":"b"}`, 422, "name duplicate"},
		{`{"name":1}`, 422, "name type"}, {`{"name":"123456"}`, 422, "name max"}, {`{"name":"12345"}`, 204, ""},
		{`{"mode":"robot"}`, 422, "mode oneof"},
		{`{"children":[{"value":"ok"},{"value":"tooo long"}]}`, 422, "children.1.value max"}, {`{"children":[{}]}`, 422, "children.0.value required"},
		{`{"children":[{"value":"a"},{"value":"b"},{"value":"c"}]}`, 422, "children max"}, {`{"children":[{"value":2}]}`, 422, "children.0.value type"},
		{`{"children":{}}`, 422, "children type"}, {`{"children":[{"valeu":"x"}]}`, 422, "children.0.valeu unknown"},
	} {
		engine, _ := bound()
		a := do(engine, http.MethodPost, path, c.body)
		code := map[int]string{400: "malformed_request", 422: "validation_failed"}[c.status]
		if a.status != c.status || a.field() != c.field || a.str("code") != code {
			t.Errorf("%q: %d %s %q, want %d %q: %s", c.body, a.status, a.str("code"), a.field(), c.status, c.field, a.text)
		}
	}
	engine, _ := bound()
	if a := do(engine, http.MethodPost, path, `{"mode":"robot","name":"123456","children":[{}]}`); len(a.body["errors"].([]any)) != 3 {
		t.Errorf("three wrong fields: %s", a.text)
	}
	for kind, status := range map[string]int{
		"application/json": 204, "application/json; charset=utf-8": 204, "application/vnd.api+json": 204, "": 204,
		"text/plain": 415, "application/x-www-form-urlencoded": 415, "multipart/form-data; boundary=x": 415,
	} {
		if a := do(engine, http.MethodPost, path, `{}`, "Content-Type", kind); a.status != status {
			t.Errorf("%s: %d %s", kind, a.status, a.text)
		}
	}
}

func TestBodiesHaveTheirLimit(t *testing.T) {
	t.Parallel()
	engine := engineOf(web.Route{Method: http.MethodPost, Path: "/", MaxBody: 20, Handler: web.JSON(func(_ context.Context, req *struct {
		A string `json:"a"`
	}) (map[string]int, error) {
		return map[string]int{"length": len(req.A)}, nil
	})})
	exact := `{"a":"` + strings.Repeat("x", 12) + `"}`
	if a := do(engine, http.MethodPost, "/", exact); len(exact) != 20 || a.status != 200 || a.text != `{"length":12}` {
		t.Errorf("20 bytes: %d %s", a.status, a.text)
	}
	if a := do(engine, http.MethodPost, "/", exact+" "); a.status != 413 || a.str("code") != "payload_too_large" || !strings.Contains(a.str("detail"), "20") {
		t.Errorf("21 bytes: %d %s", a.status, a.text)
	}
	// Without a length said beforehand, the reading stops.
	req, err := http.NewRequest(http.MethodPost, "/", struct{ *strings.Reader }{strings.NewReader(exact + strings.Repeat(" ", 1000))})
	if err != nil {
		t.Fatal(err)
	}
	rec := newRecorder()
	engine.ServeHTTP(rec, req)
	if rec.Code != 413 {
		t.Errorf("a stream of 1020 bytes: %d %s", rec.Code, rec.Body)
	}
}

func TestOptionalTellsLeftOutFromNull(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]struct {
		set, null bool
		value     string
	}{
		`{}`: {}, `{"name":null}`: {set: true, null: true}, `{"name":"x"}`: {set: true, value: "x"}, `{"name":""}`: {set: true},
	} {
		engine, got := bound()
		if a := do(engine, http.MethodPost, path, body); a.status != 204 {
			t.Fatalf("%s: %d %s", body, a.status, a.text)
		}
		if got.Name.Set != want.set || got.Name.Null != want.null || got.Name.Value != want.value ||
			got.Name.Given() != (want.set && !want.null) || got.Name.Cleared() != want.null {
			t.Errorf("%s gives %+v", body, got.Name)
		}
	}
	engine, got := bound()
	if do(engine, http.MethodPost, path, `{"labels":["a","b"]}`); fmt.Sprint(got.Labels.Value) != "[a b]" || !got.Labels.Given() {
		t.Errorf("a list: %+v", got.Labels)
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 5, 4, 15, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		`"2026-05-04T15:00:00Z"`: at, `"2026-05-04T12:00:00-03:00"`: at, `"2026-05-04T15:00:00.250Z"`: at.Add(250 * time.Millisecond),
		`1777906800`: at, `"1777906800"`: at, `1777906800000`: at, `"1777906800250"`: at.Add(250 * time.Millisecond), `1777906800.25`: at.Add(250 * time.Millisecond),
		`0`: time.Unix(0, 0), `99999999999`: time.Unix(99999999999, 0), `100000000000`: time.UnixMilli(100000000000),
	} {
		engine, got := bound()
		if a := do(engine, http.MethodPost, path, `{"at":`+text+`}`); a.status != 204 || !got.At.Equal(want) || got.At.Location() != time.UTC {
			t.Errorf("%s: %d %v, want %v: %s", text, a.status, got.At, want, a.text)
		}
	}
	for _, text := range []string{`""`, `"yesterday"`, `"2026-05-04"`, `"2026-05-04 15:00:00"`, `-1`, `1e15`, `true`, `{}`, `"NaN"`, `"Inf"`} {
		engine, _ := bound()
		if a := do(engine, http.MethodPost, path, `{"at":`+text+`}`); a.status != 422 || a.field() != "at type" {
			t.Errorf("%s: %d %q %s", text, a.status, a.field(), a.text)
		}
	}
	type printed struct {
		A web.Time  `json:"a"`
		B *web.Time `json:"b"`
	}
	for want, value := range map[string]printed{
		`{"a":"2026-05-04T15:00:00.000Z","b":"2026-05-04T15:00:00.007Z"}`: {web.Time{Time: at.In(time.FixedZone("BRT", -3*3600))}, web.At(at.Add(7*time.Millisecond + 3))},
		`{"a":null,"b":null}`: {web.Time{}, web.At(time.Time{})},
	} {
		if text, err := json.Marshal(value); string(text) != want || err != nil {
			t.Errorf("printed %s, %v; want %s", text, err, want)
		}
	}
}
