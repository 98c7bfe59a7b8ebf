package main

import (
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// A session lists what was written: each once, in its order.
func TestOrderIsJudged(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		shown string
		want  verdict
		says  string
	}{
		"as it was written":       {"a b c", verdict{}, ""},
		"one is missing":          {"a c", verdict{lost: 1}, "message b 0 times"},
		"one is there twice":      {"a b b c", verdict{twice: 1}, "message b 2 times"},
		"two have changed places": {"a c b", verdict{disordered: 1}, "message 2 of 3 is c, which was written as number 3"},
		"one more":                {"a b c d", verdict{disordered: 1}, "it lists 4 messages, and 3 were written"},
	} {
		var v verdict
		judgeOrder("s", strings.Fields(c.shown), strings.Fields("a b c"), &v)
		if v.lost != c.want.lost || v.twice != c.want.twice || v.disordered != c.want.disordered || !strings.Contains(strings.Join(v.lines, "\n"), c.says) {
			t.Errorf("%s: %s, want %s and %q:\n%s", name, &v, &c.want, c.says, strings.Join(v.lines, "\n"))
		}
	}
}

// What was sent is on the phone that it was sent to, once.
func TestSendsAreJudged(t *testing.T) {
	t.Parallel()
	session := bson.NewObjectID()
	row := func(id, text string) stored {
		r := stored{Session: session, Direction: "outbound", ProviderID: id, Status: "sent"}
		r.Content.Text = text
		return r
	}
	for name, c := range map[string]struct {
		rows []stored
		on   map[string][]bubble
		want verdict
		says string
	}{
		"as it was sent":     {[]stored{row("1", "oi")}, map[string][]bubble{"1": {{"maria", "oi"}}}, verdict{}, ""},
		"no row":             {nil, map[string][]bubble{"1": {{"maria", "oi"}}}, verdict{lost: 1}, "has 0 rows"},
		"two rows":           {[]stored{row("1", "oi"), row("2", "oi")}, map[string][]bubble{"1": {{"maria", "oi"}}}, verdict{twice: 1}, "has 2 rows"},
		"on no phone":        {[]stored{row("1", "oi")}, nil, verdict{lost: 1}, "must be on maria once: []"},
		"on another's phone": {[]stored{row("1", "oi")}, map[string][]bubble{"1": {{"pedro", "oi"}}}, verdict{lost: 1}, "must be on maria once"},
		"another text":       {[]stored{row("1", "oi")}, map[string][]bubble{"1": {{"maria", "olá"}}}, verdict{lost: 1}, "must be on maria once"},
		"on two phones":      {[]stored{row("1", "oi")}, map[string][]bubble{"1": {{"maria", "oi"}, {"pedro", "oi"}}}, verdict{twice: 2}, "on the phones 2 times"},
		"under two ids":      {[]stored{row("1", "oi")}, map[string][]bubble{"1": {{"maria", "oi"}}, "2": {{"maria", "oi"}}}, verdict{twice: 1}, "on the phones 2 times"},
	} {
		var v verdict
		judgeShown(c.rows, map[string]string{"oi": "sent"}, map[string]string{session.Hex(): "maria"}, c.on, &v)
		if v.lost != c.want.lost || v.twice != c.want.twice || v.disordered != c.want.disordered || !strings.Contains(strings.Join(v.lines, "\n"), c.says) {
			t.Errorf("%s: %s, want %s and %q:\n%s", name, &v, &c.want, c.says, strings.Join(v.lines, "\n"))
		}
	}
}
