package app_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"

	"github.com/cirrus/omnichannel/internal/app"
	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/media"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/sandbox/d360"
)

// upload puts a file into the account's store and gives the answer.
func upload(w *apptest.World, content []byte, header map[string]string) doc {
	w.T.Helper()
	a := w.Do(apptest.Request{Method: http.MethodPost, Path: w.Base() + "/media", Body: content, Header: header})
	if a.Status != http.StatusCreated {
		w.T.Fatalf("upload: %s", a)
	}
	return a.JSON()
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// A file is uploaded raw or in a form, and then sent by its id as often as one
// likes.
func TestAnUploadedFileIsSentByItsID(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	session := w.Session(phone)
	raw := upload(w, apptest.PDF, map[string]string{"Content-Type": "application/pdf", "Content-Disposition": `attachment; filename="conta.pdf"`})
	expect(t, "a raw upload", raw, doc{"mimetype": "application/pdf", "fileName": "conta.pdf", "size": len(apptest.PDF), "sha256": digest(apptest.PDF)})

	var form bytes.Buffer
	writer := multipart.NewWriter(&form)
	part := must(writer.CreateFormFile("file", "foto.png"))
	must(part.Write(apptest.PNG))
	must(0, writer.Close())
	formed := upload(w, form.Bytes(), map[string]string{"Content-Type": writer.FormDataContentType()})
	expect(t, "a form's upload", formed, doc{"mimetype": "image/png", "fileName": "foto.png", "size": len(apptest.PNG), "sha256": digest(apptest.PNG)})

	for range 2 {
		answer := send(w, session, doc{"mediaUri": raw["_id"], "text": "a conta", "fileName": "fatura.pdf", "agentName": "Maria"})
		got := shown(w, phone)
		expect(t, "the document on the phone", got.Payload, doc{"caption": "*Maria*:\na conta", "filename": "fatura.pdf"})
		expect(t, "the message", message(w, text(answer, "_id")), doc{
			"type": "document", "content": doc{"text": "a conta"}, "media.id": raw["_id"], "media.fileName": "fatura.pdf", "media.status": "ready", "media.sha256": digest(apptest.PDF),
		})
	}
	send(w, session, doc{"mediaUri": formed["_id"], "agentName": "Maria"})
	if got := shown(w, phone); got.Type != "image" || got.Text != "" {
		t.Errorf("a picture without a caption shows as %s %q", got.Type, got.Text)
	}
	refused(t, "an empty upload", w.Do(apptest.Request{Method: http.MethodPost, Path: w.Base() + "/media", Body: []byte{}, Header: map[string]string{"Content-Type": "image/png"}}), http.StatusBadRequest, "malformed_request")
	var empty bytes.Buffer
	none := multipart.NewWriter(&empty)
	must(0, none.WriteField("note", "no file"))
	must(0, none.Close())
	refused(t, "a form without a file", w.Do(apptest.Request{Method: http.MethodPost, Path: w.Base() + "/media", Body: empty.Bytes(), Header: map[string]string{"Content-Type": none.FormDataContentType()}}), http.StatusUnprocessableEntity, "validation_failed")
	other := apptest.NewWorld(t)
	strange := other.Call(http.MethodPost, "/api/message/send", said(other.Session(apptest.Phone()), doc{"mediaUri": raw["_id"]}))
	refused(t, "another account's file", strange, http.StatusUnprocessableEntity, "validation_failed")
}

// What each type of file becomes on the phone.
func TestAFilesTypeDecidesTheMessage(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	session := w.Session(phone)
	files := map[string][]byte{"/a.mp3": apptest.MP3, "/a.ogg": apptest.Ogg, "/a.jpg": apptest.JPEG, "/a.png": apptest.PNG, "/a.mp4": apptest.MP4, "/a.webp": apptest.WebP, "/a.pdf": apptest.PDF, "/a.txt": []byte("Bom dia,\nsegue a lista.\n"), "/a.csv": []byte("nome;valor\nMaria;10\n")}
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Content-Type"] = nil // the bytes and the name must do
		_, _ = w.Write(files[r.URL.Path])
	}))
	t.Cleanup(host.Close)
	for name, want := range map[string]string{"a.mp3": "audio", "a.ogg": "audio", "a.jpg": "image", "a.png": "image", "a.mp4": "video", "a.webp": "sticker", "a.pdf": "document", "a.txt": "document", "a.csv": "document"} {
		answer := send(w, session, doc{"mediaUri": host.URL + "/" + name})
		if got := shown(w, phone).Type; got != want {
			t.Errorf("%s arrives as %s, want %s", name, got, want)
		}
		expect(t, name, message(w, text(answer, "_id")), doc{"type": want, "media.fileName": name, "media.sha256": digest(files["/"+name])})
	}
	voice := send(w, session, doc{"mediaUri": host.URL + "/a.ogg", "asVoice": true})
	expect(t, "a voice note", message(w, text(voice, "_id")), doc{"content.voice": true})
	await(w, text(voice, "_id"), doc{"status": "played"})
	for what, body := range map[string]doc{
		"a text with an audio":   {"mediaUri": host.URL + "/a.mp3", "text": "ouça"},
		"a text with a sticker":  {"mediaUri": host.URL + "/a.webp", "text": "olhe"},
		"a picture as a voice":   {"mediaUri": host.URL + "/a.png", "asVoice": true},
		"a scheme that is none":  {"mediaUri": "ftp://example.com/a.png"},
		"a bucket not listed":    {"mediaUri": "s3://somebody/a.png"},
		"a file id of no file":   {"mediaUri": "64cbbd9596429dbccd7841e2"},
		"a text and a location":  {"text": "x", "location": doc{"latitude": 1, "longitude": 1}},
		"nothing":                {},
		"a location without lat": {"location": doc{"longitude": 1}},
	} {
		refused(t, what, w.Call(http.MethodPost, "/api/message/send", said(session, body)), http.StatusUnprocessableEntity, "validation_failed")
	}
}

