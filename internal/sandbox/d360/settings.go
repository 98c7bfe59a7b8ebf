package d360

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// Settings are the behaviours that no document settles, or that a test wants
// otherwise. Durations are milliseconds. The zero value is not meant to be used:
// start from DefaultSettings.
type Settings struct {
	// Window says how a free-form message outside of the 24 hours is refused:
	// "sync" (400 with 131047), "async" (200, then a failed status) or "off" (it
	// is delivered).
	Window string `json:"window"`
	// Unauthorized is the shape of a 401: "hub" or "string".
	Unauthorized Shape             `json:"unauthorized"`
	Recipients   RecipientSettings `json:"recipients"`
	Throttles    ThrottleSettings  `json:"throttles"`
	Statuses     StatusSettings    `json:"statuses"`
	Webhooks     WebhookSettings   `json:"webhooks"`
	Media        MediaSettings     `json:"media"`
	// AutoReply is what customers do who have no script of their own.
	AutoReply AutoReply `json:"autoReply"`
}

// RecipientSettings govern how recipients are read and shown.
type RecipientSettings struct {
	// RewriteWithoutPlus prepends the business's country code to a `to` that does
	// not start with "+".
	RewriteWithoutPlus bool `json:"rewriteWithoutPlus"`
	// AcceptUserIDs lets `recipient` carry a business-scoped user id.
	AcceptUserIDs bool `json:"acceptUserIds"`
	// ShowUserIDs adds user ids to webhooks beside the phone.
	ShowUserIDs bool `json:"showUserIds"`
}

// ThrottleSettings are the rates that the real service enforces; zero is off.
type ThrottleSettings struct {
	// PairBurst and PairEveryMS: a recipient may get PairBurst messages at once,
	// and then one every PairEveryMS.
	PairBurst   int `json:"pairBurst"`
	PairEveryMS int `json:"pairEveryMs"`
	// MessagesPerSecond is the throughput of a number, both directions.
	MessagesPerSecond int `json:"messagesPerSecond"`
	UploadsPerSecond  int `json:"uploadsPerSecond"`
	// MediaErrors is how many failed GET /{media-id} within an hour block the
	// endpoint for half an hour.
	MediaErrors int `json:"mediaErrors"`
}

// StatusSettings govern the receipts of what the business sends. Delays count
// from the answer to the send.
type StatusSettings struct {
	Enabled     bool `json:"enabled"`
	SentMS      int  `json:"sentMs"`
	DeliveredMS int  `json:"deliveredMs"`
	ReadMS      int  `json:"readMs"`
	PlayedMS    int  `json:"playedMs"`
	// Read says whether customers with no setting of their own read at all.
	Read bool `json:"read"`
	// BeforeResponse holds the answer to a send back until its first status was
	// delivered.
	BeforeResponse bool `json:"beforeResponse"`
	// Pricing is "PMP", "CBP" (adds `conversation`) or "none".
	Pricing string `json:"pricing"`
}

// WebhookSettings govern how events are delivered.
type WebhookSettings struct {
	// Envelope is "cloud" (object, entry, changes) or "flat" (the arrays at the
	// top level).
	Envelope string `json:"envelope"`
	// SignatureSecret, when set, adds x-360dialog-signature; SignaturePrefix puts
	// "sha256=" in front of it.
	SignatureSecret string `json:"signatureSecret"`
	SignaturePrefix bool   `json:"signaturePrefix"`
	TimeoutMS       int    `json:"timeoutMs"`
	// MaxAttempts bounds the deliveries of one webhook, BackoffMS and
	// BackoffMaxMS the pause between them, which doubles.
	MaxAttempts  int `json:"maxAttempts"`
	BackoffMS    int `json:"backoffMs"`
	BackoffMaxMS int `json:"backoffMaxMs"`
	// Batch puts up to this many events into one webhook; GatherMS is how long
	// the first one waits for the others.
	Batch    int `json:"batch"`
	GatherMS int `json:"gatherMs"`
	// Shuffle permutes the events that were gathered.
	Shuffle bool `json:"shuffle"`
	// Duplicates is how many times more each webhook is delivered.
	Duplicates int `json:"duplicates"`
	// StrictURL refuses webhook hosts with "_" or a port, as the real service
	// does; off, because developers listen on ports.
	StrictURL bool `json:"strictUrl"`
	// Timestamps is "string" (seconds), "int" (seconds) or "millis" (a string).
	Timestamps string `json:"timestamps"`
}

// MediaSettings govern media.
type MediaSettings struct {
	// SizeAsString answers file_size as a string.
	SizeAsString bool `json:"sizeAsString"`
	// InlineURL adds `url` to the media of inbound messages.
	InlineURL bool `json:"inlineUrl"`
	// FetchLinks fetches what is sent by link, and fails the message with 131053
	// when that does not work. Off: nothing is fetched, every link is good.
	FetchLinks bool `json:"fetchLinks"`
	// CheckBytes fails a message with 131053 when the bytes of its media are not
	// what their type says.
	CheckBytes bool `json:"checkBytes"`
	// AnyDocumentType lets the upload take types beyond those listed by Meta.
	AnyDocumentType bool `json:"anyDocumentType"`
}

