package wire

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"

	"github.com/cirrus/omnichannel/internal/providers"
)

// What has no type of its own on our wire but can be read is written out as a
// text: polls, events, invitations, products, carts.

func pollReader(get func(*waE2E.Message) *waE2E.PollCreationMessage) reader {
	return func(b body) (said, bool) {
		m := get(b.message)
		options := make([]string, 0, len(m.GetOptions()))
		for _, option := range m.GetOptions() {
			options = append(options, option.GetOptionName())
		}
		return text(lines(m.GetName(), bullets(options)))
	}
}

func readEvent(b body) (said, bool) {
	m := b.message.GetEventMessage()
	place := m.GetLocation()
	where := strings.Join(present(place.GetName(), place.GetAddress()), ", ")
	title := m.GetName()
	if title != "" && m.GetIsCanceled() {
		title += " (canceled)"
	}
	return text(lines(title, span(m.GetStartTime(), m.GetEndTime()), where, m.GetDescription(), m.GetJoinLink()))
}

// span writes when an event takes place, in UTC. from and to are Unix seconds,
// 0 not said.
func span(from, to int64) string {
	if from == 0 {
		return ""
	}
	const layout = "2006-01-02 15:04 MST"
	words := time.Unix(from, 0).UTC().Format(layout)
	if to != 0 {
		words += " – " + time.Unix(to, 0).UTC().Format(layout)
	}
	return words
}

func readGroupInvite(b body) (said, bool) {
	m := b.message.GetGroupInviteMessage()
	link := ""
	if m.GetInviteCode() != "" {
		link = "https://chat.whatsapp.com/" + m.GetInviteCode()
	}
	return text(lines(m.GetGroupName(), m.GetCaption(), link))
}

// readProduct reads a product of a catalogue, which goes by its owner's
// number.
func readProduct(b body) (said, bool) {
	m := b.message.GetProductMessage()
	p := m.GetProduct()
	s, ok := text(lines(p.GetTitle(), price(p.GetCurrencyCode(), cmp.Or(p.GetSalePriceAmount1000(), p.GetPriceAmount1000())),
		p.GetDescription(), p.GetURL(), m.GetBody(), m.GetFooter()))
	if id := cmp.Or(p.GetRetailerID(), p.GetProductID()); id != "" {
		s.content.ReferredProduct = &providers.ReferredProduct{CatalogID: addressIn(m.GetBusinessOwnerJID()).Value, ProductRetailerID: id}
	}
	return s, ok
}

// readOrder reads a cart. It does not say which products are in it, so it is
// no order of ours, whose lines would have to be guessed.
func readOrder(b body) (said, bool) {
	m := b.message.GetOrderMessage()
	count := ""
	if n := m.GetItemCount(); n > 0 {
		count = "× " + strconv.Itoa(int(n))
	}
	summary := strings.Join(present(m.GetOrderTitle(), count, price(m.GetTotalCurrencyCode(), m.GetTotalAmount1000())), ", ")
	return text(lines(summary, m.GetMessage()))
}

// price writes an amount that is told in thousandths; empty without one.
func price(currency string, thousandths int64) string {
	if thousandths == 0 {
		return ""
	}
	return strings.TrimSpace(currency + " " + strconv.FormatFloat(float64(thousandths)/1000, 'f', 2, 64))
}

// readCallLog reads the notice that a call was made.
func readCallLog(b body) (said, bool) {
	m := b.message.GetCallLogMesssage()
	kind := "voice"
	if m.GetIsVideo() {
		kind = "video"
	}
	outcome := strings.ToLower(strings.ReplaceAll(m.GetCallOutcome().String(), "_", " "))
	words := fmt.Sprintf("%s call, %s", kind, outcome)
	if n := m.GetDurationSecs(); n > 0 {
		words += fmt.Sprintf(", %d seconds", n)
	}
	return said{content: providers.Content{Type: providers.TypeSystem, System: &providers.System{Type: "call_log", Body: words}}}, true
}
