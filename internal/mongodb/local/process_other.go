//go:build unix && !linux

package local

import "syscall"

// childAttributes put the child in a process group of its own, so that Ctrl-C
// reaches it through us only and in order. Without Linux's parent-death
// signal, a child whose parent was killed is joined by the next start.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
