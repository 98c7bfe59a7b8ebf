// Package whatsappweb speaks for numbers that are linked devices of WhatsApp.
//
// Receiver reads the webhook of any gateway that sends our gateway's events,
// so that one deployment's gateway can feed another's conversations; it needs
// no device and promises to take what such gateways print: every writing of an
// address, media by URL, messages without an id.
package whatsappweb
