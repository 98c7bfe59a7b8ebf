package d360

import "maps"

// envelope renders events as the body of one webhook.
func envelope(events []*event, form string) map[string]any {
	if form == "flat" {
		return mergeEvents(events, false)
	}
	type slot struct{ entry, change int }
	var entries []map[string]any
	where := map[string]int{}
	groups := map[slot][]*event{}
	var order []slot
	places := map[string]slot{}
	for _, e := range events {
		at, known := where[e.number.WABAID]
		if !known {
			at = len(entries)
			where[e.number.WABAID] = at
			entries = append(entries, map[string]any{"id": e.number.WABAID, "changes": []any{}})
		}
		name := e.number.PhoneNumberID + "/" + e.field
		place, known := places[name]
		if !known || e.value != nil {
			place = slot{at, len(order)}
			places[name] = place
			order = append(order, place)
		}
		groups[place] = append(groups[place], e)
	}
	for _, place := range order {
		group := groups[place]
		change := map[string]any{"field": group[0].field, "value": mergeEvents(group, true)}
		entry := entries[place.entry]
		entry["changes"] = append(entry["changes"].([]any), change)
	}
	return map[string]any{"object": "whatsapp_business_account", "entry": entries}
}

// mergeEvents renders the value of one change.
func mergeEvents(events []*event, meta bool) map[string]any {
	value := map[string]any{}
	if meta {
		n := events[0].number
		value["messaging_product"] = "whatsapp"
		value["metadata"] = map[string]any{"display_phone_number": n.display, "phone_number_id": n.PhoneNumberID}
	}
	add := func(name string, v any) {
		list, _ := value[name].([]any)
		value[name] = append(list, v)
	}
	seen := map[any]bool{}
	for _, e := range events {
		if key := [2]any{e.contact["wa_id"], e.contact["user_id"]}; e.contact != nil && !seen[key] {
			seen[key] = true
			add("contacts", e.contact)
		}
		if e.message != nil {
			add("messages", e.message)
		}
		if e.status != nil {
			add("statuses", e.status)
		}
		for _, problem := range e.errors {
			add("errors", problem)
		}
		maps.Copy(value, e.value)
	}
	return value
}
