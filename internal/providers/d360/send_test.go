package d360_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/d360"
	"github.com/cirrus/omnichannel/internal/providers/providertest"
)

const (
	testKey = "test-key"
	ourID   = "64cbbd9596429dbccd7841e5"
	taken   = `{"messaging_product":"whatsapp","contacts":[{"input":"+4915100000001","wa_id":"4915100000001"}],"messages":[{"id":"wamid.O"}]}`
)

var keyed = map[string]string{"D360-API-KEY": testKey}

// open opens a channel at a server of the test's own.
func open(t *testing.T, client *http.Client, baseURL string) providers.Conn {
	t.Helper()
	return openWith(t, d360.Options{BaseURL: baseURL, Client: client})
}

func openWith(t *testing.T, o d360.Options) *d360.Conn {
	t.Helper()
	conn, err := d360.New(o).Open(context.Background(), providers.Channel{APIKey: testKey}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return conn.(*d360.Conn)
}

func outbound(c providers.Content) providers.Outbound {
	id, err := ids.Parse[ids.Message](ourID)
	if err != nil {
		panic(err)
	}
	return providers.Outbound{ID: id, To: anna, Content: c}
}

// withFile adds a file of five bytes.
func withFile(out providers.Outbound, mimetype, name string) providers.Outbound {
	out.Media = &providers.OutboundMedia{
		ID: ids.New[ids.Media](), Mimetype: mimetype, FileName: name, Size: 5,
		Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("bytes")), nil },
	}
	return out
}

// post is a POST /messages with the members beside those that every send has.
func post(members string) providertest.Exchange {
	return providertest.Exchange{Method: "POST", Path: "/messages", Header: keyed, Answer: taken,
		Body: `{"messaging_product":"whatsapp","recipient_type":"individual","to":"+4915100000001","biz_opaque_callback_data":"` + ourID + `",` + members + `}`}
}

func upload(name, mimetype string) providertest.Exchange {
	return providertest.Exchange{Method: "POST", Path: "/media", Header: keyed, Answer: `{"id":"900"}`,
		Body: `{"messaging_product":"whatsapp","type":"` + mimetype + `","file":"` + strings.ReplaceAll(name, `"`, `\"`) + `|` + mimetype + `|bytes"}`}
}

func answering(e providertest.Exchange, status int, body string) providertest.Exchange {
	e.Status, e.Answer = status, body
	return e
}

var receipt = providers.Receipt{ID: "wamid.O", Address: anna}

