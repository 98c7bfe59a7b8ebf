package app_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// chatIs waits until the number's phone shows a chat so.
func chatIs(w *apptest.World, chat, what string, is func(whatsapp.PhoneChat) bool) {
	w.T.Helper()
	w.Eventually("the phone to show "+chat+" "+what, func() bool {
		now, err := w.Phones().Chat(w.Number, chat)
		return err == nil && is(now)
	})
}

// act does something to a chat, which must work.
func act(w *apptest.World, method, path string, body any) {
	w.T.Helper()
	if a := w.Call(method, gate(w, path), body); a.Status != http.StatusNoContent {
		w.T.Fatalf("%s %s: %s", method, path, a)
	}
}

// chatsOf are a chat with somebody, and one of a group, that have messages, by the
// paths that name them.
func chatsOf(w *apptest.World) map[string]string {
	w.T.Helper()
	who := people(w, 1)[0]
	group := must(w.Phones().CreateGroup(who.Phone, whatsapp.GroupDraft{Subject: "Vendas", Members: []string{w.Number}})).ID
	for _, to := range []string{w.Number, group} {
		w.Says(who.Phone, whatsapp.Draft{To: to, Text: "Bom dia"})
		w.Says(who.Phone, whatsapp.Draft{To: to, Text: "Alguém?"})
	}
	w.AwaitSession(who.Phone)
	w.AwaitSession(group + "-group")
	return map[string]string{
		"chats/" + who.Phone: who.Phone, "chats/" + who.LID + "@lid": who.Phone, "chats/" + withoutNinth(who.Phone) + "@c.us": who.Phone,
		"chats/" + group + "-group": group, "groups/" + group + "-group": group, "groups/" + group + "@g.us": group,
	}
}

func TestAChatIsArchivedAndMuted(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Link()
	for path, chat := range chatsOf(w) {
		act(w, http.MethodPost, path+"/archive", nil)
		chatIs(w, chat, "archived", func(c whatsapp.PhoneChat) bool { return c.Archived })
		act(w, http.MethodPost, path+"/unarchive", nil)
		chatIs(w, chat, "in the list", func(c whatsapp.PhoneChat) bool { return !c.Archived })

		until := time.Now().Add(8 * time.Hour).Truncate(time.Second)
		for _, writing := range []any{until.Unix(), until.UTC().Format(time.RFC3339)} {
			act(w, http.MethodPost, path+"/mute", doc{"until": writing})
			chatIs(w, chat, "muted for a while", func(c whatsapp.PhoneChat) bool { return c.Muted && c.MutedUntil.Equal(until) })
			act(w, http.MethodPost, path+"/unmute", nil)
			chatIs(w, chat, "unmuted", func(c whatsapp.PhoneChat) bool { return !c.Muted })
		}
		act(w, http.MethodPost, path+"/mute", doc{})
		chatIs(w, chat, "muted for good", func(c whatsapp.PhoneChat) bool { return c.Muted && c.MutedUntil.Year() > 9000 })
		past := w.Call(http.MethodPost, gate(w, path+"/mute"), doc{"until": time.Now().Add(-time.Hour).Unix()})
		refused(t, "a mute that is over", past, http.StatusUnprocessableEntity, "validation_failed")
		expect(t, "a mute that is over", past.JSON(), doc{"errors.0.field": "until"})
		act(w, http.MethodPost, path+"/unmute", nil)
	}
}

// What is read is read on the phone, and whoever wrote it sees that; what others
// keep of it counts nothing unread.
func TestAChatIsRead(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Want(http.StatusOK, http.MethodPatch, w.Base()+"/channels/"+w.WhatsApp.String(), doc{"settings": doc{"markReadOnProcess": false}})
	w.Link()
	who := people(w, 2)
	group := must(w.Phones().CreateGroup(who[0].Phone, whatsapp.GroupDraft{Subject: "Vendas", Members: []string{w.Number, who[1].Phone}})).ID
	for path, to := range map[string]string{"chats/" + who[0].Phone: w.Number, "groups/" + group + "-group": group} {
		var said []string
		for i := range 4 {
			from := who[0]
			if to == group {
				from = who[i%2]
			}
			said = append(said, w.Says(from.Phone, whatsapp.Draft{To: to, Text: fmt.Sprintf("Mensagem %d", i)}))
		}
		chat, client := who[0].Phone, who[0].Phone
		if to == group {
			chat, client = group, group+"-group"
		}
		session := w.AwaitSession(client)
		w.Eventually("all of them", func() bool {
			return w.Want(http.StatusOK, http.MethodGet, "/api/session/"+session, nil)["unreadCount"] == 4.0
		})
		chatIs(w, chat, "with four unread", func(c whatsapp.PhoneChat) bool { return c.Unread == 4 })
		if status := must(w.Phones().Message(who[0].Phone, said[0])).Recipients[w.Number]; status == "read" {
			t.Error("it was read before anybody said so")
		}
		act(w, http.MethodPost, path+"/read", nil)
		chatIs(w, chat, "read", func(c whatsapp.PhoneChat) bool { return c.Unread == 0 && !c.MarkedUnread })
		for i, id := range said {
			from := who[0]
			if to == group {
				from = who[i%2]
			}
			w.Eventually("the tick of "+id, func() bool { return must(w.Phones().Message(from.Phone, id)).Recipients[w.Number] == "read" })
		}
		expect(t, "the session", w.Want(http.StatusOK, http.MethodGet, "/api/session/"+session, nil), doc{"unreadCount": 0})
		unread := false
		must(w.Phones().PatchChat(w.Number, chat, whatsapp.ChatPatch{Read: &unread}))
		chatIs(w, chat, "unread by hand", func(c whatsapp.PhoneChat) bool { return c.MarkedUnread })
		act(w, http.MethodPost, path+"/read", nil)
		chatIs(w, chat, "read again", func(c whatsapp.PhoneChat) bool { return !c.MarkedUnread })
	}
}

