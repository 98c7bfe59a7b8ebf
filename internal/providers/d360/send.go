package d360

import (
	"context"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/tolerant"
)

// Send hands one message over: its file first, where it has one, then the
// message. A file that the provider no longer knows is uploaded once more.
func (c *Conn) Send(ctx context.Context, out providers.Outbound) (providers.Receipt, error) {
	if out.To.Kind != providers.KindPhone && out.To.Kind != providers.KindBSUID {
		return providers.Receipt{}, unreachable(out.To.Kind)
	}
	if out.Media == nil {
		return c.post(ctx, out, "")
	}
	mediaID, cached, err := c.mediaID(ctx, out.Media)
	if err != nil {
		return providers.Receipt{}, err
	}
	receipt, err := c.post(ctx, out, mediaID)
	if err == nil || !staleFile(err, cached) {
		return receipt, err
	}
	c.adapter.logger.WarnContext(ctx, "file refused, uploading it once more",
		"channel_id", c.id.String(), "message_id", out.ID.String(), "media_id", out.Media.ID.String())
	c.current().uploads.forget(out.Media.ID)
	if mediaID, _, err = c.mediaID(ctx, out.Media); err != nil {
		return providers.Receipt{}, err
	}
	return c.post(ctx, out, mediaID)
}

// staleFile tells whether a refusal may be the uploaded file's fault: for an id
// from the cache several codes say so, for a new one only the one that asks for
// another try.
func staleFile(err error, cached bool) bool {
	e := providers.AsSendError(err)
	v := judge(answer{code: e.ProviderCode, status: 400})
	return e.Sent == providers.No && v.fresh && (cached || v.reason == providers.ReasonMediaUnavailable)
}

// post sends the message itself.
func (c *Conn) post(ctx context.Context, out providers.Outbound, mediaID string) (providers.Receipt, error) {
	body, err := request(out, mediaID)
	if err != nil {
		return providers.Receipt{}, err
	}
	with := c.current() // the key may change meanwhile
	text, err := c.postJSON(ctx, "messages", body)
	if err != nil {
		e := providers.AsSendError(err)
		e.RetryAfter = c.pacer.refused(out.To, e)
		return providers.Receipt{}, e
	}
	c.pacer.taken(out.To)
	c.worked(with, true)
	return readReceipt(text)
}

// readReceipt reads the answer to a send. Without an id the message may be on
// its way all the same.
func readReceipt(text []byte) (providers.Receipt, error) {
	var taken sendAnswer
	if err := tolerant.Unmarshal(text, &taken); err != nil {
		return providers.Receipt{}, unreadable(err)
	}
	if len(taken.Messages) == 0 || taken.Messages[0].ID == "" {
		return providers.Receipt{}, &providers.SendError{
			Reason: providers.ReasonProviderInternal,
			Sent:   providers.Maybe,
			Detail: "360dialog took the message and gave no id for it. " + adviceStatus,
		}
	}
	receipt := providers.Receipt{ID: ids.ProviderMessage(taken.Messages[0].ID)}
	if status := taken.Messages[0].Status; status != "" && status != "accepted" {
		receipt.Held = string(status)
	}
	if len(taken.Contacts) > 0 {
		receipt.Address = address(tolerant.First(taken.Contacts[0].WaID, taken.Contacts[0].UserID))
	}
	return receipt, nil
}
