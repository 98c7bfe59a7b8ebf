// Package memstore keeps what a whatsmeow client must remember, in memory: a
// reference of what a store of devices has to do, and the store of the sandbox's
// own phones.
//
// Its promise is that of whatsmeow's SQL store as far as a client can tell,
// except that it ends with the process: sessions, identities, keys, app state,
// contacts, message secrets, tokens and buffered events of each device, deleted
// with it; addresses of people shared between devices. A Container is safe for
// concurrent use; nothing it is given or gives may be changed afterwards.
//
// What other stores got wrong, and this one is to be compared with:
//
//   - a transaction (DoDecryptionTxn) that fails leaves nothing behind, of sessions,
//     identities, one-time keys, sender keys and the buffered plaintext alike;
//   - GetManySessions has every address in its answer, with nil where there is no
//     session;
//   - GetManyLIDsForPNs keeps the device part of each address;
//   - empty mappings of addresses are passed over;
//   - secrets and tokens are found by either address of a person;
//   - moving somebody from their number to their hidden address moves sessions,
//     identities and sender keys together;
//   - one-time keys never reuse an id;
//   - a device that was loaded twice is two devices over the same rows.
package memstore
