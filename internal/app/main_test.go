package app_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/cirrus/omnichannel/internal/app"
	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
)

// journal is all that the program has logged in this binary, down to debug.
var journal struct {
	sync.Mutex
	bytes.Buffer
}

type toJournal struct{}

// Write implements io.Writer.
func (toJournal) Write(line []byte) (int, error) {
	journal.Lock()
	defer journal.Unlock()
	return journal.Buffer.Write(line)
}

// journalLines are the lines that hold a text.
func journalLines(text string) []string {
	journal.Lock()
	defer journal.Unlock()
	var found []string
	for line := range strings.Lines(journal.String()) {
		if strings.Contains(line, text) {
			found = append(found, line)
		}
	}
	return found
}

func TestMain(m *testing.M) {
	slog.SetDefault(app.NewLogger(toJournal{}, slog.LevelDebug, "text"))
	os.Exit(mongotest.RunThen(func() int {
		apptest.Monitor = sent.monitor()
		result := m.Run()
		if err := sent.verdict(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, err)
			result = max(result, 1)
		}
		if err := apptest.Verdict(unseen); err != nil {
			fmt.Fprintln(os.Stderr, err)
			result = max(result, 1)
		}
		if err := apptest.StopShared(); err != nil {
			fmt.Fprintln(os.Stderr, "stop the shared server:", err)
			result = max(result, 1)
		}
		if result != 0 {
			fmt.Fprintln(os.Stderr, strings.Join(append(journalLines("level=WARN"), journalLines("level=ERROR")...), ""))
		}
		return result
	}))
}