// mediaUri reaches no private network, and what is too large, of a wrong type
// or not there is said by its code. Nothing of a refused send is stored.
func TestAMediaURIThatCannotBeTaken(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	session := w.Session(phone)
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/redirect":
			http.Redirect(w, r, "http://169.254.169.254/latest/meta-data", http.StatusFound)
		case "/large.png":
			_, _ = w.Write(append(bytes.Clone(apptest.PNG), make([]byte, 6<<20)...))
		case "/huge":
			w.Header().Set("Content-Length", fmt.Sprint(int64(1)<<40))
		case "/broken.png":
			w.Header().Set("Content-Length", "100000")
			_, _ = w.Write(apptest.PNG)
		case "/a.wav":
			_, _ = w.Write([]byte("RIFF\x24\x08\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x02\x00"))
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(host.Close)
	for what, c := range map[string]struct {
		uri    string
		status int
		code   string
	}{
		"a private host":             {"http://10.0.0.1/a.png", http.StatusUnprocessableEntity, "media_unavailable"},
		"the cloud's own address":    {"http://169.254.169.254/latest", http.StatusUnprocessableEntity, "media_unavailable"},
		"a private name":             {"http://localhost:1/a.png", http.StatusUnprocessableEntity, "media_unavailable"},
		"a redirect to one":          {host.URL + "/redirect", http.StatusUnprocessableEntity, "media_unavailable"},
		"nothing there":              {host.URL + "/none.png", http.StatusUnprocessableEntity, "media_unavailable"},
		"a file cut off":             {host.URL + "/broken.png", http.StatusUnprocessableEntity, "media_unavailable"},
		"a picture over the limit":   {host.URL + "/large.png", http.StatusRequestEntityTooLarge, "media_too_large"},
		"more than any limit":        {host.URL + "/huge", http.StatusRequestEntityTooLarge, "media_too_large"},
		"a sound that nobody can do": {host.URL + "/a.wav", http.StatusUnsupportedMediaType, "media_type_unsupported"},
	} {
		refused(t, what, w.Call(http.MethodPost, "/api/message/send", said(session, doc{"mediaUri": c.uri})), c.status, c.code)
	}
	expect(t, "the session", w.Want(http.StatusOK, http.MethodGet, "/api/session/"+session+"/messages", nil), doc{"total": 1})
	for _, collection := range []string{"media", messages.Collection} {
		n, err := w.App.DB.Collection(collection).CountDocuments(context.Background(), bson.D{{Key: "accountId", Value: w.Account}})
		if err != nil || collection == "media" && n != 0 || collection == messages.Collection && n != 1 {
			t.Errorf("%d rows in %s: %v", n, collection, err)
		}
	}
}

