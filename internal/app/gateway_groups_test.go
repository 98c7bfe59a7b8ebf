package app_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// people adds phones to the world's WhatsApp.
func people(w *apptest.World, n int) []whatsapp.PhoneInfo {
	w.T.Helper()
	var all []whatsapp.PhoneInfo
	for range n {
		all = append(all, must(w.Phones().AddPhone(whatsapp.PhoneConfig{Phone: apptest.Phone(), Name: "Pessoa"})))
	}
	return all
}

// groupOf is the group that an answer's id names, as WhatsApp has it.
func groupOf(w *apptest.World, id string) whatsapp.GroupInfo {
	w.T.Helper()
	return must(w.Phones().Group(strings.TrimSuffix(id, "-group")))
}

// roles are the members of a group with what they are in it.
func roles(g whatsapp.GroupInfo) map[string]string {
	all := map[string]string{}
	for _, m := range g.Members {
		all[m.Phone] = m.Role
	}
	return all
}

// isIn waits until somebody is in a group, or is not.
func isIn(w *apptest.World, id, phone string, want bool) {
	w.T.Helper()
	w.Eventually("a member to come or go", func() bool {
		_, in := roles(groupOf(w, id))[phone]
		return in == want
	})
}

func TestAGroupIsMadeAndChanged(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Link()
	who, nobody := people(w, 3), apptest.Phone()
	created := w.Want(http.StatusCreated, http.MethodPost, gate(w, "groups"), doc{"subject": "Vendas", "participants": []string{who[0].Phone, nobody, who[1].LID + "@lid"}})
	expect(t, "made", created, doc{
		"group.subject": "Vendas", "group.role": "superadmin", "group.size": 3, "group.createdBy.phone": w.Number, "group.participants.#": 3,
		"results.0.result": "done", "results.0.phone": who[0].Phone, "results.1.result": "not_on_whatsapp", "results.1.input": nobody, "results.1.phone": nil,
		"results.2.result": "done", "results.2.lid": who[1].LID + "@lid",
	})
	id := text(created, "group.id")
	if got := roles(groupOf(w, id)); len(got) != 3 || got[w.Number] != "superadmin" {
		t.Fatalf("WhatsApp has a group of %v", got)
	}

	path := "groups/" + id
	renamed := w.Want(http.StatusOK, http.MethodPut, gate(w, path+"/subject"), doc{"subject": "Vendas & Pós-venda"})
	expect(t, "renamed", renamed, doc{"id": id, "subject": "Vendas & Pós-venda"})
	for _, description := range []string{"Pedidos até as 18h", "Até as 19h", ""} {
		expect(t, "described", w.Want(http.StatusOK, http.MethodPut, gate(w, path+"/description"), doc{"description": description}), doc{"description": description})
		if now := groupOf(w, id); now.Description != description || now.Subject != "Vendas & Pós-venda" {
			t.Errorf("WhatsApp has %q, described %q", now.Subject, now.Description)
		}
	}
	for _, writing := range []string{id, strings.TrimSuffix(id, "-group") + "@g.us"} {
		expect(t, "got by "+writing, w.Want(http.StatusOK, http.MethodGet, gate(w, "groups/"+writing), nil), doc{"id": id, "size": 3, "participants.#": 3})
	}

	w.Want(http.StatusNoContent, http.MethodPost, gate(w, path+"/leave"), nil)
	isIn(w, id, w.Number, false)
	refused(t, "after it left", w.Call(http.MethodGet, gate(w, path), nil), http.StatusForbidden, "forbidden")
	alone := w.Call(http.MethodPost, gate(w, "groups"), doc{"subject": "Ninguém", "participants": []string{nobody}})
	refused(t, "a group of nobody", alone, http.StatusNotFound, "number_not_on_whatsapp")
}

