// Command omnichannel is the server, and what an operator needs beside it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/cirrus/omnichannel/internal/app"
	"github.com/cirrus/omnichannel/internal/vault"
)

// command is one verb of the program.
type command struct {
	name, summary string
	run           func(ctx context.Context, args []string, out io.Writer) error
}

func commands() []command {
	return []command{
		{"serve", "run the server (--local: on a MongoDB of its own)", serve},
		{"sandbox", "run the server beside simulated providers, with a demo account", sandbox},
		{"migrate", "bring the store's schema up to date", migrate},
		{"rotate-key", "seal everything again under OMNI_MASTER_KEY", rotateKey},
		{"lost-key", "give up what a master key sealed that nobody has any more", lostKey},
		{"apikey", "create | list --admin | --account ID, revoke --id ID: API keys", apiKey},
		{"version", "print the version", version},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "omnichannel:", err)
		os.Exit(1)
	}
}

// run finds the verb and runs it.
func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 || args[0] == "help" || args[0] == "--help" || args[0] == "-h" {
		usage(out)
		return nil
	}
	for _, c := range commands() {
		if c.name == args[0] {
			return c.run(ctx, args[1:], out)
		}
	}
	return fmt.Errorf("there is no command %q; `omnichannel help` lists them", args[0])
}

func usage(out io.Writer) {
	fmt.Fprintln(out, "omnichannel: WhatsApp conversations between customers and the platforms that answer them")
	fmt.Fprintln(out)
	for _, c := range commands() {
		fmt.Fprintf(out, "  %-12s %s\n", c.name, c.summary)
	}
	fmt.Fprintln(out, "\nSettings are OMNI_… environment variables; the README has the table. --help on each command tells more.")
}

func serve(ctx context.Context, args []string, out io.Writer) error {
	flags := newFlags("serve", "Runs the server until it is told to stop, then lets what it has accepted finish.", out)
	local := flags.Bool("local", false, "start a local MongoDB and a master key of its own under OMNI_DATA_DIR, and migrate")
	if err := parse(flags, args); err != nil {
		return err
	}
	collectSeldom()
	return app.Serve(ctx, os.Environ(), *local, out)
}

// collectSeldom lets the heap grow to almost three times of what is in use before
// it is collected: what a server keeps is small (tens of MiB), and at full load
// collecting at twice of it cost a sixth of its time. GOGC overrules it.
func collectSeldom() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(175)
	}
}

func sandbox(ctx context.Context, args []string, out io.Writer) error {
	flags := newFlags("sandbox", "Runs serve --local beside a simulated 360dialog, makes a demo account, and lets a conversation take place.", out)
	if err := parse(flags, args); err != nil {
		return err
	}
	return app.Sandbox(ctx, os.Environ(), out)
}

func migrate(ctx context.Context, args []string, out io.Writer) error {
	flags := newFlags("migrate", "Brings the schema of OMNI_MONGODB_URI up to date. Safe while servers of the release before run.", out)
	if err := parse(flags, args); err != nil {
		return err
	}
	return app.Migrate(ctx, os.Environ(), out)
}

func rotateKey(ctx context.Context, args []string, out io.Writer) error {
	flags := newFlags("rotate-key", "Seals every stored credential again under OMNI_MASTER_KEY; the former key stands in OMNI_MASTER_KEY_PREVIOUS. Can be interrupted and run again.", out)
	if err := parse(flags, args); err != nil {
		return err
	}
	return app.RotateKey(ctx, os.Environ(), out)
}

func lostKey(ctx context.Context, args []string, out io.Writer) error {
	flags := newFlags("lost-key", "Gives up what a master key sealed that is lost: what can be made anew is, what people must give anew is listed. Can be interrupted and run again.", out)
	id := flags.String("id", "", "the id of the lost key, as the server names it that does not start")
	if err := parse(flags, args); err != nil {
		return err
	}
	if *id == "" {
		return errors.New("lost-key needs --id ID: a server that does not start without a key names its id")
	}
	return app.LoseKey(ctx, os.Environ(), vault.KeyID(*id), out)
}

func apiKey(ctx context.Context, args []string, out io.Writer) error {
	switch {
	case len(args) > 0 && args[0] == "list":
		return listKeys(ctx, args[1:], out)
	case len(args) > 0 && args[0] == "revoke":
		return revokeKey(ctx, args[1:], out)
	}
	create := len(args) > 0 && args[0] == "create"
	if create {
		args = args[1:]
	}
	flags := newFlags("apikey create", "Makes an API key and prints it once.", out)
	admin := flags.Bool("admin", false, "a key that may act on every account")
	account := flags.String("account", "", "the clientIdentifier of the account that the key is for")
	name := flags.String("name", "made on the command line", "what the key is called in lists")
	if err := parse(flags, args); err != nil {
		return err
	}
	if !create {
		return errors.New("usage: omnichannel apikey create --admin | --account ID [--name NAME], apikey list --admin | --account ID, apikey revoke --id ID")
	}
	if *admin == (*account != "") {
		return errors.New("say either --admin or --account ID")
	}
	return app.CreateKey(ctx, os.Environ(), *account, *name, out)
}

func listKeys(ctx context.Context, args []string, out io.Writer) error {
	flags := newFlags("apikey list", "Prints the API keys of an account, or the admin keys, a line each: id, when it was made, name. That of OMNI_ADMIN_KEY is not among them.", out)
	admin := flags.Bool("admin", false, "the keys that may act on every account")
	account := flags.String("account", "", "the clientIdentifier of the account that the keys are for")
	if err := parse(flags, args); err != nil {
		return err
	}
	if *admin == (*account != "") {
		return errors.New("say either --admin or --account ID")
	}
	return app.ListKeys(ctx, os.Environ(), *account, out)
}

func revokeKey(ctx context.Context, args []string, out io.Writer) error {
	flags := newFlags("apikey revoke", "Revokes an API key, an account's or an admin's. Running servers refuse it within seconds.", out)
	id := flags.String("id", "", "the key's id, as apikey list prints it")
	if err := parse(flags, args); err != nil {
		return err
	}
	if *id == "" {
		return errors.New("say which key by --id; `omnichannel apikey list` shows them")
	}
	return app.RevokeKey(ctx, os.Environ(), *id, out)
}

func version(_ context.Context, args []string, out io.Writer) error {
	if err := parse(newFlags("version", "Prints the version, and the commit it was built from.", out), args); err != nil {
		return err
	}
	_, err := fmt.Fprintln(out, app.Version())
	return err
}

// newFlags makes a command's flags with a help that says what it does.
func newFlags(name, promise string, out io.Writer) *flag.FlagSet {
	flags := flag.NewFlagSet("omnichannel "+name, flag.ContinueOnError)
	flags.Usage = func() {
		fmt.Fprintf(out, "omnichannel %s\n%s\n", name, promise)
		flags.SetOutput(out)
		flags.PrintDefaults()
	}
	return flags
}

// parse reads a command's flags. Help goes to out and ends the command with
// flag.ErrHelp; anything wrong is an error and nothing else.
func parse(flags *flag.FlagSet, args []string) error {
	help := flags.Usage
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		help()
		return err
	}
	if err != nil {
		return fmt.Errorf("%w; `%s --help` lists the flags", err, flags.Name())
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("%s takes no %q; `%s --help` tells more", flags.Name(), flags.Arg(0), flags.Name())
	}
	return nil
}
