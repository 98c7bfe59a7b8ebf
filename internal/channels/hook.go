package channels

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/platforms"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/web"
)

// HookView is a number's own webhook on the wire. Secret stands in the answer
// that made it only.
type HookView struct {
	URL       string             `json:"url"`
	Events    []string           `json:"events"` // the types it hears; empty: all
	State     hookState          `json:"state"`
	Config    ids.PlatformConfig `json:"platformConfigId"`
	CreatedAt *int64             `json:"createdAt"` // Unix seconds
	Secret    string             `json:"secret,omitempty"`
}

// hookState is how its URL takes events.
type hookState struct {
	Status platforms.Status `json:"status"`
	Since  *int64           `json:"since"` // Unix seconds
	Detail string           `json:"detail"`
}

func hookView(c platforms.Config) HookView {
	wanted := c.Events
	if wanted == nil {
		wanted = []string{}
	}
	return HookView{
		URL: c.URL, Events: wanted, Config: c.ID, CreatedAt: web.Seconds(c.CreatedAt),
		State: hookState{Status: c.State.Status, Since: web.Seconds(c.State.Since), Detail: c.State.Detail},
	}
}

// hookSlug is the short name of the webhook of a channel. It is not made of the
// number, which may become another's.
func hookSlug(id ids.Channel) string { return "number-" + id.String() }

// SetHook gives a channel a webhook of its own, which hears what happens to its
// number, or changes it; events nil leaves as they are the types it hears. The
// secret is given only where the webhook is new.
func (s *Service) SetHook(ctx context.Context, id ids.Channel, url string, wanted *[]string) (HookView, error) {
	r, err := s.read(ctx, id)
	if err != nil {
		return HookView{}, err
	}
	config, secret, err := s.platforms.SetHook(ctx, platforms.Hook{Account: r.Account, Channel: id, Slug: hookSlug(id), URL: url, Events: wanted})
	if err != nil {
		return HookView{}, err
	}
	if _, err := s.read(ctx, id); err != nil { // deleted meanwhile
		if _, ending := s.platforms.EndHook(ctx, r.Account, id); ending != nil {
			return HookView{}, ending
		}
		return HookView{}, err
	}
	view := hookView(config)
	view.Secret = secret.Reveal()
	return view, nil
}

// Hook gives a channel's own webhook; fault NotFound when it has none.
func (s *Service) Hook(ctx context.Context, id ids.Channel) (HookView, error) {
	r, err := s.read(ctx, id)
	if err != nil {
		return HookView{}, err
	}
	config, there, err := s.platforms.OfChannel(ctx, r.Account, id)
	if err == nil && !there {
		err = noHook(r)
	}
	return hookView(config), err
}

// EndHook ends a channel's own webhook; what waits for it is kept as failed.
func (s *Service) EndHook(ctx context.Context, id ids.Channel) error {
	r, err := s.read(ctx, id)
	if err != nil {
		return err
	}
	there, err := s.platforms.EndHook(ctx, r.Account, id)
	if err == nil && !there {
		err = noHook(r)
	}
	return err
}

func noHook(r row) error {
	return fault.New(fault.NotFound, "Number %s has no webhook of its own. Set one with PUT /%s/webhook.", r.Identifier, r.Identifier)
}

// connectionNews is what the number's own webhook hears of its connection.
type connectionNews struct {
	Status providers.Status `json:"status"`
	Detail string           `json:"detail,omitempty"`
	Number string           `json:"number,omitempty"` // that the device is linked to
}

// newsOf says which events a changed condition makes, in their order.
func newsOf(before, after row) []events.Type {
	var list []events.Type
	if before.Link.Number == "" && after.Link.Number != "" {
		list = append(list, events.NumberAuthenticated)
	}
	was, is := before.Connection.Status, after.Connection.Status
	if was == is {
		return list
	}
	list = append(list, events.NumberConnectionState)
	switch is {
	case providers.StatusOpen:
		list = append(list, events.NumberLoggedIn)
	case providers.StatusFailed, providers.StatusBanned, providers.StatusOutdated:
		list = append(list, events.NumberConnectionFailure)
	case providers.StatusClosed, providers.StatusLoggedOut:
		list = append(list, events.NumberDisconnected)
	}
	return list
}

// tellNumber appends what a number's own webhook is to hear of a change, in the
// change's transaction.
func (s *Service) tellNumber(ctx context.Context, before, after row) error {
	news := newsOf(before, after)
	if len(news) == 0 {
		return nil
	}
	said := connectionNews{Status: after.Connection.Status, Detail: after.Connection.Detail, Number: after.Link.Number}
	return s.appendNotices(ctx, after, news, said)
}

// appendNotices appends events for a number's own webhook, where it has one and
// that wants them.
func (s *Service) appendNotices(ctx context.Context, r row, types []events.Type, said any) error {
	if r.Provider != providers.WhatsAppWeb {
		return nil
	}
	config, there, err := s.platforms.OfChannel(ctx, r.Account, r.ID)
	if err != nil || !there {
		return err
	}
	var rows []events.Row
	for _, t := range types {
		if !config.Wants(string(t)) {
			continue
		}
		row, err := events.NewNotice(events.Notice{
			Account: r.Account, Channel: r.ID, Receiver: config.ID, Number: r.Identifier, Type: t, Said: said, Fleeting: r.Settings.Mode == Gateway,
		}, s.now())
		if err != nil {
			return err
		}
		rows = append(rows, row)
	}
	return events.Append(ctx, s.db, rows...)
}

// NoteBattery keeps what another gateway tells of the battery of a channel's
// phone; nil leaves as it is what is not told.
func (s *Service) NoteBattery(ctx context.Context, id ids.Channel, charge *float64, plugged *bool) error {
	set := bson.D{}
	if charge != nil {
		set = append(set, bson.E{Key: "battery.charge", Value: *charge})
	}
	if plugged != nil {
		set = append(set, bson.E{Key: "battery.plugged", Value: *plugged})
	}
	if len(set) == 0 {
		return nil
	}
	if _, err := s.rows.UpdateOne(ctx, bson.D{{Key: "_id", Value: id}, {Key: "live", Value: true}}, bson.D{{Key: "$set", Value: set}}); err != nil {
		return fmt.Errorf("note the battery of channel %s: %w", id, err)
	}
	return nil
}
