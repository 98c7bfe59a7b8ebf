package d360

import "slices"

// Limits of interactive messages.
const (
	limitReplyButtons   = 3
	limitListButton     = 20
	limitListSections   = 10
	limitListRows       = 10
	limitRowID          = 200
	limitRowTitle       = 24
	limitRowDescription = 72
	limitSectionTitle   = 24
	limitProductItems   = 30
	limitFlowCTA        = 30
	limitCarouselCards  = 10
)

// interactiveForm says which parts an interactive type takes besides its action.
type interactiveForm struct {
	action  func(*checker, *object, *send)
	headers []string // header types it takes; none: no header at all
	header  bool     // the header is required
	body    bool     // the body is required
	footer  bool     // it takes a footer
}

var mediaHeaders = []string{"text", "image", "video", "document"}

// interactiveForms holds every interactive type there is.
var interactiveForms = map[string]interactiveForm{
	"button":                   {action: checkReplyButtons, headers: mediaHeaders, body: true, footer: true},
	"list":                     {action: checkList, headers: []string{"text"}, body: true, footer: true},
	"cta_url":                  {action: checkCTA, headers: mediaHeaders, body: true, footer: true},
	"flow":                     {action: checkFlow, headers: mediaHeaders, body: true, footer: true},
	"product":                  {action: checkProduct, footer: true},
	"product_list":             {action: checkProductList, headers: []string{"text"}, header: true, body: true, footer: true},
	"catalog_message":          {action: checkCatalog, body: true, footer: true},
	"location_request_message": {action: checkNamed("send_location"), body: true},
	"call_permission_request":  {action: checkNamed("call_permission_request")},
	"request_contact_info":     {action: checkNamed("request_contact_info"), body: true},
	"order_details":            {action: checkOrderDetails, headers: mediaHeaders, body: true, footer: true},
	"order_status":             {action: checkOrderStatus, body: true, footer: true},
	"carousel":                 {action: checkCarousel, body: true},
}

func checkInteractive(c *checker, v value, out *send) {
	o := v.object()
	kind := o.need("type").text(64)
	form, known := interactiveForms[kind]
	if !known {
		c.refuse(131009, "Param %s is %q, which is no interactive type.", o.child("type"), kind)
		return
	}
	checkHeader(c, o, form, out)
	checkBody(o, form, out)
	if form.footer {
		checkFooter(o.maybe("footer"))
	}
	form.action(c, o.need("action").object(), out)
	o.done()
}

func checkHeader(c *checker, o *object, form interactiveForm, out *send) {
	if len(form.headers) == 0 {
		return
	}
	v := o.maybe("header")
	if !v.there {
		if form.header {
			o.need("header")
		}
		return
	}
	h := v.object()
	kind := h.need("type").text(32)
	if c.err == nil && !slices.Contains(form.headers, kind) {
		c.refuse(131009, "Param %s must be one of %q, it is %q.", h.child("type"), form.headers, kind)
		return
	}
	if kind == "text" {
		h.need("text").text(limitHeader)
	} else {
		checkHeaderMedia(h, kind, out)
	}
	h.done()
}

func checkHeaderMedia(h *object, kind string, out *send) {
	media := h.need(kind).object()
	out.media = append(out.media, takeMedia(media, kind))
	if kind == "document" {
		if name := media.maybe("filename"); name.there {
			name.text(240)
		}
	}
	media.done()
}

func checkBody(o *object, form interactiveForm, out *send) {
	v := o.maybe("body")
	if form.body {
		v = o.need("body")
	}
	if !v.there {
		return
	}
	body := v.object()
	out.text = body.need("text").text(limitBody)
	body.done()
}

func checkFooter(v value) {
	if !v.there {
		return
	}
	o := v.object()
	o.need("text").text(limitFooter)
	o.done()
}

func checkReplyButtons(c *checker, o *object, out *send) {
	ids, titles := map[string]bool{}, map[string]bool{}
	for _, item := range o.need("buttons").list(1, limitReplyButtons) {
		b := item.object()
		b.need("type").oneOf("reply")
		reply := b.need("reply").object()
		id, title := reply.need("id").text(limitButtonID), reply.need("title").text(limitButtonTitle)
		reply.done()
		b.done()
		if ids[id] || titles[title] {
			c.refuse(131009, "Param %s repeats an id or a title.", reply.path)
		}
		ids[id], titles[title] = true, true
		out.options = append(out.options, option{kind: "button_reply", id: id, title: title})
	}
	o.done()
}

func checkList(c *checker, o *object, out *send) {
	o.need("button").text(limitListButton)
	sections := o.need("sections").list(1, limitListSections)
	rows, ids := 0, map[string]bool{}
	for _, item := range sections {
		s := item.object()
		checkSectionTitle(s, len(sections))
		for _, row := range s.need("rows").list(1, 1000) {
			rows++
			opt := checkRow(row)
			if ids[opt.id] {
				c.refuse(131009, "Param %s repeats the row id %q.", row.path, opt.id)
			}
			ids[opt.id] = true
			out.options = append(out.options, opt)
		}
		s.done()
	}
	if rows > limitListRows {
		c.refuse(131009, "Param %s has %d rows in total, at most %d are allowed.", o.child("sections"), rows, limitListRows)
	}
	o.done()
}

func checkSectionTitle(s *object, sections int) {
	if title := s.maybe("title"); title.there {
		title.text(limitSectionTitle)
	} else if sections > 1 {
		s.need("title")
	}
}

func checkRow(v value) option {
	o := v.object()
	opt := option{kind: "list_reply", id: o.need("id").text(limitRowID), title: o.need("title").text(limitRowTitle)}
	if d := o.maybe("description"); d.there {
		opt.description = d.anyText(limitRowDescription)
	}
	o.done()
	return opt
}

func checkCTA(_ *checker, o *object, _ *send) {
	o.need("name").oneOf("cta_url")
	p := o.need("parameters").object()
	p.need("display_text").text(limitButtonTitle)
	p.need("url").link()
	p.done()
	o.done()
}

func checkFlow(_ *checker, o *object, _ *send) {
	o.need("name").oneOf("flow")
	p := o.need("parameters").object()
	p.need("flow_message_version").oneOf("3")
	_, which := p.exactlyOne("flow_id", "flow_name")
	which.text(limitID)
	p.need("flow_cta").text(limitFlowCTA)
	if v := p.maybe("flow_token"); v.there {
		v.anyText(limitText)
	}
	if v := p.maybe("mode"); v.there {
		v.oneOf("draft", "published")
	}
	action := "navigate"
	if v := p.maybe("flow_action"); v.there {
		action = v.oneOf("navigate", "data_exchange")
	}
	if v := p.maybe("flow_action_payload"); v.there {
		payload := v.object()
		if action == "navigate" {
			payload.need("screen").text(limitID)
		} else {
			payload.maybe("screen")
		}
		if d := payload.maybe("data"); d.there {
			d.anything()
		}
		payload.done()
	}
	p.done()
	o.done()
}

// checkNamed takes an action that is only its name.
func checkNamed(name string) func(*checker, *object, *send) {
	return func(_ *checker, o *object, _ *send) {
		o.need("name").oneOf(name)
		o.done()
	}
}
