package app_test

// unseen are the answers of openapi.yaml that these tests need not provoke, each
// with its reason. An entry that names no answer fails.
var unseen = merged(
	map[string]string{
		"* 500":                    "an answer to a mistake of ours: none is known to provoke",
		"getReadiness 503":         "the store is the tests' own and shared; make crash takes it away",
		"uploadMedia 413":          "a file over 100 MiB; the cap while streaming is held by package media's tests",
		"updatePlatformConfig 409": "held by package platforms' tests",
	},
	because("the provider's refusals take one way for all calls; sendMessage shows each", "deleteMessage", "403", "409", "429", "503", "504"),
	because("the provider's refusals take one way for all calls; sendMessage shows each", "sendToNumber", "202", "403", "404", "409", "429", "503", "504"),
	because("the provider's refusals take one way for all calls; sendMessage shows each", "startD360", "202", "403", "404", "429", "503", "504"),
	because("the provider's refusals take one way for all calls; sendMessage shows each", "typeInSession", "403", "429", "503", "504"),
	because("held by package channels' tests, with the simulator's faults", "listChannelTemplates", "400", "403", "429", "503", "504"),
	because("held by package channels' tests, with the simulator's faults", "setChannelWebhook", "400", "403", "409", "429", "503", "504"),
	because("a connection that ends while it is asked: held by package gateway's tests", "getNumberQR", "400"),
	because("a connection that ends while it is asked: held by package gateway's tests", "confirmNumberPasskey", "400"),
	because("a connection that ends while it is asked: held by package gateway's tests", "logoutNumber", "400"),
	because("20 seconds without an answer: held by package gateway's tests", "getNumberQR", "504"),
	because("25 seconds without an answer, and a failure of WhatsApp's: held by package gateway's tests", "pairNumber", "503", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "answerNumberPasskey", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "confirmNumberPasskey", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "logoutNumber", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "validateNumber", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "listGroups", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "getNumberContact", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "getNumberContactPhoto", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "listNumberContacts", "504"),
	because("WhatsApp is not asked for it; a server that holds nothing is held by package channels' tests", "listNumberContacts", "503"),
	because("25 seconds without an answer: held by package gateway's tests", "createGroup", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "joinGroup", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "getGroup", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "setGroupSubject", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "setGroupDescription", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "addGroupParticipants", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "removeGroupParticipants", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "setGroupAdmins", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "getGroupInvite", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "revokeGroupInvite", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "leaveGroup", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "getNumberAccount", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "getNumberPlatform", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "setNumberAbout", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "setNumberName", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "setNumberPresence", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "setGroupPhoto", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "removeGroupPhoto", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "archiveChat", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "unarchiveChat", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "muteChat", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "unmuteChat", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "readChat", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "clearChat", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "archiveGroup", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "unarchiveGroup", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "muteGroup", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "unmuteGroup", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "readGroup", "504"),
	because("25 seconds without an answer: held by package gateway's tests", "clearGroup", "504"),
	because("WhatsApp is not asked for it; a server that holds nothing is held by package channels' tests", "getNumberPlatform", "503"),
	because("WhatsApp is not asked for it; a server that holds nothing is held by package channels' tests", "setNumberPresence", "503"),
	because("the provider's refusals take one way for all calls; sendMessage shows each", "sendFromNumber", "202", "403", "413", "415", "429", "503", "504"),
	because("the provider's refusals take one way for all calls; sendMessage shows each", "sendToGroup", "202", "403", "409", "429", "503", "504"),
	because("WhatsApp is not asked by a query; a server that holds nothing is held by package channels' tests", "listChatMessages", "503"),
	because("WhatsApp is not asked by a query; a server that holds nothing is held by package channels' tests", "listGroupMessages", "503"),
	because("as listChatMessages, whose phone is switched off", "listGroupMessages", "504"),
	because("the simulated phones compare no code: held by package gateway's tests", "confirmNumberPasskey", "200"),
)

func because(reason, operation string, statuses ...string) map[string]string {
	out := map[string]string{}
	for _, status := range statuses {
		out[operation+" "+status] = reason
	}
	return out
}

func merged(maps ...map[string]string) map[string]string {
	out := map[string]string{}
	for _, m := range maps {
		for key, reason := range m {
			out[key] = reason
		}
	}
	return out
}
