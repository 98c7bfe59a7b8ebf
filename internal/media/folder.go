package media

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"
)

const (
	// partsDir holds what is being written; no key begins with a dot.
	partsDir = ".parts"
	// partsAge is how old an unfinished part must be to be swept: no upload
	// takes that long.
	partsAge = 24 * time.Hour
)

// Folder keeps blobs as files below one directory. Nothing, a symbolic link
// inside included, leads out of it.
type Folder struct{ root *os.Root }

// OpenFolder makes the directory where needed, and sweeps what earlier crashes
// left unfinished.
func OpenFolder(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the media folder: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the media folder: %w", err)
	}
	f := &Folder{root: root}
	if err := f.sweep(time.Now()); err != nil {
		return nil, errors.Join(fmt.Errorf("prepare the media folder %s: %w", dir, err), root.Close())
	}
	return f, nil
}

func (f *Folder) sweep(now time.Time) error {
	if err := f.root.MkdirAll(partsDir, 0o700); err != nil {
		return err
	}
	parts, err := fs.ReadDir(f.root.FS(), partsDir)
	if err != nil {
		return err
	}
	for _, part := range parts {
		info, err := part.Info()
		if err == nil && now.Sub(info.ModTime()) > partsAge {
			err = f.root.Remove(path.Join(partsDir, part.Name()))
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // gone: finished, or swept by another
			return err
		}
	}
	return nil
}

// Close lets go of the directory.
func (f *Folder) Close() error { return f.root.Close() }

// Put implements Blobs: written aside, synced, then moved into place.
func (f *Folder) Put(ctx context.Context, key string, body io.Reader) (size int64, err error) {
	if err := checkKey(key); err != nil {
		return 0, err
	}
	part := path.Join(partsDir, rand.Text())
	size, err = f.write(ctx, part, body)
	if err == nil {
		err = f.place(part, key)
	}
	if err != nil {
		_ = f.root.Remove(part) // swept later otherwise
		return 0, fmt.Errorf("store blob %s: %w", key, err)
	}
	return size, nil
}

func (f *Folder) write(ctx context.Context, part string, body io.Reader) (size int64, err error) {
	file, err := f.root.OpenFile(part, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if size, err = io.Copy(file, contextReader{ctx, body}); err != nil {
		return 0, err
	}
	return size, file.Sync()
}

// place moves a part to its key and makes the move durable, new directories
// on the way included.
func (f *Folder) place(part, key string) error {
	if err := f.root.MkdirAll(path.Dir(key), 0o700); err != nil {
		return err
	}
	if err := f.root.Rename(part, key); err != nil {
		return err
	}
	for dir := path.Dir(key); ; dir = path.Dir(dir) {
		if err := f.syncDir(dir); err != nil {
			return err
		}
		if dir == "." {
			return nil
		}
	}
}

func (f *Folder) syncDir(dir string) error {
	d, err := f.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Open implements Blobs.
func (f *Folder) Open(_ context.Context, key string, part Range) (io.ReadCloser, error) {
	if err := errors.Join(checkKey(key), part.check()); err != nil {
		return nil, err
	}
	file, err := f.root.Open(key)
	if err != nil {
		return nil, f.explain(key, err)
	}
	info, err := file.Stat()
	if err == nil && info.IsDir() {
		err = fs.ErrNotExist
	}
	if err == nil && part.From > 0 && part.From >= info.Size() {
		err = fmt.Errorf("%w: from %d of %d", ErrBadRange, part.From, info.Size())
	}
	if err == nil {
		_, err = file.Seek(part.From, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(f.explain(key, err), file.Close())
	}
	if part.Length == 0 {
		return file, nil
	}
	return struct {
		io.Reader
		io.Closer
	}{io.LimitReader(file, part.Length), file}, nil
}

// Size implements Blobs.
func (f *Folder) Size(_ context.Context, key string) (int64, error) {
	if err := checkKey(key); err != nil {
		return 0, err
	}
	info, err := f.root.Stat(key)
	if err == nil && info.IsDir() {
		err = fs.ErrNotExist
	}
	if err != nil {
		return 0, f.explain(key, err)
	}
	return info.Size(), nil
}

// Delete implements Blobs.
func (f *Folder) Delete(_ context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	if err := f.root.Remove(key); err != nil && !missing(err) {
		return fmt.Errorf("delete blob %s: %w", key, err)
	}
	return nil
}

func (f *Folder) explain(key string, err error) error {
	if missing(err) {
		err = ErrNoBlob
	}
	return fmt.Errorf("blob %s: %w", key, err)
}

// missing tells whether a key names nothing: a part of its path may also be a
// file.
func missing(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || strings.Contains(err.Error(), "not a directory")
}

// contextReader stops reading when its context ends.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
