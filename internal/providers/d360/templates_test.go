package d360_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/d360"
	"github.com/cirrus/omnichannel/internal/providers/providertest"
)

// listing is a look at the whole list of templates.
func listing(templates string) providertest.Exchange {
	return providertest.Exchange{Method: "GET", Path: "/message_templates?limit=200", Header: keyed, Answer: `{"data":[` + templates + `],"paging":{}}`}
}

const (
	contato = `{"id":"1","name":"contato_cliente","language":"pt_BR","status":"approved","category":"UTILITY","components":[
		{"type":"BODY","text":"Olá {{1}}, aqui é da {{2}}. {{1}}!"}]}`
	rich = `{"name":"rich","language":"en","status":"APPROVED","components":[
		{"type":"HEADER","format":"TEXT","text":"Hi {{1}}"},{"type":"BODY","text":"{{order_id}} {{ name }}"},
		{"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"q"},{"type":"URL","text":"u","url":"https://x/{{1}}"}]}]}`
	picture = `{"name":"picture","language":"en","status":"APPROVED","components":[{"type":"HEADER","format":"IMAGE"}]}`
	called  = `{"name":"called","language":"en","status":"APPROVED","parameter_format":"named","components":[
		{"type":"HEADER","format":"TEXT","text":"Order {{order}}"},{"type":"BODY","text":"{{name}}, {{day}} or {{ name }}"}]}`
	paused = `{"name":"paused","language":"en","status":"PAUSED","components":[]}`
)

func template(name, language, components string) providers.Outbound {
	return outbound(providers.Content{Type: providers.TypeTemplate, Name: name, Language: language, Components: providers.RawJSON(components)})
}

func TestCheckTemplates(t *testing.T) {
	t.Parallel()
	const (
		one, two = `{"type":"text","text":"a"}`, `{"type":"text","text":"a"},{"type":"text","text":"b"}`
		header   = `{"type":"header","parameters":[` + one + `]}`
		body     = `{"type":"body","parameters":[` + two + `]}`
		link     = `{"type":"button","sub_type":"url","index":1,"parameters":[` + one + `]}`
	)
	withHeader := withFile(template("picture", "en", ``), "image/png", "")
	twice := withFile(template("picture", "en", `[{"type":"header","parameters":[{}]}]`), "image/png", "")
	gif := withFile(template("picture", "en", ``), "image/gif", "")
	for _, c := range []checked{
		{label: "two variables", out: template("contato_cliente", "pt_BR", `[`+body+`]`)},
		{label: "one variable", out: template("contato_cliente", "pt_BR", `[{"type":"body","parameters":[`+one+`]}]`), field: "templateVariables"},
		{label: "no variables", out: template("contato_cliente", "pt_BR", ``), field: "templateVariables"},
		{label: "another language", out: template("contato_cliente", "en", `[`+body+`]`), field: "language"},
		{label: "an unknown template", out: template("nothing", "pt_BR", ``), field: "template"},
		{label: "a paused template", out: template("paused", "en", ``), field: "template"},
		{label: "everything", out: template("rich", "en", `[`+header+`,`+body+`,`+link+`]`)},
		{label: "types in capitals, index as text", out: template("rich", "en", `[{"type":"HEADER","parameters":[`+one+`]},`+body+`,{"type":"button","index":"1","parameters":[`+one+`]}]`)},
		{label: "no value for the link", out: template("rich", "en", `[`+header+`,`+body+`]`), field: "buttons"},
		{label: "no text for the header", out: template("rich", "en", `[`+body+`,`+link+`]`), field: "components"},
		{label: "a file for the header", out: withHeader},
		{label: "no file for the header", out: template("picture", "en", ``), field: "headerMediaUri"},
		{label: "two headers", out: twice, field: "headerMediaUri"},
		{label: "names for all", out: template("called", "en", `[`+named("header", "order")+`,`+named("body", "day", "name")+`]`)},
		{label: "a body without names", out: template("called", "en", `[`+named("header", "order")+`,`+body+`]`), field: "components"},
		{label: "a name that the body does not have", out: template("called", "en", `[`+named("header", "order")+`,`+named("body", "day", "nome")+`]`), field: "components"},
		{label: "a header without a name", out: template("called", "en", `[`+header+`,`+named("body", "day", "name")+`]`), field: "components"},
		{label: "no header", out: template("called", "en", `[`+named("body", "day", "name")+`]`), field: "components"},
		{label: "no name", out: template("", "en", ``), field: "template"},
		{label: "no language", out: template("rich", "", ``), field: "language"},
		{label: "components of no shape", out: template("rich", "en", `{}`), field: "components"},
		{label: "a component of no type", out: template("rich", "en", `[{"type":"tail"}]`), field: "components"},
	} {
		if c.field != "" {
			c.reason = providers.ReasonInvalidMessage
		}
		server := answerAll(t, `{"data":[`+contato+`,`+rich+`,`+picture+`,`+paused+`,`+called+`,7,{"name":"odd","components":"x"}],"paging":{}}`)
		c.run(t, open(t, providertest.LoopbackOnly(), server))
	}
	providertest.CompareError(t, &providers.SendError{Reason: providers.ReasonMediaTypeUnsupported, Field: "headerMediaUri"},
		openWith(t, d360.Options{Client: providertest.LoopbackOnly()}).Check(context.Background(), gif))
}

