//go:build unix

package preview

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/providers"
)

// scripts stand in for ffmpeg. Each is a program in a folder of its own, where
// it finds what it is to say and leaves what it saw.
var scripts = map[string]string{
	"good": `here=$(dirname "$0"); echo "$@" > "$here/args"; env > "$here/env"
while [ $# -gt 0 ]; do [ "$1" = -i ] && cp "$2" "$here/film"; shift; done
cat "$here/frame"`,
	"stuck":   `echo $$ > "$(dirname "$0")/started"; exec sleep 3600`,
	"endless": `exec cat /dev/zero`,
	"broken":  `echo "Invalid data found" >&2; exit 1`,
}

// bin holds one folder for each script. They are written before any test runs:
// a program that another test's child still holds open for writing cannot start.
var bin string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	var err error
	if bin, err = os.MkdirTemp("", "preview-test-*"); err == nil {
		defer os.RemoveAll(bin)
		err = writeScripts()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "the stand-ins for ffmpeg:", err)
		return 1
	}
	return m.Run()
}

func writeScripts() error {
	for name, script := range scripts {
		if err := os.Mkdir(filepath.Join(bin, name), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(program(name), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
			return err
		}
	}
	return errors.Join(
		os.WriteFile(filepath.Join(bin, "good", "frame"), pngOf(quarters(100, 56)), 0o600),
		syscall.Mkfifo(filepath.Join(bin, "stuck", "started"), 0o600))
}

func program(name string) string { return filepath.Join(bin, name, "ffmpeg") }

func with(name string) *eye { return newEye(func() string { return program(name) }) }

func TestFilmsShowTheirFirstFrame(t *testing.T) {
	t.Parallel()
	content := film(3400, 640, 360)
	facts := with("good").look(t.Context(), providers.TypeVideo, "video/mp4", int64(len(content)), file(content))
	if facts.Width != 640 || facts.Height != 360 || facts.Seconds != 3 || facts.ThumbWidth != 100 || facts.ThumbHeight != 56 {
		t.Errorf("%d x %d, %d s, thumbnail %d x %d", facts.Width, facts.Height, facts.Seconds, facts.ThumbWidth, facts.ThumbHeight)
	}
	if got := corners(shownBy(t, facts)); got != "RGBW" {
		t.Errorf("the thumbnail shows %s", got)
	}
	if seen := left(t, "film"); seen != string(content) {
		t.Errorf("ffmpeg saw %d bytes of the film's %d", len(seen), len(content))
	}
	args := left(t, "args")
	for _, want := range []string{"-nostdin", "-protocol_whitelist file -f mov -i ", "-frames:v 1", "scale=100:100"} {
		if !strings.Contains(args, want) {
			t.Errorf("ffmpeg was called by %q, without %q", args, want)
		}
	}
	fields := strings.Fields(args)
	for i, arg := range fields {
		if arg != "-i" {
			continue
		}
		if _, err := os.Stat(fields[i+1]); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the temporary file %s was left behind: %v", fields[i+1], err)
		}
	}
	if env := left(t, "env"); strings.Contains(env, "HOME=") {
		t.Errorf("ffmpeg sees our environment: %s", env)
	}
}

// left is what the good script left in its folder.
func left(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(bin, "good", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestFFmpegIsFoundOnThePath(t *testing.T) {
	t.Setenv("PATH", filepath.Join(bin, "good"))
	if got := findFFmpeg(); got != program("good") {
		t.Errorf("found %q", got)
	}
	t.Setenv("PATH", t.TempDir())
	if got := findFFmpeg(); got != "" {
		t.Errorf("found %q where there is none", got)
	}
}

func TestOnlyFilmsAreShownToFFmpeg(t *testing.T) {
	t.Parallel()
	e := newEye(func() string {
		t.Error("ffmpeg was asked for")
		return ""
	})
	for kind, content := range map[providers.ContentType][]byte{
		providers.TypeAudio: film(3400, 0, 0), providers.TypeDocument: film(3400, 640, 360), providers.TypeVideo: []byte("#EXTM3U\nhttp://example.com/"),
	} {
		if facts := e.look(t.Context(), kind, "video/mp4", 0, file(content)); facts.Thumbnail != nil {
			t.Errorf("%s has a thumbnail", kind)
		}
	}
}

func TestFilmsGoWithoutAThumbnailWhereFFmpegFails(t *testing.T) {
	t.Parallel()
	content := film(3400, 640, 360)
	missing := newEye(func() string { return filepath.Join(bin, "missing") })
	for name, e := range map[string]*eye{"without": blind(), "missing": missing, "broken": with("broken"), "endless": with("endless")} {
		if facts := e.look(t.Context(), providers.TypeVideo, "video/mp4", 0, file(content)); !equal(facts, Facts{Width: 640, Height: 360, Seconds: 3}) {
			t.Errorf("%s: %+v", name, facts)
		}
	}
	_, err := with("broken").still(t.Context(), file(content))
	if err == nil || !strings.Contains(err.Error(), "Invalid data found") {
		t.Errorf("the error does not say what ffmpeg says: %v", err)
	}
	if _, err := with("endless").still(t.Context(), file(content)); !errors.Is(err, errTooMuch) {
		t.Errorf("an endless frame: %v", err)
	}
}

func TestFFmpegEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	started := make(chan int, 1)
	go func() {
		defer cancel()
		text, err := os.ReadFile(filepath.Join(bin, "stuck", "started")) // waits until the script writes
		if err != nil {
			t.Error(err)
		}
		pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
		if err != nil {
			t.Error(err)
		}
		started <- pid
	}()
	facts := with("stuck").look(ctx, providers.TypeVideo, "video/mp4", 0, file(film(3400, 640, 360)))
	if !equal(facts, Facts{Width: 640, Height: 360, Seconds: 3}) {
		t.Errorf("%+v", facts)
	}
	if pid := <-started; syscall.Kill(pid, 0) == nil {
		t.Errorf("ffmpeg runs on as process %d", pid)
	}
}

func TestFFmpegHasALimitOfItsOwn(t *testing.T) {
	t.Parallel()
	e := newEye(func() string { return "/bin/sleep" })
	e.filmTime = time.Nanosecond
	_, err := e.still(t.Context(), file(film(3400, 640, 360)))
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

func TestAFilmThatCannotBeReadLeavesNoFile(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	broken := errors.New("the store is away")
	_, err := with("good").still(t.Context(), func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(io.MultiReader(strings.NewReader("half"), errReader{broken})), nil
	})
	if !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	if strays, err := os.ReadDir(dir); err != nil || len(strays) != 0 {
		t.Errorf("left behind: %v, %v", strays, err)
	}
}

type errReader struct{ err error }

func (e errReader) Read([]byte) (int, error) { return 0, e.err }

func TestFramesThatAreNoneAreRefused(t *testing.T) {
	t.Parallel()
	for name, frame := range map[string][]byte{
		"nothing": nil, "a JPEG": jpegOf(quarters(10, 10)), "too large": pngOf(quarters(101, 10)), "cut": bytes.TrimSuffix(pngOf(quarters(10, 10)), []byte("IEND\xae\x42\x60\x82")),
	} {
		if m, err := decodeStill(frame); err == nil {
			t.Errorf("%s is a frame of %v", name, m.Bounds())
		}
	}
}