// Where nothing is kept of messages, whoever wrote them sees all the same that they
// were read.
func TestAChatIsReadOfWhichNothingIsKept(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Want(http.StatusOK, http.MethodPatch, w.Base()+"/channels/"+w.WhatsApp.String(), doc{"settings": doc{"mode": "gateway", "markReadOnProcess": false}})
	w.Link()
	who := people(w, 2)
	group := must(w.Phones().CreateGroup(who[0].Phone, whatsapp.GroupDraft{Subject: "Vendas", Members: []string{w.Number, who[1].Phone}})).ID
	reads := func(id string, from whatsapp.PhoneInfo) func() bool {
		return func() bool { return must(w.Phones().Message(from.Phone, id)).Recipients[w.Number] == "read" }
	}
	said := map[string]whatsapp.PhoneInfo{}
	for _, from := range who {
		for _, to := range []string{w.Number, group, group} {
			said[w.Says(from.Phone, whatsapp.Draft{To: to, Text: "Bom dia"})] = from
		}
	}
	takenIn(w)
	for _, path := range []string{"chats/" + who[0].Phone, "chats/" + withoutNinth(who[1].Phone), "groups/" + group + "-group"} {
		act(w, http.MethodPost, path+"/read", nil)
	}
	for id, from := range said {
		w.Eventually("the tick of "+id, reads(id, from))
	}
}

func TestAChatIsCleared(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Link()
	for path, chat := range chatsOf(w) {
		if strings.HasPrefix(path, "chats/") && strings.Contains(path, "@") {
			continue // the same chat once more
		}
		from := must(w.Phones().Groups(w.Number))[0].Creator
		to := w.Number
		if chat != from {
			to = chat
		}
		planted := w.Says(from, whatsapp.Draft{To: to, Text: "Mais uma"})
		w.Shown(w.Number, "it", func(m whatsapp.PhoneMessage) bool { return m.ID == planted })
		takenIn(w)
		act(w, http.MethodDelete, path+"/messages", nil)
		w.Eventually("the phone's chat to be empty", func() bool { return len(must(w.Phones().Messages(w.Number, chat))) == 0 })
		chatIs(w, chat, "still there", func(c whatsapp.PhoneChat) bool { return c.ClearedAt != nil && !c.Deleted })
		if len(must(w.Phones().Messages(from, to))) == 0 {
			t.Error("it was cleared on the other side too")
		}
	}
}

// takenIn waits until the number's device has taken in all that its phone had.
func takenIn(w *apptest.World) {
	w.T.Helper()
	phoneShows(w, "that its device has taken all in", func(p whatsapp.PhoneInfo) bool { return p.Devices[0].Pending == 0 })
}

