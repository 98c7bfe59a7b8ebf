package app_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/app/apptest"
)

// What was delivered together is listed, found and replayed one by one.
func TestDeliveriesMadeTogether(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	r := listen(t, w)
	const n = 70
	phone, list := apptest.Phone(), []any{}
	for i := range n {
		list = append(list, doc{"from": phone, "id": fmt.Sprintf("wamid.TOGETHER%d", said64.Add(1)), "type": "text", "text": doc{"body": fmt.Sprint(i)}, "timestamp": unixNow()})
	}
	if a := w.Deliver("360dialog", doc{"messages": list}); a.Status != http.StatusOK {
		t.Fatalf("the webhook: %s", a)
	}
	r.await(w, "message.received")
	settled(w)
	var all []string
	for _, d := range deliveries(w, "") {
		all = append(all, text(d, "_id"))
		expect(t, "a delivery", w.Want(http.StatusOK, http.MethodGet, w.Base()+"/deliveries/"+text(d, "_id"), nil), doc{
			"_id": text(d, "_id"), "position": d["position"], "status": "delivered", "attempts.#": 1, "createdAt": text(d, "createdAt"), "clientIdentifier": string(w.Account), "platformSlug": "console",
		})
	}
	if len(all) < n {
		t.Fatalf("%d deliveries", len(all))
	}
	for _, order := range []string{"asc", "desc"} {
		var walked []string
		for cursor := ""; ; {
			page := w.Want(http.StatusOK, http.MethodGet, w.Base()+"/deliveries?limit=9&order="+order+cursor, nil)
			if int(page["total"].(float64)) != len(all) {
				t.Fatalf("a total of %v", page["total"])
			}
			for _, d := range items(page) {
				walked = append(walked, text(d, "_id"))
			}
			if page["nextCursor"] == nil {
				break
			}
			cursor = "&cursor=" + text(page, "nextCursor")
		}
		if order == "desc" {
			slices.Reverse(walked)
		}
		if !slices.Equal(walked, all) {
			t.Errorf("%s: %v, want %v", order, walked, all)
		}
	}
	before := len(r.taken())
	path := w.Base() + "/deliveries/" + all[len(all)/2] + "/replay"
	expect(t, "the replay", w.Want(http.StatusAccepted, http.MethodPost, path, nil), doc{"status": "pending", "tries": 2})
	settled(w)
	again := w.Want(http.StatusAccepted, http.MethodPost, w.Base()+"/deliveries/replay", doc{"from": time.Now().Add(-time.Hour), "to": time.Now().Add(time.Hour), "type": "message.received"})
	expect(t, "the replay", again, doc{"replayed": n})
	settled(w)
	if got := len(r.taken()) - before; got != n+1 {
		t.Errorf("%d came again, want %d", got, n+1)
	}
}
