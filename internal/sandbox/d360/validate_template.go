package d360

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// templateUse is a template message as it was sent, its shape found right.
type templateUse struct {
	name, language string
	header, body   []templateParam
	hasHeader      bool
	buttons        []templateButtonUse
}

type templateParam struct {
	path, kind, name, value string
	malformed               bool
}

type templateButtonUse struct {
	path, kind string
	index      int
	params     []templateParam
}

func checkTemplateShape(c *checker, v value, out *send) {
	o := v.object()
	use := &templateUse{name: o.need("name").text(limitID)}
	language := o.need("language").object()
	use.language = language.need("code").text(32)
	if p := language.maybe("policy"); p.there {
		p.oneOf("deterministic")
	}
	language.done()
	if ns := o.maybe("namespace"); ns.there {
		ns.anyText(limitID)
	}
	if components := o.maybe("components"); components.there {
		for _, item := range components.list(0, 20) {
			checkTemplateComponent(c, item, use, out)
		}
	}
	o.done()
	out.template = use
}

func checkTemplateComponent(c *checker, v value, use *templateUse, out *send) {
	o := v.object()
	kind := strings.ToLower(o.need("type").text(32))
	switch kind {
	case "header":
		use.hasHeader = true
		use.header = checkParams(o.maybe("parameters"), out)
	case "body":
		use.body = checkParams(o.maybe("parameters"), out)
	case "button":
		use.buttons = append(use.buttons, checkTemplateButton(o, out))
	case "carousel", "limited_time_offer":
		o.maybe("cards")
		o.maybe("parameters")
	default:
		c.refuse(131009, "Param %s is %q: must be header, body, button or carousel.", o.child("type"), kind)
	}
	o.done()
}

func checkTemplateButton(o *object, out *send) templateButtonUse {
	b := templateButtonUse{path: o.path}
	b.kind = o.need("sub_type").oneOf("quick_reply", "url", "flow", "catalog", "copy_code", "QUICK_REPLY", "URL", "FLOW", "CATALOG", "COPY_CODE")
	b.kind = strings.ToLower(b.kind)
	b.index = o.need("index").index(9)
	b.params = checkParams(o.maybe("parameters"), out)
	return b
}

func checkParams(v value, out *send) []templateParam {
	if !v.there {
		return nil
	}
	var params []templateParam
	for _, item := range v.list(0, 100) {
		params = append(params, checkParam(item, out))
	}
	return params
}

func checkParam(v value, out *send) templateParam {
	o := v.object()
	p := templateParam{path: o.path, kind: o.need("type").text(32)}
	if n := o.maybe("parameter_name"); n.there {
		p.name = n.text(limitID)
	}
	switch p.kind {
	case "text", "payload", "coupon_code":
		p.value = o.need(p.kind).text(limitText)
	case "image", "video", "document":
		media := o.need(p.kind).object()
		out.media = append(out.media, takeMedia(media, p.kind))
		if name := media.maybe("filename"); name.there {
			name.text(240)
		}
		media.done()
	case "currency", "date_time":
		p.value, p.malformed = checkLocalized(o.need(p.kind), p.kind)
	case "location":
		checkTemplateLocation(o.need("location"))
	case "action":
		o.need("action").anything()
	default:
		v.c.refuse(131009, "Param %s is %q, which is no parameter type.", o.child("type"), p.kind)
	}
	o.done()
	return p
}

// checkLocalized reads a currency or a date. A value that is none is not wrong
// by its type but by its format, which is another code.
func checkLocalized(v value, kind string) (fallback string, malformed bool) {
	fields := v.anything()
	fallback, has := fields["fallback_value"].(string)
	if !has {
		return "", true
	}
	if kind == "currency" {
		code, isText := fields["code"].(string)
		_, hasAmount := fields["amount_1000"]
		return fallback, !isText || len(code) != 3 || !hasAmount
	}
	return fallback, false
}

func checkTemplateLocation(v value) {
	o := v.object()
	// Templates take coordinates as strings as well as as numbers.
	o.need("latitude")
	o.need("longitude")
	o.maybe("name")
	o.maybe("address")
	o.done()
}

// find picks the template that a message names. Meta reports a template that is
// not approved yet like one that does not exist.
func findTemplate(all []*Template, use *templateUse) (*Template, *apiError) {
	named := false
	for _, t := range all {
		if t.Name != use.name {
			continue
		}
		named = true
		if t.Language != use.language {
			continue
		}
		switch t.Status {
		case "APPROVED":
			return t, nil
		case "PAUSED":
			return nil, refuse(132015, "Template %s is paused because of its low quality.", use.name)
		case "DISABLED":
			return nil, refuse(132016, "Template %s was paused too often and is disabled.", use.name)
		}
		return nil, refuse(132001, "Template %s is not approved.", use.name)
	}
	if named {
		return nil, refuse(132001, "template name (%s) does not exist in %s", use.name, use.language)
	}
	return nil, refuse(132001, "template name (%s) does not exist", use.name)
}

