package whatsappweb

import (
	"context"
	"errors"
	"fmt"

	"go.mau.fi/whatsmeow"
	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"

	"github.com/cirrus/omnichannel/internal/providers"
)

// Logout unlinks the device from its phone; the connection ends with
// logged_out, and Logout returns when it has. A device that is linked must be
// connected for that; a pairing is given up.
func (c *Conn) Logout(ctx context.Context) error {
	if !c.self().IsEmpty() {
		if err := c.until(ctx, isOpen); err != nil {
			return fmt.Errorf("unlink channel %s: it is not connected, so remove the device on the phone instead: %w", c.channel.ID, err)
		}
		// WhatsApp may drop the connection before it answers: then it is done too.
		if err := c.unlink(ctx); err != nil && c.State().Status != providers.StatusLoggedOut {
			return fmt.Errorf("unlink channel %s: %w", c.channel.ID, err)
		}
	}
	c.tell(signal{trigger: unlinked, detail: detailUnlinked})
	select {
	case <-c.done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// unlink is the client's Logout without its changing of the device while others
// may read it.
func (c *Conn) unlink(ctx context.Context) error {
	//nolint:staticcheck // "dangerous" is a way around the client's Logout, see above
	_, err := c.client.DangerousInternals().SendIQ(ctx, whatsmeow.DangerousInfoQuery{
		Namespace: "md", Type: "set", To: types.ServerJID,
		Content: []waBinary.Node{{Tag: "remove-companion-device", Attrs: waBinary.Attrs{"jid": c.link(), "reason": "user_initiated"}}},
	})
	return err
}

// forget deletes the device, which nobody can log in with any more. The client
// may be doing the same: doing it twice is harmless, sharing its fields is not.
func (c *Conn) forget() {
	own := types.JID{User: "0", Server: types.DefaultUserServer}
	ctx, cancel := context.WithTimeout(c.ctx, c.options.AcceptLimit)
	defer cancel()
	err := c.keeper.DeleteDevice(ctx, &store.Device{ID: &own})
	if err != nil && !errors.Is(err, store.ErrDeviceDeleted) {
		c.logger.Warn("deleting a device that was unlinked failed", "error", err)
	}
}

// lasting is the container of the client's device. Once it has deleted a device
// that WhatsApp refused, the client would set the device's stores to others,
// without a lock: a read of one at that moment could call a method of the one on
// the data of the other, and end the whole server.
type lasting struct{ store.DeviceContainer }

// errFieldsStay keeps the client from it; the client logs it as a warning.
var errFieldsStay = errors.New("the device is deleted; its fields stay as they are, since others may be reading them")

func (l lasting) DeleteDevice(ctx context.Context, d *store.Device) error {
	if err := l.DeviceContainer.DeleteDevice(ctx, d); err != nil {
		return err
	}
	return errFieldsStay
}