// What WhatsApp takes no document of is refused by its field and its type.
func TestADocumentOfATypeThatIsRefused(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	session := w.Session(apptest.Phone())
	var archive bytes.Buffer
	packed := zip.NewWriter(&archive)
	must(must(packed.Create("lista.txt")).Write([]byte("Bom dia")))
	must(0, packed.Close())
	file := upload(w, archive.Bytes(), map[string]string{"Content-Type": "application/zip"})
	a := w.Call(http.MethodPost, "/api/message/send", said(session, doc{"mediaUri": file["_id"]}))
	refused(t, "an archive", a, http.StatusUnsupportedMediaType, "media_type_unsupported")
	if !strings.Contains(text(a.JSON(), "detail"), "application/zip") {
		t.Errorf("the type is not named: %s", a)
	}
	if fields, _ := a.JSON()["errors"].([]any); len(fields) != 1 || fields[0].(map[string]any)["field"] != "mediaUri" {
		t.Errorf("the field is not named: %s", a)
	}
}

// A file is served to its account's keys and to signed links, in parts where
// asked, and as a download where a browser might run it.
func TestServingAFile(t *testing.T) {
	t.Parallel()
	w, other := apptest.NewWorld(t), apptest.NewWorld(t)
	file := upload(w, apptest.JPEG, map[string]string{"Content-Type": "image/jpeg"})
	link := text(file, "url")
	if !strings.HasPrefix(link, w.App.URL()+"/api/media/") {
		t.Fatalf("the link is %q, want it under the public URL", link)
	}
	path := "/api/media/" + text(file, "_id")
	whole := get(w, link, nil)
	if whole.Status != http.StatusOK || !bytes.Equal(whole.Body, apptest.JPEG) {
		t.Errorf("the signed link: %d with %d bytes", whole.Status, len(whole.Body))
	}
	for name, want := range map[string]string{"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox", "Accept-Ranges": "bytes", "Content-Disposition": "inline"} {
		if got := whole.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	part := get(w, link, map[string]string{"Range": "bytes=2-5"})
	if part.Status != http.StatusPartialContent || !bytes.Equal(part.Body, apptest.JPEG[2:6]) {
		t.Errorf("a part: %d %q", part.Status, part.Body)
	}
	if a := get(w, link, map[string]string{"Range": "bytes=999999-"}); a.Status != http.StatusRequestedRangeNotSatisfiable {
		t.Errorf("a part beyond the end: %s", a)
	}
	if a := get(w, link, map[string]string{"If-None-Match": whole.Header.Get("ETag")}); a.Status != http.StatusNotModified {
		t.Errorf("the same file again: %d", a.Status)
	}
	if a := w.Call(http.MethodGet, path, nil); a.Status != http.StatusOK {
		t.Errorf("the account's own key: %s", a)
	}
	refused(t, "another account's key", other.Call(http.MethodGet, path, nil), http.StatusNotFound, "not_found")
	refused(t, "no key", w.Do(apptest.Request{Method: http.MethodGet, Path: path, Key: "-"}), http.StatusUnauthorized, "unauthenticated")
	refused(t, "a changed signature", get(w, link[:len(link)-1]+"x", nil), http.StatusUnauthorized, "unauthenticated")
	forged := strings.Replace(link, text(file, "_id"), "64cbbd9596429dbccd7841e2", 1)
	refused(t, "another file by this signature", get(w, forged, nil), http.StatusUnauthorized, "unauthenticated")

	svg := upload(w, []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), map[string]string{"Content-Type": "image/svg+xml"})
	page := upload(w, []byte(`<!doctype html><script>alert(1)</script>`), map[string]string{"Content-Type": "image/png", "Content-Disposition": `attachment; filename="foto.png"`})
	for what, file := range map[string]doc{"an SVG": svg, "a page in disguise": page} {
		if got := get(w, text(file, "url"), nil).Header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") {
			t.Errorf("%s is served %q", what, got)
		}
	}
}

// What a customer sent is not for another account either.
func TestAnInboundFileIsItsAccounts(t *testing.T) {
	t.Parallel()
	w, other := apptest.NewWorld(t), apptest.NewWorld(t)
	id := w.Write(apptest.Phone(), d360.InboundMessage{Type: "image"})
	in := await(w, text(received(w, id), "_id"), doc{"media.status": "ready"})
	path := "/api/media/" + text(in, "media.id")
	if a := w.Call(http.MethodGet, path, nil); a.Status != http.StatusOK || digest(a.Body) != text(in, "media.sha256") {
		t.Errorf("the file: %d, its digest is not the printed one", a.Status)
	}
	refused(t, "another account's key", other.Call(http.MethodGet, path, nil), http.StatusNotFound, "not_found")
}

