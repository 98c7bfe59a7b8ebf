package platforms

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/web"
)

type createRequest struct {
	Account   ids.Account `path:"clientIdentifier" json:"clientIdentifier"`
	Slug      string      `json:"platformSlug" validate:"required,max=64"`
	Name      string      `json:"name" validate:"max=200"`
	URL       string      `json:"url" validate:"max=2048"`
	Events    []string    `json:"events" validate:"max=64"`
	IsDefault bool        `json:"isDefault"`
}

func (s *Service) create(ctx context.Context, req *createRequest) (View, error) {
	config, secret, err := s.CreateConfig(ctx, Spec{
		ID: web.NewID[ids.PlatformConfig](ctx), Account: req.Account, Slug: req.Slug, Name: req.Name, URL: req.URL,
		Events: req.Events, IsDefault: req.IsDefault,
	})
	view := config.view()
	view.Secret = secret.Reveal()
	return view, err
}

type listRequest struct {
	Account ids.Account `path:"clientIdentifier"`
	web.ListQuery
}

func (s *Service) list(ctx context.Context, req *listRequest) (mongodb.ListPage[View], error) {
	page, err := mongodb.List[Config](ctx, s.rows, req.Over(bson.D{{Key: "accountId", Value: req.Account}}, "createdAt", false))
	if err != nil {
		return mongodb.ListPage[View]{}, web.ListFault(err)
	}
	return web.Page(page, Config.view), nil
}

type configRequest struct {
	Account ids.Account        `path:"clientIdentifier"`
	Config  ids.PlatformConfig `path:"platformConfigId"`
}

func (r configRequest) filter() bson.D {
	return bson.D{{Key: "_id", Value: r.Config}, {Key: "accountId", Value: r.Account}}
}

func (s *Service) get(ctx context.Context, req *configRequest) (View, error) {
	r, err := s.read(ctx, req.Account, req.Config)
	return r.view(), err
}

type updateRequest struct {
	Account   ids.Account            `path:"clientIdentifier" json:"clientIdentifier"`
	Config    ids.PlatformConfig     `path:"platformConfigId" json:"-"`
	Slug      web.Optional[string]   `json:"platformSlug"`
	Name      web.Optional[string]   `json:"name" validate:"omitempty,max=200"`
	URL       web.Optional[string]   `json:"url" validate:"omitempty,max=2048"`
	Events    web.Optional[[]string] `json:"events" validate:"omitempty,max=64"`
	IsDefault web.Optional[bool]     `json:"isDefault"`
}

// update changes what the body has. A slug stays: sessions and contacts are
// filed under it.
func (s *Service) update(ctx context.Context, req *updateRequest) (View, error) {
	if err := s.checkURL(ctx, req.URL.Value); err != nil {
		return View{}, err
	}
	var changed Config
	err := mongodb.Transaction(ctx, s.db.Client(), func(ctx context.Context) error {
		before, err := s.read(ctx, req.Account, req.Config)
		if err != nil {
			return err
		}
		set, err := s.changes(ctx, req, before.Config)
		if err != nil || len(set) == 0 {
			changed = before.Config
			return err
		}
		err = s.rows.FindOneAndUpdate(ctx, configRequest{Account: req.Account, Config: req.Config}.filter(),
			bson.D{{Key: "$set", Value: set}}, options.FindOneAndUpdate().SetReturnDocument(options.After)).Decode(&changed)
		if err != nil || changed.State.Status == before.State.Status {
			return err
		}
		return s.tell(ctx, changed)
	})
	s.cache.written()
	return changed.view(), err
}

