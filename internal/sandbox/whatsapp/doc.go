// Package whatsapp is a simulated WhatsApp: the servers that linked devices speak
// to, their media hosts, and the phones of everybody on it. An unchanged
// whatsmeow client pairs with it, sends and receives, without an account, a
// number or a risk of being banned.
//
// Its promise is to be true to the protocol as whatsmeow speaks it: the Noise
// handshake, the pairing with its signatures, Signal sessions with real other
// ends, sender keys, app state that only devices can read, offline queues. Phones
// decrypt what they get, remember it and show it; what goes wrong in the field
// can be made to go wrong here, one fault at a time. It was checked against that
// client only, never against the real servers. It shares no code with the adapter
// that uses the same client, so that neither can hide the other's mistake.
//
//	phone of somebody ── control ──▶ Server ── websocket, media ──▶ linked device
//	        ▲                          ▲                              under test
//	        └──── what it shows ───────┴────────── what it sends ─────────┘
//
// A Server lives in memory, within Limits, and ends with its process: there is no
// snapshot, so a simulator that starts again knows no device, and logs out those
// that come. Clients may stop and start as they like: their devices, sessions,
// groups and undelivered stanzas wait. New starts a server, Handler is WhatsApp,
// Control its own interface, Listen serves both, Close ends it. Everything the
// control does is a method of Server too; Wait waits for what it changes.
//
// # Clients
//
// A client needs two things. The root of the server's certificates, which
// whatsmeow keeps in a variable of the process: set it once, before any client
// connects, from the seed that the server has too.
//
//	whatsmeow.WACertPubKey = whatsapp.RootKey("seed")
//
// And the way here: an HTTP client that sends what is meant for WhatsApp's hosts
// to the server instead, in plain HTTP, and refuses everything else.
//
//	through, err := whatsapp.Client(running.URL)
//	whatsapp.Point(client, through)
//
// # People and phones
//
// Everybody has a number and a hidden address (LID), an identity, and a phone that
// is device 0 of their account; devices are linked to it by a QR code, by a code
// of eight characters, or with a passkey. In Brazil a number exists with the ninth
// digit or without it, and is found by either. There is no way to scan a QR code
// without having it: it carries a secret that the client never sends. A phone
// with autoScan takes any code that is handed to the control without a name.
//
// A linked device gets from its phone the key of the app state, the names of
// people, and the chats with their newest messages; it may ask for older ones, and
// for messages that it could not decrypt. Such histories have lines that are no
// messages, too: who came to a group or left it, who called and hung up. What is
// read, cleared or deleted by a change of the app state is what came up to the last
// message that the change names, and the second after it. A phone that is switched
// off answers nothing. Ticks move as receipts come; receipts of a device that shows itself
// offline ("inactive") move none. In a group, reactions, quotes and receipts must
// name the author of the message by the address that it came from, number or hidden:
// by the other one phones do not find it, and show nothing.
//
// Left out: newsletters, communities, business catalogues, payments, and calls
// beyond ringing, rejecting and hanging up.
//
// # The control
//
// JSON under /control/, without authentication: bind it to a loopback address.
// Unknown fields are refused. Errors are {"error": "..."}: 400 for what is not
// JSON or has unknown fields, 404 for what does not exist, 422 for values that
// can't be. {phone} is a number with or without the ninth digit, or a hidden
// address; {chat} is that of the other person, the id of a group, or "status";
// {group} is the id of a group; device is a linked device's number and may be left
// out while there is one only. Bytes are base64.
//
// The server:
//
//	GET    /control/root-key                         {"rootKey"}: in hex, for WACertPubKey
//	GET    /control/settings                         Settings
//	PATCH  /control/settings                         any part of Settings → all of it
//	GET    /control/stanzas                          {"stanzas": [StanzaEntry]}, newest last; ?limit=
//	POST   /control/cut                              every connection is cut
//	POST   /control/reset                            as it was at the start
//
// Phones; {"phones"} takes ?limit= too:
//
//	GET    /control/phones                           {"phones": [PhoneInfo]}
//	POST   /control/phones                           PhoneConfig → 201 PhoneInfo
//	GET    /control/phones/{phone}                   PhoneInfo, with its linked devices
//	PATCH  /control/phones/{phone}                   PhonePatch → PhoneInfo; autoReply of mode "off" ends it
//	DELETE /control/phones/{phone}                   its devices are logged out
//	PUT    /control/phones/{phone}/picture           {"bytes"}
//	DELETE /control/phones/{phone}/picture
//	PUT    /control/phones/{phone}/presence          {"online": bool}
//	PUT    /control/phones/{phone}/contacts/{who}    {"name"}: into the address book
//	PUT    /control/phones/{phone}/ban               {"reason","seconds"}; no seconds: for good
//	DELETE /control/phones/{phone}/ban
//	PUT    /control/phones/{phone}/hold              {"seconds"}: no first messages to strangers (463); 0 ends it
//
// Pairing and connections:
//
//	POST   /control/phones/{phone}/scan              {"qr"}: the text of the QR code
//	POST   /control/scan                             {"qr"} → {"phone"}: by the phone with autoScan
//	POST   /control/phones/{phone}/code              {"code"}: the eight characters that the client shows
//	POST   /control/phones/{phone}/passkey           the request that the client got → what to answer
//	POST   /control/phones/{phone}/unlink            {"device"}: logged out, now or at the next login
//	POST   /control/phones/{phone}/cut               {"device","how"}: "", "replaced", or a stream error: 503, 515
//
// Messages; the list takes ?chat= and ?limit=:
//
//	GET    /control/phones/{phone}/messages          {"messages": [PhoneMessage]}: what the phone shows
//	POST   /control/phones/{phone}/messages          Draft → 201 {"id"}: the person writes
//	GET    /control/phones/{phone}/messages/{id}     PhoneMessage
//	GET    /control/phones/{phone}/messages/{id}/file   the file itself, decrypted
//	PUT    /control/phones/{phone}/messages/{id}/star   {"starred": bool}
//	DELETE /control/phones/{phone}/messages/{id}     takes it off this phone only
//	POST   /control/phones/{phone}/read              {"chat","id"}, no id for all → {"messages": n}
//	POST   /control/phones/{phone}/played            the same for voice messages and videos
//	POST   /control/phones/{phone}/typing            {"to","state"}: composing, recording, paused
//	GET    /control/phones/{phone}/calls             {"calls": {id: phone}}: what rings
//	POST   /control/phones/{phone}/calls             {"to","video": bool} → 201 {"id"}
//	DELETE /control/phones/{phone}/calls/{to}/{id}   hangs up
//
// {"to": phone, "text": "oi"} is enough to write; {"type": "voice"} and the other
// types with a file make a small one; {"type": "reaction", "message": id, "text":
// "👍"}, "edit", "delete" and "vote" do something to another message; "content" is
// merged into the message at last, as protobuf in JSON.
//
// Chats and groups:
//
//	GET    /control/phones/{phone}/chats             {"chats": [PhoneChat]}
//	GET    /control/phones/{phone}/chats/{chat}      PhoneChat
//	PATCH  /control/phones/{phone}/chats/{chat}      {"archived","pinned","muted","mutedSeconds","read","cleared","deleted"}
//	GET    /control/groups                           {"groups": [GroupInfo]}
//	GET    /control/groups/{group}                   GroupInfo
//	GET    /control/groups/{group}/picture           {"bytes"}: null where it has none
//	GET    /control/phones/{phone}/groups            {"groups"}: that it is in
//	POST   /control/phones/{phone}/groups            {"id","subject","members","announce","locked","addressing"} → 201 GroupInfo
//	POST   /control/phones/{phone}/groups/join       {"link"}
//	PATCH  /control/phones/{phone}/groups/{group}    {"subject","description","announce","locked","disappearing","picture","newLink"}
//	POST   /control/phones/{phone}/groups/{group}/members   {"action","phones"}: add, remove, promote, demote
//	DELETE /control/phones/{phone}/groups/{group}    the phone leaves
//
// Faults:
//
//	GET    /control/faults                           {"rules": [Rule]}, with their hits
//	PUT    /control/faults                           {"rules": [Rule]}: replaces all
//	POST   /control/faults                           Rule → 201: added at the end
//	DELETE /control/faults, /control/faults/{id}
//
// # Faults
//
// A rule is {"match": {"phone","device","peer","type"}, "skip", "times", "fault":
// {"kind", ..}}; the first rule that matches and still counts is met. Phone and
// device say whose linked device meets it, peer the other side (a phone, or the id
// of a group). Type is that of the message or receipt, the namespace of a query
// (alone, or as "w:g2 subject", with the tag of what stands innermost in it), the
// tag of a stanza, the kind of media or the name of a collection.
//
// On connections:
//
//	refuse_socket      the websocket is not opened, whoever asks: status, 503 by default
//	refuse_login       code: 401 and 406 log out, 402 bans for seconds, 405 is outdated; 503 by default
//	cut_stanza         the connection is cut when the device sends anything of type, skip the n first
//	drop_pings         keepalives are not answered
//	deaf               it stays, but nothing arrives until the next login
//	slow               delayMs before each stanza that goes out, and all behind it
//
// On what a device sends:
//
//	ack_error          code, 479 by default; nobody gets it
//	reachout_timelock  463, with its notification; the account is held back for seconds
//	no_ack             it arrives, but is not acknowledged
//	slow_ack           it arrives, and is acknowledged after delayMs
//	lost_send          acknowledged, but nobody gets it
//	lost_unacked       neither
//	cut_before         the connection is cut and nobody gets it
//	cut_after          it arrives, and the connection is cut instead of the acknowledgement
//	iq_error           a query is refused with code, 500 by default
//	iq_silent          a query is not answered
//	state_conflict     a change of the app state is refused with 409
//
// On what comes to a device:
//
//	bad_mac            the ciphertext is broken: the device asks again
//	no_sender_key      a group message comes without the sender's key
//	unavailable        a placeholder comes: the device asks its phone
//	view_once          so for a message to be seen once: the phone keeps those to itself
//	duplicate          it comes twice
//	reorder            it comes behind the next one, or at the next login
//	lose_message       it never comes
//	swallow_receipts   a receipt never comes
//
// On media; phone is who uploaded it:
//
//	upload_refused     status, 503 by default
//	upload_slow        delayMs pass
//	media_gone         status, 410 by default
//	media_corrupt      a wrong byte
//	media_truncated    half of it
package whatsapp
