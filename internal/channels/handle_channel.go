package channels

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/vault"
	"github.com/cirrus/omnichannel/internal/web"
)

func liveOf(account ids.Account) bson.D {
	return bson.D{{Key: "accountId", Value: account}, {Key: "live", Value: true}}
}

func sortedByAge() *options.FindOptionsBuilder {
	return options.Find().SetSort(bson.D{{Key: "createdAt", Value: 1}, {Key: "_id", Value: 1}})
}

// view is a channel as it is printed; secret is empty but where it was made.
func (s *Service) view(ctx context.Context, r row, secret vault.Secret) (View, error) {
	address, _, err := s.webhookURL(ctx, r)
	if err != nil {
		return View{}, err
	}
	state := r.state()
	v := View{
		ID: r.ID, Account: r.Account, Name: r.Name, ChannelType: "whatsapp", Provider: r.Provider, Identifier: r.Identifier, Settings: r.Settings,
		State:        StateView{Status: state.Status, Since: web.At(state.Since), Detail: state.Detail},
		Capabilities: s.capabilities[r.Provider],
		Webhook:      WebhookView{URL: address, Secret: secret.Reveal()},
		CreatedAt:    web.At(r.CreatedAt),
	}
	if !r.Platform.IsZero() {
		v.Platform = &r.Platform
	}
	return v, nil
}

// credentialsRequest are credentials as they go in.
type credentialsRequest struct {
	APIKey        web.Optional[string] `json:"apiKey"`
	WebhookSecret web.Optional[string] `json:"webhookSecret"`
	AccessCode    web.Optional[string] `json:"accessCode"`
}

// settingsRequest are the settings that a body has; null is the default.
type settingsRequest struct {
	Mode              web.Optional[string] `json:"mode"`
	ShowAgentName     web.Optional[bool]   `json:"showAgentName"`
	TypingBeforeText  web.Optional[bool]   `json:"typingBeforeText"`
	MarkReadOnProcess web.Optional[bool]   `json:"markReadOnProcess"`
	SendPresence      web.Optional[bool]   `json:"sendPresence"`
	TemplateLanguage  web.Optional[string] `json:"templateLanguage"`
	MediaMaxBytes     web.Optional[int64]  `json:"mediaMaxBytes"`
	MessagesPerSecond web.Optional[int64]  `json:"messagesPerSecond"`
}

// over puts what the body has over other settings.
func (r settingsRequest) over(settings Settings) Settings {
	usual, mode := DefaultSettings(), web.Optional[Mode]{Set: r.Mode.Set, Null: r.Mode.Null, Value: Mode(r.Mode.Value)}
	put(&settings.Mode, mode, usual.Mode)
	put(&settings.ShowAgentName, r.ShowAgentName, usual.ShowAgentName)
	put(&settings.TypingBeforeText, r.TypingBeforeText, usual.TypingBeforeText)
	put(&settings.MarkReadOnProcess, r.MarkReadOnProcess, usual.MarkReadOnProcess)
	put(&settings.SendPresence, r.SendPresence, usual.SendPresence)
	put(&settings.TemplateLanguage, r.TemplateLanguage, usual.TemplateLanguage)
	put(&settings.MediaMaxBytes, r.MediaMaxBytes, usual.MediaMaxBytes)
	put(&settings.MessagesPerSecond, r.MessagesPerSecond, usual.MessagesPerSecond)
	return settings
}

func put[T any](field *T, given web.Optional[T], usual T) {
	switch {
	case given.Given():
		*field = given.Value
	case given.Cleared():
		*field = usual
	}
}

type createRequest struct {
	Account     ids.Account        `path:"clientIdentifier" json:"clientIdentifier"`
	Name        string             `json:"name" validate:"max=200"`
	ChannelType string             `json:"channelType" validate:"omitempty,oneof=whatsapp"`
	Provider    providers.Name     `json:"provider" validate:"required,oneof=whatsappweb d360"`
	Identifier  string             `json:"identifier" validate:"required,max=40"`
	Platform    ids.PlatformConfig `json:"platformConfigId"`
	Settings    settingsRequest    `json:"settings"`
	Credentials credentialsRequest `json:"credentials"`
}

func (s *Service) create(ctx context.Context, req *createRequest) (View, error) {
	r, shown, err := s.createRow(ctx, Spec{
		ID: web.NewID[ids.Channel](ctx), Account: req.Account, Name: req.Name, Provider: req.Provider, Identifier: req.Identifier,
		Platform: req.Platform, Settings: req.Settings.over(DefaultSettings()), APIKey: vault.Secret(req.Credentials.APIKey.Value),
		WebhookSecret: vault.Secret(req.Credentials.WebhookSecret.Value), AccessCode: vault.Secret(req.Credentials.AccessCode.Value),
	})
	if err != nil {
		return View{}, err
	}
	if req.Credentials.WebhookSecret.Value != "" { // the caller has it
		shown = ""
	}
	return s.view(ctx, r, shown)
}

type listRequest struct {
	Account ids.Account `path:"clientIdentifier"`
	web.ListQuery
}

func (s *Service) list(ctx context.Context, req *listRequest) (mongodb.ListPage[View], error) {
	page, err := mongodb.List[row](ctx, s.rows, req.Over(liveOf(req.Account), "createdAt", false))
	if err != nil {
		return mongodb.ListPage[View]{}, web.ListFault(err)
	}
	views := web.Page(page, func(row) View { return View{} })
	for i, r := range page.Items {
		if views.Items[i], err = s.view(ctx, r, ""); err != nil {
			return mongodb.ListPage[View]{}, err
		}
	}
	return views, nil
}

type channelRequest struct {
	Account ids.Account `path:"clientIdentifier"`
	Channel ids.Channel `path:"channelId"`
}

// mine gives a channel of the account as it is in the store.
func (s *Service) mine(ctx context.Context, req channelRequest) (row, error) {
	r, err := s.read(ctx, req.Channel)
	if err == nil && r.Account != req.Account {
		return row{}, fault.Missing("channel", req.Channel)
	}
	return r, err
}

func (s *Service) get(ctx context.Context, req *channelRequest) (View, error) {
	r, err := s.mine(ctx, *req)
	if err != nil {
		return View{}, err
	}
	return s.view(ctx, r, "")
}

func (s *Service) getCapabilities(ctx context.Context, req *channelRequest) (providers.Capabilities, error) {
	r, err := s.mine(ctx, *req)
	return s.capabilities[r.Provider], err
}

func (s *Service) setWebhook(ctx context.Context, req *channelRequest) (View, error) {
	if _, err := s.mine(ctx, *req); err != nil {
		return View{}, err
	}
	r, err := s.check(ctx, req.Channel, checkAsked)
	if err != nil {
		return View{}, err
	}
	return s.view(ctx, r, "")
}