// An upload's key is for one file, whatever is around it: a form has new
// boundaries with every try, and two files may be of one length.
func TestAnUploadsKeyIsForOneFile(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	form := func(content []byte, name string) ([]byte, string) {
		var body bytes.Buffer
		writer := multipart.NewWriter(&body)
		part := must(writer.CreateFormFile("file", name))
		must(part.Write(content))
		must(0, writer.Close())
		return body.Bytes(), writer.FormDataContentType()
	}
	put := func(key string, body []byte, contentType string) apptest.Answer {
		return w.Do(apptest.Request{Method: http.MethodPost, Path: w.Base() + "/media", Body: body, Header: map[string]string{"Content-Type": contentType, "Idempotency-Key": key}})
	}
	other := bytes.Clone(apptest.PDF)
	other[len(other)-8]++
	for kind, try := range map[string]func(content []byte, name string) ([]byte, string){
		"a form": form,
		"raw":    func(content []byte, _ string) ([]byte, string) { return content, "application/pdf" },
	} {
		first := doc{}
		for range 2 {
			body, contentType := try(apptest.PDF, "conta.pdf")
			a := put(kind, body, contentType)
			if a.Status != http.StatusCreated || len(first) > 0 && a.JSON()["_id"] != first["_id"] {
				t.Fatalf("%s: %s, first %v", kind, a, first)
			}
			first = a.JSON()
		}
		body, contentType := try(other, "conta.pdf")
		refused(t, kind+" with another file", put(kind, body, contentType), http.StatusConflict, "idempotency_key_reused")
		n := must(w.App.DB.Collection("media").CountDocuments(t.Context(), bson.D{{Key: "accountId", Value: w.Account}}))
		if file := get(w, text(first, "url"), nil); !bytes.Equal(file.Body, apptest.PDF) || n > 2 {
			t.Errorf("%s: the file is %q, %d files", kind, file.Body, n)
		}
	}
	body, contentType := form(apptest.PDF, "outra.pdf")
	refused(t, "a form with another name", put("a form", body, contentType), http.StatusConflict, "idempotency_key_reused")

	// The server died before it could say what it had done.
	raw := put("raw", apptest.PDF, "application/pdf").JSON()
	for _, c := range []struct {
		content []byte
		status  int
	}{{other, http.StatusConflict}, {apptest.PDF, http.StatusCreated}} {
		result, err := w.App.DB.Collection("idempotency").UpdateOne(t.Context(), bson.D{{Key: "reserved", Value: must(bson.ObjectIDFromHex(text(raw, "_id")))}},
			bson.D{{Key: "$set", Value: bson.D{{Key: "done", Value: false}, {Key: "heldAt", Value: time.Unix(0, 0)}}}})
		if err != nil || result.MatchedCount != 1 {
			t.Fatalf("%v %v", result, err)
		}
		a := put("raw", c.content, "application/pdf")
		file := get(w, text(raw, "url"), nil)
		if a.Status != c.status || a.Status == http.StatusCreated && a.JSON()["_id"] != raw["_id"] || !bytes.Equal(file.Body, apptest.PDF) {
			t.Errorf("after a dead holder: %s, the file is %q", a, file.Body)
		}
		if err := w.App.Rooms.Media.Blobs.Delete(t.Context(), string(w.Account)+"/"+text(raw, "_id")); err != nil { // and had not kept all of it
			t.Fatal(err)
		}
	}
}

// Whatever an upload's caller does while its row is being written, bytes and row
// stay, or neither.
func TestAnUploadWhoseCallerLeavesStaysWhole(t *testing.T) {
	t.Parallel()
	ctx, leave := context.WithCancel(t.Context())
	monitor := &event.CommandMonitor{Started: func(_ context.Context, e *event.CommandStartedEvent) {
		if into, _ := e.Command.Lookup("insert").StringValueOK(); into == "media" {
			leave()
		}
	}}
	w := apptest.Start(t, apptest.Options{App: app.Options{Monitor: monitor}}).World(t, apptest.Preset{})
	file, err := w.App.Rooms.Media.Keep(ctx, w.Account, bytes.NewReader(apptest.PDF), media.Hint{})
	if err != nil || ctx.Err() == nil {
		t.Fatalf("kept: %v, the caller left: %v", err, ctx.Err())
	}
	content := must(w.App.Rooms.Media.Open(t.Context(), file.ID))
	defer content.Close()
	if got := must(io.ReadAll(content)); !bytes.Equal(got, apptest.PDF) {
		t.Errorf("the file is %q", got)
	}
}