func TestSendKinds(t *testing.T) {
	t.Parallel()
	quoted := outbound(text("see https://example.com"))
	quoted.Quote = &providers.Quote{ID: "wamid.Q"}
	reaction := outbound(providers.Content{Type: providers.TypeReaction, Target: "wamid.Q"})
	reaction.Quote = &providers.Quote{ID: "wamid.Q"}
	toUser := outbound(text("x"))
	toUser.To = bsuid(userID)
	plain := func(c providers.Content, members string) providertest.Outbound {
		return providertest.Outbound{Label: string(c.Type), Out: outbound(c), Exchanges: []providertest.Exchange{post(members)}, Receipt: receipt}
	}
	file := func(kind providers.ContentType, caption, mimetype, name, members string) providertest.Outbound {
		out := withFile(outbound(providers.Content{Type: kind, Text: caption}), mimetype, name)
		uploaded := name
		if uploaded == "" {
			uploaded = "file"
		}
		return providertest.Outbound{Label: string(kind), Out: out, Receipt: receipt,
			Exchanges: []providertest.Exchange{upload(uploaded, mimetype), post(members)}}
	}
	header := withFile(outbound(providers.Content{Type: providers.TypeTemplate, Name: "promo", Language: "pt_BR",
		Components: providers.RawJSON(`[{"type":"body","parameters":[{"type":"text","text":"x"}]}]`)}), "application/pdf", "a.pdf")
	providertest.RunOutbound(t, open, []providertest.Outbound{
		plain(text("x"), `"type":"text","text":{"body":"x"}`),
		{
			Label: "text with a link and a quote", Out: quoted, Receipt: receipt,
			Exchanges: []providertest.Exchange{post(`"type":"text","text":{"body":"see https://example.com","preview_url":true},"context":{"message_id":"wamid.Q"}`)},
		},
		{
			Label: "to a user id", Out: toUser, Receipt: providers.Receipt{ID: "wamid.O", Address: bsuid(userID), Held: "held_for_quality_assessment"},
			Exchanges: []providertest.Exchange{{Method: "POST", Path: "/messages", Header: keyed,
				Body: `{"messaging_product":"whatsapp","recipient_type":"individual","recipient":"` + userID + `","biz_opaque_callback_data":"` + ourID +
					`","type":"text","text":{"body":"x"}}`,
				Answer: `{"contacts":[{"input":"` + userID + `","user_id":"` + userID + `"}],"messages":[{"id":"wamid.O","message_status":"held_for_quality_assessment"}]}`}},
		},
		file(providers.TypeImage, "c", "image/png", "", `"type":"image","image":{"id":"900","caption":"c"}`),
		file(providers.TypeVideo, "", "video/mp4", "v.mp4", `"type":"video","video":{"id":"900"}`),
		file(providers.TypeDocument, "c", "application/pdf", `ü ".pdf`, `"type":"document","document":{"id":"900","caption":"c","filename":"ü \".pdf"}`),
		file(providers.TypeAudio, "", "audio/ogg", "", `"type":"audio","audio":{"id":"900"}`),
		file(providers.TypeSticker, "", "image/webp", "", `"type":"sticker","sticker":{"id":"900"}`),
		plain(providers.Content{Type: providers.TypeLocation, Latitude: providers.Float(0), Longitude: providers.Float(-43.5), Name: "n", Address: "a"},
			`"type":"location","location":{"latitude":0,"longitude":-43.5,"name":"n","address":"a"}`),
		plain(providers.Content{Type: providers.TypeContacts, Contacts: providers.RawJSON(`[{"name":{"formatted_name":"João"}}]`)},
			`"type":"contacts","contacts":[{"name":{"formatted_name":"João"}}]`),
		{
			Label: "reaction taken back, without a context", Out: reaction, Receipt: receipt,
			Exchanges: []providertest.Exchange{post(`"type":"reaction","reaction":{"message_id":"wamid.Q","emoji":""}`)},
		},
		plain(providers.Content{Type: providers.TypeInteractive, Interactive: providers.RawJSON(`{"type":"button","body":{"text":"?"},"action":{"buttons":[]}}`)},
			`"type":"interactive","interactive":{"type":"button","body":{"text":"?"},"action":{"buttons":[]}}`),
		plain(providers.Content{Type: providers.TypeTemplate, Name: "contato_cliente", Language: "pt_BR",
			Components: providers.RawJSON(`[{"type":"body","parameters":[{"type":"text","text":"João"}]}]`)},
			`"type":"template","template":{"name":"contato_cliente","language":{"code":"pt_BR"},"components":[{"type":"body","parameters":[{"type":"text","text":"João"}]}]}`),
		{
			Label: "template with a file as its header", Out: header, Receipt: receipt,
			Exchanges: []providertest.Exchange{upload("a.pdf", "application/pdf"), post(`"type":"template","template":{"name":"promo","language":{"code":"pt_BR"},
				"components":[{"type":"header","parameters":[{"type":"document","document":{"id":"900","filename":"a.pdf"}}]},
				{"type":"body","parameters":[{"type":"text","text":"x"}]}]}`)},
		},
	})
}

func TestSendRefusesWithoutAsking(t *testing.T) {
	t.Parallel()
	group := outbound(text("x"))
	group.To = providers.Address{Kind: providers.KindGroup, Value: "1"}
	lid := withFile(outbound(providers.Content{Type: providers.TypeImage}), "image/png", "")
	lid.To = providers.Address{Kind: providers.KindLID, Value: "1"}
	providertest.RunOutbound(t, open, []providertest.Outbound{
		{Label: "group", Out: group, Err: &providers.SendError{Reason: providers.ReasonCapabilityUnsupported}},
		{Label: "linked id", Out: lid, Err: &providers.SendError{Reason: providers.ReasonInvalidNumber}},
		{Label: "order", Out: outbound(providers.Content{Type: providers.TypeOrder}), Err: &providers.SendError{Reason: providers.ReasonCapabilityUnsupported}},
	})
}