// Whatever is kept of a chat, and wherever its last session ended: what is read or
// cleared is all that came until now.
func TestAllThatCameSinceTheLastSessionIsReadAndCleared(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	settings := func(of doc) {
		w.Want(http.StatusOK, http.MethodPatch, w.Base()+"/channels/"+w.WhatsApp.String(), doc{"settings": of})
	}
	settings(doc{"markReadOnProcess": false})
	w.Link()
	who := people(w, 3)
	finished, ignored, notKept := who[0].Phone, who[1].Phone, who[2].Phone
	for _, p := range who {
		w.Says(p.Phone, whatsapp.Draft{To: w.Number, Text: "Bom dia"})
	}
	for _, p := range who {
		w.Want(http.StatusOK, http.MethodDelete, "/api/session/finish/"+w.AwaitSession(p.Phone), nil)
	}
	contact := text(w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts?contactIdentifier="+ignored, nil), "items.0._id")
	w.Want(http.StatusOK, http.MethodPatch, w.Base()+"/contacts/"+contact, doc{"isIgnored": true})
	after := time.Now().Add(2 * time.Second) // phones take what came in the second after an action's last message for a part of it
	w.Eventually("another second", func() bool { return time.Now().After(after) })

	said := func(from, to string) {
		id := w.Says(from, whatsapp.Draft{To: to, Text: "Mais uma"})
		w.Shown(w.Number, "it", func(m whatsapp.PhoneMessage) bool { return m.ID == id })
	}
	cleared := func(chat string) {
		act(w, http.MethodDelete, "chats/"+chat+"/messages", nil)
		w.Eventually("the phone's chat with "+chat+" to be empty", func() bool { return len(must(w.Phones().Messages(w.Number, chat))) == 0 })
	}
	said(w.Number, finished)
	said(ignored, w.Number)
	takenIn(w)
	cleared(finished)
	settings(doc{"mode": "gateway"})
	said(notKept, w.Number)
	takenIn(w)
	reset(w) // nor does the device remember what is unread
	for _, chat := range []string{ignored, notKept} {
		act(w, http.MethodPost, "chats/"+chat+"/read", nil)
		chatIs(w, chat, "read", func(c whatsapp.PhoneChat) bool { return c.Unread == 0 })
	}
	settings(doc{"mode": "sessions"})
	cleared(ignored)
	cleared(notKept)
}

// A chat with nobody is none, nor is one of a group that there is not.
func TestOnlyAChatIsChanged(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Link()
	for _, c := range []struct {
		method, what string
		body         any
	}{
		{http.MethodPost, "archive", nil}, {http.MethodPost, "unarchive", nil}, {http.MethodPost, "mute", doc{}}, {http.MethodPost, "unmute", nil},
		{http.MethodPost, "read", nil}, {http.MethodDelete, "messages", nil},
	} {
		for chat, want := range map[string]struct {
			status int
			code   string
		}{
			"chats/" + apptest.Phone():           {http.StatusNotFound, "number_not_on_whatsapp"},
			"chats/21":                           {http.StatusBadRequest, "invalid_number"},
			"chats/120363000000000001-group":     {http.StatusNotFound, "not_found"},
			"groups/120363000000000001-group":    {http.StatusNotFound, "not_found"},
			"groups/5521988887777":               {http.StatusNotFound, "not_found"},
			"groups/" + apptest.Phone() + "@lid": {http.StatusNotFound, "not_found"},
		} {
			refused(t, c.what+" of "+chat, w.Call(c.method, gate(w, chat+"/"+c.what), c.body), want.status, want.code)
		}
	}
	theirs := must(w.Phones().CreateGroup(people(w, 1)[0].Phone, whatsapp.GroupDraft{Subject: "Sem nós"})).ID + "-group"
	for _, path := range []string{"chats/", "groups/"} {
		refused(t, "the chat of a group that the number was never in", w.Call(http.MethodPost, gate(w, path+theirs+"/archive"), nil), http.StatusForbidden, "forbidden")
	}
	mine := must(w.Phones().CreateGroup(w.Number, whatsapp.GroupDraft{Subject: "Até logo"})).ID + "-group"
	w.Want(http.StatusNoContent, http.MethodPost, gate(w, "groups/"+mine+"/leave"), nil)
	isIn(w, mine, w.Number, false)
	act(w, http.MethodPost, "groups/"+mine+"/archive", nil) // its chat is still there
	chatIs(w, strings.TrimSuffix(mine, "-group"), "archived", func(c whatsapp.PhoneChat) bool { return c.Archived })
	said := must(w.Phones().CreateGroup(w.Number, whatsapp.GroupDraft{Subject: "Até breve"})).ID
	chatWith(w, said+"-group", doc{"lastMessage.id": w.Says(w.Number, whatsapp.Draft{To: said, Text: "Até"})})
	w.Want(http.StatusNoContent, http.MethodPost, gate(w, "groups/"+said+"-group/leave"), nil)
	isIn(w, said, w.Number, false)
	reset(w) // the device remembers no group that it met
	act(w, http.MethodPost, "groups/"+said+"-group/archive", nil)
	chatIs(w, said, "archived", func(c whatsapp.PhoneChat) bool { return c.Archived })
}

// A hundred changes at once over one device are all done, whatever else changes
// the same meanwhile, and in the end all is as the last of each said.
func TestAHundredChangesAtOnceAreAllDone(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Link()
	who := people(w, 10)
	var chats, groups []string
	for _, p := range who {
		w.Says(p.Phone, whatsapp.Draft{To: w.Number, Text: "Oi"})
		chats = append(chats, p.Phone)
		g := must(w.Phones().CreateGroup(w.Number, whatsapp.GroupDraft{Subject: "Grupo", Members: []string{p.Phone}})).ID
		w.Says(p.Phone, whatsapp.Draft{To: g, Text: "Oi"})
		groups = append(groups, g)
	}
	for _, chat := range slices.Concat(chats, groups) {
		chatIs(w, chat, "at all", func(whatsapp.PhoneChat) bool { return true })
	}
	conflicts := must(w.Phones().AddFault(whatsapp.Rule{Match: whatsapp.Match{Phone: w.Number}, Times: 5, Fault: whatsapp.Fault{Kind: "state_conflict"}}))
	defer w.Phones().RemoveFault(conflicts.ID)
	until := time.Now().Add(24 * time.Hour).Truncate(time.Second)
	type call struct {
		method, path string
		body         any
	}
	var calls []call
	for i := range who {
		chat, group := "chats/"+chats[i], "groups/"+groups[i]+"-group"
		calls = append(calls,
			call{http.MethodPost, chat + "/archive", nil}, call{http.MethodPost, chat + "/mute", doc{"until": until.Unix()}}, call{http.MethodPost, chat + "/read", nil},
			call{http.MethodPost, group + "/archive", nil}, call{http.MethodPost, group + "/mute", doc{}}, call{http.MethodPost, group + "/read", nil},
			call{http.MethodPut, group + "/subject", doc{"subject": fmt.Sprintf("Grupo %d", i)}}, call{http.MethodPut, group + "/description", doc{"description": fmt.Sprintf("O %dº", i)}},
			call{http.MethodDelete, group + "/messages", nil}, call{http.MethodGet, "account", nil})
	}
	var asked sync.WaitGroup
	for i, c := range calls {
		asked.Go(func() {
			if a := w.Call(c.method, gate(w, c.path), c.body); a.Status >= 300 {
				t.Errorf("%s %s: %s", c.method, c.path, a)
			}
			if i%10 == 0 { // and on the phone somebody changes the same meanwhile
				pinned := i%20 == 0
				must(w.Phones().PatchChat(w.Number, chats[0], whatsapp.ChatPatch{Pinned: &pinned}))
			}
		})
	}
	asked.Wait()
	for i := range who {
		chatIs(w, chats[i], "archived, muted and read", func(c whatsapp.PhoneChat) bool {
			return c.Archived && c.MutedUntil != nil && c.MutedUntil.Equal(until) && c.Unread == 0
		})
		chatIs(w, groups[i], "archived, muted, read and empty", func(c whatsapp.PhoneChat) bool {
			return c.Archived && c.Muted && c.Unread == 0 && c.ClearedAt != nil
		})
		if g := groupOf(w, groups[i]); g.Subject != fmt.Sprintf("Grupo %d", i) || g.Description != fmt.Sprintf("O %dº", i) {
			t.Errorf("the group is %q, %q", g.Subject, g.Description)
		}
	}
	// And back, each chat by one caller, one thing after another.
	var wait sync.WaitGroup
	for i := range who {
		wait.Go(func() {
			for _, path := range []string{"unarchive", "unmute", "archive", "unarchive", "archive"} {
				if a := w.Call(http.MethodPost, gate(w, "chats/"+chats[i]+"/"+path), nil); a.Status != http.StatusNoContent {
					t.Errorf("%s: %s", path, a)
				}
			}
		})
	}
	wait.Wait()
	for i := range who {
		chatIs(w, chats[i], "as the last said", func(c whatsapp.PhoneChat) bool { return c.Archived && !c.Muted })
	}
}

// What is done to a chat by its route is what the list of chats then says of it.
func TestWhatIsDoneToAChatIsListed(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Want(http.StatusOK, http.MethodPatch, w.Base()+"/channels/"+w.WhatsApp.String(), doc{"settings": doc{"markReadOnProcess": false}})
	w.Link()
	who := people(w, 1)[0].Phone
	w.Says(who, whatsapp.Draft{To: w.Number, Text: "Bom dia"})
	chatWith(w, who+"@c.us", doc{"unreadCount": 1, "archived": false, "mutedUntil": nil})
	until := time.Now().Add(time.Hour).Unix()
	for _, done := range []struct {
		method, path string
		body         any
		is           doc
	}{
		{http.MethodPost, "archive", nil, doc{"archived": true}}, {http.MethodPost, "unarchive", nil, doc{"archived": false}},
		{http.MethodPost, "mute", doc{"until": until}, doc{"mutedUntil": until}}, {http.MethodPost, "unmute", nil, doc{"mutedUntil": nil}},
		{http.MethodPost, "read", nil, doc{"unreadCount": 0}}, {http.MethodDelete, "messages", nil, doc{"lastMessage": nil}},
	} {
		act(w, done.method, "chats/"+who+"/"+done.path, done.body)
		chatWith(w, who+"@c.us", done.is)
	}
}
