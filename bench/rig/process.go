package rig

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// ticks is the kernel's unit of CPU time on Linux: a hundredth of a second.
const ticks = 100

// CPU is how many seconds of CPU a process has used; 0 where that cannot be
// read.
func CPU(pid int) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseFloat(fields[11], 64) // numbers, by the kernel's word
	system, _ := strconv.ParseFloat(fields[12], 64)
	return (user + system) / ticks
}

// RSS is a process's resident memory in MiB; 0 where that cannot be read.
func RSS(pid int) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kib, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kib / 1024
		}
	}
	return 0
}
