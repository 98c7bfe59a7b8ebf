// Package contacts keeps the people and groups that channels talk to: who they
// are, under which names the provider knows them, and what operators note
// about them.
//
// One contact is one person on one channel, however the provider calls them
// today: identities are address keys (a phone with its ninth digit, a LID, a
// BSUID), unique per channel among live contacts. Addresses are kept as the
// provider wrote them and never rewritten; replies go to the one used last.
//
//	live ──two are one person──▶ merged (the survivor answers in its place)
//	  └────the person is erased─▶ erasing ──▶ gone
//
// A contact's row guards the opening of its sessions: a change of isIgnored,
// an erase or a merge writes the row and its active session in one
// transaction, so that no message slips in between.
package contacts