// match checks what was sent against the template, and returns the body as the
// phone shows it.
func (use *templateUse) match(t *Template) (string, *apiError) {
	if err := use.matchHeader(t); err != nil {
		return "", err
	}
	body, err := use.matchBody(t)
	if err != nil {
		return "", err
	}
	return body, use.matchButtons(t)
}

func (use *templateUse) matchHeader(t *Template) *apiError {
	header := t.component("HEADER")
	if header == nil {
		if use.hasHeader && len(use.header) > 0 {
			return refuse(132012, "header: Format mismatch, the template has no header.")
		}
		return nil
	}
	want := strings.ToLower(header.Format)
	if want == "text" {
		_, err := matchText("header", header.Text, limitHeader, use.header, t.ParameterFormat)
		return err
	}
	if len(use.header) != 1 {
		return refuse(132012, "header: Format mismatch, expected %s, received UNKNOWN", header.Format)
	}
	if got := use.header[0].kind; got != want {
		return refuse(132012, "header: Format mismatch, expected %s, received %s", header.Format, strings.ToUpper(got))
	}
	return nil
}

func (use *templateUse) matchBody(t *Template) (string, *apiError) {
	text := ""
	if c := t.component("BODY"); c != nil {
		text = c.Text
	}
	return matchText("body", text, limitBody, use.body, t.ParameterFormat)
}

// matchText fills a text with its parameters.
func matchText(where, text string, limit int, params []templateParam, format string) (string, *apiError) {
	names := placeholders(text)
	if len(names) != len(params) {
		return "", refuse(132000, "%s: number of localizable_params (%d) does not match the expected number of params (%d)", where, len(params), len(names))
	}
	values := map[string]string{}
	for i, p := range params {
		if err := p.problem(where); err != nil {
			return "", err
		}
		name := strconv.Itoa(i + 1)
		if format == "NAMED" {
			name = p.name
		}
		values[name] = p.value
	}
	for _, name := range names {
		if _, given := values[name]; !given {
			return "", refuse(132012, "%s: Parameter name %q is missing or empty", where, name)
		}
	}
	filled := fill(text, values)
	if n := utf8.RuneCountInString(filled); n > limit {
		return "", refuse(132005, "%s: translated text is %d characters long, at most %d are allowed", where, n, limit)
	}
	return filled, nil
}

// problem is what a text parameter may not be.
func (p templateParam) problem(where string) *apiError {
	switch p.kind {
	case "text":
		if strings.ContainsAny(p.value, "\n\t\r") || strings.Contains(p.value, "     ") {
			return refuse(132007, "%s: param text cannot have new-line or tab characters, or more than 4 consecutive spaces", where)
		}
	case "currency", "date_time":
		if p.malformed {
			return refuse(132008, "%s: param %s is malformed", where, p.kind)
		}
	default:
		return refuse(132012, "%s: Format mismatch, expected TEXT, received %s", where, strings.ToUpper(p.kind))
	}
	return nil
}

func (use *templateUse) matchButtons(t *Template) *apiError {
	buttons := t.buttons()
	given := map[int]bool{}
	for _, b := range use.buttons {
		if b.index >= len(buttons) {
			return refuse(132000, "buttons: the template has %d buttons, there is none at index %d", len(buttons), b.index)
		}
		given[b.index] = true
		if err := b.match(buttons[b.index]); err != nil {
			return err
		}
	}
	for i, b := range buttons {
		needs := b.Type == "COPY_CODE" || (b.Type == "URL" && len(placeholders(b.URL)) > 0)
		if needs && !given[i] {
			return refuse(131008, "buttons: Button at index %d of type %s requires a parameter", i, b.Type)
		}
	}
	return nil
}

func (b templateButtonUse) match(want TemplateButton) *apiError {
	if !strings.EqualFold(b.kind, want.Type) {
		return refuse(132012, "buttons: Button at index %d is of type %s, received %s", b.index, want.Type, strings.ToUpper(b.kind))
	}
	expected := map[string]string{"url": "text", "quick_reply": "payload", "copy_code": "coupon_code"}[b.kind]
	if expected == "" {
		return nil
	}
	if b.kind == "url" && len(placeholders(want.URL)) == 0 && len(b.params) > 0 {
		return refuse(132000, "buttons: Button at index %d of type URL takes no parameter", b.index)
	}
	if len(b.params) != 1 {
		return refuse(131008, "buttons: Button at index %d of type %s requires a parameter", b.index, want.Type)
	}
	p := b.params[0]
	if p.kind != expected {
		return refuse(132012, "buttons: Button at index %d takes a parameter of type %s, received %s", b.index, expected, p.kind)
	}
	if p.kind == "coupon_code" && utf8.RuneCountInString(p.value) > 15 {
		return refuse(131009, "buttons: the coupon code at index %d is longer than 15 characters", b.index)
	}
	return nil
}
