package whatsappweb

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/appstate"

	"github.com/cirrus/omnichannel/internal/providers"
)

const (
	// conflictsMost is how often a change is built anew because another device of
	// the account was faster.
	conflictsMost = 20
	// changesAtOnce bounds the mutations of one patch.
	changesAtOnce = 100
	// keysLimit is how long the phone may take to hand over the keys of what the
	// account's devices share; it does so right after a pairing.
	keysLimit = 10 * time.Second
	// keysLook is how often it is looked for them.
	keysLook = 200 * time.Millisecond
	// fetchPause is how long it is waited before what could not be read is tried
	// once more; twice as long each time, and fetchPauseMost in the end.
	fetchPause     = 5 * time.Second
	fetchPauseMost = 5 * time.Minute
)

// stateChange is a wish to change what the account's devices share: which chats
// are archived or muted, what the account is called.
type stateChange struct {
	ctx   context.Context // of who asked
	patch appstate.PatchInfo
	done  chan<- error // has room for one
}

// stateBatch is what goes out as one patch, and who waits for it.
type stateBatch struct {
	patch   appstate.PatchInfo
	waiting []chan<- error
}

// changeState changes what the account's devices share, and waits for WhatsApp's
// word that it is so. Each patch says which state of its collection it follows,
// so that they are sent one after another.
func (c *Conn) changeState(ctx context.Context, patch appstate.PatchInfo) error {
	if err := c.online(ctx); err != nil {
		return err
	}
	done := make(chan error, 1)
	c.changes.put(stateChange{ctx: ctx, patch: patch, done: done})
	select {
	case err := <-done:
		return c.askError(err)
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-c.ctx.Done():
		return c.notConnected(errEnded)
	}
}

// changeStates sends what changeState queued: what waits for the same collection
// goes together.
func (c *Conn) changeStates() {
	for {
		select {
		case <-c.changes.rung():
		case <-c.ctx.Done():
			return
		}
		for _, batch := range batched(c.changes.takeAll()) {
			err := c.publish(batch.patch)
			for _, done := range batch.waiting {
				done <- err
			}
		}
	}
}

// batched gathers changes by their collection. Of two of the same thing the later
// one counts; those that nobody waits for any more are left out.
func batched(changes []stateChange) []*stateBatch {
	var all []*stateBatch
	open := map[appstate.WAPatchName]*stateBatch{}
	for _, change := range changes {
		if change.ctx.Err() != nil {
			change.done <- context.Cause(change.ctx)
			continue
		}
		batch := open[change.patch.Type]
		if batch == nil || len(batch.patch.Mutations) >= changesAtOnce {
			batch = &stateBatch{patch: appstate.PatchInfo{Type: change.patch.Type}}
			open[change.patch.Type] = batch
			all = append(all, batch)
		}
		for _, m := range change.patch.Mutations {
			batch.patch.Mutations = append(slices.DeleteFunc(batch.patch.Mutations, func(earlier appstate.MutationInfo) bool {
				return slices.Equal(earlier.Index, m.Index)
			}), m)
		}
		batch.waiting = append(batch.waiting, change.done)
	}
	return all
}

// publish sends one patch. Where another device was faster, the newest state is
// fetched and the patch built anew upon it. The client's own way to do that races
// with what it fetches because it was told to, so it is not used.
func (c *Conn) publish(patch appstate.PatchInfo) error {
	// A query that is cut off by its context races with its answer inside the
	// client; these end with the socket.
	ctx := context.WithoutCancel(c.ctx)
	if err := c.awaitKeys(ctx); err != nil {
		return err
	}
	inner := c.client.DangerousInternals() //nolint:staticcheck // marked as dangerous; the client's own retry is more so
	var err error
	for range conflictsMost {
		err = refusedState(inner.SendAppState(ctx, patch, false))
		if wasTaken(err) {
			c.logger.Info("a change of what a WhatsApp account's devices share was taken, and could not be read back; it is read later", "collection", string(patch.Type), "error", err)
			c.unfetched.put(patch.Type)
			err = nil
		}
		if err == nil {
			return nil
		}
		var no *RefusedError
		if !errors.As(err, &no) || no.Code != 409 {
			break
		}
		if fetched := c.fetchState(ctx, patch.Type); fetched != nil {
			return fetched
		}
		if c.ctx.Err() != nil {
			break
		}
	}
	return fmt.Errorf("change %s: %w", patch.Type, err)
}

