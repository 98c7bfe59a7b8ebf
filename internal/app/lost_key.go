package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/config"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/media"
	"github.com/cirrus/omnichannel/internal/platforms"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/devicestore"
	"github.com/cirrus/omnichannel/internal/vault"
)

// LoseKey gives up what a master key sealed that nobody has any more: what can be
// made anew is, and what people must give anew is listed. It refuses a key that is
// set, and one that sealed nothing. Run again after a failure, it goes on.
func LoseKey(ctx context.Context, environ []string, key vault.KeyID, out io.Writer) error {
	return withStore(ctx, environ, func(cfg config.Config, db *mongo.Database) error {
		if cfg.MasterKey == "" {
			return errors.New("OMNI_MASTER_KEY is not set: give the key that takes the lost one's place")
		}
		keys, err := vault.New(cfg.MasterKey, cfg.MasterKeyPrevious...)
		if err != nil {
			return err
		}
		if keys.Has(key) {
			return fmt.Errorf("key %s is not lost: it stands in OMNI_MASTER_KEY or OMNI_MASTER_KEY_PREVIOUS; omnichannel rotate-key takes leave of it", key)
		}
		if err := upToDate(ctx, db); err != nil {
			return err
		}
		lost, err := giveUp(ctx, db, keys, key)
		lost.print(out) // also what a failure has left: it is not told again
		switch {
		case err != nil:
			return fmt.Errorf("give up what key %s sealed: %w", key, err)
		case lost.nothing():
			return fmt.Errorf("nothing is sealed under key %s: a server that does not start without it names its id", key)
		}
		return nil
	})
}

// lost is what was sealed under a key that is gone.
type lost struct {
	secrets   int
	platforms []ids.PlatformConfig
	channels  []ids.Channel
	devices   []ids.Channel
}

func giveUp(ctx context.Context, db *mongo.Database, keys *vault.Vault, key vault.KeyID) (l lost, err error) {
	if l.platforms, err = platforms.New(platforms.Options{DB: db, Vault: keys, Now: time.Now}).GiveUpSecrets(ctx, key); err != nil {
		return l, err
	}
	if l.channels, err = channels.New(channels.Options{DB: db, Vault: keys, Now: time.Now}).SealedUnder(ctx, key); err != nil {
		return l, err
	}
	if l.devices, err = devicestore.New(devicestore.Options{DB: db, Vault: keys, Now: time.Now}).SealedUnder(ctx, key); err != nil {
		return l, err
	}
	l.secrets, err = media.GiveUpSecrets(ctx, db, key)
	return l, err
}

func (l lost) nothing() bool {
	return l.secrets == 0 && len(l.platforms) == 0 && len(l.channels) == 0 && len(l.devices) == 0
}

func (l lost) print(out io.Writer) {
	if l.secrets > 0 {
		fmt.Fprintln(out, "Links to files that were handed out open nothing any more; the next server makes a new key for them.")
	}
	list(out, "Platform configs whose signing secret was made anew; POST …/platform-configs/{id}/rotate-secret shows one to give to the platform:", l.platforms)
	list(out, "Channels whose credentials must be given anew, apiKey (null without one) and webhookSecret together, by PATCH …/channels/{id}:", l.channels)
	list(out, "Channels whose linked device must be given up, by POST /{number}/logout once a server has tried to open it, and linked anew:", l.devices)
}

func list[ID fmt.Stringer](out io.Writer, what string, ids []ID) {
	if len(ids) == 0 {
		return
	}
	fmt.Fprintln(out, what)
	for _, id := range ids {
		fmt.Fprintln(out, "  "+id.String())
	}
}
