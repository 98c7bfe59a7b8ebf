package d360

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/cirrus/omnichannel/internal/providers"
)

// ProductionURL is where 360dialog's API lives.
const ProductionURL = "https://waba-v2.360dialog.io"

// Options is what an Adapter needs. Every field has a usable zero.
type Options struct {
	// BaseURL is the API's scheme and host; empty: ProductionURL.
	BaseURL string
	// Client reaches BaseURL and nothing else; nil: a plain one. It needs no
	// timeout, which would cut large files. Its redirects are not followed, since
	// the key must stay with the host.
	Client *http.Client
	// CallTimeout bounds a call without a file; 0: a minute.
	CallTimeout time.Duration
	// Silence is how long nothing of a file may move, up or down, and how long
	// the answer to one that is up may take; 0: a minute. What else bounds a file
	// is the caller's context.
	Silence time.Duration
	// Now is the clock; nil: time.Now.
	Now func() time.Time
	// Logger takes what no caller is told; nil: nowhere.
	Logger *slog.Logger
	// Pace is how fast a channel may send; zero: DefaultPace.
	Pace Pace
}

// Adapter speaks to 360dialog for any number of channels.
type Adapter struct {
	base        *url.URL
	baseErr     error
	client      *http.Client
	callTimeout time.Duration
	silence     time.Duration
	now         func() time.Time
	logger      *slog.Logger
	pace        Pace
}

// The abilities that the rooms above ask for.
var (
	_ providers.Adapter         = (*Adapter)(nil)
	_ providers.WebhookReceiver = (*Adapter)(nil)

	_ providers.Conn           = (*Conn)(nil)
	_ providers.Adjuster       = (*Conn)(nil)
	_ providers.Pacer          = (*Conn)(nil)
	_ providers.MediaFetcher   = (*Conn)(nil)
	_ providers.TemplateLister = (*Conn)(nil)
	_ providers.TemplateReader = (*Conn)(nil)
	_ providers.WebhookSetter  = (*Conn)(nil)
	_ providers.HealthChecker  = (*Conn)(nil)
	_ providers.Typer          = (*Conn)(nil)
	_ providers.ReadMarker     = (*Conn)(nil)
)

// New makes an adapter. A BaseURL that is no http(s) address shows as the
// error of Open.
func New(o Options) *Adapter {
	a := &Adapter{
		client: &http.Client{}, callTimeout: cmp.Or(o.CallTimeout, time.Minute), silence: cmp.Or(o.Silence, time.Minute),
		now: o.Now, logger: o.Logger, pace: o.Pace.orDefault(),
	}
	if o.Client != nil {
		copied := *o.Client
		a.client = &copied
	}
	a.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if a.now == nil {
		a.now = time.Now
	}
	if a.logger == nil {
		a.logger = slog.New(slog.DiscardHandler)
	}
	text := o.BaseURL
	if text == "" {
		text = ProductionURL
	}
	a.base, a.baseErr = url.Parse(text)
	if a.baseErr == nil && (a.base.Host == "" || (a.base.Scheme != "https" && a.base.Scheme != "http")) {
		a.baseErr = fmt.Errorf("%q is no http(s) address", text)
	}
	return a
}

// Name is d360.
func (a *Adapter) Name() providers.Name { return providers.D360 }

// Open makes a channel ready; it asks nothing of the provider. The sink is not
// used: 360dialog delivers by webhook.
func (a *Adapter) Open(_ context.Context, ch providers.Channel, _ providers.Sink) (providers.Conn, error) {
	if a.baseErr != nil {
		return nil, fmt.Errorf("360dialog's base URL: %w; set OMNI_D360_BASE_URL right", a.baseErr)
	}
	return newConn(a, ch), nil
}