// AutoReply makes a customer answer every business message by itself.
type AutoReply struct {
	// Mode is "off", "echo" (the text comes back behind Prefix), "script" (Replies
	// in turn, then silence) or "choose" (taps the first button or row there is).
	Mode    string   `json:"mode"`
	Prefix  string   `json:"prefix,omitempty"`
	Replies []string `json:"replies,omitempty"`
	DelayMS int      `json:"delayMs,omitempty"`
}

// DefaultSettings are those of the real service, as far as it is known, with
// receipts quick enough to watch.
func DefaultSettings() Settings {
	return Settings{
		Window:       "async",
		Unauthorized: ShapeHub,
		Recipients:   RecipientSettings{RewriteWithoutPlus: true, AcceptUserIDs: true, ShowUserIDs: true},
		Throttles:    ThrottleSettings{PairBurst: 45, PairEveryMS: 6000, MessagesPerSecond: 80, UploadsPerSecond: 25, MediaErrors: 20},
		Statuses:     StatusSettings{Enabled: true, SentMS: 50, DeliveredMS: 250, ReadMS: 1200, PlayedMS: 2500, Read: true, Pricing: "PMP"},
		Webhooks: WebhookSettings{
			Envelope: "cloud", TimeoutMS: 5000, MaxAttempts: 20, BackoffMS: 1000, BackoffMaxMS: 600_000,
			Batch: 1, GatherMS: 20, Timestamps: "string",
		},
		Media:     MediaSettings{CheckBytes: true},
		AutoReply: AutoReply{Mode: "off"},
	}
}

// Check says which setting has a value that does not exist.
func (s Settings) Check() error {
	for _, choice := range []struct {
		name, value string
		options     []string
	}{
		{"window", s.Window, []string{"sync", "async", "off"}},
		{"unauthorized", string(s.Unauthorized), []string{string(ShapeHub), string(ShapeString)}},
		{"statuses.pricing", s.Statuses.Pricing, []string{"PMP", "CBP", "none"}},
		{"webhooks.envelope", s.Webhooks.Envelope, []string{"cloud", "flat"}},
		{"webhooks.timestamps", s.Webhooks.Timestamps, []string{"string", "int", "millis"}},
	} {
		if !slices.Contains(choice.options, choice.value) {
			return fmt.Errorf("setting %s is %q: must be one of %q", choice.name, choice.value, choice.options)
		}
	}
	if err := s.checkRanges(); err != nil {
		return err
	}
	return s.AutoReply.check("autoReply")
}

func (s Settings) checkRanges() error {
	const day = 86_400_000
	for _, r := range []struct {
		name            string
		value, min, max int
	}{
		{"throttles.pairBurst", s.Throttles.PairBurst, 0, 1_000_000},
		{"throttles.pairEveryMs", s.Throttles.PairEveryMS, 0, day},
		{"throttles.messagesPerSecond", s.Throttles.MessagesPerSecond, 0, 1_000_000},
		{"throttles.uploadsPerSecond", s.Throttles.UploadsPerSecond, 0, 1_000_000},
		{"throttles.mediaErrors", s.Throttles.MediaErrors, 0, 1000},
		{"statuses.sentMs", s.Statuses.SentMS, 0, day},
		{"statuses.deliveredMs", s.Statuses.DeliveredMS, 0, day},
		{"statuses.readMs", s.Statuses.ReadMS, 0, day},
		{"statuses.playedMs", s.Statuses.PlayedMS, 0, day},
		{"webhooks.timeoutMs", s.Webhooks.TimeoutMS, 1, day},
		{"webhooks.maxAttempts", s.Webhooks.MaxAttempts, 1, 1000},
		{"webhooks.backoffMs", s.Webhooks.BackoffMS, 0, day},
		{"webhooks.backoffMaxMs", s.Webhooks.BackoffMaxMS, 0, day},
		{"webhooks.batch", s.Webhooks.Batch, 1, 1000},
		{"webhooks.gatherMs", s.Webhooks.GatherMS, 0, day},
		{"webhooks.duplicates", s.Webhooks.Duplicates, 0, 100},
	} {
		if r.value < r.min || r.value > r.max {
			return fmt.Errorf("setting %s is %d: must be between %d and %d", r.name, r.value, r.min, r.max)
		}
	}
	return nil
}

func (a AutoReply) check(name string) error {
	if !slices.Contains([]string{"off", "echo", "script", "choose"}, a.Mode) {
		return fmt.Errorf("setting %s.mode is %q: must be off, echo, script or choose", name, a.Mode)
	}
	if a.Mode == "script" && len(a.Replies) == 0 {
		return fmt.Errorf("setting %s.replies is empty: a script needs at least one reply", name)
	}
	if a.DelayMS < 0 {
		return fmt.Errorf("setting %s.delayMs is %d: must not be negative", name, a.DelayMS)
	}
	return nil
}

// merge reads patch over the settings; what it does not name stays.
func (s Settings) merge(patch []byte) (Settings, error) {
	// Decoding into a slice writes into its array, which the settings in force share.
	s.AutoReply.Replies = slices.Clone(s.AutoReply.Replies)
	dec := json.NewDecoder(bytes.NewReader(patch))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&s); err != nil {
		return Settings{}, fmt.Errorf("settings: %w", err)
	}
	return s, s.Check()
}