// named is a component whose parameters have names.
func named(part string, names ...string) string {
	var parameters []string
	for _, name := range names {
		parameters = append(parameters, `{"type":"text","text":"x","parameter_name":"`+name+`"}`)
	}
	return `{"type":"` + part + `","parameters":[` + strings.Join(parameters, ",") + `]}`
}

func TestVariableNames(t *testing.T) {
	t.Parallel()
	conn := openWith(t, d360.Options{BaseURL: answerAll(t, `{"data":[`+rich+`,`+called+`]}`), Client: providertest.LoopbackOnly()})
	for template, want := range map[[2]string][]string{{"called", "en"}: {"name", "day"}, {"called", "pt_BR"}: nil, {"rich", "en"}: nil, {"none", "en"}: nil} {
		if got := conn.VariableNames(t.Context(), template[0], template[1]); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", template, got, want)
		}
	}
}

// answerAll is a server with one answer.
func answerAll(t *testing.T, body string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(body)) // a client that went away is the test's own doing
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestTemplatesArePaged(t *testing.T) {
	t.Parallel()
	first := listing(contato)
	first.Answer = `{"data":[` + contato + `],"paging":{"cursors":{"before":"A","after":"B"},"next":"https://graph.facebook.com/elsewhere"}}`
	second := listing(paused)
	second.Path = "/message_templates?after=B&limit=200"
	script := providertest.NewScript(t, []providertest.Exchange{first, second})
	got, err := openWith(t, d360.Options{BaseURL: script.URL, Client: script.Client}).Templates(context.Background(), 0)
	if err != nil {
		t.Fatal(err)
	}
	want := []providers.Template{
		{ID: "1", Name: "contato_cliente", Language: "pt_BR", Status: "APPROVED", Category: "UTILITY", Components: got[0].Components},
		{Name: "paused", Language: "en", Status: "PAUSED", Components: providers.RawJSON("[]")},
	}
	if diff := providertest.Diff(want, got); diff != "" || len(got[0].Components) == 0 {
		t.Error(diff)
	}
	script.Finish()
}

