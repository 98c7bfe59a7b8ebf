package whatsappweb

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"go.mau.fi/libsignal/logger"
	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/store"
	"google.golang.org/protobuf/proto"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/devicestore"
)

// Options is what an Adapter is made of. Devices must be set; zero fields take
// the values named here.
type Options struct {
	Devices *devicestore.Store
	// HTTP reaches WhatsApp's hosts: the websocket, before and after the login,
	// and media. nil: the client's own.
	HTTP *http.Client
	// Files fetches profile pictures; nil: HTTP, or the usual client.
	Files  *http.Client
	Now    func() time.Time // time.Now
	Logger *slog.Logger     // nothing is logged
	// DeviceName is what phones call the device in their list of linked ones. It
	// counts for the whole process. Empty: what the client calls itself.
	DeviceName string
	// History is how many messages of each chat are read of what phones tell of
	// their past; 0: none, and the sink hears nothing of chats and what was sent.
	History int

	AcceptLimit time.Duration // 30 s: how long the sink may take for what one event brings
	AckLimit    time.Duration // 20 s: how long WhatsApp may take to acknowledge a message
	DialLimit   time.Duration // 60 s: how long a connection may take to be opened
	LoginLimit  time.Duration // 2 min: how long an opened one may take to be logged in
	PauseFirst  time.Duration // 1 s: before the second try of anything; it doubles, with jitter
	PauseMost   time.Duration // 60 s: the longest such pause
	Debounce    time.Duration // 5 s: how long an open connection may be gone before it is reported
	Silence     time.Duration // 45 s without anything at all, pongs included: the connection is dead
	Deafness    time.Duration // 1 h with nothing but pongs: it is made anew, to be sure
	FirstCode   time.Duration // 60 s that the first QR code counts
	NextCode    time.Duration // 20 s that each further one counts
	Codes       int           // 6 QR codes, then pairing ends
	Gather      time.Duration // 250 ms in which read marks of one chat become one
}

func (o Options) withDefaults() Options {
	for _, d := range []struct {
		field *time.Duration
		value time.Duration
	}{
		{&o.AcceptLimit, 30 * time.Second}, {&o.AckLimit, 20 * time.Second}, {&o.DialLimit, time.Minute}, {&o.LoginLimit, 2 * time.Minute},
		{&o.PauseFirst, time.Second}, {&o.PauseMost, time.Minute}, {&o.Debounce, 5 * time.Second}, {&o.Silence, 45 * time.Second},
		{&o.Deafness, time.Hour}, {&o.FirstCode, time.Minute}, {&o.NextCode, 20 * time.Second}, {&o.Gather, 250 * time.Millisecond},
	} {
		if *d.field <= 0 {
			*d.field = d.value
		}
	}
	if o.Codes <= 0 {
		o.Codes = 6
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Files == nil {
		o.Files = cmp.Or(o.HTTP, http.DefaultClient)
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

// Adapter opens linked devices. It is safe for concurrent use.
type Adapter struct{ options Options }

var (
	_ providers.Adapter = (*Adapter)(nil)
	_ providers.IDMaker = (*Adapter)(nil)
	_ providers.Checker = (*Adapter)(nil)
	_ providers.Keeper  = (*Adapter)(nil)
)

// ErrNoLease says that a device was to be opened by somebody who does not hold
// it: two owners would kick each other out.
var ErrNoLease = errors.New("a WhatsApp device can only be opened under a lease")

// New makes the adapter. There should be one in a process.
func New(o Options) *Adapter {
	quietSignal()
	if o.DeviceName != "" {
		store.DeviceProps.Os = proto.String(o.DeviceName)
	}
	return &Adapter{options: o.withDefaults()}
}

// quietSignal gives the Signal library its logger, which it would else make at
// first use, whichever two goroutines come first.
var quietSignal = sync.OnceFunc(func() {
	if logger.Logger == nil {
		var none logger.Loggable = silent{}
		logger.Setup(&none)
	}
})

type silent struct{}

func (silent) Debug(string, string)   {}
func (silent) Info(string, string)    {}
func (silent) Warning(string, string) {}
func (silent) Error(string, string)   {}
func (silent) Configure(string)       {}

// Name is providers.WhatsAppWeb.
func (*Adapter) Name() providers.Name { return providers.WhatsAppWeb }

// Capabilities is what a linked device can do.
func (*Adapter) Capabilities() providers.Capabilities { return capabilities }

// NewMessageID makes an id of the look that WhatsApp's own clients give theirs.
func (*Adapter) NewMessageID() ids.ProviderMessage {
	var random [9]byte
	rand.Read(random[:]) // never fails
	return ids.ProviderMessage(whatsmeow.WebMessageIDPrefix + strings.ToUpper(hex.EncodeToString(random[:])))
}

// MessageIDOf makes an id of that look that is the message's for ever.
func (*Adapter) MessageIDOf(id ids.Message) ids.ProviderMessage {
	sum := sha256.Sum256([]byte("message " + id.String()))
	return ids.ProviderMessage(whatsmeow.WebMessageIDPrefix + strings.ToUpper(hex.EncodeToString(sum[:9])))
}

// CheckOutbound refuses what WhatsApp's clients cannot carry, and voice notes that
// phones would not play.
func (*Adapter) CheckOutbound(ctx context.Context, out providers.Outbound) error {
	return checkOutbound(ctx, out)
}

// Open takes the channel's device and goes on in the background: a paired
// device connects, else pairing begins and its QR codes go to the sink. The
// channel must be held under a lease. What Open gives is a *Conn, which ends by
// itself where going on is of no use, and at once when ctx does: that is to be
// the lease's.
func (a *Adapter) Open(ctx context.Context, ch providers.Channel, sink providers.Sink) (providers.Conn, error) {
	fence, err := fenceOf(ch)
	if err != nil {
		return nil, fmt.Errorf("open channel %s: %w", ch.ID, err)
	}
	c := newConn(a.options, ch, sink)
	fence.OnStop = c.fenced
	holding, err := a.options.Devices.Open(ctx, ch.ID, fence)
	if err != nil {
		c.cancel(err)
		return nil, fmt.Errorf("open channel %s: %w", ch.ID, err)
	}
	if err := c.attach(holding); err != nil {
		c.cancel(err)
		return nil, errors.Join(fmt.Errorf("open channel %s: %w", ch.ID, err), holding.Close(ctx))
	}
	c.start(ctx)
	return c, nil
}
