package d360_test

import (
	"testing"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/d360"
	"github.com/cirrus/omnichannel/internal/providers/providertest"
)

const userID = "US.13491208655302741918"

func TestReceiveSenders(t *testing.T) {
	t.Parallel()
	say := func(party providers.Party) []providers.InboundPayload {
		m := received(text("x"))
		m.From = party
		return one(m)
	}
	message := func(ids, contacts string) string {
		return envelope(`"messages":[{` + ids + `"id":"wamid.A","timestamp":1760000000,"type":"text","text":{"body":"x"}}],"contacts":` + contacts)
	}
	providertest.RunInbound(t, d360.New(d360.Options{}), numbered([]providertest.Inbound{
		{
			Label: "contacts are matched by id, not by place",
			Body: message(`"from":"4915100000001",`, `[{"wa_id":"4915100000002","profile":{"name":"Berta"}},
				{"wa_id":"4915100000001","user_id":"`+userID+`","profile":{"name":"Anna","username":"anna"}}]`),
			Want: say(providers.Party{Addresses: []providers.Address{anna, bsuid(userID)}, Name: "Anna", Username: "anna"}),
		},
		{
			Label: "a contact of somebody else gives no name",
			Body:  message(`"from":"4915100000001",`, `[{"wa_id":"4915100000002","profile":{"name":"Berta"}}]`),
			Want:  say(from(anna)),
		},
		{
			Label: "the ninth digit makes nobody another person",
			Body:  message(`"from":"5541988887777",`, `[{"wa_id":"554188887777","profile":{"name":"João"}}]`),
			Want:  say(providers.Party{Addresses: []providers.Address{phoneAddress("5541988887777")}, Name: "João"}),
		},
		{
			Label: "no phone at all",
			Body:  message(`"from_user_id":"`+userID+`",`, `[{"user_id":"`+userID+`","profile":{"username":"anna"}}]`),
			Want:  say(providers.Party{Addresses: []providers.Address{bsuid(userID)}, Username: "anna"}),
		},
		{
			Label: "a user id in the phone's place",
			Body:  message(`"from":"`+userID+`",`, `[{"wa_id":null,"user_id":"`+userID+`"}]`),
			Want:  say(from(bsuid(userID))),
		},
		{
			Label: "phone and user id",
			Body:  message(`"from":4915100000001,"from_user_id":"`+userID+`","from_parent_user_id":"US.ENT.1",`, `[]`),
			Want:  say(from(anna, bsuid(userID))),
		},
		{
			Label: "contacts of a wrong shape cost nothing",
			Body:  message(`"from":"+4915100000001",`, `[7,{"profile":"Anna","wa_id":"4915100000001"}]`),
			Want:  say(from(anna)),
		},
		{
			Label: "the only contact, with no id at all",
			Body:  message(`"from":"4915100000001",`, `[{"profile":{"name":"Anna"}}]`),
			Want:  say(providers.Party{Addresses: []providers.Address{anna}, Name: "Anna"}),
		},
		{
			Label:    "nobody",
			Body:     message(``, `[]`),
			Problems: []string{"entry 0, change 0, message 0: a message whose sender"},
		},
	}))
}

