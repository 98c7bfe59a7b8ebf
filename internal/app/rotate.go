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
	"github.com/cirrus/omnichannel/internal/media"
	"github.com/cirrus/omnichannel/internal/platforms"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/devicestore"
	"github.com/cirrus/omnichannel/internal/vault"
)

// RotateKey seals everything again under the current master key.
func RotateKey(ctx context.Context, environ []string, out io.Writer) error {
	return withStore(ctx, environ, func(cfg config.Config, db *mongo.Database) error {
		if cfg.MasterKey == "" {
			return errors.New("OMNI_MASTER_KEY is not set: give the new key there, and the former one in OMNI_MASTER_KEY_PREVIOUS")
		}
		if err := upToDate(ctx, db); err != nil {
			return err
		}
		keys, err := vault.New(cfg.MasterKey, cfg.MasterKeyPrevious...)
		if err != nil {
			return err
		}
		for _, room := range []struct {
			name   string
			rotate func(context.Context) (resealed int, err error)
		}{
			{"channels", channels.New(channels.Options{DB: db, Vault: keys, Now: time.Now}).Rotate},
			{"platform configs", platforms.New(platforms.Options{DB: db, Vault: keys, Now: time.Now}).Rotate},
			{"linked devices", devicestore.New(devicestore.Options{DB: db, Vault: keys, Now: time.Now}).Rotate},
			{"shared secrets", func(ctx context.Context) (int, error) { return media.RotateSecrets(ctx, db, keys) }},
		} {
			resealed, err := room.rotate(ctx)
			if err != nil {
				return fmt.Errorf("rotate the key of %s: %w", room.name, err)
			}
			fmt.Fprintf(out, "%s: %d sealed again\n", room.name, resealed)
		}
		fmt.Fprintf(out, "Everything is sealed under key %s. OMNI_MASTER_KEY_PREVIOUS may go once answers kept for Idempotency-Keys have expired (25 hours).\n", keys.KeyID())
		return nil
	})
}
