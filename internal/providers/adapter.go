package providers

import (
	"context"
	"io"
	"time"

	"github.com/cirrus/omnichannel/internal/ids"
)

// Name names a provider on the wire (`provider` of a channel, `type` of a
// session, `channelSlug` of a delete).
type Name string

// The providers that exist. Both names always do; which adapters run is the
// operator's choice.
const (
	WhatsAppWeb Name = "whatsappweb"
	D360        Name = "d360"
)

// Names lists every provider in a fixed order.
func Names() []Name { return []Name{WhatsAppWeb, D360} }

// Channel is what an adapter learns of a channel: one number at its provider.
type Channel struct {
	ID         ids.Channel
	Account    ids.Account
	Identifier string // the number, digits only, as the operator wrote it
	APIKey     string // the provider's credential; never logged
	// PerSecond is how fast the number may send; 0: the adapter's default.
	PerSecond int
	// MaxFile is how many bytes a file that a message named may have; 0: as many
	// as the provider takes.
	MaxFile int64
	// TypingBeforeText shows the contact that somebody types before a text;
	// MarkReadOnProcess marks what was taken in as read; SendPresence shows the
	// number online. Providers that cannot ignore them.
	TypingBeforeText, MarkReadOnProcess, SendPresence bool
	// Lease is what the connection is held under; nil for stateless providers.
	Lease *Lease
}

// Lease is the hold on a device that has one owner at a time.
type Lease struct {
	// Fence is higher than that of every earlier owner; every write carries it.
	Fence int64
	// TrustedUntil is when the lease must no longer be relied on, as it was
	// last renewed.
	TrustedUntil func() time.Time
}

// Adapter speaks one provider's protocol.
type Adapter interface {
	// Name is the provider's name on the wire.
	Name() Name
	// Capabilities is what the provider can do, as data.
	Capabilities() Capabilities
	// Open makes a channel ready to send. It does no I/O that the provider
	// could refuse; a wrong credential shows in the connection's state.
	Open(ctx context.Context, ch Channel, sink Sink) (Conn, error)
}

// Conn is one channel at its provider. Its methods may be called concurrently.
type Conn interface {
	// Check tells, without asking the provider to send, whether it would
	// refuse: limits, templates, kinds it cannot carry. An error is a
	// *SendError with Sent No.
	Check(ctx context.Context, out Outbound) error
	// Send hands one message over. An error is a *SendError; any other error
	// must be treated as "perhaps sent".
	Send(ctx context.Context, out Outbound) (Receipt, error)
	// State is the connection's state as last known; no I/O.
	State() State
	// Close ends the connection and waits for it.
	Close(ctx context.Context) error
}

// Lived is a Conn with a life of its own: a linked device that keeps a
// connection, tells of it by ConnectionChanged, and can end by itself. It lives
// no longer than the context that it was opened under.
type Lived interface {
	// Done is closed when the connection has ended for good: nothing comes in
	// any more and every send is refused. Close it all the same.
	Done() <-chan struct{}
	// Ending says how it ended; meaningful once Done is closed.
	Ending() Ending
}

// Ending is how a Conn with a life of its own ended.
type Ending struct {
	State State
	// Again is when it makes sense to open it anew without being asked; 0:
	// only when the operator asks for it.
	Again time.Duration
}

// Adjuster is a Conn that goes on when what its adapter was told of the channel
// changes. One that is none is closed, and another opened in its place.
type Adjuster interface {
	// Adjust tells it anew. What is under way ends as it would have; what is
	// asked of the provider from now on follows what it was told last.
	Adjust(ch Channel)
}

// IDMaker is an Adapter whose provider lets the sender choose a message's id:
// a repeat under the same id is the same message.
type IDMaker interface {
	// NewMessageID makes an id that no other message has.
	NewMessageID() ids.ProviderMessage
	// MessageIDOf is the id of a message of ours, the same each time, that no
	// other message has.
	MessageIDOf(id ids.Message) ids.ProviderMessage
}

// Checker is an Adapter that can tell without a connection whether its
// provider would refuse a message, as far as that needs no asking.
type Checker interface {
	// CheckOutbound refuses what Conn.Check would, less what the provider must
	// be asked for. An error is a *SendError with Sent No.
	CheckOutbound(ctx context.Context, out Outbound) error
}

// ProcessMarker is a Conn that can show the contact that a message was taken
// in.
type ProcessMarker interface {
	// MarkProcessed tells the provider soon; it does not wait for it.
	MarkProcessed(m MessageReceived)
}

// Keeper is an Adapter that keeps something of its own for each channel: a
// linked device its keys, and what it knows of the people it met. Both methods
// are for a channel whose connection nobody holds: ch carries the lease that it
// would be opened under. Again is no error; neither is a channel of which
// nothing is kept.
type Keeper interface {
	// Forget deletes what is kept of people and groups, each by any of their
	// addresses.
	Forget(ctx context.Context, ch Channel, who []Address) error
	// Discard deletes all that is kept of a channel, without telling the
	// provider.
	Discard(ctx context.Context, ch Channel) error
}

// Forgetter is a Conn of a Keeper: it deletes while the connection goes on.
type Forgetter interface {
	// Forget is that of Keeper.
	Forget(ctx context.Context, who []Address) error
}

// Unlinker is a Conn whose provider lists it among the devices of an account.
type Unlinker interface {
	// Logout takes it off that list; the connection ends with StatusLoggedOut
	// and keeps nothing. An error means that it is perhaps still there.
	Logout(ctx context.Context) error
}

