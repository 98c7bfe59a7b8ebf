package messages

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/media"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/sessions"
	"github.com/cirrus/omnichannel/internal/web"
)

// target is whom a send goes to, with what was looked up for it.
type target struct {
	ch      channels.Channel
	facts   channelFacts
	caps    providers.Capabilities
	session *sessions.Session // nil: the contact's, or a new one
	contact *contacts.Contact // nil: perhaps nobody yet
	to      []providers.Address
	name    string // of a new contact
	company string // of one that has none
	// through: nothing of the message is kept.
	through bool
}

// address is where the message goes: what the provider used last.
func (t *target) address() providers.Address {
	if t.contact != nil && !t.contact.ReplyTo.IsZero() {
		return t.contact.ReplyTo
	}
	return t.to[0]
}

// SendAnswer is the answer to every send.
type SendAnswer struct {
	SessionID ids.Session             `json:"sessionId"`
	MessageID *ids.ProviderMessage    `json:"messageId"` // the provider's; null while queued
	ID        ids.Message             `json:"_id"`
	Status    providers.MessageStatus `json:"status"`
}

// HTTPStatus is 202 for a message that somebody will still send.
func (a SendAnswer) HTTPStatus() int {
	if a.Status == providers.MessageQueued {
		return 202
	}
	return 200
}

// Send sends a draft into a session and waits for its fate.
func (s *Service) Send(ctx context.Context, session sessions.Session, draft Draft) (SendAnswer, error) {
	content, err := draft.content()
	if err != nil {
		return SendAnswer{}, err
	}
	return s.sendInto(ctx, session, draft, content)
}

// sendInto sends a draft whose content was read before.
func (s *Service) sendInto(ctx context.Context, session sessions.Session, draft Draft, content providers.Content) (SendAnswer, error) {
	if sent, there, err := s.earlier(ctx); there || err != nil {
		return sent, err
	}
	to, err := s.targetOf(ctx, session)
	if err != nil {
		return SendAnswer{}, err
	}
	return s.send(ctx, to, draft, content)
}

// targetOf looks up the channel and contact of a session.
func (s *Service) targetOf(ctx context.Context, session sessions.Session) (target, error) {
	if session.State == sessions.Finished {
		return target{}, fault.New(fault.SessionFinished, "Session %s is finished. The contact's next message opens a new one.", session.ID)
	}
	t, err := s.targetOn(ctx, session.Channel)
	if err != nil {
		return target{}, err
	}
	var contact contacts.Contact
	if err := s.store.contacts.FindOne(ctx, bson.D{{Key: "_id", Value: session.Contact}}).Decode(&contact); err != nil {
		return target{}, err
	}
	t.session, t.contact, t.to = &session, &contact, contact.Addresses
	if len(t.to) == 0 {
		t.to = []providers.Address{contact.ReplyTo}
	}
	return t, nil
}

func (s *Service) targetOn(ctx context.Context, channel ids.Channel) (target, error) {
	ch, err := s.channels.Get(ctx, channel)
	if err != nil {
		return target{}, err
	}
	facts, err := s.factsOf(ctx, ch, ids.PlatformConfig{})
	if err != nil {
		return target{}, err
	}
	caps, _ := s.channels.Capabilities(ch.Provider)
	return target{ch: ch, facts: facts, caps: caps}, nil
}

// send runs the checks in their order, stores the message and waits for its
// fate.
func (s *Service) send(ctx context.Context, t target, draft Draft, content providers.Content) (SendAnswer, error) {
	if err := t.able(content); err != nil {
		return SendAnswer{}, err
	}
	if err := s.windowOpen(ctx, t, content); err != nil {
		return SendAnswer{}, err
	}
	conn, err := s.channels.Conn(ctx, t.ch.ID)
	if err != nil {
		return SendAnswer{}, err
	}
	row := t.row(ctx, draft, content)
	if row.ProviderID = s.channels.MessageID(t.ch.Provider); row.ProviderID != "" {
		row.DedupeKey = DedupeKeyOf(Outbound, row.ProviderID)
	}
	stored := false
	defer func() {
		if !stored {
			s.letGo(ctx, row)
		}
	}()
	if err := s.attach(ctx, t, draft, row); err != nil {
		return SendAnswer{}, err
	}
	if err := s.resolveReferences(ctx, t, draft, row); err != nil {
		return SendAnswer{}, err
	}
	if err := t.check(ctx, conn, s.outbound(*row)); err != nil {
		return SendAnswer{}, err
	}
	stored = true
	return s.storeAndDeliver(ctx, t, row)
}

// row is the message of a draft to the target, under the id that its request has.
func (t *target) row(ctx context.Context, draft Draft, content providers.Content) *Message {
	return &Message{
		ID: web.NewID[ids.Message](ctx), Channel: t.ch.ID, Account: t.ch.Account, Direction: Outbound, Origin: FromAPI,
		Content: content, AgentName: draft.AgentName, ShowAgent: t.ch.Settings.ShowAgentName && draft.AgentName != "", To: t.address(),
	}
}

