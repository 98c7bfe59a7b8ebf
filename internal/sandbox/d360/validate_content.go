package d360

import "strings"

func checkText(_ *checker, v value, out *send) {
	o := v.object()
	out.text = o.need("body").text(limitText)
	if p := o.maybe("preview_url"); p.there {
		p.boolean()
	}
	o.done()
}

func checkLocation(_ *checker, v value, out *send) {
	o := v.object()
	o.need("latitude").number(-90, 90)
	o.need("longitude").number(-180, 180)
	if n := o.maybe("name"); n.there {
		out.text = n.anyText(1000)
	}
	if a := o.maybe("address"); a.there {
		a.anyText(1000)
	}
	o.done()
}

func checkReaction(c *checker, v value, out *send) {
	o := v.object()
	id := o.need("message_id")
	r := &reactionUse{target: id.text(limitID)}
	r.emoji = o.need("emoji").anyText(32)
	o.done()
	if c.err == nil && !looksLikeWamid(r.target) {
		c.refuse(131009, "Param %s is not a message id.", id.path)
	}
	if c.err == nil && isPlainText(r.emoji) {
		c.refuse(131009, "Param %s is not an emoji.", o.child("emoji"))
	}
	out.reaction, out.text = r, r.emoji
}

// isPlainText tells whether a reaction is letters rather than an emoji. Digits,
// # and * begin keycap emoji.
func isPlainText(s string) bool {
	for _, r := range s {
		if r >= 0x200D {
			return false
		}
	}
	return strings.TrimSpace(s) != ""
}

func checkContacts(c *checker, v value, out *send) {
	var names []string
	for _, item := range v.list(1, 257) {
		names = append(names, checkCard(c, item))
	}
	out.text = strings.Join(names, ", ")
}

func checkCard(_ *checker, v value) string {
	o := v.object()
	name := o.need("name").object()
	formatted := name.need("formatted_name").text(limitID)
	parts := 0
	for _, part := range []string{"first_name", "last_name", "middle_name", "suffix", "prefix"} {
		if p := name.maybe(part); p.there {
			p.anyText(limitID)
			parts++
		}
	}
	if parts == 0 {
		v.c.refuse(131008, "Param %s needs a part besides formatted_name.", name.path)
	}
	name.done()
	if b := o.maybe("birthday"); b.there {
		b.text(10)
	}
	checkCardLists(o)
	if org := o.maybe("org"); org.there {
		checkTexts(org, "company", "department", "title")
	}
	o.done()
	return formatted
}

func checkCardLists(o *object) {
	for name, fields := range map[string][]string{
		"phones":    {"phone", "type", "wa_id", "user_id"},
		"emails":    {"email", "type"},
		"urls":      {"url", "type"},
		"addresses": {"street", "city", "state", "zip", "country", "country_code", "type"},
	} {
		v := o.maybe(name)
		if !v.there {
			continue
		}
		for _, item := range v.list(0, 100) {
			checkTexts(item, fields...)
		}
	}
}

// checkTexts takes an object of which every field is optional and a string.
func checkTexts(v value, names ...string) {
	o := v.object()
	for _, name := range names {
		if f := o.maybe(name); f.there {
			f.anyText(limitCaption)
		}
	}
	o.done()
}

// checkMedia checks the object of a media kind. Audio and stickers take no
// caption, only documents a file name.
func checkMedia(kind string) func(*checker, value, *send) {
	return func(_ *checker, v value, out *send) {
		o := v.object()
		out.media = append(out.media, takeMedia(o, kind))
		if kind != "audio" && kind != "sticker" {
			if caption := o.maybe("caption"); caption.there {
				out.text = caption.anyText(limitCaption)
			}
		}
		if kind == "document" {
			if name := o.maybe("filename"); name.there {
				name.text(240)
			}
		}
		if kind == "audio" {
			if voice := o.maybe("voice"); voice.there {
				out.voiceHint = voice.boolean()
			}
		}
		o.done()
	}
}

// takeMedia takes the id or the link of a media object.
func takeMedia(o *object, kind string) mediaUse {
	use := mediaUse{path: o.path, kind: kind}
	which, v := o.exactlyOne("id", "link")
	switch which {
	case "id":
		use.id = v.text(limitID)
	case "link":
		use.link = v.link()
	}
	return use
}
