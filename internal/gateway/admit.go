package gateway

import (
	"context"
	"log/slog"
	"strings"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/web"
)

type contextKey struct{}

// channelOf gives the channel that a request was admitted to.
func channelOf(ctx context.Context) ids.Channel {
	id, _ := ctx.Value(contextKey{}).(ids.Channel)
	return id
}

type codeKey struct{}

// byItsCode tells whether the caller showed the channel's access code.
func byItsCode(ctx context.Context) bool { return ctx.Value(codeKey{}) != nil }

// Admit finds the channel of a number and sees to it that the caller may use
// it. It implements web.Gatekeeper.
func (s *Service) Admit(ctx context.Context, k web.Knock) (context.Context, error) {
	digits, ok := number(k.Number)
	if !ok {
		return nil, fault.New(fault.NotFound, "There is no such route, and %.40q is no number of a channel. The reference is at /docs.", k.Number)
	}
	caller, keyed, err := k.Caller(ctx)
	if err != nil {
		return nil, err
	}
	var found []channels.Channel
	switch {
	case keyed:
		found, err = s.byKey(ctx, digits, caller)
	case k.AccessCode != "":
		found, err = s.byCode(ctx, digits, k)
	default:
		err = fault.New(fault.Unauthenticated, "This route needs an API key (`Authorization: Bearer <key>`, `X-API-Key: <key>`) or the channel's access code (`X-Access-Code: <code>`).")
	}
	if err != nil {
		return nil, err
	}
	if len(found) > 1 {
		list := make([]ids.Channel, 0, len(found))
		for _, ch := range found {
			list = append(list, ch.ID)
		}
		return nil, fault.New(fault.ChannelAmbiguous, "%d accounts have a channel of number %s. Use a key of one of them.", len(found), digits).With("channels", list)
	}
	if keyed {
		ctx = web.WithPrincipal(ctx, caller)
	} else {
		ctx = context.WithValue(web.WithPrincipal(ctx, web.Principal{Account: found[0].Account}), codeKey{}, true)
	}
	return context.WithValue(ctx, contextKey{}, found[0].ID), nil
}

// number reads the first segment: digits, perhaps with `web` before them.
func number(text string) (string, bool) {
	digits := strings.TrimPrefix(strings.TrimPrefix(text, "web"), "+")
	if len(digits) < 6 || len(digits) > 20 || strings.Trim(digits, "0123456789") != "" {
		return "", false
	}
	return digits, true
}

func (s *Service) byKey(ctx context.Context, digits string, caller web.Principal) ([]channels.Channel, error) {
	all, err := s.channels.ByNumber(ctx, providers.WhatsAppWeb, digits)
	if err != nil {
		return nil, err
	}
	var mine []channels.Channel
	for _, ch := range all {
		if caller.May(ch.Account) {
			mine = append(mine, ch)
		}
	}
	if len(mine) == 0 {
		return nil, fault.New(fault.NotFound, "There is no WhatsApp Web channel with number %s for this key.", digits)
	}
	return mine, nil
}

// byCode finds the channel whose access code this is.
func (s *Service) byCode(ctx context.Context, digits string, k web.Knock) ([]channels.Channel, error) {
	if wait := s.guesses.locked(k.Address, digits, s.now()); wait > 0 {
		f := fault.New(fault.RateLimited, "Too many wrong access codes for number %s came from this address. Wait, or use an API key.", digits)
		f.RetryAfter = wait
		return nil, f
	}
	all, err := s.channels.ByNumber(ctx, providers.WhatsAppWeb, digits)
	if err != nil {
		return nil, err
	}
	for _, ch := range all {
		ok, err := s.channels.KnowsAccessCode(ctx, ch.ID, k.AccessCode)
		if err != nil { // one account's trouble is not another's
			slog.WarnContext(ctx, "a channel's access code could not be read", "channel_id", ch.ID.String(), "error", err)
			continue
		}
		if ok {
			s.guesses.right(k.Address, digits)
			return []channels.Channel{ch}, nil
		}
	}
	s.guesses.wrong(k.Address, digits, s.now())
	return nil, fault.New(fault.Unauthenticated, "That is not the access code of a channel with number %s. Ask the account's owner for it; an API key works too.", digits)
}
