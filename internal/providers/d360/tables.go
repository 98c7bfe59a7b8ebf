package d360

import (
	"strconv"
	"strings"
	"time"

	"github.com/cirrus/omnichannel/internal/providers"
)

// statusWords are the words of receipts and the step of the ladder each is;
// an empty step is known and says nothing about it.
var statusWords = map[string]providers.MessageStatus{
	"sent":      providers.MessageSent,
	"delivered": providers.MessageDelivered,
	"read":      providers.MessageRead,
	"played":    providers.MessagePlayed,
	"failed":    providers.MessageFailed,
	"deleted":   "",
	"warning":   "",
}

// movingSystems are the system messages that give a person new ids.
var movingSystems = map[string]struct{}{
	"user_changed_number":     {},
	"customer_changed_number": {},
	"user_changed_user_id":    {},
}

// field is what becomes of a change.
type field int

const (
	fieldUnknown field = iota
	fieldMessages
	fieldUserIDs
	fieldNotice
	fieldIgnored
)

// fields are the webhook fields that are known by their full name.
var fields = map[string]field{
	"":                             fieldMessages,
	"messages":                     fieldMessages,
	"smb_message_echoes":           fieldMessages,
	"user_id_update":               fieldUserIDs,
	"security":                     fieldNotice,
	"template_category_update":     fieldNotice,
	"history":                      fieldIgnored,
	"smb_app_state_sync":           fieldIgnored,
	"user_preferences":             fieldIgnored,
	"calls":                        fieldIgnored,
	"business_username_updates":    fieldIgnored,
	"flows":                        fieldIgnored,
	"tracking_events":              fieldIgnored,
	"automatic_events":             fieldIgnored,
	"standby":                      fieldIgnored,
	"messaging_handovers":          fieldIgnored,
	"payment_configuration_update": fieldIgnored,
	"business_capability_update":   fieldNotice,
	"business_status_update":       fieldNotice,
}

// fieldFamilies are the webhook fields that are known by how they begin.
var fieldFamilies = []struct {
	prefix string
	field  field
}{
	{"message_template_", fieldNotice},
	{"phone_number_", fieldNotice},
	{"account_", fieldNotice},
	{"group_", fieldIgnored},
	{"partner_", fieldIgnored},
}

func fieldClass(name string) field {
	if class, ok := fields[name]; ok {
		return class
	}
	for _, family := range fieldFamilies {
		if strings.HasPrefix(name, family.prefix) {
			return family.field
		}
	}
	return fieldUnknown
}

// scope is whom a refusal holds off.
type scope int

const (
	holdsNobody    scope = iota
	holdsNumber          // every send of the channel
	holdsRecipient       // sends to the same recipient
)

// verdict is what a refusal leads to.
type verdict struct {
	reason providers.Reason
	sent   providers.Sent
	retry  bool          // the same request may succeed later
	tell   bool          // the operator must do something
	holds  scope         // whom the pacer holds off
	pause  time.Duration // for how long, where the provider says nothing
	field  string        // of our request, where the code leaves no doubt
	fresh  bool          // worth one try with the file uploaded anew
	advice string        // what to do, in one sentence
}

// row matches an answer by code, else by what its text says, else by status;
// -1 and empty match nothing in particular.
type row struct {
	from, to int // codes, inclusive
	status   int // 0: any; 4, 5: of that hundred
	text     string
	verdict
}

const (
	adviceToken    = "Set the channel's API key again, as 360dialog shows it."
	adviceAccount  = "Look at the number in 360dialog's hub and Meta's Business Manager."
	advicePayment  = "Settle the payment in 360dialog's hub."
	adviceTemplate = "Compare the template with what the templates route lists."
	adviceSlow     = "Send more slowly."
	adviceFields   = "Correct the message; it will never be taken as it is."
	adviceStatus   = "Do not repeat it: the message's status will show what became of it."
	adviceAgain    = "Try again."
)

