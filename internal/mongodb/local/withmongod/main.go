// Command withmongod runs a command beside a throw-away MongoDB, whose address
// the command finds in OMNI_TEST_MONGODB_URI, and exits as the command did:
//
//	go run ./internal/mongodb/local/withmongod go test ./...
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"github.com/cirrus/omnichannel/internal/mongodb/local"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: withmongod COMMAND [ARGUMENT...]")
		os.Exit(2)
	}
	// A Ctrl-C reaches the command by itself; this waits for it to end.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	code, err := run(ctx, os.Args[1], os.Args[2:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "withmongod:", err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// run gives the command's exit code, and an error when the surroundings failed.
func run(ctx context.Context, name string, args []string) (code int, err error) {
	dir, remove, err := local.TempDir()
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, remove()) }()
	server, err := local.Start(ctx, local.Options{Dir: dir, Stdout: os.Stderr})
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, server.Close(context.WithoutCancel(ctx))) }()

	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), "OMNI_TEST_MONGODB_URI="+server.URI())
	err = cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return max(exit.ExitCode(), 1), nil
	}
	return 0, err
}
