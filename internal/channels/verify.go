package channels

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/vault"
)

const (
	// signedWithin is how far the time of a Standard Webhooks signature may be
	// from ours.
	signedWithin = 5 * time.Minute
	// refusedQuiet is how long no webhook may have been refused before a good
	// one takes the note of it away: somebody who goes on guessing must not
	// make the state flicker.
	refusedQuiet = 10 * time.Minute
)

// The headers that prove a secret, beside Authorization.
const (
	secretHeader    = "X-Webhook-Secret"
	signatureHeader = "X-360dialog-Signature" // hex HMAC-SHA256 of the raw body
)

// VerifyWebhook refuses a request that does not prove to know the channel's
// webhook secret: a fault Unauthenticated, which is counted and shown in the
// channel's state. One proof is enough: the secret as a bearer token, in
// X-Webhook-Secret or as ?token=, 360dialog's signature of the body, or a
// Standard Webhooks signature.
func (s *Service) VerifyWebhook(ctx context.Context, ch Channel, header http.Header, query url.Values, body []byte) error {
	l, err := s.loadOpened(ctx, ch.ID)
	if err != nil {
		return err
	}
	if !proves(l.secrets.WebhookSecret, header, query, body, s.now()) {
		return s.refuseWebhook(ctx, l)
	}
	s.noteGood(ctx, l)
	return nil
}

// AdmitWebhook refuses, as VerifyWebhook would, a request that no body can make
// good: without it, anybody could have large bodies read. Admitted is not
// verified; a signature is looked at with the body.
func (s *Service) AdmitWebhook(ctx context.Context, ch Channel, header http.Header, query url.Values) error {
	l, err := s.loadOpened(ctx, ch.ID)
	if err != nil {
		return err
	}
	secret := l.secrets.WebhookSecret
	if knows(secret, header, query) || secret != "" && (isSigned360(header) || isSignedStandard(header, s.now())) {
		return nil
	}
	return s.refuseWebhook(ctx, l)
}

// loadOpened is load for what needs the channel's secrets.
func (s *Service) loadOpened(ctx context.Context, id ids.Channel) (loaded, error) {
	l, err := s.load(ctx, id)
	if err == nil {
		err = l.unopened
	}
	return l, err
}

func (s *Service) refuseWebhook(ctx context.Context, l loaded) error {
	s.metrics.refused.WithLabelValues(string(l.Provider)).Inc()
	s.noteRefused(ctx, l)
	return fault.New(fault.Unauthenticated, "The webhook of channel %s does not prove to know its secret. Send it as `Authorization: Bearer`, as `%s` or as `?token=`, or sign with it.", l.ID, secretHeader)
}

func proves(secret vault.Secret, header http.Header, query url.Values, body []byte, now time.Time) bool {
	return knows(secret, header, query) ||
		secret != "" && (signed360(secret, header, body) || signedStandard(secret, header, body, now))
}

// knows tells whether a request names the secret itself.
func knows(secret vault.Secret, header http.Header, query url.Values) bool {
	if secret == "" {
		return false
	}
	scheme, token, _ := strings.Cut(header.Get("Authorization"), " ")
	return strings.EqualFold(scheme, "Bearer") && equal(secret, strings.TrimSpace(token)) ||
		equal(secret, header.Get(secretHeader)) ||
		equal(secret, query.Get("token"))
}

// equal compares in a time that tells neither the secret nor its length.
func equal(secret vault.Secret, given string) bool {
	if given == "" {
		return false
	}
	want, got := sha256.Sum256([]byte(secret.Reveal())), sha256.Sum256([]byte(given))
	return subtle.ConstantTimeCompare(want[:], got[:]) == 1
}

// signature360 reads 360dialog's signature, with or without `sha256=` before it.
func signature360(header http.Header) ([]byte, bool) {
	signature, err := hex.DecodeString(strings.TrimPrefix(strings.TrimSpace(header.Get(signatureHeader)), "sha256="))
	return signature, err == nil && len(signature) == sha256.Size
}

func isSigned360(header http.Header) bool {
	_, ok := signature360(header)
	return ok
}

