// Package d360 is a simulated 360dialog: the WhatsApp Cloud API as the host
// waba-v2.360dialog.io serves it, its media host, its webhooks, and the phones of
// the customers behind it. A developer builds and tests against it without an
// account, a number or a bill.
//
// Its promise is to refuse what the real service refuses. Requests are checked
// field by field, limits are exact, templates and media must exist, the 24 hour
// window, the pair limit and the throughput hold; and everything that was seen
// to go wrong there can be made to go wrong here, one fault at a time. What no
// document settles is a setting. It shares no code with the adapter that talks
// to the real one, so that neither can hide the other's mistake.
//
//	phone of a customer ── control ──▶ Server ── webhooks ──▶ the platform under test
//	         ▲                           ▲                         │
//	         └───── what it shows ───────┴────── API calls ────────┘
//
// A Server lives in memory, within Limits. New starts it, Handler is the API,
// Control its own interface, Listen serves both on addresses, Close ends it.
// Everything the control does is a method of Server too.
//
// # The API
//
// The header D360-API-KEY chooses the number; numbers and versions are not part
// of paths. An unknown key is 401. Names in front are those that faults match.
//
//	messages          POST /messages
//	mark_read         POST /messages with status "read", typing_indicator included
//	media_upload      POST /media
//	media_get         GET /{media-id}
//	media_delete      DELETE /{media-id}
//	media_bytes       GET /whatsapp_business/attachments/?mid&ext&hash
//	webhook_config    GET, POST /v1/configs/webhook, and /configs/webhook
//	waba_webhook      GET, POST /waba_webhook
//	multi_webhook     GET, POST, PUT, PATCH /multi_webhook
//	health_status     GET /health_status
//	templates         GET, POST, DELETE /message_templates
//	templates_legacy  GET, POST /v1/configs/templates
//	profile           GET, POST /whatsapp_business_profile
//	block_users       GET, POST, DELETE /block_users
//	unknown           any other path: 404
//
// A missing field is refused with 131008, a value out of its limits with 131009,
// a wrong JSON type or an unknown field with 100, an unknown message type with
// 131051. A URL of media points to lookaside.fbsbx.com; the same path and query
// on this host, with the key, gives the bytes for five minutes.
//
// A new number owns the templates of SeedTemplates: contato_cliente (two
// variables), ola_mundo (none, pt_BR and en), promocao_imagem (image header),
// fatura_documento (document header), rastreio_url (URL button),
// pesquisa_satisfacao (quick replies), cupom_desconto (copy code), codigo_acesso
// (authentication), aviso_nomeado (named variables), campanha_pausada (132015)
// and aviso_desativado (132016).
//
// # The control
//
// JSON under /control/, without authentication: bind it to a loopback address.
// Unknown fields are refused. Errors are {"error": "..."}: 400 for what is not
// JSON or has unknown fields, 404 for what does not exist, 422 for values that
// can't be. {number} is a phone number id, a phone or a key, and may be left out
// of bodies while there is one number only; {phone} is a phone or a user id.
//
// Numbers:
//
//	GET    /control/numbers                          {"numbers": [NumberInfo]}
//	POST   /control/numbers                          NumberConfig → 201, completed, with its key
//	PATCH  /control/numbers/{number}                 {"name","quality","health","healthCode"}
//	DELETE /control/numbers/{number}
//	POST   /control/numbers/{number}/rotate-key      a new key; the webhook is forgotten
//	PUT    /control/numbers/{number}/webhook         {"url","headers"}
//	DELETE /control/numbers/{number}/webhook
//	GET    /control/numbers/{number}/templates       {"templates": [Template]}
//	POST   /control/numbers/{number}/templates       Template; created or replaced
//	PUT    /control/numbers/{number}/templates/{name}/status   {"status"}, with a webhook
//
// Customers:
//
//	GET  /control/customers                          {"customers": [CustomerConfig]}
//	GET  /control/customers/{phone}
//	PUT  /control/customers/{phone}                  CustomerConfig; autoReply, refusal and reads are replaced
//	PUT  /control/customers/{phone}/window           {"number","open": bool}
//	GET  /control/customers/{phone}/messages         {"messages": [PhoneMessage]}: what the phone shows
//	POST /control/customers/{phone}/messages         InboundMessage → 201 {"id"}: the customer writes
//	POST /control/customers/{phone}/read             {"id"} or nothing for all → {"messages": n}
//	POST /control/customers/{phone}/played           the same for voice messages
//	GET  /control/messages/{id}                      PhoneMessage, failed ones too
//
// A customer writes any message type of the API: {"type": "text", "text": "oi"}
// is enough, {"type": "voice"} makes an audio with bytes that can be fetched,
// {"type": "choose", "quote": id, "text": option} taps a button or row that the
// business sent, {"type": "delete", "quote": id} is what arrives when a message
// is deleted; "content" replaces parts of the object of the type, "extra" parts
// of the whole message.
//
// Behaviour:
//
//	GET    /control/settings                         Settings
//	PATCH  /control/settings                         any part of Settings → all of it
//	GET    /control/faults                           {"rules": [Rule]}, with their hits
//	PUT    /control/faults                           {"rules": [Rule]}: replaces all
//	POST   /control/faults                           Rule → 201: added at the end
//	DELETE /control/faults, /control/faults/{id}
//	POST   /control/reset                            as it was at the start
//
// Events and logs; lists take ?limit= for the newest ones:
//
//	GET  /control/requests                           {"requests": [RequestEntry]}, keys masked
//	GET  /control/deliveries                         {"deliveries": [DeliveryEntry], "counts", "timers"}
//	POST /control/events                             {"number","field","value"}: a webhook of any field
//	POST /control/statuses                           {"number","status": {..}}: a status of any content
//	POST /control/echoes                             {"number","to","text"}: staff writes on the phone itself
//	PUT  /control/groups/{group}                     {"subject","participants": [phone]}
//
// # Faults
//
// A rule is {"match": {"endpoint","number","recipient","type"}, "skip", "times",
// "fault": {"kind", ..}}; the first rule that matches and still counts is met.
//
// Instead of the service:
//
//	error                code, and status, shape, details, subcode, transient, retryAfter, usageMinutes
//	unauthorized         401 Invalid api_key
//	endpoint_rate_limit  400 You have exceeded the endpoint rate limit.
//	payment_required     400
//	api_disabled         400
//	endpoint_blocked     403
//	hub_internal         500
//	bad_gateway          502
//	too_many_requests    429 with Retry-After
//	html_error           a page of HTML with a 5xx status
//	drop_before          the connection is cut and nothing was accepted
//	slow                 delayMs pass, then the call goes on
//
// After the service did its part:
//
//	slow_after           delayMs pass before the answer
//	drop_after           the connection is cut instead of the answer
//	no_id                200 without messages (or without id)
//	empty_list           200 with an empty messages list
//	truncated            the body is cut in the middle
//	not_json             200 with plain text
//	empty_body           200 with nothing
//	media_corrupt        other bytes than those of the sha256
//	media_truncated      half of the bytes
//
// On a message that was accepted:
//
//	status_failed           a failed status with code
//	status_before_response  the first status is delivered before the answer
//	no_statuses             none comes
//	undelivered             it stays at sent
//	message_status          text as message_status (held_for_quality_assessment, paused), and no statuses
//
// Shapes are meta {"error":{..}}, hub {"meta":{..}}, string {"error":".."} and
// legacy {"errors":[..]}. Every kind that answers by itself takes status, shape,
// text, retryAfter and usageMinutes. What happens to webhooks (signature, order,
// duplicates, batches, flat envelope, timestamps) and to receipts (delays, off,
// ahead of the answer) is in Settings; what happens to one customer (not on
// WhatsApp, opted out, hidden phone, other identity) in CustomerConfig.
package d360
