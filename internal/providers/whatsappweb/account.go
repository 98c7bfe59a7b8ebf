package whatsappweb

import (
	"cmp"
	"context"
	"fmt"

	"go.mau.fi/whatsmeow/appstate"
	"go.mau.fi/whatsmeow/types"

	"github.com/cirrus/omnichannel/internal/providers"
)

// Own is the linked account as its device knows it. What it was not told is
// empty.
type Own struct {
	Who          `bson:",inline"`
	Name         string `bson:"name,omitempty"` // that it shows to others
	BusinessName string `bson:"businessName,omitempty"`
	Platform     string `bson:"platform,omitempty"` // of its phone, as that said when it was linked: android, iphone, smba, smbi
}

// Account is the linked account as WhatsApp shows it.
type Account struct {
	Own     `bson:",inline"`
	About   string `bson:"about,omitempty"`
	PhotoID string `bson:"photoId,omitempty"` // empty: none
}

// called is what the client learned of its account. It is a copy, since the
// client changes its own as it likes.
type called struct{ name, business, platform string }

// callOwn takes note of what the account is called now.
func (c *Conn) callOwn(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.called.name = name
}

// Own tells what the device knows of its account, without asking WhatsApp.
func (c *Conn) Own(ctx context.Context) (Own, error) {
	if err := c.online(ctx); err != nil {
		return Own{}, err
	}
	return c.ownNow(), nil
}

func (c *Conn) ownNow() Own {
	names := c.names()
	c.mu.Lock()
	defer c.mu.Unlock()
	return Own{Who: Who{Phone: names[0].User, LID: names[1].User}, Name: c.called.name, BusinessName: c.called.business, Platform: c.called.platform}
}

// Account asks WhatsApp what the account shows.
func (c *Conn) Account(ctx context.Context) (Account, error) {
	if err := c.online(ctx); err != nil {
		return Account{}, err
	}
	all, err := c.client.GetUserInfo(ctx, []types.JID{c.self()})
	if err != nil {
		return Account{}, c.askError(fmt.Errorf("ask for the own account: %w", err))
	}
	account := Account{Own: c.ownNow()}
	for _, shown := range all { // one was asked for; WhatsApp may call it by its hidden address
		account.About, account.PhotoID = shown.Status, shown.PictureID
		account.LID = cmp.Or(account.LID, shown.LID.User)
		if shown.VerifiedName != nil {
			account.BusinessName = cmp.Or(shown.VerifiedName.Details.GetVerifiedName(), account.BusinessName)
		}
	}
	return account, nil
}

// SetAbout changes the text that the account shows of itself; empty takes it
// away.
func (c *Conn) SetAbout(ctx context.Context, text string) error {
	if err := c.online(ctx); err != nil {
		return err
	}
	if err := c.client.SetStatusMessage(ctx, types.SetStatusInput{Text: &text}); err != nil {
		return c.askError(fmt.Errorf("change the about text: %w", err))
	}
	return nil
}

// SetName changes what the account is called by others who have not saved it. As
// WhatsApp's own linked devices do, it changes what the account's devices share,
// and shows itself under the new name: now, or at the next login.
func (c *Conn) SetName(ctx context.Context, name string) error {
	if err := c.changeState(ctx, appstate.BuildSettingPushName(name)); err != nil {
		return err
	}
	// The name is changed, whatever becomes of showing it.
	c.tell(signal{run: func() {
		c.life.named, c.life.present = true, false
		c.showPresence()
	}})
	return nil
}

// SetPresence shows the number online, or not, from now on: also after a
// reconnection, for as long as it is held here.
func (c *Conn) SetPresence(ctx context.Context, available bool) error {
	if err := c.online(ctx); err != nil {
		return err
	}
	presence := types.PresenceUnavailable
	if available {
		presence = types.PresenceAvailable
	}
	return c.inTurn(ctx, func() error {
		if !c.life.named {
			return errNameless
		}
		c.life.wished = presence
		return c.show()
	})
}

// inTurn does something between two steps of the connection's life, and waits
// for it.
func (c *Conn) inTurn(ctx context.Context, do func() error) error {
	done := make(chan error, 1)
	c.tell(signal{run: func() { done <- do() }})
	select {
	case err := <-done:
		return c.askError(err)
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-c.ctx.Done():
		return c.notConnected(errEnded)
	}
}

// errNameless says that the phone has not told the account's name yet, without
// which nobody can show themselves.
var errNameless = &providers.SendError{
	Reason: providers.ReasonUnavailable, Retryable: true,
	Detail: "The phone has not told this device the account's name yet, which WhatsApp wants of who shows themselves. Try again in some seconds; if that does not help, open WhatsApp on the phone.",
}