// TestTemplateListIsKept: one list serves many checks, is asked for again once
// when a template is missing in it, and after five minutes.
func TestTemplateListIsKept(t *testing.T) {
	t.Parallel()
	script := providertest.NewScript(t, []providertest.Exchange{listing(contato), listing(contato), listing(contato + `,` + paused), listing(contato)})
	now := time.Unix(1760000000, 0)
	conn := openWith(t, d360.Options{BaseURL: script.URL, Client: script.Client, Now: func() time.Time { return now }})
	good := template("contato_cliente", "pt_BR", `[{"type":"body","parameters":[{},{}]}]`)
	check := func(out providers.Outbound, refused bool) {
		t.Helper()
		if err := conn.Check(context.Background(), out); (err != nil) != refused {
			t.Errorf("%s: %v", out.Content.Name, err)
		}
	}
	check(good, false)
	check(good, false)
	check(template("paused", "en", ``), true) // the list is seconds old: it is believed
	now = now.Add(4 * time.Second)
	check(template("new", "en", ``), true) // also by who comes a little later
	now = now.Add(time.Minute)
	check(template("new", "en", ``), true) // asked again, still unknown
	now = now.Add(time.Minute)
	check(template("paused", "en", ``), true) // asked again, known and paused
	now = now.Add(6 * time.Minute)
	check(good, false)
	script.Finish()
}

func TestTemplateListThatFails(t *testing.T) {
	t.Parallel()
	script := providertest.NewScript(t, []providertest.Exchange{answering(listing(""), 500, ""), listing(contato), answering(listing(""), 500, "")})
	now := time.Unix(1760000000, 0)
	conn := openWith(t, d360.Options{BaseURL: script.URL, Client: script.Client, Now: func() time.Time { return now }})
	undecided := func() {
		t.Helper()
		for range 2 { // the second does not ask again so soon
			if err := conn.Check(context.Background(), template("any", "en", ``)); err != nil {
				t.Error(err)
			}
		}
	}
	undecided()
	now = now.Add(time.Minute)
	if err := conn.Check(context.Background(), template("any", "en", ``)); err == nil {
		t.Error("a template that is not listed was let through")
	}
	now = now.Add(time.Minute)
	undecided() // the list is there, but too old to say what it lacks
	script.Finish()
}

func TestTemplateListIsAskedForOnce(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		_, _ = w.Write([]byte(`{"data":[` + contato + `]}`)) // a client that went away is the test's own doing
	}))
	t.Cleanup(server.Close)
	conn := open(t, providertest.LoopbackOnly(), server.URL)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if err := conn.Check(context.Background(), template("contato_cliente", "pt_BR", `[{"type":"body","parameters":[{},{}]}]`)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := asked.Load(); n != 1 {
		t.Errorf("the list was asked for %d times", n)
	}
}

// Whoever does not wait for a slow list leaves it to the next one: it goes on
// being read. A list that is young enough is not asked for.
func TestASlowTemplateListIsWorthWaitingFor(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	arrived, release := make(chan struct{}, 8), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		arrived <- struct{}{}
		<-release
		_, _ = w.Write([]byte(`{"data":[` + contato + `]}`)) // a client that went away is the test's own doing
	}))
	t.Cleanup(server.Close)
	conn := open(t, providertest.LoopbackOnly(), server.URL).(*d360.Conn)
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan error)
	go func() {
		_, err := conn.Templates(ctx, time.Minute)
		gone <- err
	}()
	<-arrived
	cancel()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("who waits no longer is told %v", err)
	}
	close(release)
	for range 10 {
		list, err := conn.Templates(t.Context(), time.Minute)
		if err != nil || len(list) != 1 {
			t.Errorf("the list is %v: %v", list, err)
		}
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("the list was asked for %d times", n)
	}
}

// A connection that is closed waits for no list.
func TestCloseEndsASlowTemplateList(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{}, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		<-r.Context().Done()
	}))
	t.Cleanup(server.Close)
	conn := open(t, providertest.LoopbackOnly(), server.URL).(*d360.Conn)
	ended := make(chan error)
	go func() {
		_, err := conn.Templates(t.Context(), 0)
		ended <- err
	}()
	<-arrived
	if err := conn.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if err := <-ended; err == nil {
		t.Error("a list came from a closed connection")
	}
}
