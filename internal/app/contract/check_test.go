package contract

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func loaded(t *testing.T) *Spec {
	t.Helper()
	spec, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

const (
	session  = "64cbbd9596429dbccd7841e5"
	finished = `{"message":"Session finished successfully","sessionId":"` + session + `"}`
	sent     = `{"sessionId":"` + session + `","messageId":"wamid.A","_id":"64cbbd9596429dbccd7841e6","status":"sent"}`
	notFound = `{"type":"/docs#problem-not_found","title":"x","status":404,"code":"not_found","detail":"d","requestId":"r"}`
	account  = "/api/accounts/9a92ea44-244c-4cda-86be-6a9e32ba8f34"
	stored   = `"_id":"64cbbd9596429dbccd7841e6","sessionId":"` + session + `","contactId":"64cbbd9596429dbccd7841e4","channelId":"64cbbd9596429dbccd7841e2",` +
		`"sequence":1,"direction":"inbound","messageId":"A","reactions":[],"timestamp":"2022-08-03T09:20:00.000Z","receivedAt":"2022-08-03T09:20:00.412Z"`
)

// exchange is one request and its answer, as a test writes them.
type exchange struct {
	method, target, send string
	status               int
	contentType, body    string
}

func (e exchange) check(t *testing.T, spec *Spec) error {
	t.Helper()
	req := httptest.NewRequest(e.method, e.target, strings.NewReader(e.send))
	if e.send != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp := &http.Response{StatusCode: e.status, Header: http.Header{"X-Request-Id": {"r"}}}
	switch {
	case e.contentType != "":
		resp.Header.Set("Content-Type", e.contentType)
	case e.status >= 400:
		resp.Header.Set("Content-Type", "application/problem+json; charset=utf-8")
	case e.body != "":
		resp.Header.Set("Content-Type", "application/json; charset=utf-8")
	}
	return spec.Check(req, []byte(e.send), resp, []byte(e.body))
}

func TestCheck(t *testing.T) {
	t.Parallel()
	spec := loaded(t)
	page := func(item string) string {
		return `{"items":[` + item + `],"page":1,"limit":20,"total":1,"totalIsExact":true}`
	}
	for name, c := range map[string]struct {
		exchange
		wants string // in the error; empty: none
	}{
		"a good answer":             {exchange{"DELETE", "/api/session/finish/" + session, "", 200, "", finished}, ""},
		"a member too many":         {exchange{"DELETE", "/api/session/finish/" + session, "", 200, "", `{"more":1,` + finished[1:]}, "'more'"},
		"a member too few":          {exchange{"DELETE", "/api/session/finish/" + session, "", 200, "", `{"message":"Session finished successfully"}`}, "'sessionId'"},
		"no JSON":                   {exchange{"DELETE", "/api/session/finish/" + session, "", 200, "", `{`}, "is not JSON"},
		"a wrong Content-Type":      {exchange{"DELETE", "/api/session/finish/" + session, "", 200, "text/plain", finished}, "Content-Type"},
		"an unknown status":         {exchange{"DELETE", "/api/session/finish/" + session, "", 418, "", "{}"}, "no answer with this status"},
		"a problem":                 {exchange{"DELETE", "/api/session/finish/" + session, "", 404, "", notFound}, ""},
		"a problem of another code": {exchange{"DELETE", "/api/session/finish/" + session, "", 404, "", strings.Replace(notFound, `"not_found"`, `"conflict"`, 1)}, "/code"},
		"no body":                   {exchange{"DELETE", account + "/tags/" + session, "", 204, "", ""}, ""},
		"a body where none belongs": {exchange{"DELETE", account + "/tags/" + session, "", 204, "", "{}"}, "has a body"},

		"a good request":           {exchange{"POST", "/api/message/send", `{"sessionId":"` + session + `","text":"x"}`, 200, "", sent}, ""},
		"an unknown field":         {exchange{"POST", "/api/message/send", `{"sessionId":"` + session + `","txt":"x"}`, 200, "", sent}, "txt"},
		"an unknown field, 422":    {exchange{"POST", "/api/message/send", `{"txt":"x"}`, 422, "", strings.NewReplacer("404", "422", "not_found", "validation_failed").Replace(notFound)}, ""},
		"a request without body":   {exchange{"POST", "/api/message/send", ``, 200, "", sent}, "lacks its body"},
		"a wrong path parameter":   {exchange{"DELETE", "/api/session/finish/abc", "", 200, "", finished}, "sessionId"},
		"an unknown query":         {exchange{"GET", account + "/tags?limt=1", "", 200, "", page("")}, "limt"},
		"a query out of bounds":    {exchange{"GET", account + "/tags?limit=101", "", 200, "", page("")}, "limit"},
		"a list in a query":        {exchange{"GET", account + "/contacts?tagIds=" + session + "," + session + "&tagIds=" + session, "", 200, "", page("")}, ""},
		"a bad list in a query":    {exchange{"GET", account + "/contacts?tagIds=" + session + ",x", "", 200, "", page("")}, "tagIds"},
		"a required query":         {exchange{"DELETE", "/api/message/A?senderId=5521977776666", "", 200, "", `{"messageId":"A","status":"revoked"}`}, "channelSlug"},
		"a percent-encoded id":     {exchange{"GET", "/api/message/wamid.a%2Fb%3D%3D?channelId=" + session, "", 200, "", `{` + stored + `,"type":"text","content":{"text":"x"}}`}, ""},
		"a static part goes first": {exchange{"POST", "/api/session/transfer/read", `{"params":{"platformSlug":"crm"}}`, 409, "", strings.NewReplacer("404", "409", "not_found", "session_finished").Replace(notFound)}, ""},

		"content of its type":      {exchange{"GET", "/api/message/A", "", 200, "", `{` + stored + `,"type":"location","content":{"latitude":1,"longitude":2}}`}, ""},
		"content of another type":  {exchange{"GET", "/api/message/A", "", 200, "", `{` + stored + `,"type":"location","content":{"text":"x"}}`}, "latitude"},
		"a reaction taken back":    {exchange{"GET", "/api/message/A", "", 200, "", `{` + stored + `,"type":"reaction","content":{"messageId":"B","emoji":null}}`}, ""},
		"an unknown member inside": {exchange{"GET", "/api/session/" + session + "/messages", "", 200, "", page(`{` + stored + `,"type":"text","content":{"text":"x","txt":1}}`)}, "txt"},

		"a path of nobody":           {exchange{"GET", "/api/nothing", "", 404, "", notFound}, ""},
		"a path of nobody, answered": {exchange{"GET", "/api/nothing", "", 200, "", "{}"}, "no operation"},
		"a method of nobody":         {exchange{"PUT", "/api/message/send", "", 405, "", strings.NewReplacer("404", "405", "not_found", "method_not_allowed").Replace(notFound)}, ""},
		"a method of nobody, 404":    {exchange{"PUT", "/api/message/send", "", 404, "", notFound}, "instead of 405"},
		"what webhooks ignore":       {exchange{"POST", "/api/webhook/360dialog/" + session + "/" + session + "?x=1", `{"new":[1],"messages":[]}`, 200, "", `{"received":0}`}, ""},
		"bytes of any type":          {exchange{"GET", "/api/media/" + session, "", 200, "image/png", "\x89PNG"}, ""},
		"a preflight":                {exchange{"OPTIONS", "/api/message/send", "", 204, "", ""}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := c.check(t, spec)
			switch {
			case c.wants == "" && err != nil:
				t.Error(err)
			case c.wants != "" && (err == nil || !strings.Contains(err.Error(), c.wants)):
				t.Errorf("the error is %v, want one about %q", err, c.wants)
			}
		})
	}
}

func TestCheckWantsTheHeaders(t *testing.T) {
	t.Parallel()
	req := httptest.NewRequest(http.MethodDelete, "/api/session/finish/"+session, nil)
	resp := &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}}
	if err := loaded(t).Check(req, nil, resp, []byte(finished)); err == nil || !strings.Contains(err.Error(), "X-Request-Id") {
		t.Errorf("the error is %v, want one about X-Request-Id", err)
	}
}

// TestErrorsAreAboutTheNearestAlternative keeps an error about one message from
// listing what every other type of message would need.
func TestErrorsAreAboutTheNearestAlternative(t *testing.T) {
	t.Parallel()
	err := exchange{"GET", "/api/message/A", "", 200, "", `{` + stored + `,"type":"text","content":{"txt":"x"}}`}.check(t, loaded(t))
	if err == nil || strings.Contains(err.Error(), "latitude") || !strings.Contains(err.Error(), "/content") {
		t.Errorf("the error is %v", err)
	}
}
