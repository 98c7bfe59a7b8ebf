package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/sandbox/d360"
)

// doc is a JSON object.
type doc = map[string]any

// at reads a value inside a JSON value: members by name, elements by number,
// `errors.0.field`; nil where there is none. `#` is the length of a list.
func at(value any, path string) any {
	for _, name := range strings.Split(path, ".") {
		switch v := value.(type) {
		case doc:
			value = v[name]
		case []any:
			if name == "#" {
				return len(v)
			}
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}

// text reads a string inside a JSON value.
func text(value any, path string) string {
	found, _ := at(value, path).(string)
	return found
}

// items are the rows of a list's answer.
func items(page doc) []doc {
	var all []doc
	for _, item := range page["items"].([]any) {
		all = append(all, item.(doc))
	}
	return all
}

// expect holds values inside a JSON value, by path, against what they must be.
func expect(t testing.TB, what string, value any, want doc) {
	t.Helper()
	if raw, ok := value.(json.RawMessage); ok {
		value = nil
		if err := json.Unmarshal(raw, &value); err != nil {
			t.Fatal(err)
		}
	}
	for path, wanted := range want {
		if got := at(value, path); mustJSON(got) != mustJSON(wanted) {
			t.Errorf("%s: %s is %s, want %s, in %s", what, path, mustJSON(got), mustJSON(wanted), mustJSON(value))
		}
	}
}

// refused fails the test unless the answer is a problem of this status and code.
func refused(t testing.TB, what string, a apptest.Answer, status int, code string) {
	t.Helper()
	if a.Status != status || a.Code() != code {
		t.Errorf("%s: %s, want %d %s", what, a, status, code)
	}
}

// send sends into a session and gives the answer, which must be a success.
func send(w *apptest.World, session string, body doc) doc {
	w.T.Helper()
	return w.Want(http.StatusOK, http.MethodPost, "/api/message/send", said(session, body))
}

// said is a send's body with its session.
func said(session string, body doc) doc {
	out := doc{"sessionId": session}
	for name, value := range body {
		out[name] = value
	}
	return out
}

// message reads a message by our id.
func message(w *apptest.World, id string) doc {
	w.T.Helper()
	return w.Want(http.StatusOK, http.MethodGet, "/api/message/"+id, nil)
}

// received waits for an inbound message and reads it by the provider's id.
func received(w *apptest.World, wamid string) doc {
	w.T.Helper()
	return onChannel(w, w.D360.String(), wamid)
}

func onChannel(w *apptest.World, channel, id string) doc {
	w.T.Helper()
	path := "/api/message/" + url.PathEscape(id) + "?channelId=" + channel
	var found doc
	w.Eventually("message "+id, func() bool {
		a := w.Call(http.MethodGet, path, nil)
		found = a.JSON()
		return a.Status == http.StatusOK
	})
	return found
}

// await waits until a message, read by our id, has these values.
func await(w *apptest.World, id string, want doc) doc {
	w.T.Helper()
	var found doc
	w.Eventually("message "+id+" with "+mustJSON(want), func() bool {
		found = message(w, id)
		for path, wanted := range want {
			if mustJSON(at(found, path)) != mustJSON(wanted) {
				return false
			}
		}
		return true
	})
	return found
}

// steps are the statuses of a message's history.
func steps(message doc) string {
	var all []string
	for i := 0; at(message, fmt.Sprintf("statusHistory.%d", i)) != nil; i++ {
		all = append(all, text(message, fmt.Sprintf("statusHistory.%d.status", i)))
	}
	return strings.Join(all, " ")
}

// shown is the newest message of the business on a customer's phone.
func shown(w *apptest.World, phone string) d360.PhoneMessage {
	w.T.Helper()
	all := w.Simulator.CustomerMessages(phone)
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].From == "business" {
			return all[i]
		}
	}
	w.T.Fatalf("the business has written nothing to %s", phone)
	return d360.PhoneMessage{}
}

// fail switches a fault of the simulated 360dialog on for this world's number.
func fail(w *apptest.World, fault d360.Fault, match d360.Match, times int) {
	w.T.Helper()
	if match.Endpoint == "" {
		match.Endpoint = "messages"
	}
	match.Number = numberID(w)
	_, err := w.Simulator.AddFault(d360.Rule{Match: match, Times: times, Fault: fault})
	if err != nil {
		w.T.Fatal(err)
	}
}

// numberID is the phone number id of the world's number.
func numberID(w *apptest.World) string {
	w.T.Helper()
	for _, n := range w.Simulator.Numbers() {
		if n.APIKey == w.APIKey {
			return n.PhoneNumberID
		}
	}
	w.T.Fatal("the world's number is not registered")
	return ""
}

// get fetches an address as it is printed, without a key.
func get(w *apptest.World, address string, header map[string]string) apptest.Answer {
	w.T.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, address, nil)
	if err != nil {
		w.T.Fatal(err)
	}
	for name, value := range header {
		req.Header.Set(name, value)
	}
	resp, err := w.Client.Do(req)
	if err != nil {
		w.T.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		w.T.Fatal(err)
	}
	return apptest.Answer{Status: resp.StatusCode, Header: resp.Header, Body: body}
}

// clock is the time of a server that a test moves.
type clock struct{ ahead atomic.Int64 }

// Now is the real time and what was added to it.
func (c *clock) Now() time.Time {
	return time.Now().UTC().Add(time.Duration(c.ahead.Load()))
}

// Advance moves the server's time.
func (c *clock) Advance(d time.Duration) { c.ahead.Add(int64(d)) }

// unixNow is the time as webhooks carry it.
func unixNow() string { return strconv.FormatInt(time.Now().Unix(), 10) }
