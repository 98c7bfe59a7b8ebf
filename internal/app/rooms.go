package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/accounts"
	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/config"
	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/egress"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/gateway"
	"github.com/cirrus/omnichannel/internal/gateway/chats"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/media"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/photos"
	"github.com/cirrus/omnichannel/internal/platforms"
	"github.com/cirrus/omnichannel/internal/privacy"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/d360"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/devicestore"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
	"github.com/cirrus/omnichannel/internal/sessions"
	"github.com/cirrus/omnichannel/internal/vault"
	"github.com/cirrus/omnichannel/internal/web"
)

// Rooms are the features of a running server.
type Rooms struct {
	Accounts  *accounts.Service
	Platforms *platforms.Service
	Channels  *channels.Service
	Contacts  *contacts.Service
	Sessions  *sessions.Service
	Messages  *messages.Service
	Media     *media.Service
	Privacy   *privacy.Service
	Events    *events.Service
	Gateway   *gateway.Service
	Photos    *photos.Service
	Chats     *chats.Service

	Idempotency *web.Idempotency

	dialler *egress.Dialler
	devices *devicestore.Store
	folder  *media.Folder // nil where files lie in a bucket
}

// sweepDevicesEvery is how often what is left of unlinked devices is looked for.
const sweepDevicesEvery = time.Minute

// mediaTimeout bounds the fetching of one file.
const mediaTimeout = 2 * time.Minute

// makeRooms is where adapters, hooks and sinks are registered.
func makeRooms(ctx context.Context, cfg config.Config, o Options, db *mongo.Database, keys *vault.Vault, registry prometheus.Registerer) (Rooms, error) {
	var r Rooms
	var err error
	o.Egress.Allow = append(append([]string{}, o.Egress.Allow...), cfg.AllowHosts...)
	if r.dialler, err = egress.New(o.Egress); err != nil {
		return r, fmt.Errorf("OMNI_ALLOW_HOSTS: %w", err)
	}
	r.Accounts = accounts.New(accounts.Options{DB: db, Now: o.Now, AdminKey: cfg.AdminKey.Reveal()})
	r.Platforms = platforms.New(platforms.Options{DB: db, Vault: keys, Now: o.Now, Egress: r.dialler})
	r.devices = devicestore.New(devicestore.Options{DB: db, Vault: keys, Now: time.Now})
	adapters, err := makeAdapters(cfg, o, r.dialler, r.devices)
	if err != nil {
		return r, err
	}
	bell := mongodb.NewBell(db)
	r.Channels = channels.New(channels.Options{
		Bell: bell,
		DB:   db, Vault: keys, Now: o.Now, PublicURL: cfg.PublicURL, Platforms: r.Platforms, Adapters: adapters, Registry: registry, AskLimit: o.AskLimit,
		Receivers:    map[providers.Name]providers.WebhookReceiver{providers.WhatsAppWeb: whatsappweb.Receiver{}},
		Capabilities: map[providers.Name]providers.Capabilities{providers.WhatsAppWeb: whatsappweb.Capabilities()},
	})
	if err := r.openMedia(ctx, cfg, o, db, keys); err != nil {
		return r, err
	}
	r.Accounts.OnRemove(r.Media.RemoveUploads)
	r.Messages = messages.New(messages.Options{
		DB: db, Channels: r.Channels, Platforms: r.Platforms, Files: r.Media, Gate: r.Channels, Now: o.Now,
		Registry: registry, SendTimeout: cfg.SendTimeout,
	})
	channels.Answer(r.Channels, messages.CommandSend, r.Messages.SendFor)
	channels.Answer(r.Channels, messages.CommandSendThrough, r.Messages.SendThrough)
	r.Channels.OnHeld(r.Messages.TakeOver)
	r.Idempotency = web.NewIdempotency(db, sealer{keys}, r.contactIsThere, o.Now)
	r.Sessions = sessions.New(db, r.Channels, r.Platforms, r.Messages, o.Now)
	r.Contacts = contacts.New(db, directory{r.Channels, r.Accounts, r.Messages, r.Platforms}, o.Now, sessions.ContactChanged(db))
	r.Chats = chats.New(chats.Options{DB: db, Channels: r.Channels, Contacts: r.Contacts, Now: o.Now, Limit: cfg.ChatMessages})
	r.Channels.OnGone(r.Chats.Drop)
	r.Channels.OnForget(r.Chats.Erase)
	r.Messages.OnErased(r.Chats.Erased)
	r.Gateway = gateway.New(gateway.Options{Channels: r.Channels, Messages: r.Messages, Chats: r.Chats, Files: r.Media, PublicURL: cfg.PublicURL, Version: Version(), Now: o.Now, AskLimit: o.AskLimit})
	gateway.Commands(r.Channels)
	r.Photos = photos.New(r.Contacts, r.Channels, r.Media)
	r.Channels.SetSink(sink{r.Channels, r.Messages, r.Photos, r.Chats})
	r.Events = events.NewService(events.Options{
		DB: db, Platforms: r.Platforms, Subjects: subjects{db, r.Messages, r.Sessions, r.Channels}, Now: o.Now, Registry: registry,
		Client: r.dialler.Client(egress.ClientOptions{Timeout: events.Timeout}), Kept: cfg.EventsKept, Bell: bell,
	})
	r.Platforms.SetMoved(r.Events.Moved)
	r.Platforms.OnRemoved(r.Messages.PlatformRemoved)
	if err := events.Keep(ctx, db, cmp.Or(cfg.EventsKept, events.Kept)); err != nil {
		return r, err
	}
	r.Privacy = privacy.New(r.Contacts, r.everyName, r.Photos, r.Messages, phoneChats{r.Chats}, r.Sessions, answers{r.Idempotency}, answered{r.Events}, devices{r.Channels})
	return r, nil
}

