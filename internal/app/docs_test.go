package app

import (
	"regexp"
	"strings"
	"testing"

	omnichannel "github.com/cirrus/omnichannel"
	"github.com/cirrus/omnichannel/internal/app/contract"
	"github.com/cirrus/omnichannel/internal/web"
)

// TestRoutesAreTheDocuments needs no server: a room's table of routes is there
// before anything behind it.
func TestRoutesAreTheDocuments(t *testing.T) {
	t.Parallel()
	spec, err := contract.Load()
	if err != nil {
		t.Fatal(err)
	}
	routes := append((&Rooms{}).routes(), (&App{}).operations()...)
	for _, difference := range spec.CompareRoutes(routes) {
		t.Error(difference)
	}
}

func TestDocsShowEverything(t *testing.T) {
	t.Parallel()
	page := string(docsPage())
	ids := regexp.MustCompile(`(?m)^ +operationId: (\w+)$`).FindAllStringSubmatch(string(omnichannel.OpenAPI), -1)
	if len(ids) < 50 {
		t.Fatalf("the document has only %d operations", len(ids))
	}
	for _, id := range ids {
		if !strings.Contains(page, `<article id="`+id[1]+`"`) {
			t.Errorf("the page does not show operation %s", id[1])
		}
	}
	for _, code := range web.Codes() {
		if !strings.Contains(page, `id="problem-`+string(code)+`"`) {
			t.Errorf("the page does not explain the problem %s", code)
		}
	}
}

// TestDocsLinksLeadSomewhere follows every link inside the page.
func TestDocsLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	page := string(docsPage())
	there, twice := map[string]bool{}, map[string]bool{}
	for _, id := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		twice[id[1]] = there[id[1]]
		there[id[1]] = true
	}
	for id, is := range twice {
		if is {
			t.Errorf("two elements have the id %s", id)
		}
	}
	for _, link := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if !there[link[1]] {
			t.Errorf("a link leads to #%s, which is not there", link[1])
		}
	}
}

// TestDocsLoadNothing keeps the page within its Content-Security-Policy.
func TestDocsLoadNothing(t *testing.T) {
	t.Parallel()
	page := string(docsPage())
	if found := regexp.MustCompile(`(?i)<(link|img|iframe|script)[^>]*(src|href)=|@import|url\(`).FindString(page); found != "" {
		t.Errorf("the page loads something: %s", found)
	}
}

func TestProseIsEscaped(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a `<b>` & **c**":     "<p>a <code>&lt;b&gt;</code> &amp; <strong>c</strong></p>",
		"x\n\n- one\n- two\n": "<p>x</p><ul><li>one</li><li>two</li></ul>",
	} {
		if got := string(prose(text)); got != want {
			t.Errorf("%q renders as %q, want %q", text, got, want)
		}
	}
}