// rows is the one table from a provider's code and status to what follows. The
// first row that matches decides; codes stand before texts, texts before
// statuses.
var rows = []row{
	// Throttles: certainly not done.
	byCode(4, verdict{reason: providers.ReasonRateLimited, retry: true, holds: holdsNumber, pause: time.Minute, advice: adviceSlow}),
	byCode(80007, verdict{reason: providers.ReasonRateLimited, retry: true, holds: holdsNumber, pause: time.Minute, advice: adviceSlow}),
	byCode(130429, verdict{reason: providers.ReasonRateLimited, retry: true, holds: holdsNumber, pause: 2 * time.Second, advice: adviceSlow}),
	byCode(131048, verdict{reason: providers.ReasonRateLimited, retry: true, holds: holdsNumber, pause: 5 * time.Minute, tell: true,
		advice: "Too many of the number's messages were blocked or reported as spam; look at its quality rating in Meta's Business Manager."}),
	byCode(131056, verdict{reason: providers.ReasonRateLimited, retry: true, holds: holdsRecipient, advice: "Send less often to this recipient."}),
	byCode(133016, verdict{reason: providers.ReasonRateLimited, retry: true, holds: holdsNumber, pause: time.Minute, tell: true,
		advice: "The number was registered or removed too often; wait before the next try."}),

	// Transient: the provider may have done it before it failed.
	byCode(1, verdict{reason: providers.ReasonProviderInternal, sent: providers.Maybe, advice: adviceStatus}),
	byCode(2, verdict{reason: providers.ReasonProviderInternal, sent: providers.Maybe, advice: adviceStatus}),
	byCode(131000, verdict{reason: providers.ReasonProviderInternal, sent: providers.Maybe, advice: adviceStatus}),
	byCode(131016, verdict{reason: providers.ReasonProviderInternal, sent: providers.Maybe, advice: adviceStatus}),
	byCode(131057, verdict{reason: providers.ReasonProviderInternal, retry: true, holds: holdsNumber, pause: 10 * time.Second,
		advice: "The account is being maintained; try again later."}),

	// Files.
	byCode(131053, verdict{reason: providers.ReasonMediaUnavailable, fresh: true, field: "mediaUri", advice: "Check that the file is whole and of a type that WhatsApp plays."}),
	byCode(131052, verdict{reason: providers.ReasonMediaUnavailable, fresh: true, field: "mediaUri", advice: "The file is gone at WhatsApp; ask the contact to send it again."}),

	// Recipients.
	byCode(131021, verdict{reason: providers.ReasonInvalidNumber, advice: "A number cannot write to itself."}),
	byCode(131026, verdict{reason: providers.ReasonNotOnWhatsApp, advice: "The number is not on WhatsApp, or its app is too old, or its owner did not accept the terms."}),
	byCode(131047, verdict{reason: providers.ReasonReplyWindowClosed, advice: "More than 24 hours have passed since the contact's last message; send a template."}),
	byCode(130472, verdict{reason: providers.ReasonRecipientUnavailable, advice: "The recipient is in one of Meta's experiments; wait for the recipient to write."}),
	byCode(131049, verdict{reason: providers.ReasonRecipientUnavailable, advice: "Meta's cap on marketing to this recipient is reached; wait 24 hours at least."}),
	byCode(131050, verdict{reason: providers.ReasonRecipientUnavailable, advice: "The recipient stopped marketing messages from this number."}),

	// Messages.
	byCode(33, verdict{reason: providers.ReasonInvalidMessage, fresh: true, advice: adviceFields}),
	byCode(100, verdict{reason: providers.ReasonInvalidMessage, fresh: true, advice: adviceFields}),
	byCode(131008, verdict{reason: providers.ReasonInvalidMessage, advice: adviceFields}),
	byCode(131009, verdict{reason: providers.ReasonInvalidMessage, fresh: true, advice: adviceFields}),
	byCode(131051, verdict{reason: providers.ReasonInvalidMessage, advice: adviceFields}),
	byCode(131062, verdict{reason: providers.ReasonInvalidMessage, advice: "This message cannot go to a user id; a phone number is needed."}),
	byCode(137000, verdict{reason: providers.ReasonInvalidMessage, advice: "The recipient's identity changed; confirm it before writing on."}),
	byCode(139100, verdict{reason: providers.ReasonInvalidMessage, advice: adviceFields}),

	// Templates.
	byCode(132000, verdict{reason: providers.ReasonInvalidMessage, field: "templateVariables", advice: adviceTemplate}),
	byCode(132001, verdict{reason: providers.ReasonInvalidMessage, field: "template", advice: adviceTemplate}),
	byCode(132005, verdict{reason: providers.ReasonInvalidMessage, field: "templateVariables", advice: "Shorten the variables."}),
	byCode(132007, verdict{reason: providers.ReasonInvalidMessage, field: "template", advice: "The template breaks a policy of Meta's; change it."}),
	byCode(132008, verdict{reason: providers.ReasonInvalidMessage, field: "templateVariables", advice: adviceTemplate}),
	byCode(132012, verdict{reason: providers.ReasonInvalidMessage, field: "templateVariables", advice: adviceTemplate}),
	byCode(132015, verdict{reason: providers.ReasonInvalidMessage, field: "template", tell: true, advice: "The template is paused for its low quality; change it."}),
	byCode(132016, verdict{reason: providers.ReasonInvalidMessage, field: "template", tell: true, advice: "The template is disabled for good; make another one."}),
	byCode(132068, verdict{reason: providers.ReasonInvalidMessage, tell: true, advice: "The flow is blocked; correct it in Meta's Business Manager."}),
	byCode(132069, verdict{reason: providers.ReasonInvalidMessage, tell: true, advice: "The flow is throttled; wait, or correct it in Meta's Business Manager."}),

	// Credential and account.
	byCode(0, verdict{reason: providers.ReasonInvalidToken, tell: true, advice: adviceToken}),
	byCode(190, verdict{reason: providers.ReasonInvalidToken, tell: true, advice: adviceToken}),
	byCode(3, verdict{reason: providers.ReasonAccountBlocked, tell: true, advice: adviceAccount}),
	byCode(10, verdict{reason: providers.ReasonAccountBlocked, tell: true, advice: adviceAccount}),
	byCodes(200, 299, verdict{reason: providers.ReasonAccountBlocked, tell: true, advice: adviceAccount}),
	byCode(368, verdict{reason: providers.ReasonAccountBlocked, tell: true, advice: "Meta blocks the account for a breach of its policies; appeal in Meta's Business Manager."}),
	byCode(131005, verdict{reason: providers.ReasonAccountBlocked, tell: true, advice: adviceAccount}),
	byCode(131031, verdict{reason: providers.ReasonAccountBlocked, tell: true, advice: "Meta locked the account; appeal in Meta's Business Manager."}),
	byCode(131042, verdict{reason: providers.ReasonAccountBlocked, tell: true, advice: advicePayment}),
	byCode(131045, verdict{reason: providers.ReasonAccountBlocked, tell: true, advice: "Register the number in 360dialog's hub."}),
	byCode(130497, verdict{reason: providers.ReasonAccountBlocked, advice: "The account may not write to people of this country."}),

	// 360dialog's own words, which carry no code.
	byText(4, "exceeded the endpoint rate limit", verdict{reason: providers.ReasonRateLimited, retry: true, holds: holdsNumber, pause: 5 * time.Second, advice: adviceSlow}),
	byText(4, "api_key", verdict{reason: providers.ReasonInvalidToken, tell: true, advice: adviceToken}),
	byText(4, "api key", verdict{reason: providers.ReasonInvalidToken, tell: true, advice: adviceToken}),
	byText(4, "payment", verdict{reason: providers.ReasonAccountBlocked, tell: true, advice: advicePayment}),
	byText(4, "disabled", verdict{reason: providers.ReasonAccountBlocked, tell: true, advice: adviceAccount}),
	byText(4, "blocked", verdict{reason: providers.ReasonAccountBlocked, tell: true, advice: adviceAccount}),

	// Bare statuses.
	byStatus(401, verdict{reason: providers.ReasonInvalidToken, tell: true, advice: adviceToken}),
	byStatus(402, verdict{reason: providers.ReasonAccountBlocked, tell: true, advice: advicePayment}),
	byStatus(403, verdict{reason: providers.ReasonAccountBlocked, tell: true, advice: adviceAccount}),
	byStatus(408, verdict{reason: providers.ReasonTimeout, sent: providers.Maybe, advice: adviceStatus}),
	byStatus(413, verdict{reason: providers.ReasonMediaTooLarge, field: "mediaUri", advice: "Send a smaller file."}),
	byStatus(429, verdict{reason: providers.ReasonRateLimited, retry: true, holds: holdsNumber, pause: 5 * time.Second, advice: adviceSlow}),
	byStatus(5, verdict{reason: providers.ReasonProviderInternal, sent: providers.Maybe, advice: adviceStatus}),
	byStatus(4, verdict{reason: providers.ReasonInvalidMessage, advice: adviceFields}),
	byStatus(3, verdict{reason: providers.ReasonProviderInternal, tell: true, advice: "Check the configured base URL of 360dialog: it answers with a redirect."}),
}

