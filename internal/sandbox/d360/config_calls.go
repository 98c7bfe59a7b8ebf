package d360

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
)

// maxDestinations is how many extra webhooks a number may have.
const maxDestinations = 3

// takeTarget reads {"url","headers"}.
func takeTarget(o *object) WebhookTarget {
	t := WebhookTarget{URL: o.need("url").text(2000)}
	if h := o.maybe("headers"); h.there {
		t.Headers = map[string]string{}
		for name, v := range h.anything() {
			text, is := v.(string)
			if !is {
				h.c.refuse(100, "Param headers['%s'] must be a string.", name)
			}
			t.Headers[name] = text
		}
	}
	return t
}

func (c *call) checkTarget(check *checker, t WebhookTarget) {
	if check.err != nil {
		return
	}
	if err := t.check(c.settings.Webhooks.StrictURL); err != nil {
		check.refuse(131009, "%s", err.Error())
	}
}

func shownTarget(t *WebhookTarget) map[string]any {
	if t == nil {
		return map[string]any{"url": "", "headers": map[string]string{}}
	}
	headers := t.Headers
	if headers == nil {
		headers = map[string]string{}
	}
	return map[string]any{"url": t.URL, "headers": headers}
}

func (c *call) postWebhook() reply {
	check := &checker{}
	o := check.root(c.root)
	t := takeTarget(o)
	o.done()
	c.checkTarget(check, t)
	if check.err != nil {
		return failed(check.err)
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.n.Webhook = &t
	return ok(shownTarget(&t))
}

func (c *call) getWebhook() reply {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return ok(shownTarget(c.n.Webhook))
}

func (c *call) postWABAWebhook() reply {
	check := &checker{}
	o := check.root(c.root)
	t := takeTarget(o)
	override := false
	if v := o.maybe("override_all"); v.there {
		override = v.boolean()
	}
	o.done()
	c.checkTarget(check, t)
	if check.err != nil {
		return failed(check.err)
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.s.wabaHooks[c.n.WABAID] = &t
	for _, n := range c.s.numbers {
		if override && n.WABAID == c.n.WABAID {
			n.Webhook = nil
		}
	}
	return ok(shownTarget(&t))
}

func (c *call) getWABAWebhook() reply {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return ok(shownTarget(c.s.wabaHooks[c.n.WABAID]))
}

func (c *call) getMultiWebhook() reply {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return ok(map[string]any{"enabled": c.n.extraEnabled, "destinations": slices.Clone(c.n.extra)})
}

func (c *call) takeDestinations(check *checker, v value) []destination {
	var out []destination
	if !v.there {
		return nil
	}
	for _, item := range v.list(0, maxDestinations) {
		o := item.object()
		d := destination{Name: o.need("name").text(100)}
		t := takeTarget(o)
		o.done()
		c.checkTarget(check, t)
		d.URL, d.Headers = t.URL, t.Headers
		out = append(out, d)
	}
	return out
}

func (c *call) postMultiWebhook() reply {
	check := &checker{}
	o := check.root(c.root)
	enabled := o.need("enabled").boolean()
	added := c.takeDestinations(check, o.maybe("destinations"))
	o.done()
	if check.err != nil {
		return failed(check.err)
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if err := c.appendDestinations(added); err != nil {
		return failed(err)
	}
	c.n.extraEnabled = enabled
	return ok(map[string]any{"message": "Operation started successfully"})
}

func (c *call) putMultiWebhook() reply {
	check := &checker{}
	o := check.root(c.root)
	added := c.takeDestinations(check, o.need("destinations"))
	o.done()
	if check.err != nil {
		return failed(check.err)
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if !c.n.extraEnabled {
		return failed(hubError(http.StatusBadRequest, "Multi-webhook is not enabled"))
	}
	if err := c.appendDestinations(added); err != nil {
		return failed(err)
	}
	return ok(map[string]any{"message": "Operation started successfully"})
}

func (c *call) appendDestinations(added []destination) *apiError {
	all := slices.Clone(c.n.extra)
	for _, d := range added {
		if slices.ContainsFunc(all, func(other destination) bool { return other.Name == d.Name }) {
			return hubError(http.StatusBadRequest, fmt.Sprintf("Destination %q exists already", d.Name))
		}
		all = append(all, d)
	}
	if len(all) > maxDestinations {
		return hubError(http.StatusBadRequest, fmt.Sprintf("At most %d destinations are allowed", maxDestinations))
	}
	c.n.extra = all
	return nil
}

func (c *call) patchMultiWebhook() reply {
	check := &checker{}
	o := check.root(c.root)
	name := o.need("name").text(100)
	t := takeTarget(o)
	o.done()
	c.checkTarget(check, t)
	if check.err != nil {
		return failed(check.err)
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	at := slices.IndexFunc(c.n.extra, func(d destination) bool { return d.Name == name })
	if at < 0 {
		return failed(hubError(http.StatusNotFound, fmt.Sprintf("Destination %q does not exist", name)))
	}
	c.n.extra = slices.Clone(c.n.extra)
	c.n.extra[at] = destination{Name: name, URL: t.URL, Headers: maps.Clone(t.Headers)}
	return ok(map[string]any{"message": "Operation started successfully"})
}

func (c *call) getHealth() reply {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	phone := map[string]any{"entity_type": "PHONE_NUMBER", "id": c.n.PhoneNumberID, "can_send_message": c.n.Health}
	switch c.n.Health {
	case "BLOCKED":
		code := c.n.HealthCode
		if code == 0 {
			code = 131031
		}
		phone["errors"] = []any{map[string]any{
			"error_code": code, "error_description": refusals[code].title, "possible_solution": "Unblock the number in the sandbox's control.",
		}}
	case "LIMITED":
		phone["additional_info"] = []any{"The number is limited by the sandbox's control."}
	}
	entities := []any{phone}
	for _, e := range [][2]string{{"WABA", c.n.WABAID}, {"BUSINESS", c.n.BusinessID}, {"APP", c.n.AppID}} {
		entities = append(entities, map[string]any{"entity_type": e[0], "id": e[1], "can_send_message": "AVAILABLE"})
	}
	return ok(map[string]any{
		"health_status": map[string]any{"can_send_message": c.n.Health, "entities": entities}, "id": c.n.PhoneNumberID,
	})
}

// profileFields are what a business profile holds.
var profileFields = []string{"about", "address", "description", "email", "profile_picture_url", "websites", "vertical"}

func (c *call) getProfile() reply {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return ok(map[string]any{"data": []any{maps.Clone(c.n.profile)}})
}

func (c *call) postProfile() reply {
	check := &checker{}
	o := check.root(c.root)
	o.need("messaging_product").oneOf("whatsapp")
	changes := map[string]any{}
	limits := map[string]int{"about": 139, "address": 256, "description": 512, "email": 128, "vertical": 64, "profile_picture_handle": limitText}
	for name, limit := range limits {
		if v := o.maybe(name); v.there {
			changes[name] = v.anyText(limit)
		}
	}
	if v := o.maybe("websites"); v.there {
		var sites []any
		for _, site := range v.list(0, 2) {
			sites = append(sites, site.link())
		}
		changes["websites"] = sites
	}
	o.done()
	if check.err != nil {
		return failed(check.err)
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	for name, v := range changes {
		if slices.Contains(profileFields, name) {
			c.n.profile[name] = v
		}
	}
	return ok(map[string]any{"success": true})
}
