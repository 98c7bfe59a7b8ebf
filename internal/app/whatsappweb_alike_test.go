package app_test

import (
	"net/http"
	"testing"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// What a send is refused for does not depend on which server is asked: the one
// that holds the device, or another.
func TestEveryServerRefusesASendAlike(t *testing.T) {
	t.Parallel()
	start := side(t)
	servers := []*apptest.Server{start(t), start(t)}
	w := servers[0].World(t, apptest.Preset{})
	w.Link()
	customer := people(w, 1)[0].Phone
	w.Says(customer, whatsapp.Draft{To: w.Number, Text: "Oi"})
	session, nobody := w.AwaitSession(customer), apptest.Phone()
	for name, c := range map[string]struct {
		fault      whatsapp.Fault
		path, code string
		body       func(at *apptest.World) doc
	}{
		"a number that is not on WhatsApp": {path: "/api/message", code: "number_not_on_whatsapp", body: func(*apptest.World) doc { return doc{"recipientNumber": nobody, "text": "Oi"} }},
		"no voice note": {path: "/api/message/send", code: "media_type_unsupported", body: func(at *apptest.World) doc { // their files are apart
			return said(session, doc{"mediaUri": text(upload(at, apptest.MP3, map[string]string{"Content-Type": "audio/mpeg"}), "_id"), "asVoice": true})
		}},
		"too much": {fault: whatsapp.Fault{Kind: "ack_error", Code: 429}, path: "/api/message/send", code: "d360_rate_limited", body: func(*apptest.World) doc { return said(session, doc{"text": "Oi"}) }},
	} {
		if c.fault.Kind != "" {
			must(w.Phones().AddFault(whatsapp.Rule{Match: whatsapp.Match{Phone: w.Number}, Fault: c.fault}))
		}
		var answers []string
		for _, server := range servers {
			at := *w
			at.Server = server
			a := at.Call(http.MethodPost, c.path, c.body(&at))
			problem := a.JSON()
			expect(t, name, problem, doc{"code": c.code})
			for _, own := range []string{"_id", "requestId"} {
				delete(problem, own)
			}
			answers = append(answers, mustJSON(doc{"status": a.Status, "retryAfter": a.Header.Get("Retry-After"), "problem": problem}))
		}
		if answers[0] != answers[1] {
			t.Errorf("%s: one server says\n%s\nthe other\n%s", name, answers[0], answers[1])
		}
	}
	if page := w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts", nil); len(items(page)) != 1 {
		t.Errorf("contacts were made: %v", page)
	}
}
