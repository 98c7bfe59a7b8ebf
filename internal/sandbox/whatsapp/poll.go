package whatsapp

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// voteBox is what votes are encrypted with: a key from the poll's secret, its id,
// and the addresses of who asked and who votes.
func voteBox(secret []byte, pollID string, asker, voter types.JID) (cipher.AEAD, []byte, error) {
	info := pollID + asker.ToNonAD().String() + voter.ToNonAD().String() + string(whatsmeow.EncSecretPollVote)
	key, err := hkdf.Key(sha256.New, secret, nil, info, 32)
	if err != nil {
		return nil, nil, err
	}
	box, err := aead(key)
	return box, []byte(pollID + "\x00" + voter.ToNonAD().String()), err
}

// applyVote opens a vote and shows it. Which of their addresses two people used
// is not said, so all are tried. The caller holds s.mu.
func (p *phone) applyVote(c *chat, in arrival, m *waE2E.PollUpdateMessage) {
	r := p.find(c.key, m.GetPollCreationMessageKey().GetID())
	if r == nil || r.secret == nil {
		return
	}
	for _, asker := range []types.JID{r.sender.lidJID(), r.sender.pn()} {
		for _, voter := range []types.JID{in.sender.lidJID(), in.sender.pn()} {
			box, additional, err := voteBox(r.secret, r.id, asker, voter)
			if err != nil || len(m.GetVote().GetEncIV()) != box.NonceSize() {
				continue
			}
			plain, err := box.Open(nil, m.GetVote().GetEncIV(), m.GetVote().GetEncPayload(), additional)
			if err != nil {
				continue
			}
			var vote waE2E.PollVoteMessage
			if proto.Unmarshal(plain, &vote) == nil {
				r.votes[in.sender.number] = chosen(pollOf(r.msg), &vote)
			}
			return
		}
	}
}

// chosen names the options that a vote hashes.
func chosen(poll *waE2E.PollCreationMessage, vote *waE2E.PollVoteMessage) []string {
	out := []string{}
	for _, option := range poll.GetOptions() {
		hash := sha256.Sum256([]byte(option.GetOptionName()))
		if slices.ContainsFunc(vote.GetSelectedOptions(), func(h []byte) bool { return string(h) == string(hash[:]) }) {
			out = append(out, option.GetOptionName())
		}
	}
	return out
}

// vote makes the message by which a phone votes. The caller holds s.mu.
func (p *phone) vote(r *record, options []string) (*waE2E.Message, error) {
	poll := pollOf(r.msg)
	if poll == nil || r.secret == nil {
		return nil, fmt.Errorf("message %s is not a poll", r.id)
	}
	for _, o := range options {
		if !slices.ContainsFunc(poll.GetOptions(), func(x *waE2E.PollCreationMessage_Option) bool { return x.GetOptionName() == o }) {
			return nil, fmt.Errorf("poll %s has no option %q", r.id, o)
		}
	}
	plain, err := proto.Marshal(&waE2E.PollVoteMessage{SelectedOptions: whatsmeow.HashPollOptions(options)})
	if err != nil {
		return nil, err
	}
	box, additional, err := voteBox(r.secret, r.id, r.address, p.account.in(r.address.Server))
	if err != nil {
		return nil, err
	}
	nonce := randomBytes(box.NonceSize())
	return &waE2E.Message{PollUpdateMessage: &waE2E.PollUpdateMessage{
		PollCreationMessageKey: r.keyOf(), SenderTimestampMS: proto.Int64(p.srv.now().Truncate(time.Millisecond).UnixMilli()),
		Vote: &waE2E.PollEncValue{EncPayload: box.Seal(nil, nonce, plain, additional), EncIV: nonce},
	}}, nil
}
