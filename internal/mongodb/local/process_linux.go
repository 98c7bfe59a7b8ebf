package local

import "syscall"

// childAttributes put the child in a process group of its own, so that Ctrl-C
// reaches it through us only and in order, and have the kernel kill it when
// the thread that started it ends. SIGKILL, because a mongod that shuts down
// by itself may linger for seconds; its journal makes the kill harmless.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
