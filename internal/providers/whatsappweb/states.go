package whatsappweb

import (
	"time"

	"github.com/cirrus/omnichannel/internal/providers"
)

// trigger is what can happen to a connection.
type trigger int

// All there are.
const (
	opened       trigger = iota // logged in, and ready
	dropped                     // the connection is gone
	unreachable                 // no connection came about
	silence                     // nothing was heard for too long, or the login takes too long
	unwell                      // a stream error without a meaning of its own
	replaced                    // the same device connected elsewhere
	contested                   // that, again and again
	loggedOut                   // the phone or WhatsApp unlinked the device
	locked                      // WhatsApp banned the number for good
	unlinked                    // we unlinked it
	banned                      // WhatsApp banned the number for a time
	outdated                    // WhatsApp refuses this version of the client
	refused                     // WhatsApp refuses the login for another reason
	codesCame                   // there are QR codes to show
	codesOver                   // nobody scanned one, or went on after it
	passkeyAsked                // scanned: now a passkey is wanted
	pairFailed                  // scanned, and something went wrong
	wrongNumber                 // scanned by another number's phone
	paired                      // linked; a new login follows
	loginAgain                  // WhatsApp asks for that login
	fenced                      // the device is not ours any more
	closedByUs                  // Close
	triggers                    // how many
)

// act is what to do beyond changing the state.
type act int

const (
	nothing   act = iota
	dialSoon      // after a pause that grows from try to try
	dialNow       // at once
	dialLater     // unless something happens before
	hangUp        // so that dropped comes
	showCodes     // one after the other
	await         // the pairing's next step, for a limited time
)

// step is what a trigger does in a state. Its zero value does nothing.
type step struct {
	to   providers.Status // empty: it stays
	ends bool
	act  act
}

const (
	connecting = providers.StatusConnecting
	showingQR  = providers.StatusQR
	pairing    = providers.StatusPairing
	open       = providers.StatusOpen
)

// endSteps are the steps that are the same wherever they come.
var endSteps = map[trigger]step{
	contested:   {to: providers.StatusFailed, ends: true},
	loggedOut:   {to: providers.StatusLoggedOut, ends: true},
	locked:      {to: providers.StatusBanned, ends: true},
	unlinked:    {to: providers.StatusLoggedOut, ends: true},
	banned:      {to: providers.StatusBanned, ends: true},
	outdated:    {to: providers.StatusOutdated, ends: true},
	refused:     {to: providers.StatusFailed, ends: true},
	pairFailed:  {to: providers.StatusFailed, ends: true},
	wrongNumber: {to: providers.StatusFailed, ends: true},
	fenced:      {to: providers.StatusClosed, ends: true},
	closedByUs:  {to: providers.StatusClosed, ends: true},
}

// steps is the rest of the table of a connection that lives. A connection that
// has ended heeds nothing any more.
//
//	connecting ──codes──▶ qr ──passkey──▶ pairing ──opened──▶ open
//	    │ ▲               └──────paired─────▲                  │
//	    │ └────dropped, unreachable, replaced, from anywhere───┤
//	    └──────────────────────opened──────────────────────────▶
var steps = map[providers.Status]map[trigger]step{
	connecting: onTheWay, showingQR: onTheWay, pairing: onTheWay,
	open: {
		opened: {}, dropped: {to: connecting, act: dialSoon}, unreachable: {to: connecting, act: dialSoon},
		silence: {to: connecting, act: hangUp}, unwell: {to: connecting, act: hangUp}, replaced: {to: connecting, act: dialSoon},
		// What belongs to pairing comes too late here.
		codesCame: {}, codesOver: {}, passkeyAsked: {}, paired: {}, loginAgain: {to: connecting, act: dialNow},
	},
}

// onTheWay are the steps of every state that is to become open.
var onTheWay = map[trigger]step{
	opened: {to: open}, dropped: {to: connecting, act: dialSoon}, unreachable: {to: connecting, act: dialSoon},
	silence: {to: connecting, act: hangUp}, unwell: {to: connecting, act: hangUp}, replaced: {to: connecting, act: dialSoon},
	codesCame: {to: showingQR, act: showCodes}, codesOver: {to: providers.StatusClosed, ends: true},
	passkeyAsked: {to: pairing, act: await}, paired: {to: pairing, act: dialLater}, loginAgain: {act: dialNow},
}

// decide looks a step up.
func decide(in providers.Status, t trigger) step {
	rest, lives := steps[in]
	if !lives {
		return step{}
	}
	if end, ok := endSteps[t]; ok {
		return end
	}
	return rest[t]
}

// signal is a trigger with what is known of it.
type signal struct {
	trigger trigger
	detail  string        // what the operator reads
	again   time.Duration // when to open anew, if it ends by this
	codes   []string      // of codesCame
	limit   time.Duration // of passkeyAsked
	// run, where set, is the whole signal: something for the connection's own
	// goroutine to do.
	run func()
}
