package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/cirrus/omnichannel/internal/fault"
)

func TestCodeOf(t *testing.T) {
	t.Parallel()
	cause := errors.New("connection reset")
	wrapped := fmt.Errorf("store contact: %w", fault.Wrap(cause, fault.Conflict, "contact %d is being merged", 7))
	for _, c := range []struct {
		name string
		err  error
		want fault.Code
	}{
		{"a fault", fault.New(fault.NotFound, "gone"), fault.NotFound},
		{"a fault inside another error", wrapped, fault.Conflict},
		{"any other error", cause, fault.Internal},
	} {
		if got := fault.CodeOf(c.err); got != c.want {
			t.Errorf("%s: CodeOf = %s, want %s", c.name, got, c.want)
		}
	}
	if !errors.Is(wrapped, cause) {
		t.Error("the cause is lost")
	}
	if fault.Is(cause, fault.Internal) {
		t.Error("an error without a kind is no fault, not even an internal one")
	}
}

func TestInvalidNamesTheField(t *testing.T) {
	t.Parallel()
	err := fault.Invalid("channelId", "unknown", "no channel %s", "x").With("hint", "list the channels")
	if len(err.Fields) != 1 || err.Fields[0].Field != "channelId" || err.Fields[0].Code != "unknown" {
		t.Errorf("fields: %+v", err.Fields)
	}
	if err.Extra["hint"] != "list the channels" {
		t.Errorf("extra: %v", err.Extra)
	}
}
