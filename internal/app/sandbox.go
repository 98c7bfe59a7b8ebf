package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/accounts"
	"github.com/cirrus/omnichannel/internal/config"
	"github.com/cirrus/omnichannel/internal/sandbox/d360"
)

// Sandbox runs a server on a local store beside simulated providers, with a
// demo account; a conversation takes place, then it serves until ctx ends.
func Sandbox(ctx context.Context, environ []string, out io.Writer) error {
	// A person looks at this terminal: their log is text and says only what is
	// wrong, unless they ask for more.
	environ = append([]string{"OMNI_LOG_LEVEL=warn", "OMNI_LOG_FORMAT=text"}, environ...)
	cfg, err := load(environ)
	if err != nil {
		return err
	}
	if err := ownStore(ctx, cfg); err != nil {
		return err
	}
	simulator := d360.New(d360.Options{Logger: slog.Default(), Numbers: []d360.NumberConfig{demoNumber}})
	defer simulator.Close()
	running, err := simulator.Listen(ctx, cfg.SandboxAddr, cfg.SandboxControlAddr)
	if err != nil {
		return fmt.Errorf("OMNI_SANDBOX_ADDR, OMNI_SANDBOX_CONTROL_ADDR: %w", err)
	}
	defer running.Close()
	if cfg.D360BaseURL == "" {
		cfg.D360BaseURL = running.APIURL
	}
	people, err := openPhones(ctx, cfg.SandboxWhatsAppAddr, cfg.SandboxWhatsAppControlAddr)
	if err != nil {
		return err
	}
	defer people.close()
	cfg.WhatsAppURL, cfg.WhatsAppRootKey = people.running.URL, people.whatsapp.RootKey()
	out = &oneByOne{out: out}
	platform, err := openConsole(ctx, cfg.DataDir, out)
	if err != nil {
		return err
	}
	defer platform.close()
	cfg.AllowHosts = append(cfg.AllowHosts, platform.host())
	return withLocalStore(ctx, cfg, out, func(ctx context.Context, cfg config.Config) error {
		return sandboxOn(ctx, cfg, simulator, running, people, platform, out)
	})
}

// ownStore refuses a store that is in use for something else: what waits there
// would be sent to simulators, and its linked devices would be opened at one.
func ownStore(ctx context.Context, cfg config.Config) error {
	if cfg.MongoDBURI == "" {
		return nil
	}
	made, _, err := readDemo(cfg.DataDir)
	if err != nil {
		return err
	}
	return onStore(ctx, cfg.MongoDBURI, func(db *mongo.Database) error {
		var ids []string
		if err := db.Collection(accounts.Collection).Distinct(ctx, "_id", bson.D{}).Decode(&ids); err != nil {
			return fmt.Errorf("look for accounts in the store of OMNI_MONGODB_URI: %w", err)
		}
		if len(ids) > 0 && !slices.Contains(ids, string(made.Account)) {
			return fmt.Errorf("the store of OMNI_MONGODB_URI has %d accounts, and none that the sandbox made: unset it, and the sandbox starts a store of its own", len(ids))
		}
		return nil
	})
}

func sandboxOn(ctx context.Context, cfg config.Config, simulator *d360.Server, running *d360.Running, people *phones, platform *console, out io.Writer) error {
	a, err := Start(ctx, cfg, Options{Migrate: true, OwnURL: true})
	if err != nil {
		return err
	}
	demo, err := makeDemo(ctx, a, cfg.DataDir)
	if err == nil {
		err = platform.join(ctx, a, demo)
	}
	if err == nil {
		err = people.converse(ctx, a, demo, out)
	}
	if err == nil {
		err = converse(ctx, a, demo, simulator, out)
	}
	if err != nil {
		return errors.Join(err, a.Close(context.WithoutCancel(ctx)))
	}
	demo.print(out, a, running, people)
	select {
	case <-ctx.Done():
	case err = <-a.Failed():
	}
	fmt.Fprintln(out, "stopping; the data stays in", cfg.DataDir)
	return errors.Join(err, a.Close(context.WithoutCancel(ctx)))
}

// demoNumber is the business number of the simulated 360dialog.
var demoNumber = d360.NumberConfig{
	APIKey: "sandbox-360dialog-key", DisplayPhoneNumber: "5521977776666", PhoneNumberID: "106540352242922", Name: "Mercearia do João",
}

// eventually asks again and again until ok, for a minute at most.
func eventually(ctx context.Context, what string, ok func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		done, err := ok()
		if err != nil || done {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w", what, ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}
