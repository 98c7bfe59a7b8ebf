package d360

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"

	"github.com/cirrus/omnichannel/internal/providers"
)

// SignatureHeader is where 360dialog signs a webhook, for those of its clients
// who have a secret for it.
const SignatureHeader = "x-360dialog-signature"

// VerifySignature tells whether the header is the hex HMAC-SHA256 of the raw
// body under the secret, with or without `sha256=` before it. It takes the same
// time for every wrong signature of the right length. An empty secret verifies
// nothing.
func VerifySignature(secret string, body []byte, header string) bool {
	signature, err := hex.DecodeString(strings.TrimPrefix(strings.TrimSpace(header), "sha256="))
	if err != nil || secret == "" {
		return false
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return hmac.Equal(signature, mac.Sum(nil))
}

// SetWebhook registers where 360dialog delivers this number's events, and the
// headers it sends along. A new API key clears both.
func (c *Conn) SetWebhook(ctx context.Context, address string, headers map[string]string) error {
	_, err := c.postJSON(ctx, "v1/configs/webhook", struct {
		URL     string            `json:"url"`
		Headers map[string]string `json:"headers,omitempty"`
	}{address, headers})
	if err == nil {
		return nil
	}
	e := *providers.AsSendError(repeatable(err))
	if e.Reason == providers.ReasonInvalidMessage && unfitHost(address) {
		e.Detail += " 360dialog takes no webhook host with an underscore or a port; set OMNI_PUBLIC_URL to another one."
	}
	return &e
}

// unfitHost tells whether 360dialog would refuse a webhook's host.
func unfitHost(address string) bool {
	u, err := url.Parse(address)
	return err != nil || strings.Contains(u.Host, "_") || u.Port() != ""
}

// healthAnswer is the answer to GET /health_status; its own id is the number's.
type healthAnswer struct {
	ID     label `json:"id"`
	Health struct {
		CanSend  label              `json:"can_send_message"`
		Entities list[healthEntity] `json:"entities"`
	} `json:"health_status"`
}

type healthEntity struct {
	Type    label             `json:"entity_type"`
	CanSend label             `json:"can_send_message"`
	Errors  list[healthError] `json:"errors"`
	More    list[label]       `json:"additional_info"`
}

type healthError struct {
	Description label `json:"error_description"`
	Solution    label `json:"possible_solution"`
}

// Health asks whether the number can send. LIMITED counts as can, with the
// reason in Detail.
func (c *Conn) Health(ctx context.Context) (providers.Health, error) {
	var h healthAnswer
	if err := c.getJSON(ctx, "health_status", nil, &h); err != nil {
		return providers.Health{}, err
	}
	var why []string
	for _, e := range h.Health.Entities.Items {
		if e.Err == nil && e.Value.CanSend != "AVAILABLE" {
			why = append(why, e.Value.why())
		}
	}
	can := h.Health.CanSend == "AVAILABLE" || h.Health.CanSend == "LIMITED"
	if !can && len(why) == 0 {
		why = []string{"360dialog says " + firstText(clip(string(h.Health.CanSend), 40), "nothing") + " of the number. " + adviceAccount}
	}
	return providers.Health{NumberID: string(h.ID), CanSend: can, Detail: strings.Join(why, " ")}, nil
}

// why says what is wrong with one of the things a number depends on.
func (e healthEntity) why() string {
	text := clip(string(e.Type), 40) + " is " + clip(string(e.CanSend), 40) + "."
	for _, failure := range e.Errors.Items {
		for _, part := range []label{failure.Value.Description, failure.Value.Solution} {
			if part != "" {
				text += " " + ended(clip(string(part), 300))
			}
		}
	}
	for _, more := range e.More.Items {
		if more.Value != "" {
			text += " " + ended(clip(string(more.Value), 300))
		}
	}
	return text
}
