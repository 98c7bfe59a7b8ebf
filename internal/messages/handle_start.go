package messages

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

type startRequest struct {
	To             string            `json:"to" validate:"required,max=160"`
	UserName       string            `json:"userName" validate:"max=512"`
	CompanyName    string            `json:"companyName" validate:"max=512"`
	Template       string            `json:"template" validate:"required,max=512"`
	Variables      []string          `json:"templateVariables" validate:"max=100,dive,max=4096"`
	Language       string            `json:"language" validate:"max=20"`
	Channel        ids.Channel       `json:"channelId"`
	HeaderMediaURI string            `json:"headerMediaUri" validate:"max=4096"`
	Buttons        []startButton     `json:"buttons" validate:"max=10,dive"`
	Components     providers.RawJSON `json:"components"`
	AgentName      string            `json:"agentName" validate:"max=100"`
}

type startButton struct {
	Index int    `json:"index" validate:"gte=0,lte=9"`
	Type  string `json:"type" validate:"required,oneof=quick_reply url copy_code"`
	Value string `json:"value" validate:"required,max=2000"`
}

// handleStart opens, or finds, contact and session, and sends a template.
func (s *Service) handleStart(ctx context.Context, req *startRequest) (SendAnswer, error) {
	if sent, there, err := s.earlier(ctx); there || err != nil {
		return sent, err
	}
	address, err := startRecipient(req.To)
	if err != nil {
		return SendAnswer{}, err
	}
	t, err := s.choose(ctx, req.Channel, providers.D360)
	if err != nil {
		return SendAnswer{}, err
	}
	t.name, t.company = req.UserName, req.CompanyName
	if err := s.known(ctx, &t, address); err != nil {
		return SendAnswer{}, err
	}
	content := providers.Content{Type: providers.TypeTemplate, Name: req.Template, Language: req.Language}
	if content.Language == "" {
		content.Language = t.ch.Settings.TemplateLanguage
	}
	if content.Components, err = req.components(s.variableNames(ctx, t.ch.ID, req.Variables, content)); err != nil {
		return SendAnswer{}, err
	}
	answer, err := s.send(ctx, t, Draft{AgentName: req.AgentName, MediaURI: req.HeaderMediaURI}, content)
	return answer, onHeader(err)
}

// onHeader names what is wrong with a template's file by this route's name for it.
func onHeader(err error) error {
	var f *fault.Error
	if errors.As(err, &f) {
		for i := range f.Fields {
			if f.Fields[i].Field == "mediaUri" {
				f.Fields[i].Field = "headerMediaUri"
			}
		}
	}
	return err
}

// variableNames gives the names by which a template's body calls its variables,
// where there are any to fill; nil: they have numbers, or nobody knows now.
func (s *Service) variableNames(ctx context.Context, channel ids.Channel, values []string, template providers.Content) []string {
	if len(values) == 0 {
		return nil
	}
	conn, err := s.channels.Conn(ctx, channel)
	if err != nil {
		return nil // the send says so, in its turn
	}
	reader, ok := conn.(providers.TemplateReader)
	if !ok {
		return nil
	}
	return reader.VariableNames(ctx, template.Name, template.Language)
}

// startRecipient takes a number, or a business-scoped user id.
func startRecipient(text string) (providers.Address, error) {
	if providers.LooksLikeBSUID(text) {
		return providers.Address{Kind: providers.KindBSUID, Value: text}, nil
	}
	address, err := providers.ParseRecipient(text)
	if err != nil || address.Kind != providers.KindPhone {
		return providers.Address{}, fault.New(fault.InvalidNumber, "to %.40q is not a number with its country code.", text).On("to", "malformed")
	}
	return address, nil
}

// components writes what the caller gave as the Cloud API has it; components
// given as such replace all the rest. names are those of the body's variables,
// if they have any.
func (r *startRequest) components(names []string) (providers.RawJSON, error) {
	if len(r.Components) > 0 {
		var list []map[string]any
		if json.Unmarshal(r.Components, &list) != nil {
			return nil, fault.Invalid("components", "type", "Components are a list of objects, as the Cloud API has them.")
		}
		return r.Components, nil
	}
	list := []any{}
	if len(r.Variables) > 0 {
		parameters := []any{}
		for i, value := range r.Variables {
			parameter := map[string]any{"type": "text", "text": value}
			if i < len(names) {
				parameter["parameter_name"] = names[i]
			}
			parameters = append(parameters, parameter)
		}
		list = append(list, map[string]any{"type": "body", "parameters": parameters})
	}
	for _, button := range r.Buttons {
		list = append(list, button.component())
	}
	return providers.RawJSON(mustJSON(list)), nil
}

func (b startButton) component() map[string]any {
	parameter := map[string]any{"type": "text", "text": b.Value}
	switch b.Type {
	case "quick_reply":
		parameter = map[string]any{"type": "payload", "payload": b.Value}
	case "copy_code":
		parameter = map[string]any{"type": "coupon_code", "coupon_code": b.Value}
	}
	return map[string]any{"type": "button", "sub_type": b.Type, "index": strconv.Itoa(b.Index), "parameters": []any{parameter}}
}
