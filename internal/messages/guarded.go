package messages

import (
	"errors"
	"fmt"
	"runtime/debug"
)

// errPanicked: something panicked that was made of what others wrote.
var errPanicked = errors.New("a panic")

// guarded does something, a panic being an error with its stack. This room works in
// goroutines of its own, where a panic would end the process with all its devices.
func guarded[T any](do func() (T, error)) (result T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v\n%s", errPanicked, p, debug.Stack())
		}
	}()
	return do()
}
