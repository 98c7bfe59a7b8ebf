package media_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/cirrus/omnichannel/internal/media"
	"github.com/cirrus/omnichannel/internal/media/s3test"
)

// store is one of both kinds of Blobs, and the directory its files lie in.
type store struct {
	blobs media.Blobs
	root  string
}

func folder(t *testing.T) store {
	t.Helper()
	dir := t.TempDir()
	f, err := media.OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return store{f, dir}
}

func bucket(t *testing.T) store {
	t.Helper()
	server := s3test.Start(t)
	s, err := media.OpenS3(t.Context(), server.Options)
	if err != nil {
		t.Fatal(err)
	}
	return store{s, server.Folder}
}

// files counts what lies in a store, unfinished parts included.
func (s store) files(t *testing.T) int {
	t.Helper()
	n := 0
	err := filepath.WalkDir(s.root, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func random(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(rand.Uint32())
	}
	return b
}

// bare hides everything of a reader but Read.
type bare struct{ io.Reader }

func read(t *testing.T, b media.Blobs, key string, part media.Range) ([]byte, error) {
	t.Helper()
	r, err := b.Open(t.Context(), key, part)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

func TestBlobs(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(*testing.T) store{"folder": folder, "s3": bucket} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			t.Run("bytes", func(t *testing.T) { t.Parallel(); testBytes(t, s) })
			t.Run("missing", func(t *testing.T) { t.Parallel(); testMissing(t, s) })
			t.Run("ranges", func(t *testing.T) { t.Parallel(); testRanges(t, s) })
			t.Run("keys", func(t *testing.T) { t.Parallel(); testKeys(t, s) })
			t.Run("together", func(t *testing.T) { t.Parallel(); testTogether(t, s) })
		})
		t.Run(name+" broken off", func(t *testing.T) {
			t.Parallel()
			testBrokenOff(t, open(t))
		})
	}
}

func testBytes(t *testing.T, s store) {
	for _, size := range []int{0, 1, 4096, 5<<20 - 1, 5 << 20, 12<<20 + 7} {
		key, want := fmt.Sprintf("bytes/%d/file.bin", size), random(size)
		n, err := s.blobs.Put(t.Context(), key, bare{bytes.NewReader(want)})
		if err != nil || n != int64(size) {
			t.Fatalf("%d bytes: put %d, %v", size, n, err)
		}
		got, err := read(t, s.blobs, key, media.Range{})
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%d bytes: read %d, %v", size, len(got), err)
		}
		if n, err := s.blobs.Size(t.Context(), key); err != nil || n != int64(size) {
			t.Errorf("%d bytes: size %d, %v", size, n, err)
		}
	}
	for _, text := range []string{"first", "second"} { // replaces
		if _, err := s.blobs.Put(t.Context(), "bytes/again", strings.NewReader(text)); err != nil {
			t.Fatal(err)
		}
		if got, err := read(t, s.blobs, "bytes/again", media.Range{}); err != nil || string(got) != text {
			t.Errorf("read %q, %v; want %q", got, err, text)
		}
	}
}

func testMissing(t *testing.T, s store) {
	if _, err := s.blobs.Put(t.Context(), "missing/file", strings.NewReader("x")); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"missing/other", "other/file", "missing", "missing/file/below"} {
		if _, err := s.blobs.Open(t.Context(), key, media.Range{}); !errors.Is(err, media.ErrNoBlob) {
			t.Errorf("open %s: %v", key, err)
		}
		if _, err := s.blobs.Size(t.Context(), key); !errors.Is(err, media.ErrNoBlob) {
			t.Errorf("size of %s: %v", key, err)
		}
	}
	for range 2 {
		if err := s.blobs.Delete(t.Context(), "missing/file"); err != nil {
			t.Errorf("delete: %v", err)
		}
	}
	if _, err := s.blobs.Size(t.Context(), "missing/file"); !errors.Is(err, media.ErrNoBlob) {
		t.Errorf("after delete: %v", err)
	}
}