// check refuses what the connection would not send.
func (t *target) check(ctx context.Context, conn providers.Conn, out providers.Outbound) error {
	err := conn.Check(ctx, out)
	if err == nil {
		return nil
	}
	refused := *providers.AsSendError(err)
	refused.Sent = providers.No // nobody was asked to send
	return sendFault(&refused, t.ch.Provider, ids.Message{})
}

// letGo deletes the file of a message that was refused before it was stored:
// nothing would lead to it any more.
func (s *Service) letGo(ctx context.Context, row *Message) {
	if row.Media == nil {
		return
	}
	if _, err := s.files.Release(context.WithoutCancel(ctx), row.Media.ID); err != nil {
		slog.WarnContext(ctx, "the file of a refused message was not deleted", "media_id", row.Media.ID.String(), "error", err)
	}
}

// storeAndDeliver queues the row and waits for what becomes of it. Beside an error
// the answer has the message's id where the row is there, or may be.
func (s *Service) storeAndDeliver(ctx context.Context, t target, row *Message) (SendAnswer, error) {
	until := s.now().Add(s.sendTimeout)
	row.NotBefore = until.Add(askedMargin) // until then this request tries, then anybody
	change := &sendChange{ch: t.facts, row: row, to: t.to, name: t.name, company: t.company}
	change.lacking = t.contact != nil && t.contact.Company == ""
	if t.session != nil {
		change.session, change.contact = t.session.ID, t.session.Contact
	}
	_, change.repeated = web.Reserved[ids.Message](ctx)
	if err := s.group.submit(ctx, change); err != nil {
		// A fault refused this send, before anything of it was written. Any
		// other error leaves that open, and a message must not lose its file.
		if refused := (*fault.Error)(nil); errors.As(err, &refused) {
			s.letGo(ctx, row)
			return SendAnswer{}, err
		}
		return SendAnswer{ID: row.ID}, err
	}
	stored := change.stored
	if change.found && (stored.Media == nil || row.Media != nil && stored.Media.ID != row.Media.ID) {
		s.letGo(ctx, row) // the earlier run has brought the file already
	}
	web.About(ctx, stored.Contact)
	var sent SendAnswer
	var err error
	if change.found { // by a request that died: the row tells
		sent, err = s.answerOf(ctx, row.ID)
	} else {
		sent, err = s.seeThrough(ctx, t, stored, until)
	}
	return aboutStored(ctx, row.ID, sent, err)
}

// aboutStored completes what a request hears of a stored message: it is the answer
// to each repetition. Of one that was erased nothing is kept, nor its id told.
func aboutStored(ctx context.Context, id ids.Message, sent SendAnswer, err error) (SendAnswer, error) {
	if errors.Is(err, errErased) {
		return SendAnswer{}, err
	}
	web.Final(ctx)
	if err != nil {
		sent = SendAnswer{ID: id}
	}
	return sent, err
}

// seeThrough lets whoever holds the channel send a stored message, and waits for
// what becomes of it.
func (s *Service) seeThrough(ctx context.Context, t target, stored Message, until time.Time) (SendAnswer, error) {
	hold, err := s.channels.HoldOf(ctx, t.ch.ID)
	if err != nil {
		return SendAnswer{}, err
	}
	if !hold.Here {
		return s.handOver(ctx, stored, until)
	}
	select {
	case f := <-s.deliver(ctx, stored, until, until.Add(attemptMost)):
		if f.queued && f.err == nil { // as far as this server knows
			return s.answerOf(ctx, stored.ID)
		}
		return answer(t.ch.Provider, f)
	case <-time.After(until.Sub(s.now()) + attemptMost): // a large file is on its way
		return s.answerOf(ctx, stored.ID)
	case <-ctx.Done():
		return SendAnswer{}, ctx.Err()
	}
}

// answer turns a fate into what the caller is told.
func answer(provider providers.Name, f fate) (SendAnswer, error) {
	switch {
	case f.err != nil:
		return SendAnswer{}, f.err
	case f.row.Session.IsZero():
		return SendAnswer{}, erasedFault(f.row.ID)
	case f.failed != nil && f.row.Status.Rank() <= providers.MessageFailed.Rank() && f.row.Status != providers.MessageSent:
		return SendAnswer{}, sendFault(f.failed, provider, f.row.ID)
	default:
		return answerFrom(f.row), nil
	}
}

// earlier answers a request from the message that an earlier run under its key has
// stored, whatever has become of the session since; false: there is none. Where it
// cannot be told, the answer has the id beside the error.
func (s *Service) earlier(ctx context.Context) (SendAnswer, bool, error) {
	id, keyed := web.Reserved[ids.Message](ctx)
	if !keyed {
		return SendAnswer{}, false, nil
	}
	var row Message
	err := s.store.messages.FindOne(ctx, bson.D{{Key: "_id", Value: id}}, options.FindOne().SetProjection(bson.D{{Key: "contactId", Value: 1}})).Decode(&row)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return SendAnswer{}, false, nil
	}
	if err != nil {
		return SendAnswer{ID: id}, false, fmt.Errorf("look for message %s of an earlier run: %w", id, err)
	}
	web.About(ctx, row.Contact)
	sent, err := s.answerOf(ctx, id)
	sent, err = aboutStored(ctx, id, sent, err)
	return sent, true, err
}

