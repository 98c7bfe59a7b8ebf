package d360

import (
	"errors"
	"fmt"
	"strings"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/tolerant"
)

var errNoStatusID = errors.New("a status that names no message was passed over")

// status reads one receipt. Receipts of calls, and the words that are known to
// say nothing about the ladder, are ignored.
func (r *reading) status(e element[status], at string) {
	if e.Err != nil {
		r.problem(at, e.Err)
		return
	}
	s := e.Value
	if s.Type == "call" {
		return
	}
	step, known := statusWords[strings.ToLower(string(s.Status))]
	if !known {
		r.problem(at, fmt.Errorf("status %q is unknown and was passed over", clip(string(s.Status), 40)))
		return
	}
	if step == "" {
		return
	}
	changed := providers.StatusChanged{
		ID:        ids.ProviderMessage(clipID(s.ID)),
		Status:    step,
		Timestamp: s.Timestamp.Time(),
		Address:   s.recipient(),
	}
	if ours, err := ids.Parse[ids.Message](string(s.CallbackData)); err == nil {
		changed.OurID = ours
	}
	if changed.ID == "" && changed.OurID.IsZero() {
		r.problem(at, errNoStatusID)
		return
	}
	if step == providers.MessageFailed {
		changed.Error = s.failure()
	}
	r.add(changed)
}

func (s status) recipient() providers.Address {
	if s.RecipientType == "group" && s.RecipientID != "" && len(s.RecipientID) <= maxAddress {
		return providers.Address{Kind: providers.KindGroup, Value: string(s.RecipientID)}
	}
	if a := address(s.RecipientID); !a.IsZero() {
		return a
	}
	return address(s.RecipientUserID)
}

// failure is the first reason that a failed status gives.
func (s status) failure() *providers.MessageError {
	for _, e := range s.Errors.Items {
		if e.Err == nil {
			return e.Value.failure()
		}
	}
	return &providers.MessageError{
		Code:   string(providers.ReasonUnknown.Code()),
		Detail: "360dialog reported the message as failed and gave no reason.",
	}
}

func (e valueError) failure() *providers.MessageError {
	return &providers.MessageError{
		Code:         string(judge(answer{code: string(e.Code), status: 400}).reason.Code()),
		Title:        string(tolerant.First(e.Title, e.Message)),
		Detail:       string(tolerant.First(e.Data.Value.Details, e.Details, e.Message, e.Title)),
		ProviderCode: string(e.Code),
	}
}

// sentence says an error of a value to people.
func (e valueError) sentence() string {
	text := clip(string(tolerant.First(e.Data.Value.Details, e.Details, e.Message, e.Title, "an error without a text")), 500)
	if e.Code != "" {
		text += " (code " + clip(string(e.Code), 20) + ")"
	}
	return "360dialog reported: " + text
}
