package whatsapp

import (
	"bytes"
	"compress/zlib"
	"context"
	"slices"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waHistorySync"
	"go.mau.fi/whatsmeow/proto/waWeb"
	"google.golang.org/protobuf/proto"
)

// welcome is what a phone tells a device that was just linked: the key of the app
// state, names, and its chats. A phone that is switched off does so once it is
// on again.
func (s *Server) welcome(d *device) {
	p := d.account.phone
	if err := p.greet(d); err != nil {
		s.log.Warn("a phone could not greet a new device", "error", err, "phone", p.account.number)
	}
	s.news.ring()
}

func (p *phone) greet(d *device) error {
	if err := p.shareStateKey(d); err != nil {
		return err
	}
	p.srv.mu.Lock()
	names, boot := p.nameHistory(), p.bootHistory()
	p.srv.mu.Unlock()
	if err := p.sendHistory(d, names, true, ""); err != nil {
		return err
	}
	return p.sendHistory(d, boot, p.srv.Settings().History.Inline, "")
}

func (p *phone) shareStateKey(d *device) error {
	p.state.Lock()
	err := p.seed()
	id := p.stateKey
	p.state.Unlock()
	if err != nil {
		return err
	}
	key, err := p.store.AppStateKeys.GetAppStateSyncKey(context.Background(), id)
	if err != nil {
		return err
	}
	return p.toPeer(d, &waE2E.ProtocolMessage{
		Type: waE2E.ProtocolMessage_APP_STATE_SYNC_KEY_SHARE.Enum(),
		AppStateSyncKeyShare: &waE2E.AppStateSyncKeyShare{Keys: []*waE2E.AppStateSyncKey{{
			KeyID: &waE2E.AppStateSyncKeyId{KeyID: id},
			KeyData: &waE2E.AppStateSyncKeyData{
				KeyData: key.Data, Timestamp: proto.Int64(key.Timestamp),
				Fingerprint: &waE2E.AppStateSyncKeyFingerprint{RawID: proto.Uint32(1), CurrentIndex: proto.Uint32(0)},
			},
		}}},
	})
}

// nameHistory tells what the people of the phone's chats call themselves. The
// caller holds s.mu.
func (p *phone) nameHistory() *waHistorySync.HistorySync {
	h := &waHistorySync.HistorySync{SyncType: waHistorySync.HistorySync_PUSH_NAME.Enum()}
	for key := range p.chats {
		if a := p.srv.accounts[key]; a != nil {
			h.Pushnames = append(h.Pushnames, &waHistorySync.Pushname{ID: proto.String(a.lidJID().String()), Pushname: proto.String(a.name)})
		}
	}
	return h
}

// bootHistory tells the chats with their newest messages. The caller holds s.mu.
func (p *phone) bootHistory() *waHistorySync.HistorySync {
	most := p.srv.Settings().History.Messages
	h := &waHistorySync.HistorySync{
		SyncType: waHistorySync.HistorySync_INITIAL_BOOTSTRAP.Enum(), ChunkOrder: proto.Uint32(1), Progress: proto.Uint32(100),
	}
	byChat := map[string][]*record{}
	for _, r := range p.messages.all() {
		byChat[r.chat] = append(byChat[r.chat], r)
	}
	for _, c := range p.chats {
		if c.deleted {
			continue
		}
		messages := byChat[c.key]
		h.Conversations = append(h.Conversations, p.conversation(c, messages[max(0, len(messages)-most):]))
		if a := p.srv.accounts[c.key]; a != nil {
			h.PhoneNumberToLidMappings = append(h.PhoneNumberToLidMappings, &waHistorySync.PhoneNumberToLIDMapping{
				PnJID: proto.String(a.pn().String()), LidJID: proto.String(a.lidJID().String()),
			})
		}
	}
	slices.SortFunc(h.Conversations, func(x, y *waHistorySync.Conversation) int {
		return int(int64(y.GetConversationTimestamp()) - int64(x.GetConversationTimestamp()))
	})
	return h
}