func signed360(secret vault.Secret, header http.Header, body []byte) bool {
	signature, ok := signature360(header)
	if !ok {
		return false
	}
	mac := hmac.New(sha256.New, []byte(secret.Reveal()))
	mac.Write(body)
	return hmac.Equal(signature, mac.Sum(nil))
}

// isSignedStandard tells whether there is a Standard Webhooks signature that is
// neither too old nor of the future.
func isSignedStandard(header http.Header, now time.Time) bool {
	if header.Get(standardwebhooks.HeaderWebhookSignature) == "" {
		return false
	}
	seconds, err := strconv.ParseInt(header.Get(standardwebhooks.HeaderWebhookTimestamp), 10, 64)
	return err == nil && now.Sub(time.Unix(seconds, 0)).Abs() <= signedWithin
}

// signedStandard checks a Standard Webhooks signature. A secret that is not in
// that standard's form signs as it is.
func signedStandard(secret vault.Secret, header http.Header, body []byte, now time.Time) bool {
	if !isSignedStandard(header, now) {
		return false
	}
	hook, err := standardwebhooks.NewWebhook(secret.Reveal())
	if err != nil {
		hook, err = standardwebhooks.NewWebhookRaw([]byte(secret.Reveal()))
	}
	return err == nil && hook.VerifyIgnoringTimestamp(body, header) == nil // the time was checked by our clock
}

// refusals remembers when this server last had something to say against a
// webhook of a channel.
type refusals = lru.Cache[ids.Channel, time.Time]

func newRefusals() *refusals {
	seen, _ := lru.New[ids.Channel, time.Time](cacheMost) // fails for a size below one only
	return seen
}

// noteRefused shows in the channel's state that somebody has a wrong secret.
// The refusal stands whether that can be stored or not.
func (s *Service) noteRefused(ctx context.Context, l loaded) {
	now := s.now()
	s.refusals.Add(l.ID, now)
	if l.Webhook.Refused != "" {
		return
	}
	detail := "A webhook without the right secret was refused at " + now.Format(time.RFC3339) +
		". Give its sender the webhook's URL and secret; where the secret is lost, make a new one with PATCH {\"credentials\": {\"webhookSecret\": null}}."
	s.note(ctx, l.ID, func(w *webhook) {
		if w.Refused == "" {
			w.Refused = detail
		}
	})
}

// noteGood notes the first webhook that came in, and takes back what was noted
// of others once it is over.
func (s *Service) noteGood(ctx context.Context, l loaded) {
	at, refused := s.refusals.Get(l.ID)
	over := l.Webhook.Refused != "" && (!refused || s.now().Sub(at) >= refusedQuiet)
	if l.Webhook.Heard && !over {
		return
	}
	s.note(ctx, l.ID, func(w *webhook) {
		if !w.Heard && w.Told == "" {
			w.Problem = "" // somebody told the provider by hand
		}
		w.Heard = true
		if over {
			w.Refused = ""
		}
	})
}

// NoteURL shows in the channel's state that verified webhooks come to a URL whose
// platform config is gone, and takes that back when they come to a good one, gone
// being zero, and no other has come for a while.
func (s *Service) NoteURL(ctx context.Context, ch Channel, gone ids.PlatformConfig) {
	now := s.now()
	if !gone.IsZero() {
		s.astray.Add(ch.ID, now)
	}
	l, err := s.load(ctx, ch.ID)
	if err != nil || (l.Webhook.Astray == "") == gone.IsZero() {
		return
	}
	detail := ""
	if !gone.IsZero() {
		detail = "Webhooks come to a URL that names platform config " + gone.String() + ", which does not exist; they are taken in as if it named the account's default. " +
			"Give their sender the channel's webhook.url as it is now; an account without any platform config needs one first."
	} else if at, seen := s.astray.Get(ch.ID); seen && now.Sub(at) < refusedQuiet {
		return
	}
	s.note(ctx, ch.ID, func(w *webhook) {
		if (w.Astray == "") != gone.IsZero() { // else another server was faster
			w.Astray = detail
		}
	})
}

func (s *Service) note(ctx context.Context, id ids.Channel, fn func(*webhook)) {
	if _, err := s.change(ctx, id, func(r *row) { fn(&r.Webhook) }); err != nil {
		slog.WarnContext(ctx, "a channel's webhook note could not be stored", "channel_id", id.String(), "error", err)
	}
}
