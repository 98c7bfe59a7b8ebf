package d360

import "net/http"

// maxBlocked is how many users a number may block.
const maxBlocked = 64_000

func (c *call) takeBlockUsers() ([]string, *apiError) {
	check := &checker{}
	o := check.root(c.root)
	o.need("messaging_product").oneOf("whatsapp")
	var users []string
	for _, item := range o.need("block_users").list(1, maxBlocked) {
		u := item.object()
		users = append(users, u.need("user").text(limitID))
		u.done()
	}
	o.done()
	return users, check.err
}

func (c *call) getBlocked() reply {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	list := []any{}
	for _, who := range c.s.order {
		if c.n.blocked[who] {
			list = append(list, map[string]any{"messaging_product": "whatsapp", "wa_id": who.WaID})
		}
	}
	return ok(map[string]any{"data": list, "paging": map[string]any{"cursors": map[string]any{"before": "", "after": ""}}})
}

// postBlocked blocks users who wrote within a day. When some can't be, the
// answer is 400 and holds both what worked and an error.
func (c *call) postBlocked() reply {
	users, err := c.takeBlockUsers()
	if err != nil {
		return failed(err)
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	added, failures := []any{}, []any{}
	for _, input := range users {
		who := c.s.lookup(input)
		if who == nil {
			failures = append(failures, blockFailure(input, "", "The user is not on WhatsApp."))
			continue
		}
		last := who.talk(c.n).lastInbound
		if last.IsZero() || c.s.clock.Now().Sub(last) >= replyWindow || len(c.n.blocked) >= maxBlocked {
			failures = append(failures, blockFailure(input, who.WaID, "The user has not written to this business within 24 hours."))
			continue
		}
		c.n.blocked[who] = true
		added = append(added, map[string]any{"input": input, "wa_id": who.WaID})
	}
	return blockReply("added_users", added, failures)
}

func (c *call) deleteBlocked() reply {
	users, err := c.takeBlockUsers()
	if err != nil {
		return failed(err)
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	removed, failures := []any{}, []any{}
	for _, input := range users {
		who := c.s.lookup(input)
		if who == nil || !c.n.blocked[who] {
			failures = append(failures, blockFailure(input, "", "The user is not blocked."))
			continue
		}
		delete(c.n.blocked, who)
		removed = append(removed, map[string]any{"input": input, "wa_id": who.WaID})
	}
	return blockReply("removed_users", removed, failures)
}

func blockFailure(input, waID, why string) map[string]any {
	return map[string]any{"input": input, "wa_id": waID, "errors": []any{
		map[string]any{"message": refusals[139100].title, "code": 139100, "error_data": map[string]any{"details": why}},
	}}
}

func blockReply(done string, users, failures []any) reply {
	outcome := map[string]any{done: users}
	body := map[string]any{"messaging_product": "whatsapp", "block_users": outcome}
	if len(failures) == 0 {
		return ok(body)
	}
	outcome["failed_users"] = failures
	err := refuse(139100, "Some users could not be changed.")
	err.status, err.beside = http.StatusBadRequest, body
	return failed(err)
}