// makeAdapters registers the providers: one line each.
func makeAdapters(cfg config.Config, o Options, dialler *egress.Dialler, devices *devicestore.Store) ([]providers.Adapter, error) {
	base := cfg.D360BaseURL
	if base == "" {
		base = d360.ProductionURL
	}
	client, err := d360Client(dialler, base)
	if err != nil {
		return nil, err
	}
	through, err := whatsAppClient(cfg)
	if err != nil {
		return nil, err
	}
	return []providers.Adapter{
		d360.New(d360.Options{BaseURL: base, Client: client, Now: o.Now, Logger: slog.Default()}),
		whatsappweb.New(whatsappweb.Options{Devices: devices, HTTP: through, Files: pictureClient(through, dialler), Now: o.Now, Logger: slog.Default(), History: cfg.ChatMessages}),
	}, nil
}

// d360Client reaches 360dialog. The adapter bounds its calls itself: a file takes
// as long as its size and the line make it.
func d360Client(dialler *egress.Dialler, base string) (*http.Client, error) {
	client, err := dialler.Trusted(base, egress.ClientOptions{Timeout: egress.NoTimeout})
	if err != nil {
		return nil, fmt.Errorf("OMNI_D360_BASE_URL: %w", err)
	}
	return client, nil
}

// pictureTimeout bounds the fetching of one profile picture.
const pictureTimeout = 30 * time.Second

// pictureClient fetches profile pictures from where WhatsApp says they are: any
// host, so that it has no way into private networks. A simulated WhatsApp is in
// one, and has its own client.
func pictureClient(simulated *http.Client, dialler *egress.Dialler) *http.Client {
	if simulated != nil {
		return simulated
	}
	return dialler.Client(egress.ClientOptions{Timeout: pictureTimeout})
}

// whatsAppClient leads to a simulated WhatsApp where the settings name one; nil:
// to the real one. The root that its certificates must have is the process's.
func whatsAppClient(cfg config.Config) (*http.Client, error) {
	if cfg.WhatsAppURL == "" {
		return nil, nil
	}
	client, err := whatsapp.Client(cfg.WhatsAppURL)
	if err != nil {
		return nil, fmt.Errorf("OMNI_WHATSAPP_URL: %w", err)
	}
	whatsappweb.TrustRoot(cfg.WhatsAppRootKey)
	return client, nil
}

// openMedia chooses where files lie: a bucket, else a folder.
func (r *Rooms) openMedia(ctx context.Context, cfg config.Config, o Options, db *mongo.Database, keys *vault.Vault) error {
	openBucket := func(ctx context.Context, bucket string) (media.Blobs, error) {
		options := media.S3Options{Bucket: bucket, Region: cfg.S3Region, Endpoint: cfg.S3Endpoint}
		if cfg.S3Endpoint != "" {
			client, err := r.dialler.Trusted(cfg.S3Endpoint, egress.ClientOptions{Timeout: 10 * time.Minute})
			if err != nil {
				return nil, fmt.Errorf("OMNI_S3_ENDPOINT: %w", err)
			}
			options.Client = client
		}
		return media.OpenS3(ctx, options)
	}
	var blobs media.Blobs
	var err error
	if cfg.S3Bucket != "" {
		blobs, err = openBucket(ctx, cfg.S3Bucket)
	} else {
		r.folder, err = media.OpenFolder(filepath.Join(cfg.DataDir, "media"))
		blobs = r.folder
	}
	if err != nil {
		return err
	}
	r.Media, err = media.New(ctx, media.Options{
		DB: db, Blobs: blobs, Client: r.dialler.Client(egress.ClientOptions{Timeout: mediaTimeout, MaxRedirects: 5}), Vault: keys,
		Auth: r.Accounts, PublicURL: cfg.PublicURL, Now: o.Now, Buckets: cfg.MediaBuckets, OpenBucket: openBucket,
	})
	return err
}

// routes is the table of every operation.
func (r *Rooms) routes() []web.Route {
	var all []web.Route
	for _, routes := range [][]web.Route{
		r.Accounts.Routes(), r.Platforms.Routes(), r.Channels.Routes(), r.Contacts.Routes(), r.Privacy.Routes(),
		r.Sessions.Routes(), r.Messages.Routes(), r.Media.Routes(), r.Events.Routes(), r.Gateway.Routes(), reference(),
	} {
		all = append(all, routes...)
	}
	return all
}

