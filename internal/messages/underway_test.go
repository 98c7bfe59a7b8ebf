package messages

import (
	"context"
	"testing"

	"github.com/cirrus/omnichannel/internal/ids"
)

// What becomes of a message waits until whoever sends it has ended, each of them,
// and no longer than it may; then nothing waits for it any more.
func TestTicksWaitForTheirSend(t *testing.T) {
	t.Parallel()
	var u underway
	which, other := sending{ids.New[ids.Channel](), "3EB0A"}, sending{ids.New[ids.Channel](), "3EB0A"}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if !u.wait(over, which) {
		t.Error("what nobody sends was waited for")
	}
	first, second := u.begin(which), u.begin(which)
	if !u.wait(over, other) {
		t.Error("another channel's was waited for")
	}
	first()
	went := make(chan bool)
	go func() { went <- u.wait(t.Context(), which) }()
	select {
	case <-went:
		t.Error("one of two sends was enough")
	default:
	}
	second()
	if !<-went || !u.wait(over, which) {
		t.Error("the end was not heard of")
	}
	late := u.begin(which)
	if u.wait(over, which) {
		t.Error("the wait had no bound")
	}
	if !u.wait(over, which) {
		t.Error("it was waited for twice")
	}
	again := u.begin(which)
	late()
	if u.wait(over, which) {
		t.Error("the end of the one was taken for the other's")
	}
	again()
	u.begin(sending{which.channel, ""})()
	if len(u.sent) > 0 {
		t.Errorf("%d are left", len(u.sent))
	}
}