func TestMembersComeGoAndRise(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Link()
	who := people(w, 2)
	shy := must(w.Phones().AddPhone(whatsapp.PhoneConfig{Phone: apptest.Phone(), ContactsOnly: true}))
	g := must(w.Phones().CreateGroup(w.Number, whatsapp.GroupDraft{Subject: "Vendas", Members: []string{who[0].Phone}}))
	path := "groups/" + g.ID + "-group"
	ask := func(method, what string, body doc) doc {
		t.Helper()
		return w.Want(http.StatusOK, method, gate(w, path+"/"+what), body)
	}
	added := ask(http.MethodPost, "participants", doc{"participants": []string{who[0].Phone, who[1].Phone, shy.Phone, apptest.Phone()}})
	expect(t, "added", added, doc{
		"results.0.result": "already_there", "results.0.providerCode": 409, "results.1.result": "done", "results.1.providerCode": nil,
		"results.2.result": "not_allowed", "results.2.providerCode": 403, "results.3.result": "not_on_whatsapp",
	})
	isIn(w, g.ID, who[1].Phone, true)
	isIn(w, g.ID, shy.Phone, false)

	promoted := ask(http.MethodPut, "admins", doc{"promote": []string{who[0].Phone, who[1].LID + "@lid", shy.Phone}})
	expect(t, "promoted", promoted, doc{"promoted.0.result": "done", "promoted.1.result": "done", "promoted.2.result": "not_in_group", "demoted.#": 0})
	expect(t, "demoted", ask(http.MethodPut, "admins", doc{"demote": []string{who[1].Phone}}), doc{"promoted.#": 0, "demoted.0.result": "done"})
	if got := roles(groupOf(w, g.ID)); got[who[0].Phone] != "admin" || got[who[1].Phone] != "" {
		t.Errorf("WhatsApp has %v", got)
	}
	both := w.Call(http.MethodPut, gate(w, path+"/admins"), doc{"promote": []string{who[0].Phone}, "demote": []string{who[0].Phone}})
	refused(t, "up and down at once", both, http.StatusUnprocessableEntity, "validation_failed")
	otherwise := w.Call(http.MethodPut, gate(w, path+"/admins"), doc{"promote": []string{who[0].Phone}, "demote": []string{who[1].Phone, withoutNinth(who[0].Phone) + "@c.us"}})
	refused(t, "up and down at once, written otherwise", otherwise, http.StatusUnprocessableEntity, "validation_failed")
	expect(t, "up and down at once, written otherwise", otherwise.JSON(), doc{"errors.0.field": "demote.1"})
	no := must(w.Phones().AddFault(whatsapp.Rule{Match: whatsapp.Match{Phone: w.Number, Type: "w:g2 participant"}, Skip: 1, Fault: whatsapp.Fault{Kind: "iq_error", Code: 403}}))
	half := w.Call(http.MethodPut, gate(w, path+"/admins"), doc{"promote": []string{who[1].Phone}, "demote": []string{who[0].Phone}})
	refused(t, "half of it", half, http.StatusForbidden, "forbidden")
	if said := text(half.JSON(), "detail"); !strings.Contains(said, "Only the demotions failed") {
		t.Errorf("it does not say that the promotion was made: %q", said)
	}
	w.Phones().RemoveFault(no.ID)
	if got := roles(groupOf(w, g.ID)); got[who[0].Phone] != "admin" || got[who[1].Phone] != "admin" {
		t.Errorf("WhatsApp has %v", got)
	}

	gone := ask(http.MethodDelete, "participants", doc{"participants": []string{who[1].Phone, shy.Phone}})
	expect(t, "removed", gone, doc{"results.0.result": "done", "results.1.result": "not_in_group"})
	isIn(w, g.ID, who[1].Phone, false)
	for field, a := range map[string]apptest.Answer{
		"participants.1": w.Call(http.MethodPost, gate(w, path+"/participants"), doc{"participants": []string{who[0].Phone, "21"}}),
		"promote.0":      w.Call(http.MethodPut, gate(w, path+"/admins"), doc{"promote": []string{"21"}}),
		"demote.0":       w.Call(http.MethodPut, gate(w, path+"/admins"), doc{"promote": []string{who[0].Phone}, "demote": []string{"21"}}),
	} {
		refused(t, field, a, http.StatusBadRequest, "invalid_number")
		expect(t, field, a.JSON(), doc{"errors.0.field": field})
	}
	for method, at := range map[string]string{http.MethodPost: "groups", http.MethodPut: path + "/subject"} {
		body := doc{"subject": " \t\n"}
		if method == http.MethodPost {
			body["participants"] = []string{who[0].Phone}
		}
		a := w.Call(method, gate(w, at), body)
		refused(t, "a blank subject", a, http.StatusUnprocessableEntity, "validation_failed")
		expect(t, "a blank subject", a.JSON(), doc{"errors.0.field": "subject"})
	}
	expect(t, "blanks around a subject", w.Want(http.StatusOK, http.MethodPut, gate(w, path+"/subject"), doc{"subject": " Compras "}), doc{"subject": "Compras"})
}