func (s *Service) changes(ctx context.Context, req *updateRequest, before Config) (bson.D, error) {
	set := bson.D{}
	if err := checkEvents(req.Events.Value, before.types()); err != nil {
		return nil, err
	}
	if req.Slug.Set && req.Slug.Value != before.Slug {
		return nil, fault.Invalid("platformSlug", "immutable", "A config keeps its slug (%s): sessions and contacts are filed under it. Make another config.", before.Slug)
	}
	if req.Name.Set {
		name := req.Name.Value
		if name == "" {
			name = before.Slug
		}
		set = append(set, bson.E{Key: "name", Value: name})
	}
	if req.URL.Set {
		// An address that was given anew is believed to be there again.
		set = append(set, bson.E{Key: "url", Value: req.URL.Value})
		if before.State.Status != Active {
			set = append(set, bson.E{Key: "state", Value: State{Status: Active, Since: s.now()}})
		}
	}
	if req.Events.Set {
		events := req.Events.Value
		if events == nil {
			events = []string{}
		}
		set = append(set, bson.E{Key: "events", Value: events})
	}
	switch {
	case !req.IsDefault.Set || req.IsDefault.Value == before.IsDefault:
		return set, nil
	case !before.Channel.IsZero():
		return nil, before.NoPlatform("isDefault")
	case before.IsDefault:
		return nil, fault.New(fault.Conflict, "Platform config %s is the account's default. Make another one the default instead.", before.ID)
	}
	_, err := s.yieldDefault(ctx, before.Account, true)
	return append(set, bson.E{Key: "isDefault", Value: true}), err
}

func (s *Service) rotateSecret(ctx context.Context, req *configRequest) (View, error) {
	config, secret, err := s.RotateSecret(ctx, req.Account, req.Config)
	view := config.view()
	view.Secret = secret.Reveal()
	return view, err
}

// OnRemoved registers who is told of a deleted config, once it is gone: for what
// began to use it at that moment. It is for the start.
func (s *Service) OnRemoved(hook func(ctx context.Context, config Config) error) { s.removed = hook }

// remove deletes a config that nothing uses. The default goes last.
func (s *Service) remove(ctx context.Context, req *configRequest) (web.None, error) {
	var gone Config
	err := mongodb.Transaction(ctx, s.db.Client(), func(ctx context.Context) error {
		config, err := s.read(ctx, req.Account, req.Config)
		if err != nil {
			return err
		}
		if err := s.unused(ctx, config.Config); err != nil {
			return err
		}
		gone = config.Config
		_, err = s.rows.DeleteOne(ctx, req.filter())
		return err
	})
	s.cache.written()
	if err == nil && s.removed != nil {
		if err := s.removed(context.WithoutCancel(ctx), gone); err != nil {
			slog.ErrorContext(ctx, "sessions that opened while their platform was deleted may still name it", "platform_config_id", gone.ID.String(), "error", err)
		}
	}
	return web.None{}, err
}

// unused refuses when somebody still counts on the config. The rows that it
// looks at belong to rooms above. Channels and transfers count on it by Hold;
// sessions that open do not, for that would be a write on one row by each of them:
// they look again once they are there, and so does OnRemoved.
func (s *Service) unused(ctx context.Context, config Config) error {
	uses := []struct {
		what, collection string
		filter           bson.D
	}{
		{"channel %s delivers to it: give that another platformConfigId first", "channels", bson.D{
			{Key: "accountId", Value: config.Account}, {Key: "live", Value: true}, {Key: "$or", Value: bson.A{
				bson.D{{Key: "platformConfigId", Value: config.ID}}, bson.D{{Key: "webhook.platformConfigId", Value: config.ID}},
			}},
		}},
		{"session %s is active on it: finish or transfer it first", "sessions", bson.D{
			{Key: "accountId", Value: config.Account}, {Key: "platformSlug", Value: config.Slug}, {Key: "state", Value: "active"},
		}},
	}
	if config.IsDefault {
		uses = append(uses, struct {
			what, collection string
			filter           bson.D
		}{"it is the default of the account, which has others: make %s the default first", Collection, bson.D{
			{Key: "accountId", Value: config.Account}, {Key: "isDefault", Value: false}, {Key: "channelId", Value: nil},
		}})
	}
	for _, use := range uses {
		var user struct {
			ID bson.ObjectID `bson:"_id"`
		}
		// The newest first: an active session is rarely an old one.
		err := s.db.Collection(use.collection).FindOne(ctx, use.filter,
			options.FindOne().SetProjection(bson.D{{Key: "_id", Value: 1}}).SetSort(bson.D{{Key: "createdAt", Value: -1}})).Decode(&user)
		if err == nil {
			return fault.New(fault.Conflict, "Platform config %s cannot be deleted: "+use.what+".", config.ID, user.ID.Hex()).With("usedBy", user.ID.Hex())
		}
		if !errors.Is(err, mongo.ErrNoDocuments) {
			return fmt.Errorf("look for what uses platform config %s: %w", config.ID, err)
		}
	}
	return nil
}
