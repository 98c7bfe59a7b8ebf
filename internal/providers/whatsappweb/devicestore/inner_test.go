package devicestore

import (
	"context"
	"errors"
	"testing"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

func TestCacheRefusesWhatWasReadBeforeAWrite(t *testing.T) {
	t.Parallel()
	c := newCache[string, int](2)
	_, known, mark := c.get("a")
	if known {
		t.Fatal("an empty cache knows something")
	}
	c.change(func(entries *simplelru.LRU[string, int]) { entries.Add("b", 2) })
	c.fill(mark, "a", 1)
	if _, known, _ := c.get("a"); known {
		t.Error("what was read before a write entered")
	}
	_, _, mark = c.get("a")
	c.fill(mark, "a", 1)
	if got, known, _ := c.get("a"); !known || got != 1 {
		t.Error("what was read since did not enter")
	}
	c.fill(mark, "c", 3) // the third of two
	if _, known, _ := c.get("b"); known {
		t.Error("the cache is not bounded")
	}
	c.clear()
	c.fill(mark, "a", 1)
	if _, known, _ := c.get("a"); known {
		t.Error("what was read before a clear entered")
	}
}

func TestAMomentsTroubleIsTriedAgain(t *testing.T) {
	t.Parallel()
	h := &Holding{}
	trouble := mongo.CommandError{Code: 189, Message: "stepping down", Labels: []string{"RetryableWriteError"}}
	tries := 0
	err := h.again(t.Context(), func() error {
		if tries++; tries < 3 {
			return trouble
		}
		return nil
	})
	if err != nil || tries != 3 {
		t.Errorf("after %d tries: %v", tries, err)
	}
	refused := errors.New("refused")
	tries = 0
	if err := h.again(t.Context(), func() error { tries++; return refused }); !errors.Is(err, refused) || tries != 1 {
		t.Errorf("what is no moment's trouble was tried %d times: %v", tries, err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	tries = 0
	err = h.again(ctx, func() error {
		if tries++; tries == 2 {
			cancel(ErrUntrusted)
		}
		return trouble
	})
	if tries != 2 || err == nil {
		t.Errorf("tried %d times after the end: %v", tries, err)
	}
}
