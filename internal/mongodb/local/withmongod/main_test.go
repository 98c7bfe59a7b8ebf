package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRunHandsOverAddressAndExitCode(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "out")
	code, err := run(t.Context(), "sh", []string{"-c", "echo $OMNI_TEST_MONGODB_URI > " + out + "; exit 3"})
	if err != nil || code != 3 {
		t.Fatalf("exit code %d, %v; want 3", code, err)
	}
	text, err := os.ReadFile(out)
	if err != nil || !strings.HasPrefix(string(text), "mongodb://127.0.0.1:") {
		t.Fatalf("the command saw %q, %v", text, err)
	}
}

func TestRunTellsOfACommandThatCannotStart(t *testing.T) {
	t.Parallel()
	if _, err := run(t.Context(), "/no/such/command", nil); err == nil {
		t.Fatal("no error")
	}
}
