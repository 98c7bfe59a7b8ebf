package app

import (
	"context"
	"io"

	"github.com/cirrus/omnichannel/internal/vault"
)

// NewLogger is the program's logger, for tests that read what it writes.
var NewLogger = newLogger

// NewExporter chooses the exporter of traces, for tests that set the settings.
var NewExporter = newExporter

// OpenConsole opens the demo's console; trust tells it the secret.
func OpenConsole(ctx context.Context, dataDir string, out io.Writer, cleanup func(func())) (url string, trust func(secret string), err error) {
	c, err := openConsole(ctx, dataDir, out)
	if err != nil {
		return "", nil, err
	}
	cleanup(c.close)
	return "http://" + c.host(), func(secret string) {
		c.trust(func(context.Context) (vault.Secret, error) { return vault.Secret(secret), nil })
	}, nil
}