// answerOf answers from the state of a row that an earlier run stored.
func (s *Service) answerOf(ctx context.Context, id ids.Message) (SendAnswer, error) {
	var row Message
	if err := s.store.messages.FindOne(ctx, bson.D{{Key: "_id", Value: id}}).Decode(&row); err != nil {
		return SendAnswer{}, err
	}
	if row.Session.IsZero() {
		return SendAnswer{}, erasedFault(id)
	}
	switch row.Status {
	case providers.MessageUnknown:
		return SendAnswer{}, fault.New(fault.ProviderTimeout, "Nobody knows yet whether message %s was sent. Its status will tell; do not send it again.", id).With("_id", id)
	case providers.MessageFailed:
		return SendAnswer{}, storedFault(row)
	default:
		return answerFrom(row), nil
	}
}

func answerFrom(row Message) SendAnswer {
	answer := SendAnswer{SessionID: row.Session, ID: row.ID, Status: row.Status}
	if row.ProviderID != "" {
		answer.MessageID = &row.ProviderID
	}
	return answer
}

// attach brings the draft's file into the store; its type decides the
// message's.
func (s *Service) attach(ctx context.Context, t target, draft Draft, row *Message) error {
	if draft.MediaURI == "" {
		return nil
	}
	limit := t.ch.Settings.MediaMaxBytes
	file, err := s.files.Resolve(ctx, t.ch.Account, draft.MediaURI, media.Hint{FileName: draft.FileName, MaxBytes: limit, Message: row.ID})
	if err != nil {
		return err
	}
	if row.Content.Type != providers.TypeTemplate { // whose file is its header's
		row.Content.Type = providers.ContentType(file.Kind)
	}
	row.Media = &Media{ID: file.ID, Mimetype: file.Mimetype, FileName: file.FileName, Size: file.Size, SHA256: file.SHA256, Status: MediaReady}
	if draft.FileName != "" {
		row.Media.FileName = draft.FileName
	}
	if draft.AsVoice {
		if file.Kind != media.Audio {
			return fault.Invalid("asVoice", "exclusive", "Only audio can be a voice note; this file is %s.", file.Mimetype)
		}
		row.Content.Voice = providers.Bool(true)
	}
	if limits, ok := t.caps.Limits[row.Content.Type]; draft.Text != "" && (row.Content.Type == providers.TypeAudio || row.Content.Type == providers.TypeSticker || ok && limits.NoCaption) {
		return fault.Invalid("text", "exclusive", "An %s has no caption. Send the text as a message of its own.", row.Content.Type)
	}
	return nil
}

// resolveReferences turns the ids of a quote or a reaction, ours or the
// provider's, into the provider's.
func (s *Service) resolveReferences(ctx context.Context, t target, draft Draft, row *Message) error {
	if draft.Reaction != nil {
		known, err := s.byAnyID(ctx, t.ch.ID, draft.Reaction.MessageID)
		if err != nil {
			return err
		}
		if known == nil || known.ProviderID == "" {
			return fault.Invalid("reaction.messageId", "unknown", "There is no message %q on this channel to react to.", draft.Reaction.MessageID)
		}
		row.Content.Target = known.ProviderID
		row.Content.TargetAuthor, row.Content.TargetMine = known.authorship()
	}
	if draft.Quoted == nil {
		return nil
	}
	known, err := s.byAnyID(ctx, t.ch.ID, draft.Quoted.ID)
	switch {
	case err != nil:
		return err
	case known != nil && known.ProviderID != "":
		row.Quote = &providers.Quote{ID: known.ProviderID, Text: firstText(draft.Quoted.Message, known.Content.Text)}
		row.Quote.Author, row.Quote.Mine = known.authorship()
	case t.ch.Provider == providers.WhatsAppWeb && draft.Quoted.Message != "", t.ch.Provider == providers.D360 && looksLikeWamid(draft.Quoted.ID):
		row.Quote = &providers.Quote{ID: ids.ProviderMessage(draft.Quoted.ID), Text: draft.Quoted.Message}
	default:
		return fault.Invalid("quotedMessage.id", "unknown", "There is no message %q on this channel to quote.", draft.Quoted.ID)
	}
	return nil
}

// byAnyID finds a message of a channel by our id or the provider's; nil when
// there is none.
func (s *Service) byAnyID(ctx context.Context, channel ids.Channel, text string) (*Message, error) {
	rows, err := s.named(ctx, text, channel, 1)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

func firstText(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

func looksLikeWamid(text string) bool { return len(text) > 10 && text[:6] == "wamid." }