// loop is a room's background work.
type loop struct {
	name     string
	interval time.Duration
	run      func(context.Context) error
	wake     <-chan struct{}
}

func (r *Rooms) loops() []loop {
	var all []loop
	for _, l := range r.Messages.Loops() {
		all = append(all, loop{l.Name, l.Interval, l.Run, nil})
	}
	for _, l := range r.Channels.Loops() {
		all = append(all, loop{l.Name, l.Interval, l.Run, l.Wake})
	}
	for _, l := range r.Privacy.Loops() {
		all = append(all, loop{l.Name, l.Interval, l.Run, nil})
	}
	for _, l := range r.Events.Loops() {
		all = append(all, loop{l.Name, l.Interval, l.Run, nil})
	}
	for _, l := range r.Chats.Loops() {
		all = append(all, loop{l.Name, l.Interval, l.Run, nil})
	}
	return append(all, loop{"device_leftovers", sweepDevicesEvery, r.sweepDevices, nil}, loop{"photos", r.Photos.Every(), r.Photos.Run, nil},
		loop{"spare_memory", memoryLook, newSpareMemory().look, nil})
}

// sweepDevices deletes what is left of devices that were unlinked.
func (r *Rooms) sweepDevices(ctx context.Context) error {
	_, err := r.devices.Sweep(ctx)
	return err
}

// close lets the rooms finish, those that talk to providers first.
func (r *Rooms) close(ctx context.Context) error {
	var errs []error
	if r.Messages != nil {
		errs = append(errs, r.Messages.Close(ctx))
	}
	if r.Events != nil {
		errs = append(errs, r.Events.Close(ctx))
	}
	if r.Channels != nil {
		errs = append(errs, r.Channels.Close(ctx))
	}
	if r.Chats != nil { // devices fed it until now
		r.Chats.Close()
	}
	if r.folder != nil {
		errs = append(errs, r.folder.Close())
	}
	if r.dialler != nil {
		r.dialler.Close()
	}
	return errors.Join(errs...)
}

// directory answers what contacts ask of the rooms above them.
type directory struct {
	channels  *channels.Service
	accounts  *accounts.Service
	messages  *messages.Service
	platforms *platforms.Service
}

// ChannelRef finds a channel.
func (d directory) ChannelRef(ctx context.Context, id ids.Channel) (contacts.ChannelRef, error) {
	ch, err := d.channels.Get(ctx, id)
	return contacts.ChannelRef{ID: ch.ID, Account: ch.Account}, err
}

// Holder gives the platform that hears of a contact.
func (d directory) Holder(ctx context.Context, channel ids.Channel, contact ids.Contact) (ids.PlatformConfig, error) {
	return d.messages.Holder(ctx, channel, contact)
}

// AccountChannels lists the channels that an account has and had.
func (d directory) AccountChannels(ctx context.Context, account ids.Account) ([]ids.Channel, error) {
	return d.channels.EverOfAccount(ctx, account)
}

// MissingTags gives those of the tags that the account does not have.
func (d directory) MissingTags(ctx context.Context, account ids.Account, tags []ids.Tag) ([]ids.Tag, error) {
	return d.accounts.MissingTags(ctx, account, tags)
}

// CheckPlatform refuses the webhook of a number, which is no platform.
func (d directory) CheckPlatform(ctx context.Context, account ids.Account, slug string) error {
	config, _, err := d.platforms.BySlug(ctx, account, slug)
	if err == nil && !config.Channel.IsZero() {
		err = config.NoPlatform("platform")
	}
	return err
}

// answers are those kept for Idempotency-Keys: a room like others when a person
// is erased.
type answers struct{ kept *web.Idempotency }

// Erase deletes the answers that name the person.
func (a answers) Erase(ctx context.Context, p contacts.Person) (contacts.Erased, error) {
	names := make([]string, 0, len(p.Family))
	for _, id := range p.Family {
		names = append(names, id.String())
	}
	return contacts.Erased{}, a.kept.Forget(ctx, names)
}

// Export hands out nothing: the answers repeat what other rooms export.
func (a answers) Export(context.Context, contacts.Person, func(string, any) error) error { return nil }

// contactIsThere is a web.There. Who is nobody's contact is never erased.
func (r *Rooms) contactIsThere(ctx context.Context, contact string) (bool, error) {
	id, err := ids.Parse[ids.Contact](contact)
	if err != nil || id.IsZero() {
		return true, err
	}
	return r.Contacts.There(ctx, id)
}

// pagePolicy lets a page of ours load nothing from elsewhere.
const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:"

func page(contentType string, content func() []byte) gin.HandlerFunc {
	return web.Raw(func(c *gin.Context) error {
		c.Header("Content-Security-Policy", pagePolicy)
		c.Header("X-Content-Type-Options", "nosniff")
		c.Data(http.StatusOK, contentType, content())
		return nil
	})
}