// otherwise is the verdict on an answer that no row matches: one that makes no
// sense at all.
var otherwise = verdict{reason: providers.ReasonUnknown, sent: providers.Maybe, advice: adviceStatus}

func byCode(code int, v verdict) row      { return row{from: code, to: code, verdict: v} }
func byCodes(from, to int, v verdict) row { return row{from: from, to: to, verdict: v} }
func byStatus(status int, v verdict) row  { return row{from: -1, to: -1, status: status, verdict: v} }
func byText(status int, text string, v verdict) row {
	return row{from: -1, to: -1, status: status, text: text, verdict: v}
}

// judge finds the row for an answer.
func judge(a answer) verdict {
	code, err := strconv.Atoi(a.code)
	if err != nil {
		code = -1
	}
	text := strings.ToLower(a.message + " " + a.details)
	for _, r := range rows {
		if r.matches(code, a.status, text) {
			return r.verdict
		}
	}
	return otherwise
}

func (r row) matches(code, status int, text string) bool {
	switch {
	case r.from >= 0:
		return code >= r.from && code <= r.to
	case r.text != "":
		// With a code, the text is Meta's and says nothing beyond the code.
		return code < 0 && status/100 == r.status && strings.Contains(text, r.text)
	default:
		return status == r.status || status/100 == r.status
	}
}
