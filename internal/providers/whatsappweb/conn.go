package whatsappweb

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/appstate"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	"golang.org/x/time/rate"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/devicestore"
)

// Conn is one linked device, connected and kept so for as long as its lease is
// trusted. See the package's documentation for how it lives and ends.
type Conn struct {
	options Options
	channel providers.Channel
	sink    providers.Sink
	logger  *slog.Logger

	// ctx ends with the connection, its cause says why: at once when the device
	// is another's, since whatever the client does after that is wrong.
	ctx     context.Context
	cancel  context.CancelCauseFunc
	client  *whatsmeow.Client
	device  *store.Device
	keeper  store.DeviceContainer // of device, which the client changes
	proof   store.SessionStore    // of device, to ask whether it is still ours
	known   store.ContactStore    // of device, to read names from
	noted   store.EventBuffer     // of device, to note what is left to tell
	holding *devicestore.Holding
	goAhead func() // of holding
	trace   *trace
	// turn has room for one: the message of ours that goes out, see post.
	turn    chan struct{}
	numbers *directory
	pace    *rate.Limiter

	signals *mailbox[signal]
	reports *mailbox[providers.InboundPayload]
	marks   *mailbox[mark]
	late    *mailbox[lateNews]
	groups  *mailbox[types.JID] // EmptyJID: all
	history *mailbox[historyPiece]
	// historyLeft is what of it was not told yet.
	historyLeft historyLeft
	sent        *mailbox[providers.InboundPayload]
	asked       *questions
	changes     *mailbox[stateChange]
	// unfetched are collections of what the account's devices share that could not
	// be read right after a change.
	unfetched *mailbox[appstate.WAPatchName]
	unread    *unread
	retries   *retries
	troubles  *troubles
	// undecrypted are messages that were asked for again.
	undecrypted *undecrypted
	handlers    handlers
	sockets     sockets
	standings   standings
	// chatSettings are of device; nil where it keeps none.
	chatSettings chatSettings
	timers       chatTimers // of device, too
	workers      sync.WaitGroup
	// reporting ends when the last report was given, or need not be.
	reporting       context.Context
	reportingCancel context.CancelFunc

	mu      sync.Mutex
	state   providers.State
	advice  string        // what the operator should know while all else is well
	heldTo  time.Time     // until when strangers cannot be written to
	changed chan struct{} // closed, and made anew, at every change of state
	ending  providers.Ending
	// elsewhere tells, once it has ended, that it goes on or may go on by another
	// owner.
	elsewhere bool
	own       types.JID // of the linked device; empty: none
	ownLID    types.JID // its hidden address
	called    called
	met       map[types.JID]bool // groups whose chats there are
	done      chan struct{}

	// Only the connection's own goroutine has these.
	life life
}

var (
	_ providers.Conn          = (*Conn)(nil)
	_ providers.Lived         = (*Conn)(nil)
	_ providers.Typer         = (*Conn)(nil)
	_ providers.ReadMarker    = (*Conn)(nil)
	_ providers.Revoker       = (*Conn)(nil)
	_ providers.MediaFetcher  = (*Conn)(nil)
	_ providers.ProcessMarker = (*Conn)(nil)
	_ providers.Forgetter     = (*Conn)(nil)
	_ providers.Pacer         = (*Conn)(nil)
	_ providers.Unlinker      = (*Conn)(nil)
)

// errClosed is the cause of a context that ended by Close.
var errClosed = errors.New("the connection was closed here")

func newConn(o Options, ch providers.Channel, sink providers.Sink) *Conn {
	c := &Conn{
		options: o, channel: ch, sink: sink, logger: o.Logger.With("channel_id", ch.ID.String()),
		goAhead: func() {}, trace: newTrace(o.Now), turn: make(chan struct{}, 1), numbers: newDirectory(o.Now), pace: newPace(ch.PerSecond),
		signals: newMailbox[signal](), reports: newMailbox[providers.InboundPayload](), marks: newBoundedMailbox[mark](mostMarks), late: newBoundedMailbox[lateNews](mostLate),
		groups: newMailbox[types.JID](), history: newMailbox[historyPiece](), sent: newBoundedMailbox[providers.InboundPayload](mostSent), asked: newQuestions(), changes: newMailbox[stateChange](), unfetched: newMailbox[appstate.WAPatchName](), unread: newUnread(), retries: newRetries(), troubles: newTroubles(), undecrypted: newUndecrypted(),
		state: providers.State{Status: connecting}, changed: make(chan struct{}), done: make(chan struct{}),
	}
	// Nothing of the call that opened it but its end reaches the connection.
	c.ctx, c.cancel = context.WithCancelCause(context.Background())
	c.reporting, c.reportingCancel = context.WithCancel(context.Background())
	return c
}