// conversation describes a chat, its messages newest first. The caller holds s.mu.
func (p *phone) conversation(c *chat, messages []*record) *waHistorySync.Conversation {
	out := &waHistorySync.Conversation{
		ID: proto.String(c.jid.String()), ConversationTimestamp: proto.Uint64(uint64(max(0, c.lastMessage.Unix()))), UnreadCount: proto.Uint32(uint32(c.unread)),
		Archived: proto.Bool(c.archived), MarkedAsUnread: proto.Bool(c.markedAs), EndOfHistoryTransfer: proto.Bool(false),
	}
	if a := p.srv.accounts[c.key]; a != nil {
		out.PnJID, out.LidJID = proto.String(a.pn().String()), proto.String(a.lidJID().String())
		out.Name = proto.String(p.contacts[c.key])
	} else if g := p.srv.groups[c.key]; g != nil {
		out.Name = proto.String(g.subject)
	}
	if c.pinned {
		out.Pinned = proto.Uint32(uint32(c.lastMessage.Unix()))
	}
	if !c.mutedUntil.IsZero() {
		out.MuteEndTime = proto.Uint64(uint64(c.mutedUntil.Unix()))
	}
	if c.expiration > 0 {
		out.EphemeralExpiration, out.EphemeralSettingTimestamp = proto.Uint32(c.expiration), proto.Int64(c.expirationAt)
	}
	for i := len(messages) - 1; i >= 0; i-- {
		out.Messages = append(out.Messages, &waHistorySync.HistorySyncMsg{Message: messages[i].web(), MsgOrderID: proto.Uint64(uint64(i))})
	}
	return out
}

// web is a message as history carries it. The caller holds s.mu.
func (r *record) web() *waWeb.WebMessageInfo {
	w := &waWeb.WebMessageInfo{Key: r.keyOf(), Message: r.msg, MessageTimestamp: proto.Uint64(uint64(r.at.Unix())), Starred: proto.Bool(r.starred), MessageSecret: r.secret}
	if !r.mine {
		w.PushName = proto.String(r.sender.name)
		if r.group() {
			w.Participant = proto.String(r.address.String())
		}
	}
	if r.stub != 0 {
		w.Message, w.MessageStubType = nil, r.stub.Enum()
		return w
	}
	status := waWeb.WebMessageInfo_DELIVERY_ACK
	switch r.statusName() {
	case "sent":
		status = waWeb.WebMessageInfo_SERVER_ACK
	case "read":
		status = waWeb.WebMessageInfo_READ
	case "played":
		status = waWeb.WebMessageInfo_PLAYED
	}
	w.Status = status.Enum()
	return w
}

// sendHistory sends a chunk inside of the message or through the media host: the
// real service does both. Requested names the question that it answers.
func (p *phone) sendHistory(d *device, h *waHistorySync.HistorySync, inline bool, requested string) error {
	p.srv.mu.Lock() // messages are shared with the phone
	raw, err := proto.Marshal(h)
	p.srv.mu.Unlock()
	if err != nil {
		return err
	}
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	if _, err = z.Write(raw); err != nil {
		return err
	}
	if err = z.Close(); err != nil {
		return err
	}
	n := &waE2E.HistorySyncNotification{
		SyncType: waE2E.HistorySyncType(h.GetSyncType()).Enum(), ChunkOrder: proto.Uint32(1), Progress: proto.Uint32(100),
	}
	if requested != "" {
		n.PeerDataRequestSessionID = proto.String(requested)
	}
	if inline {
		n.InitialHistBootstrapInlinePayload = packed.Bytes()
	} else {
		file, err := p.srv.sealMedia(packed.Bytes(), whatsmeow.MediaHistory, p.account.number)
		if err != nil {
			return err
		}
		n.MediaKey, n.FileSHA256, n.FileEncSHA256 = file.key, file.plainHash, file.sealedHash
		n.DirectPath, n.FileLength = proto.String(file.directPath), proto.Uint64(file.length)
	}
	return p.toPeer(d, &waE2E.ProtocolMessage{Type: waE2E.ProtocolMessage_HISTORY_SYNC_NOTIFICATION.Enum(), HistorySyncNotification: n})
}

