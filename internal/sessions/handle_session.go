package sessions

import (
	"context"
	"errors"
	"log/slog"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/web"
)

type sessionRequest struct {
	Session ids.Session `path:"sessionId"`
}

func (s *Service) get(ctx context.Context, req *sessionRequest) (View, error) {
	row, err := s.Find(ctx, req.Session)
	if err != nil {
		return View{}, err
	}
	return s.one(ctx, row)
}

type finishAnswer struct {
	Message   string      `json:"message"`
	SessionID ids.Session `json:"sessionId"`
}

func (s *Service) finish(ctx context.Context, req *sessionRequest) (finishAnswer, error) {
	row, err := s.Find(ctx, req.Session)
	if err != nil {
		return finishAnswer{}, err
	}
	if row.State == Active {
		if _, err := s.changes.Finish(ctx, row); err != nil {
			return finishAnswer{}, err
		}
	}
	return finishAnswer{Message: "Session finished successfully", SessionID: row.ID}, nil
}

type readAnswer struct {
	SessionID   ids.Session `json:"sessionId"`
	UnreadCount int64       `json:"unreadCount"`
}

// read sets the counter to 0, and lets the contact see it where the provider
// shows such things. That the provider does not answer is no reason to fail:
// the counter is ours.
func (s *Service) read(ctx context.Context, req *sessionRequest) (readAnswer, error) {
	row, err := s.Find(ctx, req.Session)
	if err != nil {
		return readAnswer{}, err
	}
	after, err := s.changes.Read(ctx, row)
	if err != nil {
		return readAnswer{}, err
	}
	if err := s.showRead(ctx, row); err != nil {
		slog.InfoContext(ctx, "a read mark did not reach the contact", "session_id", row.ID.String(), "error", err)
	}
	return readAnswer{SessionID: row.ID, UnreadCount: after.Unread}, nil
}

// showRead lets the authors see that what was unread has been read.
func (s *Service) showRead(ctx context.Context, row Session) error {
	unread, err := s.changes.Unread(ctx, row)
	if err != nil || len(unread) == 0 {
		return err
	}
	to, conn, err := s.reach(ctx, row)
	if err != nil {
		return err
	}
	if marker, ok := conn.(providers.ReadMarker); ok {
		return marker.MarkRead(ctx, to, unread...)
	}
	return nil
}

// reach gives what a sign to the contact needs.
func (s *Service) reach(ctx context.Context, row Session) (providers.Address, providers.Conn, error) {
	var contact contacts.Contact
	if err := s.contacts.FindOne(ctx, bson.D{{Key: "_id", Value: row.Contact}}).Decode(&contact); err != nil {
		return providers.Address{}, nil, err
	}
	conn, err := s.channels.Conn(ctx, row.Channel)
	return contact.ReplyTo, conn, err
}

type typingRequest struct {
	Session ids.Session           `path:"sessionId" json:"-"`
	State   providers.TypingState `json:"state" validate:"required,oneof=typing recording paused"`
}

type typingAnswer struct {
	SessionID ids.Session           `json:"sessionId"`
	State     providers.TypingState `json:"state"`
}

// typing shows the contact that somebody is answering.
func (s *Service) typing(ctx context.Context, req *typingRequest) (typingAnswer, error) {
	row, err := s.Find(ctx, req.Session)
	if err != nil {
		return typingAnswer{}, err
	}
	if row.State == Finished {
		return typingAnswer{}, fault.New(fault.SessionFinished, "Session %s is finished; nobody types in it.", row.ID)
	}
	last, err := s.changes.LastInbound(ctx, row)
	if err != nil {
		return typingAnswer{}, err
	}
	to, conn, err := s.reach(ctx, row)
	if err != nil {
		return typingAnswer{}, err
	}
	typer, ok := conn.(providers.Typer)
	if !ok {
		return typingAnswer{}, fault.New(fault.CapabilityUnsupported, "Provider %s shows no typing.", row.Provider).With("capability", "typing").With("provider", string(row.Provider))
	}
	err = typer.SendTyping(ctx, to, last, req.State)
	if known := (*fault.Error)(nil); errors.As(err, &known) { // of the way to the server that holds the connection
		return typingAnswer{}, err
	}
	if err != nil {
		return typingAnswer{}, providers.AsSendError(err).Fault()
	}
	return typingAnswer{SessionID: row.ID, State: req.State}, nil
}

type transferRequest struct {
	Session ids.Session `path:"sessionId" json:"-"`
	Params  struct {
		PlatformSlug string `json:"platformSlug" validate:"required,max=100"`
		AgentID      string `json:"agentId" validate:"max=200"`
		AgentName    string `json:"agentName" validate:"max=200"`
	} `json:"params" validate:"required"`
	Message string `json:"transferMessage" validate:"max=4096"`
}