// attach gives the connection its device and a client for it.
func (c *Conn) attach(holding *devicestore.Holding) error {
	c.holding, c.goAhead = holding, holding.GoAhead
	if c.device = holding.Device(); c.device == nil {
		var err error
		if c.device, err = holding.NewDevice(); err != nil {
			return err
		}
	}
	c.keeper, c.proof, c.life.named = c.device.Container, c.device.Sessions, c.device.PushName != ""
	c.chatSettings, _ = c.device.ChatSettings.(chatSettings)
	c.timers, _ = c.device.ChatSettings.(chatTimers)
	c.known, c.noted = c.device.Contacts, c.device.EventBuffer
	c.own, c.ownLID = c.device.GetJID(), c.device.GetLID()
	c.called = called{name: c.device.PushName, business: c.device.BusinessName, platform: c.device.Platform}
	if whole, ok := c.device.AppState.(wholeStates); ok {
		c.device.AppState = newStateStore(whole)
	}
	devicestore.Ahead(c.device) // the sink need not wait for the keys
	c.device.Container = lasting{c.keeper}
	cli := whatsmeow.NewClient(c.device, clientLog{logger: c.logger, trace: c.trace})
	if h := c.options.HTTP; h != nil {
		cli.SetWebsocketHTTPClient(h)
		cli.SetPreLoginHTTPClient(h)
		cli.SetMediaHTTPClient(h)
	}
	cli.BackgroundEventCtx = c.ctx
	// A message is acknowledged once the sink has it, and its plaintext is kept
	// until then: after a crash in between, it comes again.
	cli.SynchronousAck, cli.EnableDecryptedEventBuffer = true, true
	cli.AddEventHandlerWithSuccessStatus(c.handle)
	cli.UseRetryMessageStore = true
	cli.AutomaticMessageRerequestFromPhone = true
	// Connecting is ours: the client's own tries grow without a bound and know
	// no jitter.
	cli.EnableAutoReconnect, cli.DisableLoginAutoReconnect = false, true
	// History is read in our own goroutine: the client's lingers.
	cli.ManualHistorySyncDownload = true
	cli.RefreshCAT = func(context.Context) error { return errNoCAT }
	cli.PrePairCallback = func(jid types.JID, _, _ string) bool { return c.mine(jid) }
	// Ticks on the contact's phone do not depend on whether we show ourselves
	// online.
	cli.SetForceActiveDeliveryReceipts(true)
	c.client = cli
	return nil
}

// errNoCAT answers the client, which asks for a token that only Messenger has
// and would else call nothing.
var errNoCAT = errors.New("WhatsApp asked for a token that linked devices do not have")

// errLetGo is the cause of a context that ended with the one that the connection
// was opened under.
var errLetGo = errors.New("the device is not held here any more")

// start begins the connection's life, which lasts no longer than under: once the
// device may be another's, ours must not log in any more.
func (c *Conn) start(under context.Context) {
	free := context.AfterFunc(under, func() { c.letGo(context.Cause(under)) })
	for _, work := range []func(){c.markProcessed, c.syncGroups, c.readHistory, c.changeStates, c.fetchStates, c.tellSent, c.storeLate} {
		c.workers.Go(work)
	}
	reported := make(chan struct{})
	go func() {
		defer close(reported)
		c.report()
	}()
	go func() {
		c.live()
		c.workers.Wait()
		c.storeLast()
		<-reported
		c.reportingCancel()
		free()
		close(c.done)
	}()
}

// letGo ends the connection because it may not be held any more. An open socket
// is closed before the context ends: that would tear it, and the client's own
// clearing up races with a Disconnect after it. While one is being dialled,
// Disconnect would wait for it; then the context ends the dialling.
func (c *Conn) letGo(cause error) {
	if c.State().Status == open {
		c.disconnect()
	}
	c.cancel(fmt.Errorf("%w: %w", errLetGo, cause))
}

