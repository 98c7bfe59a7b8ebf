package whatsapp

import (
	"slices"
)

// These change one thing of a group each and tell its members. Their callers
// checked who may do it, and hold s.mu.

func (s *Server) setSubject(g *group, by *device, subject string) {
	g.subject, g.subjectBy, g.subjectAt = subject, by.account, s.now()
	s.tellGroup(g, by, g.members, node{Tag: "subject", Attrs: attrs{
		"subject": subject, "s_t": g.subjectAt.Unix(), "s_o": g.address(by.account), "s_o_pn": by.account.pn(),
	}})
}

func (s *Server) setDescription(g *group, by *device, id, description string) {
	if id == "" {
		id = s.nextID()
	}
	g.description, g.describedAs, g.describedBy, g.describedAt = description, id, by.account, s.now()
	child := node{Tag: "body", Content: []byte(description)}
	if description == "" {
		child = node{Tag: "delete"}
	}
	s.tellGroup(g, by, g.members, node{Tag: "description", Attrs: attrs{"id": id}, Content: []node{child}})
}

func (s *Server) setGroupPicture(g *group, by *device, image []byte) (id string) {
	g.picture = picture{}
	if len(image) > 0 {
		id = s.nextID()
		g.picture = picture{id: id, bytes: slices.Clone(image)}
	}
	for _, m := range g.members {
		for _, d := range m.account.list() {
			if d != by {
				s.deliver(d, s.notification("picture", attrs{"from": g.jid()}, pictureChange(g.jid(), id, g.address(by.account))))
			}
		}
	}
	return id
}

// setGroupSwitch sets what is on or off: locked, announcement, ephemeral.
func (s *Server) setGroupSwitch(g *group, by *device, tag, expiration string) {
	switch tag {
	case "locked", "unlocked":
		g.locked = tag == "locked"
	case "announcement", "not_announcement":
		g.announce = tag == "announcement"
	default:
		g.expiration = expiration // empty for not_ephemeral
	}
	about := attrs{"v_id": s.nextID()}
	if expiration != "" {
		about["expiration"] = expiration
	}
	s.tellGroup(g, by, g.members, node{Tag: tag, Attrs: about})
}
