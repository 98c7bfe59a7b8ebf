package d360

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/cirrus/omnichannel/internal/providers"
)

const (
	// templatePage is how many templates one answer lists, maxTemplatePages how
	// many answers are read: Meta allows an account 6,000 templates.
	templatePage     = 200
	maxTemplatePages = 40
)

var errManyTemplates = errors.New("the list of templates does not end")

// templateList is a page of GET /message_templates.
type templateList struct {
	Data   list[wireTemplate] `json:"data"`
	Paging loose[struct {
		Next    label `json:"next"`
		Cursors struct {
			After label `json:"after"`
		} `json:"cursors"`
	}] `json:"paging"`
}

type wireTemplate struct {
	ID         label          `json:"id"`
	Name       label          `json:"name"`
	Language   label          `json:"language"`
	Status     label          `json:"status"`
	Category   label          `json:"category"`
	Components jsontext.Value `json:"components"`
}

// Templates lists all of the number's templates as 360dialog knows them now.
func (c *Conn) Templates(ctx context.Context) ([]providers.Template, error) {
	found := []providers.Template{}
	after := ""
	for range maxTemplatePages {
		query := url.Values{"limit": {strconv.Itoa(templatePage)}}
		if after != "" {
			query.Set("after", after)
		}
		var page templateList
		if err := c.getJSON(ctx, "message_templates", query, &page); err != nil {
			return nil, err
		}
		for _, t := range page.Data.Items {
			if t.Err == nil && t.Value.Name != "" {
				found = append(found, t.Value.template())
			}
		}
		paging := page.Paging.Value
		if paging.Next == "" || paging.Cursors.After == "" || string(paging.Cursors.After) == after {
			return found, nil
		}
		after = string(paging.Cursors.After)
	}
	return nil, repeatable(unreadable(errManyTemplates))
}

func (t wireTemplate) template() providers.Template {
	components := keepList(t.Components)
	if len(components) == 0 {
		components = providers.RawJSON("[]")
	}
	return providers.Template{
		ID:         string(t.ID),
		Name:       string(t.Name),
		Language:   string(t.Language),
		Status:     strings.ToUpper(string(t.Status)),
		Category:   strings.ToUpper(string(t.Category)),
		Components: components,
	}
}

const (
	// templateLife is how long a list is believed.
	templateLife = 5 * time.Minute
	// templateRest is how long a list is not asked for again, whoever misses a
	// template in it: what is not there is refused.
	templateRest = 5 * time.Second
)

// templateCache keeps one list of templates. Only one caller asks at a time;
// the others wait for its answer.
type templateCache struct {
	ask func(context.Context) ([]providers.Template, error)
	now func() time.Time

	turn chan struct{} // holds one token: who has it may ask

	mu     sync.Mutex
	byName map[string][]providers.Template
	at     time.Time // when byName was asked for; zero: never
	tried  time.Time // when the last ask ended, whatever it brought
}

func newTemplateCache(ask func(context.Context) ([]providers.Template, error), now func() time.Time) *templateCache {
	return &templateCache{ask: ask, now: now, turn: make(chan struct{}, 1)}
}

// find gives all languages of a template. certain is false when the list could
// not be had, or was missed a moment ago: then the provider decides. A template
// that was made since a list of seconds ago is missed in it; the caller's next
// try finds it, while a mistyped one would fail at the provider every time.
func (t *templateCache) find(ctx context.Context, name, language string) (found []providers.Template, certain bool) {
	found, at, known := t.look(name)
	if known && hasLanguage(found, language) {
		return found, true
	}
	if err := t.refresh(ctx, at); err != nil {
		return nil, false
	}
	found, newer, known := t.look(name)
	fresh := newer.After(at) || t.now().Sub(newer) < templateRest
	return found, known && (hasLanguage(found, language) || fresh)
}

// look reads the list while it is believed.
func (t *templateCache) look(name string) (found []providers.Template, at time.Time, known bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.at.IsZero() || t.now().Sub(t.at) > templateLife {
		return nil, t.at, false
	}
	return t.byName[name], t.at, true
}

// refresh asks for the list, unless somebody did since `seen` or a moment ago.
func (t *templateCache) refresh(ctx context.Context, seen time.Time) error {
	select {
	case t.turn <- struct{}{}:
		defer func() { <-t.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	t.mu.Lock()
	fresh := t.at.After(seen)
	resting := !t.tried.IsZero() && t.now().Sub(t.tried) < templateRest
	t.mu.Unlock()
	if fresh || resting {
		return nil
	}
	list, err := t.ask(ctx)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.tried = t.now()
	if err != nil {
		return err
	}
	t.at, t.byName = t.tried, map[string][]providers.Template{}
	for _, template := range list {
		t.byName[template.Name] = append(t.byName[template.Name], template)
	}
	return nil
}

func hasLanguage(templates []providers.Template, language string) bool {
	for _, t := range templates {
		if t.Language == language {
			return true
		}
	}
	return false
}