func TestReceiveMoves(t *testing.T) {
	t.Parallel()
	system := func(s providers.System) providers.MessageReceived {
		return received(providers.Content{Type: providers.TypeSystem, System: &s})
	}
	newUser := system(providers.System{Type: "user_changed_user_id", NewIdentifier: "CO.NEW"})
	newUser.From = from(bsuid("CO.OLD"))
	providertest.RunInbound(t, d360.New(d360.Options{}), numbered([]providertest.Inbound{
		{
			Label: "a new number",
			Body:  inMessage(`"type":"system","system":{"type":"user_changed_number","wa_id":"4915100000002","body":"User changed number"}`),
			Want: []providers.InboundPayload{
				system(providers.System{Type: "user_changed_number", Body: "User changed number", NewIdentifier: "4915100000002"}),
				providers.ContactMoved{From: []providers.Address{anna}, To: []providers.Address{phoneAddress("4915100000002")}, Timestamp: msgTime},
			},
		},
		{
			Label: "a new number and the user ids of both, with no message id",
			Body: envelope(`"messages":[{"from":"4915100000001","timestamp":"1760000000","type":"system",
				"system":{"type":"user_changed_number","wa_id":"4915100000002","user_id":"CO.NEW","previous_user_id":"CO.OLD"}}]`),
			Want: []providers.InboundPayload{providers.ContactMoved{
				From: []providers.Address{anna, bsuid("CO.OLD")},
				To:   []providers.Address{phoneAddress("4915100000002"), bsuid("CO.NEW")}, Timestamp: msgTime}},
		},
		{
			Label: "a new user id, nobody's phone known",
			Body: envelope(`"messages":[{"id":"wamid.A","timestamp":"1760000000","type":"system",
				"system":{"type":"user_changed_user_id","user_id":"CO.NEW","previous_user_id":"CO.OLD"}}]`),
			Want: []providers.InboundPayload{
				newUser,
				providers.ContactMoved{From: []providers.Address{bsuid("CO.OLD")}, To: []providers.Address{bsuid("CO.NEW")}, Timestamp: msgTime},
			},
		},
		{
			Label: "a new user id beside the phone",
			Body: envelope(`"messages":[{"from":"4915100000001","from_user_id":"CO.OLD","timestamp":"1760000000","type":"system",
				"system":{"type":"user_changed_user_id","user_id":"CO.NEW"}}]`),
			Want: []providers.InboundPayload{providers.ContactMoved{
				From: []providers.Address{anna, bsuid("CO.OLD")}, To: []providers.Address{bsuid("CO.NEW"), anna}, Timestamp: msgTime}},
		},
		{
			Label: "the same number in another writing moves nobody",
			Body: envelope(`"messages":[{"from":"5541988887777","timestamp":"1760000000","type":"system",
				"system":{"type":"user_changed_number","wa_id":"554188887777"}}]`),
		},
		{
			Label: "the field for rotated user ids",
			Body:  field("user_id_update", `"user_id_update":[{"wa_id":"4915100000001","user_id":{"previous":"CO.OLD","current":"CO.NEW"},"timestamp":"1760000000"},5]`),
			Want: []providers.InboundPayload{providers.ContactMoved{
				From: []providers.Address{bsuid("CO.OLD")}, To: []providers.Address{bsuid("CO.NEW"), anna}, Timestamp: msgTime}},
			Problems: []string{"entry 0, change 0"},
		},
	}))
}

func TestReceiveGroupsEchoesRevisions(t *testing.T) {
	t.Parallel()
	grouped := received(text("x"))
	grouped.Group = &providers.Group{Address: providers.Address{Kind: providers.KindGroup, Value: "G1"}}
	echo := received(text("x"))
	echo.FromPhone = true
	echo.From = providers.Party{Addresses: []providers.Address{anna}, Name: "Anna"}
	broken := received(providers.Content{Type: providers.TypeUnsupported, Kind: "revoke",
		Raw: providers.RawJSON(`{"from":"4915100000001","id":"wamid.A","timestamp":"1760000000","type":"revoke","revoke":{}}`)})
	providertest.RunInbound(t, d360.New(d360.Options{}), numbered([]providertest.Inbound{
		{Label: "in a group", Body: inMessage(`"group_id":"G1","type":"text","text":{"body":"x"}`), Want: one(grouped)},
		{
			Label: "written on the phone itself",
			Body: field("smb_message_echoes", `"contacts":[{"wa_id":"4915100000001","profile":{"name":"Anna"}}],"message_echoes":[
				{"from":"4930000000","to":"4915100000001","id":"wamid.A","timestamp":"1760000000","type":"text","text":{"body":"x"}},
				{"from":"4930000000","to":"4915100000001","id":"wamid.B","timestamp":"1760000000","type":"revoke","revoke":{"original_message_id":"wamid.Q"}}]`),
			Want: []providers.InboundPayload{echo, providers.MessageRevoked{Target: "wamid.Q", FromPhone: true, Chat: []providers.Address{anna}, Timestamp: msgTime}},
		},
		{
			Label: "revoked",
			Body:  inMessage(`"type":"revoke","revoke":{"original_message_id":"wamid.Q"}`),
			Want:  []providers.InboundPayload{providers.MessageRevoked{Target: "wamid.Q", Chat: []providers.Address{anna}, Timestamp: msgTime}},
		},
		{
			Label: "edited",
			Body:  inMessage(`"type":"edit","edit":{"original_message_id":"wamid.Q","message":{"type":"text","text":{"body":"new"}}}`),
			Want:  []providers.InboundPayload{providers.MessageEdited{ID: "wamid.A", Target: "wamid.Q", Chat: []providers.Address{anna}, Timestamp: msgTime, Content: text("new")}},
		},
		{Label: "revoking nothing", Body: inMessage(`"type":"revoke","revoke":{}`), Want: one(broken)},
	}))
}
