package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
)

// oldestMajor is the first major version with everything this project uses.
const oldestMajor = 6

// advice closes every error that leaves a person without a server.
const advice = "install MongoDB 6.0 or newer so that mongod is on PATH, or set OMNI_MONGODB_URI to a replica set of your own"

var (
	versionLine    = regexp.MustCompile(`db version v(\d+)\.(\d+)\.(\d+)`)
	missingLibrary = regexp.MustCompile(`error while loading shared libraries: (\S+):`)
)

// findMongod gives the path of a mongod that runs here: from PATH, from the
// cache, or fetched into the cache.
func findMongod(ctx context.Context, opts Options) (string, error) {
	onPath, err := fromPath(ctx)
	if err == nil {
		return onPath, nil
	}
	if !errors.Is(err, exec.ErrNotFound) {
		opts.Logger.WarnContext(ctx, "the mongod on PATH is not usable", "path", onPath, "error", err)
	}
	cached, fetchErr := fromCache(ctx, opts)
	if fetchErr != nil {
		return "", fmt.Errorf("there is no mongod to run (PATH: %w) and none could be fetched: %w; %s", err, fetchErr, advice)
	}
	if err := checkVersion(ctx, cached); err != nil {
		return "", fmt.Errorf("the fetched mongod does not run: %w", err)
	}
	return cached, nil
}

func fromPath(ctx context.Context) (string, error) {
	path, err := exec.LookPath("mongod")
	if err != nil {
		return "", err
	}
	return path, checkVersion(ctx, path)
}

// checkVersion runs a mongod for its version and refuses one that is too old
// or does not run at all, naming the package of a library that is missing.
func checkVersion(ctx context.Context, path string) error {
	out, err := exec.CommandContext(ctx, path, "--version").CombinedOutput()
	if lib := missingLibrary.FindSubmatch(out); lib != nil {
		return libraryError(path, string(lib[1]))
	}
	if err != nil {
		return fmt.Errorf("%s --version: %w: %s", path, err, out)
	}
	found := versionLine.FindSubmatch(out)
	if found == nil {
		return fmt.Errorf("%s --version names no version: %s", path, out)
	}
	if major, err := strconv.Atoi(string(found[1])); err != nil || major < oldestMajor {
		return fmt.Errorf("%s is version %s.%s.%s, needed is %d.0 or newer", path, found[1], found[2], found[3], oldestMajor)
	}
	return nil
}

func libraryError(path, library string) error {
	if library == "libcurl.so.4" {
		return fmt.Errorf("%s needs the library %s, which is missing: apt-get install libcurl4", path, library)
	}
	return fmt.Errorf("%s needs the library %s, which is missing: install the package that holds it (on Debian, apt-file search %s names it)",
		path, library, library)
}

// executable tells whether a file is there and has the run bit.
func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o100 != 0
}

// cachedPath is where the fetched mongod of the pinned package lies. The
// pin's digest is in the path, so that a new pin is a new file.
func cachedPath(cacheDir string) string {
	return filepath.Join(cacheDir, pinDigest(), "mongod")
}
