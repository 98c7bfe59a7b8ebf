package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/accounts"
	"github.com/cirrus/omnichannel/internal/config"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/mongodb/local"
	"github.com/cirrus/omnichannel/internal/vault"
	"github.com/cirrus/omnichannel/migrations"
)

// Version is the module's version, and the commit it was built from.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	text := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			text += " " + s.Value
		}
	}
	return text
}

// Serve runs a server until ctx ends. With localStore it brings up a MongoDB
// and a master key of its own.
func Serve(ctx context.Context, environ []string, localStore bool, out io.Writer) error {
	cfg, err := load(environ)
	if err != nil {
		return err
	}
	if localStore {
		return withLocalStore(ctx, cfg, out, func(ctx context.Context, cfg config.Config) error {
			return serve(ctx, cfg, Options{Migrate: true}, out)
		})
	}
	if err := cfg.Production(); err != nil {
		return err
	}
	return serve(ctx, cfg, Options{}, out)
}

// load reads the settings and sets the log up by them.
func load(environ []string) (config.Config, error) {
	cfg, err := config.Load(environ)
	if err != nil {
		return cfg, err
	}
	level, err := cfg.Level()
	if err != nil {
		return cfg, err
	}
	slog.SetDefault(newLogger(os.Stderr, level, cfg.LogFormat))
	return cfg, nil
}

// serve runs a server and stops it when ctx ends or a listener fails.
func serve(ctx context.Context, cfg config.Config, o Options, out io.Writer) error {
	stopTraces, err := startTraces(ctx)
	if err != nil {
		return err
	}
	a, err := Start(ctx, cfg, o)
	if err != nil {
		return errors.Join(err, stopTraces(context.WithoutCancel(ctx)))
	}
	if err := a.announceFirst(ctx, out); err != nil {
		return errors.Join(err, a.Close(context.WithoutCancel(ctx)), stopTraces(context.WithoutCancel(ctx)))
	}
	debug.FreeOSMemory() // what only the start needed
	fmt.Fprintf(out, "omnichannel listens on %s (operations: %s)\n", a.URL(), a.OpsURL())
	select {
	case <-ctx.Done():
	case err = <-a.Failed():
	}
	slog.Info("stopping")
	return errors.Join(err, a.Close(context.WithoutCancel(ctx)), stopTraces(context.WithoutCancel(ctx)))
}

// announceFirst makes the first account of an empty store and prints its key,
// once.
func (a *App) announceFirst(ctx context.Context, out io.Writer) error {
	account, key, made, err := a.Rooms.Accounts.Bootstrap(ctx)
	if err != nil || !made {
		return err
	}
	fmt.Fprintf(out, "First start: account %s was made, and this admin key, which is not shown again:\n%s\n", account, key)
	return nil
}

// withLocalStore runs work on a local MongoDB under the data directory.
func withLocalStore(ctx context.Context, cfg config.Config, out io.Writer, work func(context.Context, config.Config) error) error {
	if cfg.MasterKey == "" {
		key, err := localKey(filepath.Join(cfg.DataDir, "master.key"))
		if err != nil {
			return err
		}
		cfg.MasterKey = key
	}
	if cfg.MongoDBURI != "" {
		return work(ctx, cfg)
	}
	server, err := local.Start(ctx, local.Options{Dir: filepath.Join(cfg.DataDir, "mongodb"), Logger: slog.Default(), Stdout: out})
	if err != nil {
		return err
	}
	cfg.MongoDBURI = server.URI()
	return errors.Join(work(ctx, cfg), server.Close(context.WithoutCancel(ctx)))
}

