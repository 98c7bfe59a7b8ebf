package channels

import (
	"context"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/phone"
	"github.com/cirrus/omnichannel/internal/platforms"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/vault"
	"github.com/cirrus/omnichannel/internal/web"
)

type updateRequest struct {
	Account     ids.Account                      `path:"clientIdentifier" json:"clientIdentifier"`
	Channel     ids.Channel                      `path:"channelId" json:"-"`
	Name        web.Optional[string]             `json:"name" validate:"omitempty,max=200"`
	Identifier  web.Optional[string]             `json:"identifier" validate:"omitempty,max=40"`
	Platform    web.Optional[ids.PlatformConfig] `json:"platformConfigId"`
	Settings    settingsRequest                  `json:"settings"`
	Credentials credentialsRequest               `json:"credentials"`
}

// update changes what the body has, and asks the provider again where that
// matters to it.
func (s *Service) update(ctx context.Context, req *updateRequest) (View, error) {
	var before, after row
	var made vault.Secret
	err := mongodb.Transaction(ctx, s.db.Client(), func(ctx context.Context) error {
		var err error
		if before, err = s.mine(ctx, channelRequest{Account: req.Account, Channel: req.Channel}); err != nil {
			return err
		}
		after = before
		if made, err = s.apply(ctx, req, &after); err != nil {
			return err
		}
		return s.write(ctx, before, after)
	})
	s.cache.written(req.Channel, req.Account)
	switch {
	case mongodb.DuplicateIndex(err) == oneNumber:
		return View{}, s.taken(ctx, after)
	case err != nil:
		return View{}, err
	}
	if after.Webhook.Told != before.Webhook.Told || after.Connection != before.Connection {
		if checked, err := s.check(ctx, req.Channel, checkChanged); err == nil { // else the watch goes on with it
			after = checked
		}
	}
	return s.view(ctx, after, made)
}

// apply changes a row as the body says; made is a webhook secret of ours.
func (s *Service) apply(ctx context.Context, req *updateRequest, r *row) (made vault.Secret, err error) {
	if req.Identifier.Set {
		if err := r.renumber(req.Identifier.Value); err != nil {
			return "", err
		}
	}
	if req.Name.Set {
		if r.Name = req.Name.Value; r.Name == "" {
			r.Name = r.Identifier
		}
	}
	if req.Platform.Set && req.Platform.Value != r.Platform {
		r.Platform = req.Platform.Value
		r.untold(s)
		if !r.Platform.IsZero() {
			if err := s.hold(ctx, r.Account, r.Platform); err != nil {
				return "", err
			}
		}
	}
	r.Settings = req.Settings.over(r.Settings)
	if err := r.Settings.check(); err != nil {
		return "", err
	}
	return s.applyCredentials(req.Credentials, r)
}

// applyCredentials seals what the body has over what there is. A cleared
// webhook secret is made anew: a channel without one would take in nothing.
func (s *Service) applyCredentials(req credentialsRequest, r *row) (made vault.Secret, err error) {
	if !req.APIKey.Set && !req.WebhookSecret.Set && !req.AccessCode.Set {
		return "", nil
	}
	old, err := s.unsealAnew(*r)
	if err != nil && !(req.APIKey.Set && req.WebhookSecret.Set) {
		return "", err // with both given anew, the old ones need not be known
	}
	secrets := old
	put(&secrets.APIKey, secret(req.APIKey), "")
	put(&secrets.WebhookSecret, secret(req.WebhookSecret), "")
	code := old.AccessCode
	put(&code, secret(req.AccessCode), "")
	secrets.setAccessCode(code, s.now())
	if err := secrets.check(); err != nil {
		return "", err
	}
	if secrets.WebhookSecret == "" {
		made = platforms.NewSecret()
		secrets.WebhookSecret = made
	}
	if secrets == old {
		return made, nil
	}
	r.Credentials = s.seal(r.ID, secrets)
	if secrets.WebhookSecret != old.WebhookSecret || secrets.APIKey != old.APIKey {
		r.untold(s) // a new key of the provider's forgets it too
		r.Webhook.Refused = ""
	}
	if adapter, ok := s.adapters[r.Provider]; ok && stateless(adapter) && secrets.APIKey != old.APIKey {
		r.become(providers.State{Status: providers.StatusCreated}, s.now())
		r.NumberID = ""
	}
	return made, nil
}

func secret(given web.Optional[string]) web.Optional[vault.Secret] {
	return web.Optional[vault.Secret]{Set: given.Set, Null: given.Null, Value: vault.Secret(given.Value)}
}

// untold forgets that the provider knows where to deliver; should this server
// die before it has told it, the watch will.
func (r *row) untold(s *Service) {
	r.Webhook.Told, r.Webhook.ToldPlatform = "", ids.PlatformConfig{}
	r.CheckAt = s.now().Add(firstCheck)
}

// renumber gives a channel another number, which only one that is logged out
// may have: the old one's messages would come in under the new one.
func (r *row) renumber(text string) error {
	digits, err := identifier(text)
	if err != nil || digits == r.Identifier {
		return err
	}
	if r.Connection.Status != providers.StatusLoggedOut {
		return fault.New(fault.Conflict, "Channel %s is %s, and its number may change only while it is logged_out. Log it out first, or make another channel.", r.ID, r.Connection.Status)
	}
	r.Identifier, r.IdentifierKey, r.NumberID = digits, phone.Key(digits), ""
	return nil
}