func TestSendAnswers(t *testing.T) {
	t.Parallel()
	message := post(`"type":"text","text":{"body":"x"}`)
	ask := func(label string, e providertest.Exchange, want providers.SendError) providertest.Outbound {
		return providertest.Outbound{Label: label, Out: outbound(text("x")), Exchanges: []providertest.Exchange{e}, Err: &want}
	}
	waiting := answering(message, 429, `{"error":{"code":130429,"message":"slow"}}`)
	waiting.Headers = map[string]string{"Retry-After": "7"}
	usage := answering(message, 403, `{"error":{"code":80007,"message":"slow"}}`)
	usage.Headers = map[string]string{"X-Business-Use-Case-Usage": `{"1":[{"type":"messaging","estimated_time_to_regain_access":3}]}`}
	dropped := message
	dropped.Drop = true
	internal := providers.SendError{Reason: providers.ReasonProviderInternal, Sent: providers.Maybe}
	token := providers.SendError{Reason: providers.ReasonInvalidToken, TellOperator: true}
	blocked := providers.SendError{Reason: providers.ReasonAccountBlocked, TellOperator: true}
	slow := providers.SendError{Reason: providers.ReasonRateLimited, Retryable: true, RetryAfter: 5 * time.Second}
	providertest.RunOutbound(t, open, []providertest.Outbound{
		ask("Retry-After is in seconds", waiting, providers.SendError{Reason: providers.ReasonRateLimited, Retryable: true, RetryAfter: 7 * time.Second, ProviderCode: "130429"}),
		ask("usage is in minutes", usage, providers.SendError{Reason: providers.ReasonRateLimited, Retryable: true, RetryAfter: 3 * time.Minute, ProviderCode: "80007"}),
		ask("the hub's shape", answering(message, 401, `{"meta":{"success":false,"http_code":401,"developer_message":"Invalid api_key"}}`), token),
		ask("the error as a text", answering(message, 401, `{"error":"Invalid api_key"}`), token),
		ask("the legacy shape", answering(message, 400, `{"errors":[{"code":131047,"title":"t","details":"d"}],"meta":{}}`),
			providers.SendError{Reason: providers.ReasonReplyWindowClosed, ProviderCode: "131047"}),
		ask("the endpoint's rate limit", answering(message, 400, `{"error":"You have exceeded the endpoint rate limit."}`), slow),
		ask("the endpoint's rate limit, as text", answering(message, 400, `You have exceeded the endpoint rate limit.`), slow),
		ask("lack of payment", answering(message, 400, `{"meta":{"developer_message":"Lack of payment"}}`), blocked),
		ask("API disabled", answering(message, 400, `{"error":"API disabled"}`), blocked),
		ask("endpoint blocked", answering(message, 403, `{"error":"Endpoint blocked"}`), blocked),
		ask("a bare 403", answering(message, 403, ``), blocked),
		ask("a bare 429", answering(message, 429, ``), slow),
		ask("a bare 500", answering(message, 500, `<html>oops</html>`), internal),
		ask("a bare 502", answering(message, 502, ``), internal),
		ask("an unknown code", answering(message, 400, `{"error":{"code":424242,"message":"?"}}`), providers.SendError{Reason: providers.ReasonInvalidMessage, ProviderCode: "424242"}),
		ask("an unknown code with 500", answering(message, 500, `{"error":{"code":424242,"message":"?"}}`),
			providers.SendError{Reason: providers.ReasonProviderInternal, Sent: providers.Maybe, ProviderCode: "424242"}),
		ask("a redirect", answering(message, 302, ``), providers.SendError{Reason: providers.ReasonProviderInternal, TellOperator: true}),
		ask("taken without an id", answering(message, 200, `{"messages":[]}`), internal),
		ask("taken, not JSON", answering(message, 200, `OK`), internal),
		ask("no answer", dropped, providers.SendError{Reason: providers.ReasonTimeout, Sent: providers.Maybe}),
	})
}

