package app

import (
	"bufio"
	"bytes"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// shedProgram lets go of the pages of the program's own file, as the system itself
// does when it is short of memory. Starting touches most of the file, and the system
// brings sixteen pages for each one touched; what goes on running is a small part of
// it, and comes back from the system's cache as it is used. Where the system does
// not tell of its mappings, nothing happens.
func shedProgram() {
	program, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return
	}
	told, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		return
	}
	for _, pages := range untouchedCopies(told, program) {
		// A failure leaves the pages where they are.
		_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, pages.from, pages.to-pages.from, syscall.MADV_DONTNEED)
	}
}

// mapping is a range of addresses.
type mapping struct{ from, to uintptr }

// untouchedCopies finds, in the text of /proc/self/smaps, what can be read from the
// file again: mappings of it that cannot be written to, and of which no page differs
// from the file, as one with a debugger's breakpoint does.
func untouchedCopies(smaps []byte, file string) []mapping {
	var found []mapping
	var at mapping
	ofFile := false
	lines := bufio.NewScanner(bytes.NewReader(smaps))
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		switch from, to, isRange := strings.Cut(fields[0], "-"); {
		case isRange:
			// from-to, permissions, offset, device, inode, path
			ofFile = len(fields) == 6 && fields[5] == file && !strings.Contains(fields[1], "w")
			at = mapping{address(from), address(to)}
		case ofFile && fields[0] == "Anonymous:" && fields[1] == "0" && 0 < at.from && at.from < at.to:
			found = append(found, at)
		}
	}
	return found
}

// address reads one; 0 if it is none.
func address(hex string) uintptr {
	n, err := strconv.ParseUint(hex, 16, 64)
	if err != nil {
		return 0
	}
	return uintptr(n)
}