// Sink takes in what a provider delivers.
type Sink interface {
	// Accept stores the inbounds durably before it returns nil, and is
	// idempotent: the same inbound twice changes nothing.
	Accept(ctx context.Context, in ...Inbound) error
}

// WebhookReceiver is an Adapter whose provider delivers by HTTP.
type WebhookReceiver interface {
	// Receive turns a webhook's body into inbounds. An error means that the
	// body as a whole is of a wrong shape; a single bad element is in
	// Received.Problems and costs its neighbours nothing.
	Receive(body []byte, receivedAt time.Time) (Received, error)
}

// Received is one webhook's content.
type Received struct {
	Items    []Routed
	Problems []error // elements that could not be read, for the log
}

// Routed is an inbound with the provider's own id of the number that it is
// for; an empty Number means the channel of the webhook's URL.
type Routed struct {
	Number  string
	Payload InboundPayload
}

// Pacer is a Conn whose provider limits how fast it may be asked.
type Pacer interface {
	// Reserve gives 0 and takes a place when a send to this address may go
	// now; else it takes none and gives how long to wait.
	Reserve(to Address) time.Duration
}

// MediaFetcher is a Conn that can bring the bytes of a file a message named.
type MediaFetcher interface {
	// FetchMedia opens the file; the caller closes it and caps its size. An
	// error is a *SendError that says whether another try makes sense.
	FetchMedia(ctx context.Context, ref MediaRef) (io.ReadCloser, error)
}

// PhotoFetcher is a Conn that can bring the profile picture of a contact.
type PhotoFetcher interface {
	// FetchPhoto opens the picture of a person or group, unless it is still the
	// one of the known version: then it gives no content and that version. No
	// content and no version: there is none to be seen. The caller closes it.
	FetchPhoto(ctx context.Context, of Address, known string) (content io.ReadCloser, version string, err error)
}

// TemplateLister is a Conn whose provider keeps message templates.
type TemplateLister interface {
	// Templates lists what the provider knew at most age ago, or as lately as it
	// may be asked: some seconds. An error is a *SendError, or the context's.
	Templates(ctx context.Context, age time.Duration) ([]Template, error)
}

// TemplateReader is a Conn whose provider's templates may call their variables
// by name.
type TemplateReader interface {
	// VariableNames gives the names of the variables in a template's body, in
	// the order in which they first appear; nil where they have numbers, and
	// where the template is not known now.
	VariableNames(ctx context.Context, name, language string) []string
}

// WebhookSetter is a Conn whose provider must be told where to deliver.
type WebhookSetter interface {
	// SetWebhook registers the URL and the headers to call it with.
	SetWebhook(ctx context.Context, url string, headers map[string]string) error
}

// HealthChecker is a Conn whose provider can say whether the number works.
type HealthChecker interface {
	// Health asks the provider now.
	Health(ctx context.Context) (Health, error)
}

// TypingState is what a contact sees of the person who answers.
type TypingState string

// The states of CONTRACT's typing route.
const (
	Typing    TypingState = "typing"
	Recording TypingState = "recording"
	Paused    TypingState = "paused"
)

// Typer is a Conn that can show the contact that somebody is typing.
type Typer interface {
	// SendTyping shows the state; last is the contact's newest message, which
	// some providers hang the indicator on (it may be empty).
	SendTyping(ctx context.Context, to Address, last ids.ProviderMessage, state TypingState) error
}

// ReadMarker is a Conn that can show the contact that messages were read.
type ReadMarker interface {
	// MarkRead marks inbound messages, the newest first; none is no error. A
	// provider that marks what came before, too, is told of the newest only.
	MarkRead(ctx context.Context, to Address, messages ...ReadMark) error
}

// ReadMark names an inbound message.
type ReadMark struct {
	ID     ids.ProviderMessage `bson:"id"`
	Author Address             `bson:"author,omitempty"` // who wrote it, in a group
}

// Revoker is a Conn that can delete a sent message for everyone.
type Revoker interface {
	// Revoke deletes a message that this channel sent.
	Revoke(ctx context.Context, to Address, id ids.ProviderMessage) error
}

// Status is the condition of a channel's connection.
type Status string

// The conditions of CONTRACT's `state.status`.
const (
	StatusCreated    Status = "created"
	StatusConnecting Status = "connecting"
	StatusQR         Status = "qr"
	StatusPairing    Status = "pairing"
	StatusOpen       Status = "open"
	StatusClosed     Status = "closed"
	StatusLoggedOut  Status = "logged_out"
	StatusBanned     Status = "banned"
	StatusOutdated   Status = "outdated"
	StatusFailed     Status = "failed"
)

// State is a connection's condition, and what to do about it.
type State struct {
	Status Status
	Detail string // what to do; empty while all is well
}

// Health is what a provider says of a number.
type Health struct {
	NumberID string // the provider's own id of the number; empty when not said
	CanSend  bool
	Detail   string // why not, and what to do
}

// Template is a message template as the provider keeps it.
type Template struct {
	ID         string  `json:"id,omitempty"`
	Name       string  `json:"name"`
	Language   string  `json:"language"`
	Status     string  `json:"status"` // upper case: APPROVED, PAUSED, …
	Category   string  `json:"category,omitempty"`
	Format     string  `json:"parameterFormat,omitempty"` // upper case: POSITIONAL or NAMED
	Components RawJSON `json:"components"`
}