// serveDevice answers what a device of the own account asks the phone, and
// reports whether it was such a question.
func (p *phone) serveDevice(in incoming, m *waE2E.ProtocolMessage) bool {
	if m == nil {
		return false
	}
	switch m.GetType() {
	case waE2E.ProtocolMessage_REVOKE, waE2E.ProtocolMessage_MESSAGE_EDIT, waE2E.ProtocolMessage_EPHEMERAL_SETTING:
		return false
	case waE2E.ProtocolMessage_APP_STATE_SYNC_KEY_REQUEST:
		if err := p.shareStateKey(in.from); err != nil {
			p.srv.log.Warn("a phone could not share its app state key", "error", err, "phone", p.account.number)
		}
	case waE2E.ProtocolMessage_PEER_DATA_OPERATION_REQUEST_MESSAGE:
		p.serveRequest(in, m.GetPeerDataOperationRequestMessage())
	}
	return true
}

func (p *phone) serveRequest(in incoming, m *waE2E.PeerDataOperationRequestMessage) {
	var err error
	switch {
	case m.GetHistorySyncOnDemandRequest() != nil:
		h := p.olderThan(m.GetHistorySyncOnDemandRequest())
		err = p.sendHistory(in.from, h, false, in.id)
	case len(m.GetPlaceholderMessageResendRequest()) > 0:
		err = p.resendPlaceholders(in, m.GetPlaceholderMessageResendRequest())
	}
	if err != nil {
		p.srv.log.Warn("a phone could not answer a linked device", "error", err, "phone", p.account.number)
	}
}

// olderThan is the history before a message.
func (p *phone) olderThan(asked *waE2E.PeerDataOperationRequestMessage_HistorySyncOnDemandRequest) *waHistorySync.HistorySync {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	h := &waHistorySync.HistorySync{SyncType: waHistorySync.HistorySync_ON_DEMAND.Enum()}
	c := p.chatNamed(asked.GetChatJID())
	if c == nil {
		return h
	}
	// The field is named after milliseconds, but clients send seconds.
	before := time.Unix(asked.GetOldestMsgTimestampMS()+1, 0)
	var older []*record
	for _, r := range p.messages.all() {
		if r.id == asked.GetOldestMsgID() {
			break
		}
		if r.chat == c.key && !r.at.After(before) {
			older = append(older, r)
		}
	}
	most := int(asked.GetOnDemandMsgCount())
	conversation := p.conversation(c, older[max(0, len(older)-most):])
	conversation.EndOfHistoryTransfer = proto.Bool(len(older) <= most)
	h.Conversations = []*waHistorySync.Conversation{conversation}
	return h
}

// resendPlaceholders gives a device the messages that it could not decrypt, as
// the phone has them, less those that only the phone may show.
func (p *phone) resendPlaceholders(in incoming, asked []*waE2E.PeerDataOperationRequestMessage_PlaceholderMessageResendRequest) error {
	answer := &waE2E.PeerDataOperationRequestResponseMessage{
		PeerDataOperationRequestType: waE2E.PeerDataOperationRequestType_PLACEHOLDER_MESSAGE_RESEND.Enum(), StanzaID: proto.String(in.id),
	}
	p.srv.mu.Lock()
	for _, a := range asked {
		r := p.anywhere(a.GetMessageKey().GetID())
		if r == nil || r.once {
			continue
		}
		raw, err := proto.Marshal(r.web())
		if err != nil {
			p.srv.mu.Unlock()
			return err
		}
		answer.PeerDataOperationResult = append(answer.PeerDataOperationResult, &waE2E.PeerDataOperationRequestResponseMessage_PeerDataOperationResult{
			PlaceholderMessageResendResponse: &waE2E.PeerDataOperationRequestResponseMessage_PeerDataOperationResult_PlaceholderMessageResendResponse{WebMessageInfoBytes: raw},
		})
	}
	p.srv.mu.Unlock()
	if len(answer.PeerDataOperationResult) == 0 {
		return nil
	}
	return p.toPeer(in.from, &waE2E.ProtocolMessage{
		Type:                                    waE2E.ProtocolMessage_PEER_DATA_OPERATION_REQUEST_RESPONSE_MESSAGE.Enum(),
		PeerDataOperationRequestResponseMessage: answer,
	})
}