func (s *Service) transfer(ctx context.Context, req *transferRequest) (View, error) {
	if req.Params.AgentName != "" && req.Params.AgentID == "" {
		return View{}, fault.Invalid("params.agentId", "required", "A name is of nobody without an id. Name the agent by agentId, or leave agentName out.")
	}
	row, err := s.Find(ctx, req.Session)
	if err != nil {
		return View{}, err
	}
	one := Transfer{ID: web.NewID[ids.Transfer](ctx), By: actor(ctx)}
	if !row.Transferred(one.ID) { // else an earlier run of the request has died: the row tells
		if one.To, err = s.receiver(ctx, row, req); err != nil {
			return View{}, err
		}
		if row, err = s.changes.Transfer(ctx, row, one); err != nil {
			return View{}, err
		}
	}
	web.About(ctx, row.Contact)
	view, err := s.one(ctx, row)
	if err != nil {
		web.LeaveOpen(ctx) // who asks again is answered from the row
		return View{}, err
	}
	if req.Message != "" {
		view.TransferMessageError = s.sayTransfer(ctx, row, req.Message)
	}
	if view.TransferMessageError != nil { // perhaps since the contact was erased: the answer would name it
		if _, err := s.Find(ctx, row.ID); err != nil {
			return View{}, err
		}
	}
	return view, nil
}

// receiver is who gets the session.
func (s *Service) receiver(ctx context.Context, row Session, req *transferRequest) (Holder, error) {
	if row.State == Finished {
		return Holder{}, fault.New(fault.SessionFinished, "Session %s is finished and cannot be transferred.", row.ID)
	}
	config, ok, err := s.platforms.BySlug(ctx, row.Account, req.Params.PlatformSlug)
	if err != nil {
		return Holder{}, err
	}
	if !ok {
		return Holder{}, fault.New(fault.NotFound, "There is no platform %q in account %s.", req.Params.PlatformSlug, row.Account)
	}
	if !config.Channel.IsZero() {
		return Holder{}, config.NoPlatform("params.platformSlug")
	}
	to := Holder{Platform: PlatformRef{Slug: config.Slug, Config: config.ID}}
	if req.Params.AgentID != "" {
		to.Agent = &Agent{ID: req.Params.AgentID, Name: req.Params.AgentName}
	}
	return to, nil
}

// sayTransfer sends the transfer's message. The transfer stands whatever comes
// of it.
func (s *Service) sayTransfer(ctx context.Context, row Session, text string) any {
	err := s.changes.SendText(ctx, row, text)
	if err == nil {
		return nil
	}
	slog.InfoContext(ctx, "it is not certain that a transfer's message was sent", "session_id", row.ID.String(), "error", err)
	said := map[string]any{"code": fault.CodeOf(err), "detail": "The message could not be sent."}
	var f *fault.Error
	if errors.As(err, &f) && f.Code != fault.Internal {
		said["detail"] = f.Detail
	}
	if f != nil && f.Extra["_id"] != nil { // it was stored
		said["_id"] = f.Extra["_id"]
	}
	return said
}

// actor names who asked, for the record.
func actor(ctx context.Context) string {
	p := web.PrincipalOf(ctx)
	if p.Admin {
		return "admin:" + p.Key.String()
	}
	return p.Key.String()
}

type listRequest struct {
	Account ids.Account `path:"clientIdentifier"`
	web.ListQuery
	Status       State       `query:"status" validate:"omitempty,oneof=active finished"`
	Channel      ids.Channel `query:"channelId"`
	Contact      ids.Contact `query:"contactId"`
	PlatformSlug string      `query:"platformSlug" validate:"max=100"`
	Agent        string      `query:"agentId" validate:"max=200"`
}

func (s *Service) list(ctx context.Context, req *listRequest) (mongodb.ListPage[View], error) {
	family, err := s.family(ctx, req.Contact)
	if err != nil {
		return mongodb.ListPage[View]{}, err
	}
	filter := bson.D{{Key: "accountId", Value: req.Account}}
	if req.Status == "" { // the index has the state before the time: both are merged
		filter = append(filter, bson.E{Key: "state", Value: bson.D{{Key: "$in", Value: bson.A{Active, Finished}}}})
	}
	for _, f := range []struct {
		name  string
		value any
		given bool
	}{
		{"state", req.Status, req.Status != ""}, {"channelId", req.Channel, !req.Channel.IsZero()}, {"contactId", bson.D{{Key: "$in", Value: family}}, !req.Contact.IsZero()},
		{"platformSlug", req.PlatformSlug, req.PlatformSlug != ""}, {"agent.id", req.Agent, req.Agent != ""},
	} {
		if f.given {
			filter = append(filter, bson.E{Key: f.name, Value: f.value})
		}
	}
	page, err := mongodb.List[Session](ctx, s.rows, req.Over(filter, "createdAt", true))
	if err != nil {
		return mongodb.ListPage[View]{}, web.ListFault(err)
	}
	views, err := s.Views(ctx, page.Items...)
	if err != nil {
		return mongodb.ListPage[View]{}, err
	}
	next := views
	return web.Page(page, func(Session) (view View) {
		view, next = next[0], next[1:]
		return view
	}), nil
}