func TestSendFiles(t *testing.T) {
	t.Parallel()
	image := func() providers.Outbound {
		return withFile(outbound(providers.Content{Type: providers.TypeImage}), "image/png", "")
	}
	up, send := upload("file", "image/png"), post(`"type":"image","image":{"id":"900"}`)
	again := send
	again.Body = strings.Replace(send.Body, "900", "901", 1)
	upAgain := answering(up, 200, `{"id":"901"}`)
	bad := func(code string) providertest.Exchange {
		return answering(send, 400, `{"error":{"code":`+code+`,"message":"m"}}`)
	}
	unreadable := image()
	unreadable.Media.Open = func(context.Context) (io.ReadCloser, error) { return nil, io.ErrUnexpectedEOF }
	broken := image()
	broken.Media.Open = func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(io.MultiReader(strings.NewReader("by"), failing{})), nil
	}
	lost := up
	lost.Drop = true
	providertest.RunOutbound(t, open, []providertest.Outbound{
		{Label: "131053 is tried once more with a new upload", Out: image(), Exchanges: []providertest.Exchange{up, bad("131053"), upAgain, again}, Receipt: receipt},
		{
			Label: "131053 twice is the end", Out: image(),
			Exchanges: []providertest.Exchange{up, bad("131053"), up, bad("131053")},
			Err:       &providers.SendError{Reason: providers.ReasonMediaUnavailable, ProviderCode: "131053", Field: "mediaUri"},
		},
		{
			Label: "a new upload's 131009 is the message's fault", Out: image(), Exchanges: []providertest.Exchange{up, bad("131009")},
			Err: &providers.SendError{Reason: providers.ReasonInvalidMessage, ProviderCode: "131009"},
		},
		{
			Label: "an upload that is refused", Out: image(), Exchanges: []providertest.Exchange{answering(up, 400, `{"error":{"code":100,"message":"m"}}`)},
			Err: &providers.SendError{Reason: providers.ReasonInvalidMessage, ProviderCode: "100", Field: "mediaUri"},
		},
		{
			Label: "an upload that fails sends nothing", Out: image(), Exchanges: []providertest.Exchange{answering(up, 500, ``)},
			Err: &providers.SendError{Reason: providers.ReasonProviderInternal, Retryable: true},
		},
		{
			Label: "an upload without an answer sends nothing", Out: image(), Exchanges: []providertest.Exchange{lost},
			Err: &providers.SendError{Reason: providers.ReasonTimeout, Retryable: true},
		},
		{
			Label: "an upload without an id", Out: image(), Exchanges: []providertest.Exchange{answering(up, 200, `{}`)},
			Err: &providers.SendError{Reason: providers.ReasonProviderInternal, Retryable: true},
		},
		{
			Label: "a file that cannot be opened", Out: unreadable,
			Err: &providers.SendError{Reason: providers.ReasonMediaUnavailable, Retryable: true, Field: "mediaUri"},
		},
	})
	t.Run("a file that breaks off", func(t *testing.T) {
		t.Parallel()
		client, url := swallow(t)
		_, err := open(t, client, url).Send(context.Background(), broken)
		providertest.CompareError(t, &providers.SendError{Reason: providers.ReasonMediaUnavailable, Retryable: true, Field: "mediaUri"}, err)
	})
}

// failing is a file whose store fails.
type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// TestUploadsAreKept: a file is uploaded once for many sends, and anew when the
// provider no longer knows it or its life is over.
func TestUploadsAreKept(t *testing.T) {
	t.Parallel()
	up, send := upload("file", "image/png"), post(`"type":"image","image":{"id":"900"}`)
	again := send
	again.Body = strings.Replace(send.Body, "900", "901", 1)
	script := providertest.NewScript(t, []providertest.Exchange{
		up, send, send,
		answering(send, 400, `{"error":{"code":131009,"message":"m"}}`), answering(up, 200, `{"id":"901"}`), again,
		answering(up, 200, `{"id":"900"}`), send,
	})
	now := time.Unix(1760000000, 0)
	conn := openWith(t, d360.Options{BaseURL: script.URL, Client: script.Client, Now: func() time.Time { return now }})
	out := withFile(outbound(providers.Content{Type: providers.TypeImage}), "image/png", "")
	for i := range 4 {
		if i == 3 {
			now = now.Add(29 * 24 * time.Hour)
		}
		if _, err := conn.Send(context.Background(), out); err != nil {
			t.Fatalf("send %d: %v", i, err)
		}
	}
	script.Finish()
}