// fenced is told by the store that the device is another's, from within the
// call that met it.
func (c *Conn) fenced(cause error) {
	c.cancel(cause)
}

// State is the connection's state at this moment. While it is open, the detail
// may have advice all the same.
func (c *Conn) State() providers.State {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.shown()
}

// shown is the state with its advice. The caller holds c.mu.
func (c *Conn) shown() providers.State {
	s := c.state
	if s.Status == open && s.Detail == "" {
		s.Detail = c.advice
	}
	return s
}

// Done is closed when the connection has ended, by itself or by Close, and
// nothing of it runs any more.
func (c *Conn) Done() <-chan struct{} { return c.done }

// Ending says how it ended; meaningful once Done is closed.
func (c *Conn) Ending() providers.Ending {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ending
}

// Close ends the connection, waits until nothing of it runs any more, and gives
// the device back. The device stays linked. That it was closed so is not
// reported: whoever closes knows.
func (c *Conn) Close(ctx context.Context) error {
	c.tell(signal{trigger: closedByUs})
	select {
	case <-c.done:
		return nil
	case <-ctx.Done():
		// Not in time: whatever still runs is to stop now.
		c.cancel(errClosed)
		return fmt.Errorf("close channel %s: it is still closing: %w", c.channel.ID, context.Cause(ctx))
	}
}

// tell hands a signal to the connection's own goroutine. It never waits.
func (c *Conn) tell(s signal) { c.signals.put(s) }

// setState changes the state; who waits for that hears of it, and the sink.
func (c *Conn) setState(s providers.State) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s == c.state {
		return
	}
	c.state = s
	close(c.changed)
	c.changed = make(chan struct{})
	c.reportState()
}

// setAdvice tells the operator something while the connection works.
func (c *Conn) setAdvice(text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if text == c.advice {
		return
	}
	c.advice = text
	if c.state.Status == open {
		c.reportState()
	}
}

// reportState queues the state for the sink. The caller holds c.mu.
func (c *Conn) reportState() {
	report := providers.ConnectionChanged{State: c.shown()}
	if !c.own.IsEmpty() {
		report.Paired = providers.Address{Kind: providers.KindPhone, Value: c.own.User}
	}
	c.reports.put(report)
}

// link is the linked device; empty while there is none. It is a copy, since the
// client changes its own as it likes.
func (c *Conn) link() types.JID {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.own
}

// names are what the linked account is called, by number and hidden.
func (c *Conn) names() []types.JID {
	c.mu.Lock()
	defer c.mu.Unlock()
	return []types.JID{c.own, c.ownLID}
}

// selfIn is what the linked account is called in a chat: by number where the
// other one is, or the members of the group are.
func (c *Conn) selfIn(chat types.JID) types.JID {
	names := c.names()
	numbered := chat.Server == types.DefaultUserServer ||
		chat.Server == types.GroupServer && c.standings.get(chat).addressing == types.AddressingModePN
	if numbered || names[1].IsEmpty() {
		return names[0].ToNonAD()
	}
	return names[1].ToNonAD()
}

// self is the linked account; empty while there is none.
func (c *Conn) self() types.JID { return c.link().ToNonAD() }

// until waits for a state for which want holds. It fails when the connection
// ends or ctx does.
func (c *Conn) until(ctx context.Context, want func(providers.Status) bool) error {
	for {
		c.mu.Lock()
		now, changed := c.state, c.changed
		c.mu.Unlock()
		if want(now.Status) {
			return nil
		}
		if _, lives := steps[now.Status]; !lives {
			return errEnded
		}
		select {
		case <-changed:
		case <-c.ctx.Done():
			return errEnded
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// errEnded says that a connection ended while something waited for it.
var errEnded = errors.New("the connection has ended")

func isOpen(s providers.Status) bool { return s == open }

// handlers counts the events being handled, so that closing can wait for them.
type handlers struct {
	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
}

func (h *handlers) enter() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return false
	}
	h.running.Add(1)
	return true
}

func (h *handlers) leave() { h.running.Done() }

// close lets none in any more and waits for those inside.
func (h *handlers) close() {
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
	h.running.Wait()
}
