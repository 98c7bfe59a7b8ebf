package gateway

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/gateway/chats"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb"
	"github.com/cirrus/omnichannel/internal/web"
)

const aGroup = "120363000000000001-group"

// questions are the calls that a linked device answers, by their commands.
func questions(s *Service) map[string]func(context.Context) error {
	group, who := &groupRequest{Group: aGroup}, []string{"5521988887777"}
	return map[string]func(context.Context) error{
		commandWhoIs: func(ctx context.Context) error {
			_, err := s.validate(ctx, &personRequest{Contact: who[0]})
			return err
		},
		commandContacts: func(ctx context.Context) error { _, err := s.listContacts(ctx, &listRequest{}); return err },
		commandProfile:  func(ctx context.Context) error { _, err := s.contact(ctx, &personRequest{Contact: who[0]}); return err },
		commandGroups: func(ctx context.Context) error {
			_, err := s.listGroups(ctx, &listRequest{ListQuery: web.ListQuery{Limit: 20}})
			return err
		},
		commandGroup: func(ctx context.Context) error { _, err := s.group(ctx, group); return err },
		commandCreateGroup: func(ctx context.Context) error {
			_, err := s.createGroup(ctx, &createGroupRequest{Subject: "Vendas", Participants: who})
			return err
		},
		commandJoinGroup: func(ctx context.Context) error {
			_, err := s.joinGroup(ctx, &joinGroupRequest{Invite: "Kk1Zq0"})
			return err
		},
		commandLeaveGroup: func(ctx context.Context) error { _, err := s.leaveGroup(ctx, group); return err },
		commandGroupSubject: func(ctx context.Context) error {
			_, err := s.setGroupSubject(ctx, &groupSubjectRequest{Group: aGroup, Subject: "Vendas"})
			return err
		},
		commandGroupDescription: func(ctx context.Context) error {
			_, err := s.setGroupDescription(ctx, &groupDescriptionRequest{Group: aGroup, Description: new(string)})
			return err
		},
		commandGroupMembers: func(ctx context.Context) error {
			_, err := s.addParticipants(ctx, &participantsRequest{Group: aGroup, Participants: who})
			return err
		},
		commandGroupLink:  func(ctx context.Context) error { _, err := s.groupInvite(ctx, group); return err },
		commandGroupPhoto: func(ctx context.Context) error { _, err := s.removeGroupPhoto(ctx, group); return err },
		commandOwn:        func(ctx context.Context) error { _, err := s.platform(ctx, &numberRequest{}); return err },
		commandAccount:    func(ctx context.Context) error { _, err := s.account(ctx, &numberRequest{}); return err },
		commandAbout: func(ctx context.Context) error {
			_, err := s.setAbout(ctx, &aboutRequest{About: new(string)})
			return err
		},
		commandName: func(ctx context.Context) error { _, err := s.setName(ctx, &nameRequest{Name: "Loja"}); return err },
		commandPresence: func(ctx context.Context) error {
			_, err := s.setPresence(ctx, &presenceRequest{Presence: "available"})
			return err
		},
		commandChat: func(ctx context.Context) error {
			_, err := s.onChat(whatsappweb.ReadChat)(ctx, &chatRequest{Chat: who[0]})
			return err
		},
		commandOlder: func(ctx context.Context) error {
			var rows []chats.Message
			_, _, err := s.older(ctx, channels.Channel{}, chats.Chat{Phone: who[0]}, before{}, &rows, 20)
			return err
		},
	}
}

