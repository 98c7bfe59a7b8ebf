package whatsapp

import (
	"crypto/hkdf"
	"crypto/sha256"

	"go.mau.fi/whatsmeow/proto/waMmsRetry"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// uploadAgain answers a linked device that found a file gone from the media host:
// the phone has it still, as long as the sandbox has any copy of it, and uploads
// it again.
func (p *phone) uploadAgain(n node) {
	about := n.GetChildByTag("rmr")
	id := strAttr(&n, "id")
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	r := p.find(p.key(jidAttr(&about, "jid")), id)
	asking := p.srv.device(jidAttr(&n, "from"))
	if r == nil || asking == nil {
		return
	}
	ref := mediaOf(r.msg)
	if ref == nil {
		return
	}
	answer := &waMmsRetry.MediaRetryNotification{StanzaID: &id, Result: waMmsRetry.MediaRetryNotification_NOT_FOUND.Enum()}
	if b, there := p.srv.media.get(ref.DirectPath); there {
		path := p.srv.media.put(b.bytes, p.account.number)
		answer.DirectPath, answer.Result = &path, waMmsRetry.MediaRetryNotification_SUCCESS.Enum()
	}
	raw, err := proto.Marshal(answer)
	if err != nil {
		return
	}
	key, err := hkdf.Key(sha256.New, ref.key, nil, "WhatsApp Media Retry Notification", 32)
	if err != nil {
		return
	}
	box, err := aead(key)
	if err != nil {
		return
	}
	nonce := randomBytes(box.NonceSize())
	p.srv.deliver(asking, p.srv.notification("mediaretry", attrs{"from": p.account.in(types.DefaultUserServer), "id": id},
		node{Tag: "encrypt", Content: []node{{Tag: "enc_p", Content: box.Seal(nil, nonce, raw, []byte(id))}, {Tag: "enc_iv", Content: nonce}}},
		node{Tag: "rmr", Attrs: about.Attrs},
	))
}
