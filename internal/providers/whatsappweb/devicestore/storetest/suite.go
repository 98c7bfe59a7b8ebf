package storetest

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
)

// Container makes the devices that the suite runs on. It is used concurrently.
type Container interface {
	// NewDevice gives a device with new keys that is not paired.
	NewDevice(t *testing.T) *store.Device
	// Reload gives the device of a number as another process finds it; nil when
	// there is none. What was loaded before is not used any more.
	Reload(t *testing.T, jid types.JID) *store.Device
}

// bench is one test's device and some people.
type bench struct {
	*testing.T
	container Container
	device    *store.Device
}

// Run runs the suite: all its tests at once, each on a device of its own in the
// one container.
func Run(t *testing.T, container Container) {
	for name, test := range map[string]func(*bench){
		"device is saved and found again":              deviceSaved,
		"device is deleted with all it keeps":          deviceDeleted,
		"device without a JID is not saved":            deviceWithoutJID,
		"two devices see nothing of each other":        devicesApart,
		"identities":                                   identities,
		"identities of one person are deleted":         identitiesDeleted,
		"sessions":                                     sessions,
		"sessions of one person are deleted":           sessionsDeleted,
		"missing sessions are told as missing":         sessionsMissing,
		"rows move from number to hidden address":      migration,
		"rows that come back move again":               migrationAgain,
		"one-time keys":                                preKeys,
		"one-time keys never have an id twice":         preKeyIDs,
		"one-time keys made at once":                   preKeysAtOnce,
		"sender keys":                                  senderKeys,
		"app state keys":                               appStateKeys,
		"app state versions":                           appStateVersions,
		"app state MACs":                               appStateMACs,
		"app state MACs by the thousand":               appStateManyMACs,
		"contacts":                                     contacts,
		"contacts of the address book":                 contactsAddressBook,
		"redacted numbers":                             redactedPhones,
		"chat settings":                                chatSettings,
		"message secrets":                              messageSecrets,
		"message secrets by either address":            messageSecretsAliases,
		"message secrets by the thousand":              messageSecretsMany,
		"contacts by the thousand":                     contactsMany,
		"privacy tokens":                               privacyTokens,
		"privacy tokens by either address":             privacyTokensAliases,
		"salt":                                         salt,
		"buffered events":                              bufferedEvents,
		"sent messages":                                outgoingEvents,
		"decryption writes all together":               decryption,
		"decryption that fails leaves nothing":         decryptionFails,
		"decryption sees its own writes":               decryptionSeesItself,
		"decryption within a decryption":               decryptionNested,
		"hidden addresses":                             lids,
		"hidden addresses change":                      lidsChange,
		"hidden addresses change places":               lidsSwap,
		"hidden addresses that are none":               lidsEmpty,
		"a conversation":                               conversation,
		"a conversation goes on in another process":    conversationElsewhere,
		"a message that could not be kept comes again": conversationFails,
		"everything at once":                           atOnce,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := &bench{T: t, container: container}
			b.device = b.pair(somebody())
			test(b)
		})
	}
}

// person is somebody with both addresses.
type person struct{ pn, lid types.JID }

// somebody is new with every call. No real number has this country code.
func somebody() person {
	return person{
		pn:  types.NewJID(fmt.Sprintf("999%012d", rand.Int64N(1e12)), types.DefaultUserServer),
		lid: types.NewJID(fmt.Sprintf("1%014d", rand.Int64N(1e14)), types.HiddenUserServer),
	}
}

// device gives one of somebody's addresses with a device.
func device(jid types.JID, number uint16) types.JID {
	jid.Device = number
	return jid
}

// address is how libsignal names somebody's device.
func address(jid types.JID, number uint16) string {
	return device(jid, number).SignalAddress().String()
}

// group is a new group.
func group() types.JID {
	return types.NewJID(fmt.Sprintf("1203%014d", rand.Int64N(1e14)), types.GroupServer)
}

// pair gives a saved device of somebody.
func (b *bench) pair(p person) *store.Device {
	b.Helper()
	d := b.container.NewDevice(b.T)
	jid := device(p.pn, uint16(1+rand.IntN(90)))
	d.ID, d.LID = &jid, device(p.lid, jid.Device)
	d.Account = account()
	b.ok(d.Save(b.Context()))
	return d
}

// reload goes on as another process.
func (b *bench) reload() {
	b.Helper()
	jid := *b.device.ID
	if b.device = b.container.Reload(b.T, jid); b.device == nil {
		b.Fatalf("device %s is gone", jid)
	}
}

func (b *bench) ok(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// same compares what a call gave; a row that is there or not, and its error.
func same[T any](b *bench, what string, got T, err error, want T) {
	b.Helper()
	if err != nil {
		b.Fatalf("%s: %v", what, err)
	}
	if !reflect.DeepEqual(got, want) {
		b.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// twice runs a check now, and again in another process.
func (b *bench) twice(check func(d *store.Device)) {
	b.Helper()
	check(b.device)
	b.reload()
	check(b.device)
}

// key is 32 bytes that begin with n.
func key(n byte) (out [32]byte) {
	out[0], out[31] = n, 0xff
	return out
}
