package whatsapp

// iqGroup answers queries about groups: those to the group server itself, and
// those to a group.
func (s *Server) iqGroup(c *conn, n *node, child node) {
	to := jidAttr(n, "to")
	set := strAttr(n, "type") == "set"
	if to.User == "" {
		s.iqAllGroups(c, n, child, set)
		return
	}
	g := s.groups[to.User]
	if g == nil {
		c.refuse(n, 404, "item-not-found")
		return
	}
	if g.member(c.device.account) == nil {
		c.refuse(n, 403, "forbidden")
		return
	}
	switch child.Tag {
	case "query":
		c.result(n, g.node())
	case "add", "remove", "promote", "demote":
		s.iqMembers(c, n, g, child)
	case "subject", "description":
		s.iqDescribe(c, n, g, child)
	case "locked", "unlocked", "announcement", "not_announcement", "ephemeral", "not_ephemeral":
		if code := g.mayRule(c.device.account); code != 0 {
			c.refuse(n, code, "forbidden")
			return
		}
		c.result(n)
		s.setGroupSwitch(g, c.device, child.Tag, strAttr(&child, "expiration"))
	case "invite":
		s.iqInviteLink(c, n, g, set)
	default:
		c.refuse(n, 501, "feature-not-implemented")
	}
}

func (s *Server) iqAllGroups(c *conn, n *node, child node, set bool) {
	switch child.Tag {
	case "create":
		s.iqCreateGroup(c, n, child)
	case "participating":
		var groups []node
		for _, g := range s.groups {
			if g.member(c.device.account) != nil {
				groups = append(groups, g.node())
			}
		}
		c.result(n, node{Tag: "groups", Content: groups})
	case "leave":
		left := firstChild(&child)
		g := s.groups[jidAttr(&left, "id").User]
		if g == nil || g.member(c.device.account) == nil {
			c.refuse(n, 404, "item-not-found")
			return
		}
		c.result(n, node{Tag: "leave", Content: []node{{Tag: "group", Attrs: attrs{"id": g.jid()}}}})
		s.leaveGroup(g, c.device)
	case "invite":
		s.iqJoin(c, n, child, set)
	default:
		c.refuse(n, 501, "feature-not-implemented")
	}
}

func (s *Server) iqCreateGroup(c *conn, n *node, child node) {
	g := &group{subject: strAttr(&child, "subject")}
	var with []*account
	for _, p := range child.GetChildren() {
		switch p.Tag {
		case "participant":
			if a := s.account(jidAttr(&p, "jid")); a != nil {
				with = append(with, a)
			}
		case "announcement":
			g.announce = true
		case "locked":
			g.locked = true
		case "ephemeral":
			if e := strAttr(&p, "expiration"); e != "0" {
				g.expiration = e
			}
		}
	}
	s.newGroup(c.device, g, with, strAttr(&child, "key"))
	c.result(n, g.node())
}

func (s *Server) iqJoin(c *conn, n *node, child node, set bool) {
	g := s.groupByInvite(strAttr(&child, "code"))
	switch {
	case g == nil:
		c.refuse(n, 406, "not-acceptable")
	case set:
		c.result(n, node{Tag: "group", Attrs: attrs{"jid": g.jid()}})
		s.joinGroup(g, c.device)
	default:
		c.result(n, g.node())
	}
}

func (s *Server) iqMembers(c *conn, n *node, g *group, child node) {
	if code := g.mayRule(c.device.account); code != 0 {
		c.refuse(n, code, "forbidden")
		return
	}
	var who []*account
	var unknown []node
	for _, p := range child.GetChildren() {
		j := jidAttr(&p, "jid")
		if a := s.account(j); a != nil {
			who = append(who, a)
		} else {
			unknown = append(unknown, refusedParticipant(j, 404))
		}
	}
	c.result(n, node{Tag: child.Tag, Content: append(s.changeMembers(g, c.device, child.Tag, who), unknown...)})
}

func (s *Server) iqDescribe(c *conn, n *node, g *group, child node) {
	if code := g.mayEdit(c.device.account); code != 0 {
		c.refuse(n, code, "forbidden")
		return
	}
	c.result(n)
	if child.Tag == "subject" {
		s.setSubject(g, c.device, text(child))
		return
	}
	s.setDescription(g, c.device, strAttr(&child, "id"), text(child.GetChildByTag("body")))
}

func (s *Server) iqInviteLink(c *conn, n *node, g *group, set bool) {
	if g.mayRule(c.device.account) != 0 {
		c.refuse(n, 401, "not-authorized")
		return
	}
	if set {
		g.invite = newInvite()
	}
	c.result(n, node{Tag: "invite", Attrs: attrs{"code": g.invite}})
}