// fetchState reads what the account's other devices changed, all of it anew where
// what is known here does not fit to that.
func (c *Conn) fetchState(ctx context.Context, name appstate.WAPatchName) error {
	err := c.client.FetchAppState(ctx, name, false, false)
	if errors.Is(err, appstate.ErrMismatchingLTHash) || errors.Is(err, appstate.ErrMismatchingPatchMAC) {
		c.logger.Warn("the state that a WhatsApp account's devices share does not fit; it is read anew", "collection", string(name), "error", err)
		err = c.client.FetchAppState(ctx, name, true, false)
	}
	if err != nil {
		return fmt.Errorf("fetch %s: %w", name, err)
	}
	return nil
}

// fetchStates reads what could not be read right after a change, until it is.
func (c *Conn) fetchStates() {
	for {
		select {
		case <-c.unfetched.rung():
		case <-c.ctx.Done():
			return
		}
		names := c.unfetched.takeAll()
		slices.Sort(names)
		for _, name := range slices.Compact(names) {
			c.fetchAgain(name)
		}
	}
}

// fetchAgain reads one collection once it can be read.
func (c *Conn) fetchAgain(name appstate.WAPatchName) {
	for pause := fetchPause; c.until(c.ctx, isOpen) == nil; pause = min(2*pause, fetchPauseMost) {
		err := c.fetchState(context.WithoutCancel(c.ctx), name) // see publish
		if err == nil {
			return
		}
		c.logger.Info("what a WhatsApp account's devices share cannot be read yet", "collection", string(name), "error", err)
		select {
		case <-time.After(pause):
		case <-c.ctx.Done():
			return
		}
	}
}

// awaitKeys waits for the keys that the phone shares after a pairing.
func (c *Conn) awaitKeys(ctx context.Context) error {
	look := time.NewTicker(keysLook)
	defer look.Stop()
	limit := time.NewTimer(keysLimit)
	defer limit.Stop()
	for {
		key, err := c.device.AppStateKeys.GetLatestAppStateSyncKeyID(ctx)
		if err != nil {
			return fmt.Errorf("look for the keys of what devices share: %w", err)
		}
		if key != nil {
			return nil
		}
		select {
		case <-look.C:
		case <-limit.C:
			return &providers.SendError{
				Reason: providers.ReasonUnavailable, Retryable: true,
				Detail: "The phone has not handed its keys to this device yet, without which nothing that they share can be changed. Open WhatsApp on the phone, and try again.",
			}
		case <-c.ctx.Done():
			return errEnded
		}
	}
}

// stateCode finds the code in the client's words about a patch that WhatsApp
// refused; it has it nowhere else.
var stateCode = regexp.MustCompile(`code="(\d{3})"`)

// wasTaken tells whether a change failed only where the client then reads what
// became of it: WhatsApp had taken the change. The client says so in words only.
func wasTaken(err error) bool {
	return err != nil && strings.HasPrefix(err.Error(), "failed to fetch app state after sending update")
}

// refusedState tells WhatsApp's refusals of a patch from other failures.
func refusedState(err error) error {
	if !errors.Is(err, whatsmeow.ErrAppStateUpdate) {
		return err
	}
	code := 0
	if found := stateCode.FindStringSubmatch(err.Error()); found != nil {
		code, _ = strconv.Atoi(found[1]) // three digits
	}
	return &RefusedError{Code: code, Err: err}
}
