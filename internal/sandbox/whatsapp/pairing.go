package whatsapp

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.mau.fi/libsignal/ecc"
	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waAdv"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"

	"github.com/cirrus/omnichannel/internal/sandbox/control"
)

// qrCodes is how many codes a client may show before it has to connect again.
const qrCodes = 6

// pairing is what a connection that has no device yet is about. Server.mu guards
// it.
type pairing struct {
	refs      []string
	candidate *device // told of its success, not yet signed
	requestID string  // of the iq that told it
	code      *codePairing
	passkey   *passkeyPairing
}

// offerPairing gives a new client the references for its QR codes.
func (s *Server) offerPairing(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	children := make([]node, qrCodes)
	for i := range children {
		children[i] = node{Tag: "ref", Content: []byte(s.newRef(c))}
	}
	c.send(node{
		Tag: "iq", Attrs: attrs{"from": types.ServerJID, "type": "set", "id": s.nextID(), "xmlns": "md"},
		Content: []node{{Tag: "pair-device", Content: children}},
	})
}

// newRef makes a reference by which a phone finds the connection. The caller
// holds s.mu.
func (s *Server) newRef(c *conn) string {
	ref := "2@" + base64.StdEncoding.EncodeToString(randomBytes(60))
	c.pairing.refs = append(c.pairing.refs, ref)
	s.refs[ref] = c
	return ref
}

// handlePairing answers a client that is not linked yet: only queries that lead
// to a pairing are allowed.
func (s *Server) handlePairing(c *conn, n *node) {
	if n.Tag != "iq" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.news.ring()
	if strAttr(n, "type") == "result" {
		if c.pairing.requestID != "" && strAttr(n, "id") == c.pairing.requestID {
			s.pairSigned(c, n)
		}
		return
	}
	child := firstChild(n)
	switch strAttr(n, "xmlns") {
	case "w:p":
		c.result(n)
	case "md":
		s.pairingQuery(c, n, child)
	default:
		c.refuse(n, 401, "not-authorized")
	}
}

func (s *Server) pairingQuery(c *conn, n *node, child node) {
	switch child.Tag {
	case "link_code_companion_reg":
		s.pairByCode(c, n, child)
	case "ref", "passkey_request_options", "passkey_prologue", "companion_nonce", "encrypted_pairing_request":
		s.pairByPasskey(c, n, child)
	default:
		c.refuse(n, 400, "bad-request")
	}
}

// Scan lets a phone scan the text of a QR code. It returns once the client was
// told, or asked for a passkey if the account has one; the device is linked when
// it has answered. An unknown code has expired, or its client is gone.
func (s *Server) Scan(ref, code string) error {
	scanned, err := parseQR(code)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.find(ref)
	if err != nil {
		return err
	}
	c := s.refs[scanned.ref]
	if c == nil {
		return fmt.Errorf("%w: no client shows this QR code, or no longer", control.ErrNotFound)
	}
	if a.passkey != nil {
		return s.askPasskey(a, c, scanned)
	}
	return s.pair(a, c, scanned)
}

// ScanAny lets the phone that was told to scan by itself (PhoneConfig.AutoScan)
// scan a code, and gives its number.
func (s *Server) ScanAny(code string) (string, error) {
	s.mu.Lock()
	var scanner string
	for _, a := range s.accounts {
		if a.phone.config.AutoScan && (scanner == "" || a.number < scanner) {
			scanner = a.number
		}
	}
	s.mu.Unlock()
	if scanner == "" {
		return "", fmt.Errorf("%w: no phone scans by itself: set autoScan on one", control.ErrNotFound)
	}
	return scanner, s.Scan(scanner, code)
}

// companionKeys are what a phone learns of the client that it links.
type companionKeys struct {
	ref                        string
	noise, identity, advSecret []byte
}

// parseQR reads the text of a QR code: a URL in front since 2026, then reference,
// Noise key, identity key, secret and, since 2025, the kind of client.
func parseQR(code string) (companionKeys, error) {
	if i := strings.IndexByte(code, '#'); i >= 0 {
		code = code[i+1:]
	}
	parts := strings.Split(code, ",")
	if len(parts) != 4 && len(parts) != 5 {
		return companionKeys{}, fmt.Errorf("a QR code has 4 or 5 parts, this one %d", len(parts))
	}
	k := companionKeys{ref: parts[0]}
	for i, into := range []*[]byte{&k.noise, &k.identity, &k.advSecret} {
		var err error
		if *into, err = base64.StdEncoding.DecodeString(parts[i+1]); err != nil || len(*into) != 32 {
			return companionKeys{}, fmt.Errorf("part %d of the QR code is not a key of 32 bytes in base64", i+2)
		}
	}
	return k, nil
}