// A question that went out and got no answer, since the connection was cut or a
// server's own time was over, is never taken for an answer.
func TestAQuestionThatWasCutOffIsATimeout(t *testing.T) {
	t.Parallel()
	none := New(Options{})
	for kind := range questions(none) {
		r := &room{status: providers.StatusOpen, answers: func(context.Context, string) error {
			return fmt.Errorf("%w: %w", context.DeadlineExceeded, errors.New("websocket disconnected"))
		}}
		if err := questions(New(Options{Channels: r, Messages: talks{}, Now: time.Now}))[kind](admitted(t)); !fault.Is(err, fault.ProviderTimeout) {
			t.Errorf("%s: %v", kind, err)
		}
	}
	for kind := range steps(none) {
		r := ready(kind)
		r.answers = func(context.Context, string) error { return context.DeadlineExceeded }
		if err := steps(New(Options{Channels: r, Now: time.Now}))[kind](admitted(t)); !fault.Is(err, fault.ProviderTimeout) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

// talks are messages of which nothing is kept.
type talks struct{ Messages }

func (talks) Marks(context.Context, ids.Channel, providers.Address) (messages.Marks, error) {
	return messages.Marks{}, nil
}

func TestADeviceThatDoesNotAnswerIsATimeout(t *testing.T) {
	t.Parallel()
	for kind := range questions(nil) {
		synctest.Test(t, func(t *testing.T) {
			r := &room{status: providers.StatusOpen, answers: func(ctx context.Context, _ string) error {
				<-ctx.Done()
				return fmt.Errorf("wait for WhatsApp: %w", ctx.Err())
			}}
			begun := time.Now()
			err := questions(New(Options{Channels: r, Messages: talks{}, Now: time.Now}))[kind](admitted(t))
			if !fault.Is(err, fault.ProviderTimeout) || time.Since(begun) != askMost {
				t.Errorf("%s: after %s %v", kind, time.Since(begun), err)
			}
		})
	}
}

// A device that is not connected, and is not about to be, is not asked.
func TestOnlyAConnectedDeviceIsAsked(t *testing.T) {
	t.Parallel()
	for status, want := range map[providers.Status]bool{
		providers.StatusOpen: true, providers.StatusConnecting: true, providers.StatusQR: false, providers.StatusPairing: false, providers.StatusClosed: false,
		providers.StatusLoggedOut: false, providers.StatusBanned: false, providers.StatusOutdated: false, providers.StatusFailed: false,
	} {
		for kind := range questions(nil) {
			r := &room{status: status, answers: func(context.Context, string) error { return fault.New(fault.Conflict, "asked") }}
			err := questions(New(Options{Channels: r, Messages: talks{}, Now: time.Now}))[kind](admitted(t))
			if asked := slices.Contains(r.asked, kind); asked != want || !want && !fault.Is(err, fault.WhatsAppConnectionClosed) {
				t.Errorf("%s while %s: asked %v, %v", kind, status, asked, err)
			}
		}
	}
}

// What WhatsApp refuses has a code of ours, and keeps WhatsApp's.
func TestWhatWhatsAppRefusesIsAFault(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]fault.Code{
		400: fault.ValidationFailed, 401: fault.Forbidden, 403: fault.Forbidden, 404: fault.NotFound, 405: fault.Forbidden, 406: fault.ValidationFailed,
		409: fault.Conflict, 410: fault.NotFound, 419: fault.Conflict, 423: fault.Conflict, 429: fault.RateLimited, 500: fault.ProviderUnavailable, 999: fault.ProviderUnavailable,
	} {
		err := refused(fmt.Errorf("ask: %w", &whatsappweb.RefusedError{Code: code, Err: errors.New("no")}), providers.State{Status: providers.StatusOpen})
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != want || f.ProviderCode != fmt.Sprint(code) || (f.RetryAfter > 0) != (want == fault.RateLimited) {
			t.Errorf("%d is %v", code, err)
		}
	}
}

// What was done is not told as refused because nobody could look at it then.
func TestWhatWasDoneAndCannotBeSeenIsATimeout(t *testing.T) {
	t.Parallel()
	for _, cause := range []error{&whatsappweb.RefusedError{Code: 500, Err: errors.New("no")}, &providers.SendError{Reason: providers.ReasonUnavailable}, context.DeadlineExceeded} {
		err := refused(&whatsappweb.UnseenError{Err: cause}, providers.State{Status: providers.StatusOpen})
		if !fault.Is(err, fault.ProviderTimeout) {
			t.Errorf("%v is %v", cause, err)
		}
	}
}

func TestInvitationsAreReadInEveryWriting(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Kk1Zq0vJ2mW5xY8aB3cD4e": "Kk1Zq0vJ2mW5xY8aB3cD4e", "https://chat.whatsapp.com/Kk1Zq0": "Kk1Zq0", "chat.whatsapp.com/Kk1Zq0/": "Kk1Zq0",
		" https://chat.whatsapp.com/invite/Kk1Zq0?mode=ac_t": "Kk1Zq0", "https://chat.whatsapp.com/": "", "https://example.org/Kk1": "", "a b": "", "": "",
	} {
		if got := inviteCode(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestEveryOutcomeIsTold(t *testing.T) {
	t.Parallel()
	known := whatsappweb.Who{Phone: "5521988887777"}
	for _, c := range []struct {
		said whatsappweb.MemberOutcome
		want Outcome
	}{
		{whatsappweb.MemberOutcome{Who: known}, OutcomeDone}, {whatsappweb.MemberOutcome{}, OutcomeNotOnWhatsApp}, {whatsappweb.MemberOutcome{Who: known, Code: 403}, OutcomeNotAllowed},
		{whatsappweb.MemberOutcome{Who: known, Code: 404}, OutcomeNotInGroup}, {whatsappweb.MemberOutcome{Who: known, Code: 409}, OutcomeAlreadyThere},
		{whatsappweb.MemberOutcome{Who: known, Code: 500}, OutcomeRefused}, {whatsappweb.MemberOutcome{Who: known, Code: -1}, OutcomeUnknown},
	} {
		got := outcomeViews([]string{"x"}, []whatsappweb.MemberOutcome{c.said})[0]
		if got.Result != c.want || (got.ProviderCode != nil) != (c.said.Code > 0) {
			t.Errorf("%+v is told as %+v", c.said, got)
		}
	}
}
