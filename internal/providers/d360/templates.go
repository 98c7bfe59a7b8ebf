package d360

import (
	"context"
	"errors"
	"net/url"
	"slices"
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
	Format     label          `json:"parameter_format"`
	Components jsontext.Value `json:"components"`
}

// Templates lists all of the number's templates as 360dialog knew them at most
// age ago, or five seconds: it is asked no more often.
func (c *Conn) Templates(ctx context.Context, age time.Duration) ([]providers.Template, error) {
	return c.current().templates.all(ctx, age)
}

// askTemplates lists all of the number's templates as 360dialog knows them now.
func (c *Conn) askTemplates(ctx context.Context) ([]providers.Template, error) {
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
		Format:     strings.ToUpper(string(t.Format)),
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

// templateCache keeps one list of templates. It is asked for once at a time, and
// the asking goes on when whoever wanted the list waits no longer: the next one
// finds it.
type templateCache struct {
	ask func(context.Context) ([]providers.Template, error)
	now func() time.Time

	life context.Context // of the asking

	mu     sync.Mutex
	list   []providers.Template
	byName map[string][]providers.Template
	at     time.Time     // when the list was asked for; zero: never
	tried  time.Time     // when the last ask ended, whatever it brought
	failed error         // why it brought none
	asking chan struct{} // closed when the ask under way has ended; nil: none is
}

func newTemplateCache(life context.Context, ask func(context.Context) ([]providers.Template, error), now func() time.Time) *templateCache {
	return &templateCache{life: life, ask: ask, now: now}
}

// all gives the whole list, asking for it when it is older than age.
func (t *templateCache) all(ctx context.Context, age time.Duration) ([]providers.Template, error) {
	t.mu.Lock()
	seen, young := t.at, !t.at.IsZero() && t.now().Sub(t.at) < age
	t.mu.Unlock()
	if !young {
		if err := t.refresh(ctx, seen); err != nil {
			return nil, err
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.failed != nil && !young {
		return nil, t.failed
	}
	return slices.Clone(t.list), nil
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
	t.mu.Lock()
	fresh := t.at.After(seen)
	resting := !t.tried.IsZero() && t.now().Sub(t.tried) < templateRest
	if fresh || resting {
		t.mu.Unlock()
		return nil
	}
	if t.asking == nil {
		t.asking = make(chan struct{})
		go t.fetch(t.asking)
	}
	ended := t.asking
	t.mu.Unlock()
	select {
	case <-ended:
	case <-ctx.Done():
		return ctx.Err()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.failed
}

// fetch asks for the list and keeps it.
func (t *templateCache) fetch(ended chan struct{}) {
	list, err := t.ask(t.life)
	t.mu.Lock()
	defer t.mu.Unlock()
	defer close(ended)
	t.asking, t.tried, t.failed = nil, t.now(), err
	if err != nil {
		return
	}
	t.at, t.list, t.byName = t.tried, list, map[string][]providers.Template{}
	for _, template := range list {
		t.byName[template.Name] = append(t.byName[template.Name], template)
	}
}

func hasLanguage(templates []providers.Template, language string) bool {
	for _, t := range templates {
		if t.Language == language {
			return true
		}
	}
	return false
}
