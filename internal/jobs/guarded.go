package jobs

import (
	"errors"
	"fmt"
	"runtime/debug"
)

// ErrPanicked marks an error that was a panic; its text has the stack.
var ErrPanicked = errors.New("a panic")

// Guarded does something, a panic being an error. It is for goroutines of a room's
// own that work on what others wrote: there a panic would end the process, with all
// that it holds.
func Guarded[T any](do func() (T, error)) (result T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v\n%s", ErrPanicked, p, debug.Stack())
		}
	}()
	return do()
}
