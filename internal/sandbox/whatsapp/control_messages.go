package whatsapp

import (
	"net/http"

	"github.com/cirrus/omnichannel/internal/sandbox/control"
)

func (s *Server) controlMessages() []route {
	type target struct {
		Chat string `json:"chat"`
		ID   string `json:"id"`
	}
	counted := func(n int, err error) (any, error) { return map[string]any{"messages": n}, err }
	return []route{
		{"GET /control/phones/{phone}/messages", 200, func(r *http.Request) (any, error) {
			list, err := s.Messages(phoneOf(r), r.URL.Query().Get("chat"))
			return map[string]any{"messages": control.Last(r, list)}, err
		}},
		took("POST /control/phones/{phone}/messages", 201, func(r *http.Request, d Draft) (any, error) {
			id, err := s.Write(phoneOf(r), d)
			return map[string]any{"id": id}, err
		}),
		{"GET /control/phones/{phone}/messages/{id}", 200, func(r *http.Request) (any, error) { return s.Message(phoneOf(r), r.PathValue("id")) }},
		took("PUT /control/phones/{phone}/messages/{id}/star", 200, func(r *http.Request, body struct {
			Starred bool `json:"starred"`
		}) (any, error) {
			return done, s.Star(phoneOf(r), r.PathValue("id"), body.Starred)
		}),
		{"DELETE /control/phones/{phone}/messages/{id}", 200, func(r *http.Request) (any, error) {
			return done, s.DeleteForMe(phoneOf(r), r.PathValue("id"))
		}},
		took("POST /control/phones/{phone}/read", 200, func(r *http.Request, t target) (any, error) { return counted(s.Read(phoneOf(r), t.Chat, t.ID)) }),
		took("POST /control/phones/{phone}/played", 200, func(r *http.Request, t target) (any, error) { return counted(s.Play(phoneOf(r), t.Chat, t.ID)) }),
		took("POST /control/phones/{phone}/typing", 200, func(r *http.Request, body struct {
			To    string `json:"to"`
			State string `json:"state"`
		}) (any, error) {
			return done, s.Type(phoneOf(r), body.To, body.State)
		}),
		{"GET /control/phones/{phone}/calls", 200, func(r *http.Request) (any, error) {
			calls, err := s.Calls(phoneOf(r))
			return map[string]any{"calls": calls}, err
		}},
		took("POST /control/phones/{phone}/calls", 201, func(r *http.Request, body struct {
			To    string `json:"to"`
			Video bool   `json:"video"`
		}) (any, error) {
			id, err := s.Ring(phoneOf(r), body.To, body.Video)
			return map[string]any{"id": id}, err
		}),
		{"DELETE /control/phones/{phone}/calls/{to}/{id}", 200, func(r *http.Request) (any, error) {
			return done, s.HangUp(phoneOf(r), r.PathValue("to"), r.PathValue("id"))
		}},
	}
}

// serveFile gives the file of a message as it is.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	file, mimeType, err := s.File(phoneOf(r), r.PathValue("id"))
	if err != nil {
		control.Refuse(w, err)
		return
	}
	w.Header().Set("Content-Type", mimeType)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(file)
}

func (s *Server) controlChats() []route {
	return []route{
		{"GET /control/phones/{phone}/chats", 200, func(r *http.Request) (any, error) {
			list, err := s.Chats(phoneOf(r))
			return map[string]any{"chats": list}, err
		}},
		{"GET /control/phones/{phone}/chats/{chat}", 200, func(r *http.Request) (any, error) { return s.Chat(phoneOf(r), r.PathValue("chat")) }},
		took("PATCH /control/phones/{phone}/chats/{chat}", 200, func(r *http.Request, patch ChatPatch) (any, error) {
			return s.PatchChat(phoneOf(r), r.PathValue("chat"), patch)
		}),
	}
}

func (s *Server) controlGroups() []route {
	return []route{
		{"GET /control/groups", 200, func(*http.Request) (any, error) {
			list, err := s.Groups("")
			return map[string]any{"groups": list}, err
		}},
		{"GET /control/groups/{group}", 200, func(r *http.Request) (any, error) { return s.Group(r.PathValue("group")) }},
		{"GET /control/groups/{group}/picture", 200, func(r *http.Request) (any, error) {
			image, err := s.GroupPicture(r.PathValue("group"))
			return map[string]any{"bytes": image}, err
		}},
		{"GET /control/phones/{phone}/groups", 200, func(r *http.Request) (any, error) {
			list, err := s.Groups(phoneOf(r))
			return map[string]any{"groups": list}, err
		}},
		took("POST /control/phones/{phone}/groups", 201, func(r *http.Request, d GroupDraft) (any, error) { return s.CreateGroup(phoneOf(r), d) }),
		took("POST /control/phones/{phone}/groups/join", 200, func(r *http.Request, body struct {
			Link string `json:"link"`
		}) (any, error) {
			return s.JoinGroup(phoneOf(r), body.Link)
		}),
		took("PATCH /control/phones/{phone}/groups/{group}", 200, func(r *http.Request, patch GroupPatch) (any, error) {
			return s.PatchGroup(phoneOf(r), r.PathValue("group"), patch)
		}),
		took("POST /control/phones/{phone}/groups/{group}/members", 200, func(r *http.Request, body struct {
			Action string   `json:"action"`
			Phones []string `json:"phones"`
		}) (any, error) {
			return s.ChangeMembers(phoneOf(r), r.PathValue("group"), body.Action, body.Phones)
		}),
		{"DELETE /control/phones/{phone}/groups/{group}", 200, func(r *http.Request) (any, error) {
			return done, s.LeaveGroup(phoneOf(r), r.PathValue("group"))
		}},
	}
}
