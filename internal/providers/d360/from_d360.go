package d360

import (
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/tolerant"
)

// maxProblems bounds what one webhook can write into the log.
const maxProblems = 100

var errMoreProblems = errors.New("further elements could not be read either")

var errNoWebhook = errors.New("the body is no 360dialog webhook: neither `entry` nor one of `messages`, `statuses`, `contacts`, `errors` is there")

// Receive reads a webhook in either shape. It fails only when the body as a
// whole is no webhook; what single elements cost is in Received.Problems,
// named by their place and never by their content.
func (a *Adapter) Receive(body []byte, _ time.Time) (providers.Received, error) {
	var hook webhook
	if err := tolerant.Unmarshal(body, &hook); err != nil {
		return providers.Received{}, fmt.Errorf("360dialog webhook: %w", err)
	}
	flat := hook.Messages.Present || hook.Echoes.Present || hook.Statuses.Present || hook.Contacts.Present || hook.Errors.Present
	if !hook.Entry.Present && !flat {
		return providers.Received{}, errNoWebhook
	}
	var r reading
	if flat {
		r.value(hook.value, "")
	}
	for i, e := range hook.Entry.Items {
		if e.Err != nil {
			r.problem(fmt.Sprintf("entry %d", i), e.Err)
			continue
		}
		r.changes(e.Value.Changes, i)
	}
	return r.out, nil
}

// reading collects what one webhook holds. number and at say where it is.
type reading struct {
	out    providers.Received
	number string
}

func (r *reading) add(payload providers.InboundPayload) {
	r.out.Items = append(r.out.Items, providers.Routed{Number: r.number, Payload: payload})
}

// problem keeps a problem for the log, where the first hundred say enough.
func (r *reading) problem(at string, err error) {
	switch n := len(r.out.Problems); {
	case n < maxProblems:
		r.out.Problems = append(r.out.Problems, fmt.Errorf("%s: %w", at, err))
	case n == maxProblems:
		r.out.Problems = append(r.out.Problems, errMoreProblems)
	}
}

func (r *reading) changes(changes list[change], entry int) {
	for i, c := range changes.Items {
		at := fmt.Sprintf("entry %d, change %d", entry, i)
		if c.Err != nil {
			r.problem(at, c.Err)
			continue
		}
		r.change(c.Value, at)
	}
}

// change reads one change by its field. Fields that are known and ignored are
// no problem; unknown ones are.
func (r *reading) change(c change, at string) {
	switch class := fieldClass(string(c.Field)); class {
	case fieldMessages:
		var v value
		if err := tolerant.Unmarshal(c.Value, &v); err != nil {
			r.problem(at, err)
			return
		}
		r.value(v, at+", ")
	case fieldUserIDs:
		r.userIDs(c.Value, at)
	case fieldNotice:
		r.notice(string(c.Field), c.Value)
	case fieldIgnored:
	default:
		r.problem(at, fmt.Errorf("field %q is unknown and was passed over", clip(string(c.Field), 60)))
	}
}

// value reads one value's lists: messages, echoes, statuses, errors.
func (r *reading) value(v value, at string) {
	r.number = string(v.Metadata.Value.PhoneNumberID)
	people := cards(v.Contacts)
	for i, m := range v.Messages.Items {
		r.message(m, people, v.Errors, false, fmt.Sprintf("%smessage %d", at, i))
	}
	for i, m := range v.Echoes.Items {
		r.message(m, people, v.Errors, true, fmt.Sprintf("%smessage echo %d", at, i))
	}
	for i, s := range v.Statuses.Items {
		r.status(s, fmt.Sprintf("%sstatus %d", at, i))
	}
	for i, e := range v.Errors.Items {
		if e.Err != nil {
			r.problem(fmt.Sprintf("%serror %d", at, i), e.Err)
			continue
		}
		r.add(providers.ChannelNotice{Kind: "errors", Detail: e.Value.sentence(), Raw: tolerant.Keep(e.Raw)})
	}
	r.number = ""
}

// notice hands on news about the account, its numbers or its templates.
func (r *reading) notice(field string, raw jsontext.Value) {
	var v struct {
		Metadata loose[metadata] `json:"metadata"`
		Event    label           `json:"event"`
		Template label           `json:"message_template_name"`
		Reason   label           `json:"reason"`
		Decision label           `json:"decision"`
	}
	if tolerant.Unmarshal(raw, &v) == nil {
		r.number = string(v.Metadata.Value.PhoneNumberID)
	}
	detail := "360dialog reported " + field
	for _, part := range []struct {
		name string
		text label
	}{{"template", v.Template}, {"event", v.Event}, {"decision", v.Decision}, {"reason", v.Reason}} {
		if part.text != "" {
			detail += fmt.Sprintf(", %s %s", part.name, clip(string(part.text), 200))
		}
	}
	r.add(providers.ChannelNotice{Kind: field, Detail: detail + ".", Raw: tolerant.Keep(raw)})
	r.number = ""
}

// clip keeps foreign text that goes into a sentence short.
func clip(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	runes := []rune(text[:min(len(text), limit*4)])
	return string(runes[:min(len(runes), limit)]) + "…"
}