// pair tells a client that it is linked, with the phone's signature of its
// identity. The caller holds s.mu.
func (s *Server) pair(a *account, c *conn, k companionKeys) error {
	hello := c.hello.GetDevicePairingData()
	if string(k.noise) != string(c.noisePub[:]) || string(k.identity) != string(hello.GetEIdent()) {
		return errors.New("the keys of the code are not those of the connection")
	}
	id := a.nextDevice
	a.nextDevice++
	d := &device{
		id: id, account: a, noisePub: c.noisePub, keyIndex: uint32(id), linkedAt: s.now(), registration: hello.GetERegid(), identity: k.identity,
		signedKey: preKey{id: hello.GetESkeyID(), public: hello.GetESkeyVal(), signature: hello.GetESkeySig()},
		name:      clientName(hello.GetDeviceProps()),
	}
	vouched, err := vouch(a, d, k.advSecret)
	if err != nil {
		return err
	}
	children := []node{
		{Tag: "device-identity", Content: vouched}, {Tag: "platform", Attrs: attrs{"name": a.platform}},
		{Tag: "device", Attrs: attrs{"jid": d.in(types.DefaultUserServer), "lid": d.in(types.HiddenUserServer)}},
	}
	if a.business != nil {
		children = append(children, node{Tag: "biz", Attrs: attrs{"name": a.business.Name}})
	}
	c.pairing.candidate, c.pairing.requestID = d, s.nextID()
	c.send(node{
		Tag: "iq", Attrs: attrs{"from": types.ServerJID, "type": "set", "id": c.pairing.requestID, "xmlns": "md", "t": s.now().Unix()},
		Content: []node{{Tag: "pair-success", Content: children}},
	})
	return nil
}

// vouch signs the identity of a device with the account's own and seals it with
// the secret that only the QR code told.
func vouch(a *account, d *device, advSecret []byte) ([]byte, error) {
	details, err := proto.Marshal(&waAdv.ADVDeviceIdentity{
		RawID: proto.Uint32(12345), Timestamp: proto.Uint64(uint64(d.linkedAt.Unix())), KeyIndex: proto.Uint32(d.keyIndex),
		AccountType: waAdv.ADVEncryptionType_E2EE.Enum(), DeviceType: waAdv.ADVEncryptionType_E2EE.Enum(),
	})
	if err != nil {
		return nil, err
	}
	signed, err := proto.Marshal(&waAdv.ADVSignedDeviceIdentity{
		Details: details, AccountSignatureKey: a.identity.Pub[:],
		AccountSignature: signature(a.identity, whatsmeow.AdvAccountSignaturePrefix, details, d.identity),
	})
	if err != nil {
		return nil, err
	}
	h := hmac.New(sha256.New, advSecret)
	h.Write(signed)
	return proto.Marshal(&waAdv.ADVSignedDeviceIdentityHMAC{Details: signed, HMAC: h.Sum(nil)})
}

// pairSigned links the device when its own signature is good, and sends the
// client to log in. The caller holds s.mu.
func (s *Server) pairSigned(c *conn, n *node) {
	d := c.pairing.candidate
	signed, _ := n.GetOptionalChildByTag("pair-device-sign", "device-identity")
	var identity waAdv.ADVSignedDeviceIdentity
	if err := proto.Unmarshal(content(signed), &identity); err != nil || len(identity.DeviceSignature) != 64 {
		return
	}
	message := slices.Concat(whatsmeow.AdvDeviceSignaturePrefix, identity.Details, d.identity, d.account.identity.Pub[:])
	if !ecc.VerifySignature(ecc.NewDjbECPublicKey([32]byte(d.identity)), message, [64]byte(identity.DeviceSignature)) {
		return
	}
	d.account.devices[d.id] = d
	c.pairing.requestID = ""
	c.sendLast(node{Tag: "stream:error", Attrs: attrs{"code": "515"}})
	s.announceDevice(d, "add")
	s.start(func() { s.welcome(d) })
}

// announceDevice tells those who may have kept the account's list of devices that
// it changed, in both address spaces, since a client that keeps one of them
// ignores news of the other. The caller holds s.mu.
func (s *Server) announceDevice(changed *device, how string) {
	a := changed.account
	for d := range a.listeners {
		if d.account == a {
			continue
		}
		for _, server := range []string{types.HiddenUserServer, types.DefaultUserServer} {
			s.deliver(d, s.notification("devices", attrs{"from": a.in(server)}, node{
				Tag: how, Attrs: attrs{"device_hash": deviceHash(a.list(), server)}, Content: []node{{Tag: "device", Attrs: attrs{"jid": changed.in(server)}}},
			}))
		}
	}
	var own []node
	for _, d := range a.list() {
		own = append(own, node{Tag: "device", Attrs: attrs{"jid": d.in(types.DefaultUserServer)}})
	}
	for _, d := range a.list() {
		if d != changed && d.id != 0 {
			s.deliver(d, s.notification("account_sync", attrs{"from": a.pn()}, node{
				Tag: "devices", Attrs: attrs{"dhash": deviceHash(a.list(), types.DefaultUserServer)}, Content: own,
			}))
		}
	}
}
