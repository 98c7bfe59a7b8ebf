package wire

import (
	"cmp"

	"go.mau.fi/whatsmeow/proto/waE2E"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// manyForwards is from how many forwards on WhatsApp shows two arrows
// ("forwarded many times"), by its help pages.
const manyForwards = 5

// marks adds what any content may carry.
func marks(info *waE2E.ContextInfo, c providers.Content) providers.Content {
	c.Forwarded = info.GetIsForwarded()
	c.FrequentlyForwarded = c.Forwarded && info.GetForwardingScore() >= manyForwards
	c.Referral = referral(info.GetExternalAdReply())
	return c
}

// quote reads which earlier message is answered.
func (r reading) quote(info *waE2E.ContextInfo) *providers.Quote {
	if info.GetStanzaID() == "" {
		return nil
	}
	q := &providers.Quote{ID: ids.ProviderMessage(info.GetStanzaID()), Text: textOf(info.GetQuotedMessage())}
	author := addressIn(info.GetParticipant())
	if r.wroteIt(author) {
		q.Mine = true
		return q
	}
	q.Author = author
	return q
}

// wroteIt tells whether an author is the channel's own number: by its names,
// or because in a chat of two it is not the other one. Only a name of the
// same kind can tell that.
func (r reading) wroteIt(author providers.Address) bool {
	if author.IsZero() {
		return false
	}
	if r.isOwn(author) {
		return true
	}
	if r.info.IsFromMe {
		return has(addresses(r.info.Sender, r.info.SenderAlt), author)
	}
	if r.group != nil || has(r.from.Addresses, author) {
		return false
	}
	for _, a := range r.from.Addresses {
		if a.Kind == author.Kind {
			return true
		}
	}
	return false
}

// textOf is what there is to read in a quoted message; it may be nothing.
func textOf(m *waE2E.Message) string {
	b := unwrap(m)
	kind := kindOf(b.message)
	if kind == "" || b.isSecret(kind) {
		return ""
	}
	c := read(b, kind).content
	return cmp.Or(c.Text, c.Name)
}

// adReferral is an advertisement as the Cloud API names its fields.
type adReferral struct {
	SourceURL    string      `json:"source_url,omitempty"`
	SourceType   string      `json:"source_type,omitempty"`
	SourceID     string      `json:"source_id,omitempty"`
	Headline     string      `json:"headline,omitempty"`
	Body         string      `json:"body,omitempty"`
	MediaType    string      `json:"media_type,omitempty"`
	ImageURL     string      `json:"image_url,omitempty"`
	VideoURL     string      `json:"video_url,omitempty"`
	ThumbnailURL string      `json:"thumbnail_url,omitempty"`
	ClickID      string      `json:"ctwa_clid,omitempty"`
	Welcome      *adGreeting `json:"welcome_message,omitempty"`
}

type adGreeting struct {
	Text string `json:"text"`
}

// referral reads the advertisement that brought the contact. Some clients use
// the same field to draw a link's preview; those name no advertisement.
func referral(ad *waE2E.ContextInfo_ExternalAdReplyInfo) providers.RawJSON {
	if ad.GetSourceID() == "" && ad.GetCtwaClid() == "" && ad.GetSourceType() == "" {
		return nil
	}
	r := adReferral{
		SourceURL: ad.GetSourceURL(), SourceType: ad.GetSourceType(), SourceID: ad.GetSourceID(),
		Headline: ad.GetTitle(), Body: ad.GetBody(),
		ThumbnailURL: ad.GetThumbnailURL(), ClickID: ad.GetCtwaClid(),
	}
	switch ad.GetMediaType() {
	case waE2E.ContextInfo_ExternalAdReplyInfo_IMAGE:
		r.MediaType, r.ImageURL = "image", cmp.Or(ad.GetOriginalImageURL(), ad.GetMediaURL())
	case waE2E.ContextInfo_ExternalAdReplyInfo_VIDEO:
		r.MediaType, r.VideoURL = "video", ad.GetMediaURL()
	}
	if greeting := ad.GetGreetingMessageBody(); greeting != "" {
		r.Welcome = &adGreeting{Text: greeting}
	}
	return jsonOf(r)
}
