package d360

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/cirrus/omnichannel/internal/sandbox/control"
)

// page sizes of the template lists.
const (
	templatePage    = 25
	maxTemplatePage = 1000
)

// getTemplates lists templates page by page; the cursor is opaque to callers.
func (c *call) getTemplates() reply {
	q := c.r.URL.Query()
	limit := templatePage
	if text := q.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > maxTemplatePage {
			return failed(refuse(100, "Param limit must be between 1 and %d.", maxTemplatePage))
		}
		limit = n
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	var rows []Template
	for _, t := range c.n.templates {
		if fits(q.Get("name"), t.Name) && fits(q.Get("status"), t.Status) && fits(q.Get("language"), t.Language) && fits(q.Get("category"), t.Category) {
			rows = append(rows, *t)
		}
	}
	start := 0
	if after := q.Get("after"); after != "" {
		at := slices.IndexFunc(rows, func(t Template) bool { return cursorOf(t) == after })
		if at < 0 {
			return failed(refuse(100, "Param after is no cursor of this list."))
		}
		start = at + 1
	}
	end := min(start+limit, len(rows))
	return ok(templatesPage(rows[start:end], end < len(rows), limit))
}

func fits(want, got string) bool { return want == "" || strings.EqualFold(want, got) }

func cursorOf(t Template) string { return "QVFI" + t.ID }

func templatesPage(rows []Template, more bool, limit int) map[string]any {
	out := map[string]any{"data": slices.Clone(rows)}
	if len(rows) == 0 {
		out["data"] = []any{}
		return out
	}
	after := cursorOf(rows[len(rows)-1])
	paging := map[string]any{"cursors": map[string]any{"before": cursorOf(rows[0]), "after": after}}
	if more {
		// On the real service this URL is Meta's own and does not take our key: callers
		// must use the cursor.
		paging["next"] = "https://graph.facebook.com/v19.0/message_templates?limit=" + strconv.Itoa(limit) + "&after=" + after
	}
	out["paging"] = paging
	return out
}

// newTemplate reads a template that is being created.
func (c *call) newTemplate() (*Template, *apiError) {
	t := &Template{}
	if err := json.Unmarshal(c.body, t); err != nil {
		return nil, refuse(100, "The template has a field of a wrong type.")
	}
	t.ID, t.Status = c.s.ids.digits(16), "PENDING"
	t.Category = strings.ToUpper(t.Category)
	t.normalize()
	if problem := t.problem(); problem != "" {
		return nil, refuse(100, "%s", problem)
	}
	for _, other := range c.n.templates {
		if other.Name == t.Name && other.Language == t.Language {
			return nil, refuse(100, "There is already %s content for this template.", t.Language)
		}
	}
	return t, nil
}

func (c *call) postTemplate() reply {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	t, err := c.newTemplate()
	if err != nil {
		return failed(err)
	}
	c.n.templates = append(c.n.templates, t)
	return ok(map[string]any{"id": t.ID, "status": t.Status, "category": t.Category})
}

func (c *call) deleteTemplate() reply {
	name := c.r.URL.Query().Get("name")
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	before := len(c.n.templates)
	c.n.templates = slices.DeleteFunc(c.n.templates, func(t *Template) bool { return t.Name == name })
	if len(c.n.templates) == before {
		return failed(refuse(100, "Message template %q was not found.", name))
	}
	return ok(map[string]any{"success": true})
}

// getLegacyTemplates is the older list: other names around the same rows, and
// lower-case statuses.
func (c *call) getLegacyTemplates() reply {
	q := c.r.URL.Query()
	limit, offset := maxTemplatePage, 0
	for name, field := range map[string]*int{"limit": &limit, "offset": &offset} {
		if text := q.Get(name); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil || n < 0 || n > maxTemplatePage {
				return failed(refuse(100, "Param %s must be between 0 and %d.", name, maxTemplatePage))
			}
			*field = n
		}
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	rows := []any{}
	for _, t := range c.n.templates[min(offset, len(c.n.templates)):] {
		if len(rows) < limit {
			rows = append(rows, legacyTemplate(t))
		}
	}
	return ok(map[string]any{
		"waba_templates": rows, "count": len(rows), "total": len(c.n.templates), "limit": limit, "offset": offset,
		"sort": []any{"id"}, "filters": map[string]any{},
	})
}

func legacyTemplate(t *Template) map[string]any {
	return map[string]any{
		"id": t.ID, "name": t.Name, "language": t.Language, "category": t.Category, "components": t.Components,
		"status": strings.ToLower(t.Status), "namespace": "sandbox", "rejected_reason": "NONE",
	}
}

func (c *call) postLegacyTemplate() reply {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	t, err := c.newTemplate()
	if err != nil {
		return failed(err)
	}
	c.n.templates = append(c.n.templates, t)
	out := legacyTemplate(t)
	out["status"] = "submitted"
	return reply{status: http.StatusCreated, body: out}
}

// SetTemplate creates a template of a number or replaces the one of its name and
// language, without waiting for an approval.
func (s *Server) SetTemplate(ref string, t Template) (Template, error) {
	t.normalize()
	if problem := t.problem(); problem != "" {
		return Template{}, fmt.Errorf("template %q: %s", t.Name, problem)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := s.number(ref)
	if err != nil {
		return Template{}, err
	}
	at := slices.IndexFunc(n.templates, func(o *Template) bool { return o.Name == t.Name && o.Language == t.Language })
	if t.ID == "" && at >= 0 {
		t.ID = n.templates[at].ID
	}
	if t.ID == "" {
		t.ID = s.ids.digits(16)
	}
	if at < 0 {
		n.templates = append(n.templates, &t)
	} else {
		n.templates[at] = &t
	}
	return t, nil
}

// SetTemplateStatus approves, rejects, pauses or disables a template in all its
// languages, and reports each by a message_template_status_update webhook.
func (s *Server) SetTemplateStatus(ref, name, status string) error {
	if !slices.Contains(templateStatuses, status) {
		return fmt.Errorf("status %q must be one of %q", status, templateStatuses)
	}
	s.mu.Lock()
	n, err := s.number(ref)
	var events []*event
	if err == nil {
		for _, t := range n.templates {
			if t.Name != name {
				continue
			}
			t.Status = status
			events = append(events, &event{number: n, key: "template", field: "message_template_status_update", value: map[string]any{
				"event": status, "message_template_id": t.ID, "message_template_name": t.Name,
				"message_template_language": t.Language, "reason": "NONE",
			}})
		}
	}
	s.mu.Unlock()
	if err != nil {
		return err
	}
	if len(events) == 0 {
		return fmt.Errorf("%w: no template %q", control.ErrNotFound, name)
	}
	for _, e := range events {
		s.hooks.emit(e)
	}
	return nil
}
