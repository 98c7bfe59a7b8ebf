package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/bench/rig"
)

// count holds what people wrote, and what was sent to them, against the
// database, the API and the phones.
func (d *devices) count(ctx context.Context, db *mongo.Database, v *verdict) error {
	rows, err := all[stored](ctx, db.Collection("messages"), bson.D{})
	if err != nil {
		return err
	}
	countInbound(rows, d.record, v)
	for _, row := range rows {
		if row.Direction == "inbound" && !d.record.inbound[row.ProviderID] {
			v.double("inbound %s is in the database and nobody wrote it", row.ProviderID)
		}
	}
	for _, one := range d.unticked() {
		v.miss("message %s never arrived", one)
	}
	for _, one := range d.unfinished() {
		v.miss("the device of number %s", one)
	}
	d.countShown(rows, v)
	if err := d.countPages(context.WithoutCancel(ctx), v); err != nil {
		return err
	}
	return countNumbers(ctx, db, rows, v)
}

// bubble is a message of the business on a phone.
type bubble struct{ who, text string }

// countShown holds the sends against rows and phones.
func (d *devices) countShown(rows []stored, v *verdict) {
	byID := map[string][]bubble{}
	for i := range people {
		shown, err := d.whatsApp.Messages(from(i), "")
		if err != nil {
			v.miss("phone %s does not show anything: %v", from(i), err)
		}
		for _, m := range shown {
			if !m.FromMe {
				byID[m.ID] = append(byID[m.ID], bubble{from(i), m.Text})
			}
		}
	}
	states := map[string]int{}
	for _, row := range rows {
		if row.Direction == "outbound" {
			states[row.Status]++
		}
	}
	fmt.Printf("  sends by status: %v; %d messages on the phones\n", states, len(byID))
	judgeShown(rows, d.record.sent, d.owner, byID, v)
}

// judgeShown sees to it that each send that was accepted has one row and is on
// its recipient's phone once, whatever its row says, and that no text is on the
// phones twice.
func judgeShown(rows []stored, sent, owner map[string]string, byID map[string][]bubble, v *verdict) {
	outbound := map[string][]stored{}
	for _, row := range rows {
		if row.Direction == "outbound" {
			outbound[row.Content.Text] = append(outbound[row.Content.Text], row)
		}
	}
	for text, answer := range sent {
		found := outbound[text]
		if len(found) != 1 {
			v.judge(len(found), "send %q was answered %s and has %d rows", text, answer, len(found))
			continue
		}
		row := found[0]
		want := bubble{owner[row.Session.Hex()], text}
		if on := byID[row.ProviderID]; len(on) != 1 || on[0] != want {
			v.judge(len(on), "send %q (%s) was answered %s, is %s and must be on %s once: %v", text, row.ProviderID, answer, row.Status, want.who, on)
		}
	}
	times := map[string]int{}
	for _, on := range byID {
		for _, one := range on {
			times[one.text]++
		}
	}
	for text, n := range times {
		if n > 1 {
			v.double("%q is on the phones %d times", text, n)
		}
	}
}

// judge counts what is there too seldom as lost, and too often as twice.
func (v *verdict) judge(n int, format string, args ...any) {
	if n > 1 {
		v.double(format, args...)
		return
	}
	v.miss(format, args...)
}

// countPages reads every session as a console does, and sees to it that what
// somebody wrote is there once and in their order.
func (d *devices) countPages(ctx context.Context, v *verdict) error {
	for _, session := range d.sessions {
		shown, err := d.read(ctx, session)
		if err != nil {
			return err
		}
		judgeOrder(session, shown, d.written[d.owner[session]], v)
	}
	return nil
}

// judgeOrder sees to it that a session lists what was written once, and in its
// order.
func judgeOrder(session string, shown, wrote []string, v *verdict) {
	times := map[string]int{}
	for _, id := range shown {
		times[id]++
	}
	whole := true
	for _, id := range wrote {
		if times[id] != 1 {
			whole = false
			v.judge(times[id], "session %s lists message %s %d times", session, id, times[id])
		}
	}
	if whole && !slices.Equal(shown, wrote) {
		v.disorder("session %s: %s", session, firstDifference(shown, wrote))
	}
}

func firstDifference(shown, wrote []string) string {
	for i := range min(len(shown), len(wrote)) {
		if shown[i] != wrote[i] {
			return fmt.Sprintf("message %d of %d is %s, which was written as number %d", i+1, len(wrote), shown[i], slices.Index(wrote, shown[i])+1)
		}
	}
	return fmt.Sprintf("it lists %d messages, and %d were written", len(shown), len(wrote))
}

// read gives the ids of a session's inbound messages, in their order.
func (d *devices) read(ctx context.Context, session string) ([]string, error) {
	var list []string
	for cursor := ""; ; {
		var page struct {
			Items []struct {
				ID        string `json:"messageId"`
				Direction string `json:"direction"`
			} `json:"items"`
			Next string `json:"nextCursor"`
		}
		at := d.server.URL + "/api/session/" + session + "/messages?order=asc&limit=100&cursor=" + url.QueryEscape(cursor)
		if err := rig.Call(ctx, d.client, d.world.Key, http.MethodGet, at, nil, &page); err != nil {
			return nil, err
		}
		for _, item := range page.Items {
			if item.Direction == "inbound" {
				list = append(list, item.ID)
			}
		}
		if cursor = page.Next; cursor == "" {
			return list, nil
		}
	}
}
