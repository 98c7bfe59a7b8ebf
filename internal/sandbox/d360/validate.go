package d360

import (
	"regexp"
	"slices"
)

// Limits of the Cloud API that more than one kind of message shares, in
// characters.
const (
	limitText        = 4096
	limitCaption     = 1024
	limitBody        = 1024
	limitHeader      = 60
	limitFooter      = 60
	limitCallback    = 512
	limitID          = 512
	limitButtonTitle = 20
	limitButtonID    = 256
)

// send is a message that the business asks for, after its shape was found right.
type send struct {
	to        string
	userID    string
	group     string
	kind      string
	text      string // what a phone shows of it, before templates are filled in
	quoted    string
	callback  string
	identity  string
	payload   map[string]any
	media     []mediaUse
	template  *templateUse
	reaction  *reactionUse
	options   []option
	voiceHint bool
}

// mediaUse is a place in a message that shows media, by id or by link.
type mediaUse struct {
	path string
	kind string
	id   string
	link string
}

type reactionUse struct{ target, emoji string }

// option is something a customer can tap.
type option struct {
	kind, id, title, description string
}

// readMark is a request to mark an inbound message as read.
type readMark struct {
	id     string
	typing bool
}

// kinds maps each message type to the function that checks its object.
var kinds = map[string]func(*checker, value, *send){
	"text":        checkText,
	"image":       checkMedia("image"),
	"video":       checkMedia("video"),
	"document":    checkMedia("document"),
	"audio":       checkMedia("audio"),
	"sticker":     checkMedia("sticker"),
	"location":    checkLocation,
	"contacts":    checkContacts,
	"reaction":    checkReaction,
	"interactive": checkInteractive,
	"template":    checkTemplateShape,
}

// groupKinds are the types that a group takes.
var groupKinds = []string{"text", "image", "video", "document", "audio", "sticker", "template"}

var userIDForm = regexp.MustCompile(`^[A-Z]{2}\.(?:ENT\.)?([A-Za-z0-9]+)$`)

// isUserID counts by itself: a pattern with a large count takes half a megabyte.
func isUserID(text string) bool {
	found := userIDForm.FindStringSubmatch(text)
	return found != nil && len(found[1]) <= 128
}

// isReadMark tells which of the two requests of POST /messages this is.
func isReadMark(root any) bool {
	fields, is := root.(map[string]any)
	if !is {
		return false
	}
	_, marks := fields["status"]
	return marks
}

// checkSend validates everything about a send that needs no knowledge of the
// number, of its templates or of its media.
func checkSend(root any, rules RecipientSettings) (*send, *apiError) {
	c := &checker{}
	o := c.root(root)
	out := &send{}
	o.need("messaging_product").oneOf("whatsapp")
	recipientType := o.need("recipient_type").oneOf("individual", "group")
	checkRecipient(c, o, out, recipientType, rules)
	out.kind = o.need("type").text(64)
	if v := o.maybe("biz_opaque_callback_data"); v.there {
		out.callback = v.anyText(limitCallback)
	}
	if v := o.maybe("recipient_identity_key_hash"); v.there {
		out.identity = v.text(limitID)
	}
	checkQuote(o.maybe("context"), out)
	checkPayload(c, o, out)
	o.done()
	if c.err != nil {
		return nil, c.err
	}
	return out, nil
}

func checkRecipient(c *checker, o *object, out *send, recipientType string, rules RecipientSettings) {
	if recipientType == "group" {
		out.group = o.need("to").text(limitID)
		return
	}
	to, user := o.maybe("to"), o.maybe("recipient")
	switch {
	case to.there && user.there:
		c.refuse(131009, "Only one of to and recipient may be given: a phone goes in to, a user id in recipient.")
	case user.there && rules.AcceptUserIDs:
		out.userID = user.text(limitID)
		if c.err == nil && !isUserID(out.userID) {
			c.refuse(131009, "Param recipient is not a business-scoped user id.")
		}
	default:
		if user.there {
			// An account that does not take user ids yet misses the phone.
			delete(o.fields, "recipient")
		}
		out.to = o.need("to").text(limitID)
	}
}

func checkQuote(v value, out *send) {
	if !v.there {
		return
	}
	o := v.object()
	id := o.need("message_id")
	out.quoted = id.text(limitID)
	o.done()
	if v.c.err == nil && !looksLikeWamid(out.quoted) {
		v.c.refuse(131009, "Param %s is not a message id.", id.path)
	}
}

func checkPayload(c *checker, o *object, out *send) {
	if c.err != nil {
		return
	}
	check, known := kinds[out.kind]
	if !known {
		c.refuse(131051, "Message type %q is not supported.", out.kind)
		return
	}
	if out.group != "" && !slices.Contains(groupKinds, out.kind) {
		c.refuse(131051, "Message type %q is not supported in groups.", out.kind)
		return
	}
	if out.kind == "reaction" && out.quoted != "" {
		c.refuse(131009, "A reaction takes no context.")
		return
	}
	payload := o.need(out.kind)
	check(c, payload, out)
	out.payload, _ = payload.v.(map[string]any)
	if list, is := payload.v.([]any); is {
		out.payload = map[string]any{"contacts": list}
	}
}

// checkReadMark validates a request to mark as read, with or without the typing
// indicator.
func checkReadMark(root any) (*readMark, *apiError) {
	c := &checker{}
	o := c.root(root)
	o.need("messaging_product").oneOf("whatsapp")
	o.need("status").oneOf("read")
	id := o.need("message_id")
	out := &readMark{id: id.text(limitID)}
	if v := o.maybe("typing_indicator"); v.there {
		inner := v.object()
		inner.need("type").oneOf("text")
		inner.done()
		out.typing = true
	}
	o.done()
	if c.err == nil && !looksLikeWamid(out.id) {
		c.refuse(131009, "Param %s is not a message id.", id.path)
	}
	if c.err != nil {
		return nil, c.err
	}
	return out, nil
}
