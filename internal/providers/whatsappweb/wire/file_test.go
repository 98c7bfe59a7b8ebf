package wire_test

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/providertest"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/wire"
)

func bytes32(fill byte) []byte { return bytes.Repeat([]byte{fill}, 32) }

func refOf(t testing.TB, payloads []providers.InboundPayload) providers.MediaRef {
	t.Helper()
	if len(payloads) != 1 {
		t.Fatalf("%d payloads", len(payloads))
	}
	m, ok := payloads[0].(providers.MessageReceived)
	if !ok || m.Media == nil {
		t.Fatalf("no file in %+v", payloads[0])
	}
	return *m.Media
}

func TestFileOfWhatWasRead(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]whatsmeow.MediaType{
		"imageMessage": whatsmeow.MediaImage, "videoMessage": whatsmeow.MediaVideo, "ptvMessage": whatsmeow.MediaVideo,
		"audioMessage": whatsmeow.MediaAudio, "documentMessage": whatsmeow.MediaDocument, "stickerMessage": whatsmeow.MediaImage,
	} {
		got, err := wire.FileOf(refOf(t, wire.ReadMessage(fromJoao(t, `{"`+kind+`":{`+file()+`}}`))))
		if err != nil {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		file := wire.File{
			Type: want, DirectPath: "/v/t62/1?ccb=1", MediaKey: bytes32(1), FileEncSHA256: bytes32(2), FileSHA256: bytes32(3), Length: 7,
			Message: types.MessageInfo{ID: "3EB0A1", MessageSource: types.MessageSource{Chat: joaoLID}},
		}
		if diff := providertest.Diff(file, got); diff != "" {
			t.Errorf("%s:\n%s", kind, diff)
		}
		if whatsmeow.GetMediaType(got) != want || got.GetDirectPath() != "/v/t62/1?ccb=1" || !bytes.Equal(got.GetMediaKey(), bytes32(1)) ||
			!bytes.Equal(got.GetFileEncSHA256(), bytes32(2)) || !bytes.Equal(got.GetFileSHA256(), bytes32(3)) {
			t.Errorf("%s: whatsmeow would download something else: %+v", kind, got)
		}
	}
}

func TestFileOfRemembersTheMessage(t *testing.T) {
	t.Parallel()
	got, err := wire.FileOf(refOf(t, wire.ReadMessage(inGroup(fromJoao(t, `{"imageMessage":{`+file()+`}}`)))))
	want := types.MessageInfo{ID: "3EB0A1", MessageSource: types.MessageSource{Chat: groupJID, Sender: joaoLID, IsGroup: true}}
	if diff := providertest.Diff(want, got.Message); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	got, err = wire.FileOf(refOf(t, wire.ReadMessage(byUs(fromJoao(t, `{"imageMessage":{`+file()+`}}`)))))
	want = types.MessageInfo{ID: "3EB0A1", MessageSource: types.MessageSource{Chat: joaoLID, IsFromMe: true}}
	if diff := providertest.Diff(want, got.Message); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestFileByURL(t *testing.T) {
	t.Parallel()
	with := func(where string) string {
		return `{"imageMessage":` + strings.Replace(`{`+file()+`}`, `"URL":"https://mmg.whatsapp.net/v/t62/1?ccb=1","directPath":"/v/t62/1?ccb=1"`, `"URL":"`+where+`"`, 1) + `}`
	}
	got, err := wire.FileOf(refOf(t, wire.ReadMessage(fromJoao(t, with("https://mmg.whatsapp.net/v/old?a=b")))))
	if err != nil || got.DirectPath != "/v/old?a=b" {
		t.Errorf("an old sender's URL gives %q, %v", got.DirectPath, err)
	}
	for _, where := range []string{"https://example.com/v/1", "http://mmg.whatsapp.net/v/1", "https://mmg.whatsapp.net", "https://evilwhatsapp.net/v", ":", ""} {
		m := wire.ReadMessage(fromJoao(t, with(where)))[0].(providers.MessageReceived)
		if m.Media != nil || m.Content.Type != providers.TypeUnsupported {
			t.Errorf("a file at %q is taken: %+v", where, m)
		}
	}
}

func TestFileWithoutDigestIsNotNamedByOne(t *testing.T) {
	t.Parallel()
	ref := refOf(t, wire.ReadMessage(fromJoao(t, `{"imageMessage":{"directPath":"/v","mediaKey":"AAAA","fileSHA256":"AAAA"}}`)))
	if ref.SHA256 != "" {
		t.Errorf("three bytes are the digest %s", ref.SHA256)
	}
	if _, err := wire.FileOf(ref); err == nil {
		t.Error("a file without digests can be downloaded")
	}
}

func TestFileOfRefuses(t *testing.T) {
	t.Parallel()
	good := fileRef("image", "", "").ID
	if _, err := wire.FileOf(providers.MediaRef{ID: good}); err != nil {
		t.Fatalf("the reference that the others are made of is refused: %v", err)
	}
	for label, id := range map[string]string{
		"nothing":          "",
		"no JSON":          "3EB0A1",
		"a list":           "[]",
		"an unknown field": strings.Replace(good, `{"t"`, `{"x":1,"t"`, 1),
		"an unknown type":  strings.Replace(good, `"image"`, `"history"`, 1),
		"another host":     strings.Replace(good, `"/v/`, `"@example.com/v/`, 1),
		"no path":          strings.Replace(good, `"p":"/v/t62/1?ccb=1"`, `"p":""`, 1),
		"no key":           strings.Replace(good, key32(1), "", 1),
		"a short digest":   strings.Replace(good, key32(2), "AAAA", 1),
		"no digest":        strings.Replace(good, key32(3), "", 1),
		"a broken chat":    strings.Replace(good, "200000000000002@lid", "a:b@lid", 1),
		"a broken sender":  strings.Replace(good, `"}`, `","u":"a:b@lid"}`, 1),
		"something behind": good + good,
	} {
		_, err := wire.FileOf(providers.MediaRef{ID: id})
		if err == nil {
			t.Errorf("%s is taken", label)
		} else if strings.Contains(err.Error(), key32(1)) {
			t.Errorf("%s: the error holds the key: %v", label, err)
		}
	}
}

func FuzzFileOf(f *testing.F) {
	f.Add(fileRef("image", "", "").ID)
	f.Add(`{"t":"image","p":"/","k":"AA==","e":"","s":"","m":"","c":""}`)
	f.Add(`{}`)
	f.Fuzz(func(t *testing.T, id string) {
		got, err := wire.FileOf(providers.MediaRef{ID: id})
		if err != nil {
			return
		}
		if got.Type == "" || !strings.HasPrefix(got.DirectPath, "/") || len(got.MediaKey) == 0 || len(got.FileSHA256) != 32 || len(got.FileEncSHA256) != 32 {
			t.Errorf("%q gives a file that cannot be downloaded: %s", id, base64.StdEncoding.EncodeToString([]byte(got.DirectPath)))
		}
	})
}
