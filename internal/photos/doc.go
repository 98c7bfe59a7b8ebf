// Package photos brings the profile pictures of contacts into the store, where
// a provider shows them: when a contact is new, and when it has another one. A
// provider's own link is good for a moment only, so that the contact carries one
// of ours; a photo that somebody chose by the API stays.
//
// It asks slowly, one contact a channel and second: whoever asks for the
// pictures of many people at once looks like a harvester of them.
package photos
