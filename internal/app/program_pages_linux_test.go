package app

import (
	"bufio"
	"bytes"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

// What is let go is what the file has: no page that can be, or was, written to, and
// none of another file.
func TestPagesOfTheProgramAreItsOwn(t *testing.T) {
	t.Parallel()
	const smaps = `00400000-01b42000 r-xp 00000000 08:01 42 /usr/bin/omnichannel
Rss:               18104 kB
Anonymous:             0 kB
VmFlags: rd ex mr mw me
01b42000-03732000 r--p 01742000 08:01 42 /usr/bin/omnichannel
Anonymous:             4 kB
03732000-038f8000 rw-p 03332000 08:01 42 /usr/bin/omnichannel
Anonymous:             0 kB
038f8000-05a00000 rw-p 00000000 00:00 0
Anonymous:             0 kB
05a00000-05b00000 r--p 00000000 08:01 42 /usr/bin/omnichannel
Anonymous:             0 kB
7f7467a59000-7f7467baf000 r-xp 00028000 08:01 77 /usr/lib/libc.so.6
Anonymous:             0 kB
zz-7f7467baf000 r-xp 00028000 08:01 42 /usr/bin/omnichannel
Anonymous:             0 kB
`
	want := []mapping{{0x400000, 0x1b42000}, {0x5a00000, 0x5b00000}}
	if got := untouchedCopies([]byte(smaps), "/usr/bin/omnichannel"); !reflect.DeepEqual(got, want) {
		t.Errorf("got %x, want %x", got, want)
	}
}

// The process has less of its file in memory, and goes on.
func TestTheProgramIsShed(t *testing.T) {
	touchAll(t)
	before := ofTheFile(t)
	shedProgram()
	if after := ofTheFile(t); after > before/2 {
		t.Errorf("%d kB of the program's file were in memory, %d kB are", before, after)
	}
	if all := bytes.Count([]byte("omnichannel"), []byte("n")); all != 3 {
		t.Errorf("a program that has lost its pages counts %d", all)
	}
}

// touchAll brings the whole program into memory.
func touchAll(t *testing.T) {
	t.Helper()
	program, err := os.Readlink("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	memory, err := os.Open("/proc/self/mem")
	if err != nil {
		t.Fatal(err)
	}
	defer memory.Close()
	page := make([]byte, os.Getpagesize())
	for _, pages := range untouchedCopies(readFile(t, "/proc/self/smaps"), program) {
		for at := pages.from; at < pages.to; at += uintptr(len(page)) {
			if _, err := memory.ReadAt(page, int64(at)); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// ofTheFile tells how much of the test's own file is in its memory, in kilobytes.
func ofTheFile(t *testing.T) (kilobytes int) {
	t.Helper()
	lines := bufio.NewScanner(bytes.NewReader(readFile(t, "/proc/self/status")))
	for lines.Scan() {
		if rest, ok := strings.CutPrefix(lines.Text(), "RssFile:"); ok {
			kilobytes, _ = strconv.Atoi(strings.Fields(rest)[0])
		}
	}
	return kilobytes
}
