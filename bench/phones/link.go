package phones

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/cirrus/omnichannel/bench/rig"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

const (
	// linkedAtOnce is how many phones scan at a time.
	linkedAtOnce = 4
	// sessionsWithin bounds how long the first messages may take.
	sessionsWithin = time.Minute
)

// link links numbers until there are so many.
func (w *world) link(ctx context.Context, o Order) error {
	group, linking := errgroup.WithContext(ctx)
	group.SetLimit(linkedAtOnce)
	for i := w.numbers; i < o.Numbers; i++ {
		group.Go(func() error { return w.linkOne(linking, o, i) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	first := w.numbers
	w.numbers = max(w.numbers, o.Numbers)
	if err := w.awaitSessions(ctx, o); err != nil {
		return err
	}
	off := true
	for i := first; i < w.numbers; i++ {
		if _, err := w.whatsApp.PatchPhone(number(i), whatsapp.PhonePatch{Off: &off}); err != nil {
			return err
		}
	}
	return nil
}

// linkOne links a number and lets its people write once.
func (w *world) linkOne(ctx context.Context, o Order, i int) error {
	if _, err := w.whatsApp.AddPhone(whatsapp.PhoneConfig{Phone: number(i), Name: "Loja"}); err != nil {
		return err
	}
	scan := func(code string) error { return w.whatsApp.Scan(number(i), code) }
	// Typing is shown for as long as somebody would type, and is not what is
	// measured.
	settings := map[string]any{"typingBeforeText": false}
	if _, err := rig.Link(ctx, w.client, o.URL, o.World, number(i), settings, scan); err != nil {
		return err
	}
	for n := range peopleEach {
		who := person(i, n)
		if _, err := w.whatsApp.AddPhone(whatsapp.PhoneConfig{Phone: who, Name: "Cliente " + who[9:]}); err != nil {
			return err
		}
		if _, err := w.whatsApp.Write(who, whatsapp.Draft{To: number(i), Text: "oi"}); err != nil {
			return fmt.Errorf("phone %s could not write: %w", who, err)
		}
	}
	return nil
}

// awaitSessions waits until everybody who wrote has a session.
func (w *world) awaitSessions(ctx context.Context, o Order) error {
	all := w.numbers * peopleEach
	ctx, cancel := context.WithTimeout(ctx, sessionsWithin)
	defer cancel()
	for {
		found, err := w.readSessions(ctx, o)
		if err != nil {
			return err
		}
		if len(found) == all {
			w.sessions = found
			return nil
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-ctx.Done():
			return fmt.Errorf("%d people wrote, and there are %d sessions", all, len(found))
		}
	}
}

// readSessions lists the account's sessions, by person.
func (w *world) readSessions(ctx context.Context, o Order) ([]conversation, error) {
	var found []conversation
	for cursor := ""; ; {
		var page struct {
			Items []struct {
				ID     string `json:"_id"`
				Client struct {
					Phone string `json:"providerId"`
				} `json:"client"`
			} `json:"items"`
			Next string `json:"nextCursor"`
		}
		at := o.URL + "/api/accounts/" + o.World.Account + "/sessions?limit=100&cursor=" + url.QueryEscape(cursor)
		if err := rig.Call(ctx, w.client, o.World.Key, http.MethodGet, at, nil, &page); err != nil {
			return nil, err
		}
		for _, item := range page.Items {
			found = append(found, conversation{id: item.ID, person: item.Client.Phone})
		}
		if cursor = page.Next; cursor == "" {
			slices.SortFunc(found, func(a, b conversation) int { return cmp.Compare(a.person, b.person) })
			return found, nil
		}
	}
}