// localKey reads the master key of a local store, or makes it.
func localKey(path string) (vault.Secret, error) {
	text, err := os.ReadFile(path)
	if err == nil {
		return vault.Secret(text), nil
	}
	if !os.IsNotExist(err) {
		return "", fmt.Errorf("read the local master key: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", fmt.Errorf("make the data directory: %w", err)
	}
	key := vault.NewKey()
	if err := os.WriteFile(path, []byte(key.Reveal()), 0o600); err != nil {
		return "", fmt.Errorf("write the local master key: %w", err)
	}
	return key, nil
}

// Migrate brings the store's schema up to date.
func Migrate(ctx context.Context, environ []string, out io.Writer) error {
	return withStore(ctx, environ, func(cfg config.Config, db *mongo.Database) error {
		pending, err := mongodb.Pending(ctx, db, migrations.All())
		if err != nil {
			return err
		}
		if err := mongodb.Migrate(ctx, db, migrations.All()); err != nil {
			return err
		}
		if len(pending) == 0 {
			fmt.Fprintln(out, "the schema is up to date")
			return nil
		}
		fmt.Fprintf(out, "%d migrations applied %v\n", len(pending), pending)
		return nil
	})
}

// upToDate refuses a store that lacks migrations.
func upToDate(ctx context.Context, db *mongo.Database) error {
	pending, err := mongodb.Pending(ctx, db, migrations.All())
	if err != nil {
		return err
	}
	if len(pending) > 0 {
		return fmt.Errorf("the store lacks the migrations %v: run `omnichannel migrate` first", pending)
	}
	return nil
}

// CreateKey makes an API key of an account, or an admin key where account is
// empty, and prints it.
func CreateKey(ctx context.Context, environ []string, account, name string, out io.Writer) error {
	return withStore(ctx, environ, func(_ config.Config, db *mongo.Database) error {
		if err := upToDate(ctx, db); err != nil {
			return err
		}
		room := accounts.New(accounts.Options{DB: db, Now: time.Now})
		owner, err := ownerOf(ctx, room, account)
		if err != nil {
			return err
		}
		key, _, err := room.CreateKey(ctx, owner, account == "", name)
		if err != nil {
			return err
		}
		fmt.Fprintln(out, key)
		return nil
	})
}

// ownerOf reads the account that a key is, or is to be, of; empty: an admin's.
func ownerOf(ctx context.Context, room *accounts.Service, account string) (ids.Account, error) {
	if account == "" {
		return "", nil
	}
	parsed, err := ids.ParseAccount(account)
	if err != nil {
		return "", err
	}
	exists, err := room.AccountExists(ctx, parsed)
	if err == nil && !exists {
		err = fmt.Errorf("there is no account %s", parsed)
	}
	return parsed, err
}

// ListKeys prints the API keys of an account, or the admin keys where account is
// empty, a line each: id, when it was made, name.
func ListKeys(ctx context.Context, environ []string, account string, out io.Writer) error {
	return withStore(ctx, environ, func(_ config.Config, db *mongo.Database) error {
		room := accounts.New(accounts.Options{DB: db, Now: time.Now})
		owner, err := ownerOf(ctx, room, account)
		if err != nil {
			return err
		}
		keys, err := room.Keys(ctx, owner)
		if err != nil {
			return err
		}
		for _, key := range keys {
			fmt.Fprintf(out, "%s  %s  %s\n", key.ID, key.CreatedAt.UTC().Format(time.RFC3339), key.Name)
		}
		return nil
	})
}

// RevokeKey deletes an API key, an account's or an admin's. Servers that run
// refuse it within seconds.
func RevokeKey(ctx context.Context, environ []string, id string, out io.Writer) error {
	return withStore(ctx, environ, func(_ config.Config, db *mongo.Database) error {
		parsed, err := ids.Parse[ids.APIKey](id)
		if err != nil {
			return fmt.Errorf("%q is not the id of an API key; `omnichannel apikey list` shows them", id)
		}
		key, err := accounts.New(accounts.Options{DB: db, Now: time.Now}).Revoke(ctx, parsed)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "revoked %s (%s)\n", key.ID, key.Name)
		return nil
	})
}

// withStore connects to the configured store for one piece of work.
func withStore(ctx context.Context, environ []string, work func(config.Config, *mongo.Database) error) error {
	cfg, err := load(environ)
	if err != nil {
		return err
	}
	if cfg.MongoDBURI == "" {
		return errors.New("OMNI_MONGODB_URI is not set: name the store")
	}
	return onStore(ctx, cfg.MongoDBURI, func(db *mongo.Database) error { return work(cfg, db) })
}

func onStore(ctx context.Context, uri string, work func(*mongo.Database) error) error {
	client, err := mongodb.Connect(ctx, uri, mongodb.Options{})
	if err != nil {
		return err
	}
	return errors.Join(work(client.Database(databaseName(uri))), client.Disconnect(context.WithoutCancel(ctx)))
}