func testRanges(t *testing.T, s store) {
	for key, text := range map[string]string{"ranges/ten": "0123456789", "ranges/none": ""} {
		if _, err := s.blobs.Put(t.Context(), key, strings.NewReader(text)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		key  string
		part media.Range
		want string
		err  error
	}{
		{"ten", media.Range{}, "0123456789", nil},
		{"ten", media.Range{From: 3}, "3456789", nil},
		{"ten", media.Range{From: 3, Length: 4}, "3456", nil},
		{"ten", media.Range{Length: 1}, "0", nil},
		{"ten", media.Range{From: 9}, "9", nil},
		{"ten", media.Range{From: 8, Length: 100}, "89", nil},
		{"ten", media.Range{From: 10}, "", media.ErrBadRange},
		{"ten", media.Range{From: 11, Length: 1}, "", media.ErrBadRange},
		{"ten", media.Range{From: -1}, "", media.ErrBadRange},
		{"ten", media.Range{Length: -1}, "", media.ErrBadRange},
		{"none", media.Range{}, "", nil},
		{"none", media.Range{Length: 5}, "", nil},
		{"none", media.Range{From: 1}, "", media.ErrBadRange},
	} {
		got, err := read(t, s.blobs, "ranges/"+c.key, c.part)
		if !errors.Is(err, c.err) || string(got) != c.want {
			t.Errorf("%s %+v: %q, %v; want %q, %v", c.key, c.part, got, err, c.want, c.err)
		}
	}
}

func testKeys(t *testing.T, s store) {
	for _, key := range []string{"", "/", "/etc/passwd", "../x", "a/../b", "a//b", "a/", ".hidden", "a/.b", "a b", "a\\b", "a\x00b",
		"ä", ".parts/x", "..", strings.Repeat("a", 513)} {
		if _, err := s.blobs.Put(t.Context(), key, strings.NewReader("x")); err == nil {
			t.Errorf("put %q", key)
		}
		if _, err := s.blobs.Open(t.Context(), key, media.Range{}); err == nil || errors.Is(err, media.ErrNoBlob) {
			t.Errorf("open %q: %v", key, err)
		}
		if _, err := s.blobs.Size(t.Context(), key); err == nil || errors.Is(err, media.ErrNoBlob) {
			t.Errorf("size of %q: %v", key, err)
		}
		if err := s.blobs.Delete(t.Context(), key); err == nil {
			t.Errorf("delete %q", key)
		}
	}
}

func testTogether(t *testing.T, s store) {
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			key, want := fmt.Sprintf("together/%d", i), random(100_000)
			if _, err := s.blobs.Put(t.Context(), key, bytes.NewReader(want)); err != nil {
				t.Error(err)
			}
			if got, err := read(t, s.blobs, key, media.Range{}); err != nil || !bytes.Equal(got, want) {
				t.Errorf("read %d bytes, %v", len(got), err)
			}
		})
	}
	wg.Wait()
}

func testBrokenOff(t *testing.T, s store) {
	boom := errors.New("boom")
	for _, size := range []int{0, 1000, 11 << 20} {
		before := s.files(t)
		body := io.MultiReader(bytes.NewReader(random(size)), iotest.ErrReader(boom))
		if _, err := s.blobs.Put(t.Context(), "broken", body); !errors.Is(err, boom) {
			t.Errorf("after %d bytes: %v", size, err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		stops := io.MultiReader(bytes.NewReader(random(size)), readerFunc(func([]byte) (int, error) { cancel(); return 0, nil }), bytes.NewReader(random(size)))
		if _, err := s.blobs.Put(ctx, "broken", stops); !errors.Is(err, context.Canceled) {
			t.Errorf("canceled after %d bytes: %v", size, err)
		}
		if _, err := s.blobs.Size(t.Context(), "broken"); !errors.Is(err, media.ErrNoBlob) {
			t.Errorf("after %d bytes something is there: %v", size, err)
		}
		if after := s.files(t); after != before {
			t.Errorf("after %d bytes %d files are left", size, after-before)
		}
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestFolderIsNotLeft(t *testing.T) {
	t.Parallel()
	s, outside := folder(t), t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(s.root, "link")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.blobs.Open(t.Context(), "link/secret", media.Range{}); err == nil {
		t.Error("read through a link")
	}
	if _, err := s.blobs.Put(t.Context(), "link/new", strings.NewReader("x")); err == nil {
		t.Error("wrote through a link")
	}
	if err := s.blobs.Delete(t.Context(), "link/secret"); err == nil {
		t.Error("deleted through a link")
	}
}

func TestFolderSweepsOldParts(t *testing.T) {
	t.Parallel()
	s := folder(t)
	old, young := filepath.Join(s.root, ".parts", "old"), filepath.Join(s.root, ".parts", "young")
	for _, path := range []string{old, young} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(old, time.Time{}, time.Now().Add(-25*time.Hour)); err != nil {
		t.Fatal(err)
	}
	again, err := media.OpenFolder(s.root)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if _, err := os.Stat(old); err == nil {
		t.Error("an old part was kept")
	}
	if _, err := os.Stat(young); err != nil {
		t.Error("a young part was swept")
	}
}

func TestOpenS3NamesTheSettings(t *testing.T) {
	t.Parallel()
	opts := s3test.Start(t).Options
	opts.Bucket = "nobody"
	if _, err := media.OpenS3(t.Context(), opts); err == nil || !strings.Contains(err.Error(), `"nobody"`) || !strings.Contains(err.Error(), "OMNI_S3_BUCKET") {
		t.Errorf("got %v", err)
	}
}
