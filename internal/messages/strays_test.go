package messages_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/media"
	"github.com/cirrus/omnichannel/internal/messages"
)

// A file that its message does not name is deleted, one that it names is
// looked at once and stays: an inbound's as a send's.
func TestAFileThatNoMessageNamesIsDeleted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.conn = &conn{}
	w.accept(w.pictures("in.example", 1)...)
	w.await("in.example", 1)
	if _, err := w.service.Send(context.Background(), w.sessions()[0], messages.Draft{MediaURI: "https://out.example/a.png"}); err != nil {
		t.Fatal(err)
	}
	// As a server leaves it that dies before its commit; and a second file of
	// a message that got another.
	for address, message := range map[string]ids.Message{"https://lost.example/a.png": ids.New[ids.Message](), "https://lost.example/b.png": w.messages()[0].ID} {
		if _, err := w.files.Resolve(context.Background(), w.channel.Account, address, media.Hint{Message: message}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.service.Close(context.Background()); err != nil { // the fetched one is committed
		t.Fatal(err)
	}
	loop(t, w.server(), "strays")
	if left := fmt.Sprint(w.files.left()); left != "[https://in.example/0.png https://out.example/a.png]" {
		t.Errorf("files %s, want those that messages name", left)
	}
	if again, _ := w.files.Doubtful(context.Background(), 10); len(again) > 0 {
		t.Errorf("%d files are still doubtful", len(again))
	}
}
