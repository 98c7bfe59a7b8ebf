package contract

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// SeenFile is the environment variable that names the file in which several
// test binaries gather what they have seen; unset, each counts alone.
const SeenFile = "OMNI_CONTRACT_SEEN"

// Recorder collects which answers of the document were seen. It may be used by
// many goroutines.
type Recorder struct {
	spec *Spec
	mu   sync.Mutex
	seen map[pair]bool
}

// pair is one status of one operation.
type pair struct {
	operation string
	status    int
}

func (p pair) String() string { return p.operation + " " + strconv.Itoa(p.status) }

// NewRecorder has seen nothing yet.
func NewRecorder(spec *Spec) *Recorder {
	return &Recorder{spec: spec, seen: map[pair]bool{}}
}

// Saw notes an answer; one of a path that is no operation is not counted.
func (r *Recorder) Saw(method, escapedPath string, status int) {
	op, _, _ := r.spec.find(method, escapedPath)
	if op == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen[pair{op.id, status}] = true
}

// Missing lists, as `operationId status`, the answers of the document that were
// not seen, less the exceptions: a reason for `operationId status`, or for
// `* status`, a status of every operation. An exception without a reason, or
// that names no answer of the document, is listed too.
func (r *Recorder) Missing(except map[string]string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var missing []string
	used := map[string]bool{}
	for _, op := range r.spec.operations {
		for status := range op.responses {
			p := pair{op.id, status}
			one, all := p.String(), "* "+strconv.Itoa(status)
			used[one], used[all] = true, true
			if !r.seen[p] && except[one] == "" && except[all] == "" {
				missing = append(missing, one)
			}
		}
	}
	for name, reason := range except {
		switch {
		case !used[name]:
			missing = append(missing, fmt.Sprintf("the exception %q names no answer of the document", name))
		case reason == "":
			missing = append(missing, fmt.Sprintf("the exception %q has no reason", name))
		}
	}
	slices.Sort(missing)
	return missing
}

// Save adds what was seen to the file that SeenFile names; where it names none
// there is nothing to do.
func (r *Recorder) Save() error {
	path := os.Getenv(SeenFile)
	if path == "" {
		return nil
	}
	r.mu.Lock()
	var lines strings.Builder
	for p := range r.seen {
		lines.WriteString(p.String() + "\n")
	}
	r.mu.Unlock()
	// One write to a file opened for appending: other processes' lines stay whole.
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("gather what was seen of the contract: %w", err)
	}
	_, err = file.WriteString(lines.String())
	return errors.Join(err, file.Close())
}

// Gather adds what others have saved to the file that SeenFile names.
func (r *Recorder) Gather() error {
	path := os.Getenv(SeenFile)
	if path == "" {
		return nil
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("gather what was seen of the contract: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		operation, number, _ := strings.Cut(lines.Text(), " ")
		status, err := strconv.Atoi(number)
		if err != nil {
			return fmt.Errorf("%s: %q is not an operation and a status", path, lines.Text())
		}
		r.seen[pair{operation, status}] = true
	}
	return lines.Err()
}