func TestAGroupIsJoinedByItsLink(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Link()
	owner := people(w, 1)[0]
	theirs := must(w.Phones().CreateGroup(owner.Phone, whatsapp.GroupDraft{Subject: "Condomínio"}))
	code := theirs.Link[strings.LastIndexByte(theirs.Link, '/')+1:]
	for _, invite := range []string{theirs.Link, code, theirs.Link + "?mode=ac_t"} {
		joined := w.Want(http.StatusOK, http.MethodPost, gate(w, "groups/join"), doc{"invite": invite})
		expect(t, invite, joined, doc{"group": theirs.ID + "-group", "joined": true})
	}
	isIn(w, theirs.ID, w.Number, true)
	refused(t, "nobody's link", w.Call(http.MethodPost, gate(w, "groups/join"), doc{"invite": "https://chat.whatsapp.com/nobodys"}), http.StatusNotFound, "not_found")
	refused(t, "no link", w.Call(http.MethodPost, gate(w, "groups/join"), doc{"invite": "https://example.org/x y"}), http.StatusUnprocessableEntity, "validation_failed")

	ours := must(w.Phones().CreateGroup(w.Number, whatsapp.GroupDraft{Subject: "Vendas"}))
	link := func(method string) string {
		got := w.Want(http.StatusOK, method, gate(w, "groups/"+ours.ID+"-group/invite"), nil)
		if !strings.HasSuffix(text(got, "link"), "/"+text(got, "code")) {
			t.Errorf("link and code: %v", got)
		}
		return text(got, "link")
	}
	if got := link(http.MethodGet); got != ours.Link {
		t.Errorf("the link is %s, WhatsApp's is %s", got, ours.Link)
	}
	renewed := link(http.MethodDelete)
	if now := groupOf(w, ours.ID).Link; renewed == ours.Link || renewed != now {
		t.Errorf("the new link is %s, the old one was %s, WhatsApp's is %s", renewed, ours.Link, now)
	}
	if _, err := w.Phones().JoinGroup(owner.Phone, ours.Link); err == nil {
		t.Error("the link that was ended lets people in")
	}
}

// What only admins may is refused by name, and nothing changes.
func TestWhoIsNoAdminChangesNothing(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Link()
	who := people(w, 2)
	g := must(w.Phones().CreateGroup(who[0].Phone, whatsapp.GroupDraft{Subject: "Deles", Members: []string{w.Number, who[1].Phone}, Locked: true}))
	path := "groups/" + g.ID + "-group/"
	member := doc{"participants": []string{who[1].Phone}}
	for _, c := range []struct {
		method, what string
		body         any
	}{
		{http.MethodPut, "subject", doc{"subject": "Nosso"}}, {http.MethodPut, "description", doc{"description": "Nosso"}},
		{http.MethodPost, "participants", member}, {http.MethodDelete, "participants", member}, {http.MethodPut, "admins", doc{"promote": []string{who[1].Phone}}},
		{http.MethodGet, "invite", nil}, {http.MethodDelete, "invite", nil},
	} {
		refused(t, c.what, w.Call(c.method, gate(w, path+c.what), c.body), http.StatusForbidden, "forbidden")
		for _, missing := range []string{"120363000000000001-group", "nothing"} {
			refused(t, c.what+" of "+missing, w.Call(c.method, gate(w, "groups/"+missing+"/"+c.what), c.body), http.StatusNotFound, "not_found")
		}
	}
	refused(t, "leaving nothing", w.Call(http.MethodPost, gate(w, "groups/120363000000000001-group/leave"), nil), http.StatusNotFound, "not_found")
	refused(t, "nothing", w.Call(http.MethodGet, gate(w, "groups/120363000000000001-group"), nil), http.StatusNotFound, "not_found")
	if now := groupOf(w, g.ID); now.Subject != g.Subject || now.Description != "" || now.Link != g.Link || len(now.Members) != 3 || roles(now)[who[1].Phone] != "" {
		t.Errorf("the group is %+v", now)
	}
}

func TestGroupsAreListedPageByPage(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Link()
	other := people(w, 1)[0]
	var made []string
	for range 3 {
		made = append(made, must(w.Phones().CreateGroup(w.Number, whatsapp.GroupDraft{Subject: "Grupo"})).ID+"-group")
	}
	must(w.Phones().CreateGroup(other.Phone, whatsapp.GroupDraft{Subject: "Sem nós"}))
	slices.Sort(made)
	for _, order := range []string{"asc", "desc"} {
		var listed []string
		query := "?limit=2&order=" + order
		for cursor := ""; ; {
			page := w.Want(http.StatusOK, http.MethodGet, gate(w, "groups"+query+cursor), nil)
			expect(t, "a page", page, doc{"total": 3, "totalIsExact": true, "limit": 2})
			for _, g := range items(page) {
				listed = append(listed, text(g, "id"))
			}
			if cursor = text(page, "nextCursor"); cursor == "" {
				break
			}
			cursor = "&cursor=" + cursor
		}
		if !slices.Equal(listed, made) {
			t.Errorf("%s: %v, want %v", order, listed, made)
		}
		slices.Reverse(made)
	}
	expect(t, "the second page", w.Want(http.StatusOK, http.MethodGet, gate(w, "groups?limit=2&page=2"), nil), doc{"items.#": 1, "page": 2})
	expect(t, "behind the last", w.Want(http.StatusOK, http.MethodGet, gate(w, "groups?limit=2&page=3"), nil), doc{"items.#": 0})
	refused(t, "too deep", w.Call(http.MethodGet, gate(w, "groups?limit=100&page=101"), nil), http.StatusUnprocessableEntity, "validation_failed")
	refused(t, "no cursor", w.Call(http.MethodGet, gate(w, "groups?cursor=!"), nil), http.StatusUnprocessableEntity, "validation_failed")
}
