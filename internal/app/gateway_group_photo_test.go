package app_test

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// flag is a picture of three stripes, the middle one as wide as it is high.
func flag(high int, left, middle, right color.Color) image.Image {
	picture := image.NewRGBA(image.Rect(0, 0, 3*high, high))
	for x := range 3 * high {
		for y := range high {
			picture.Set(x, y, []color.Color{left, middle, right}[x/high])
		}
	}
	return picture
}

// groupPicture is the picture of a group, as WhatsApp has it.
func groupPicture(w *apptest.World, id string) image.Image {
	w.T.Helper()
	got := must(w.Phones().GroupPicture(id))
	shown, err := jpeg.Decode(bytes.NewReader(got))
	if err != nil {
		w.T.Fatalf("the picture of %d bytes is no JPEG: %v", len(got), err)
	}
	return shown
}

func TestAGroupsPictureIsMadeOfAnyPicture(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Link()
	red, green, blue := color.RGBA{R: 200, A: 255}, color.RGBA{G: 200, A: 255}, color.RGBA{B: 200, A: 255}
	var large, small bytes.Buffer
	if err := png.Encode(&large, flag(700, red, green, blue)); err != nil {
		t.Fatal(err)
	}
	if err := jpeg.Encode(&small, flag(100, red, blue, green), nil); err != nil {
		t.Fatal(err)
	}
	served := map[string][]byte{"/large.png": large.Bytes(), "/small.jpg": small.Bytes(), "/a.webp": must(base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")), "/a.pdf": apptest.PDF, "/broken.png": large.Bytes()[:2000]}
	files := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if content, there := served[r.URL.Path]; there {
			_, _ = rw.Write(content) // the client may hang up
			return
		}
		http.NotFound(rw, r)
	}))
	t.Cleanup(files.Close)
	id := must(w.Phones().CreateGroup(w.Number, whatsapp.GroupDraft{Subject: "Vendas"})).ID
	path := gate(w, "groups/"+id+"-group/photo")
	uploaded := text(w.Do(apptest.Request{Method: http.MethodPost, Path: "/api/accounts/" + string(w.Account) + "/media", Body: small.Bytes(), Header: map[string]string{"Content-Type": "image/jpeg"}}).JSON(), "_id")
	for uri, want := range map[string]struct {
		side  int
		green bool
	}{
		files.URL + "/large.png": {640, true}, files.URL + "/small.jpg": {100, false}, uploaded: {100, false}, files.URL + "/a.webp": {1, false},
	} {
		w.Want(http.StatusNoContent, http.MethodPut, path, doc{"mediaUri": uri})
		shown := groupPicture(w, id)
		if size := shown.Bounds().Size(); size.X != want.side || size.Y != want.side {
			t.Errorf("%s became a picture of %v", uri, size)
		}
		_, g, b, _ := shown.At(want.side/2, want.side/2).RGBA()
		if _, edge, _, _ := shown.At(2, 2).RGBA(); want.side > 1 && ((g > b) != want.green || (edge > b) != want.green) {
			t.Errorf("%s shows something else than its middle", uri)
		}
	}
	before := must(w.Phones().GroupPicture(id))
	for uri, want := range map[string]struct {
		status int
		code   string
	}{
		files.URL + "/a.pdf":      {http.StatusUnsupportedMediaType, "media_type_unsupported"},
		files.URL + "/broken.png": {http.StatusUnsupportedMediaType, "media_type_unsupported"},
		files.URL + "/none.png":   {http.StatusUnprocessableEntity, "media_unavailable"},
		"ftp://example.org/a.png": {http.StatusUnprocessableEntity, "validation_failed"},
		"":                        {http.StatusUnprocessableEntity, "validation_failed"},
	} {
		refused(t, uri, w.Call(http.MethodPut, path, doc{"mediaUri": uri}), want.status, want.code)
	}
	if !bytes.Equal(must(w.Phones().GroupPicture(id)), before) {
		t.Error("what was refused changed the picture")
	}
	for range 2 {
		w.Want(http.StatusNoContent, http.MethodDelete, path, nil)
		if groupOf(w, id).Picture {
			t.Error("the group still has a picture")
		}
	}
	if page := w.Call(http.MethodGet, "/api/media/"+uploaded, nil); page.Status != http.StatusOK {
		t.Errorf("the uploaded file afterwards: %s", page)
	}
	theirs := people(w, 1)[0]
	locked := must(w.Phones().CreateGroup(theirs.Phone, whatsapp.GroupDraft{Subject: "Deles", Members: []string{w.Number}, Locked: true})).ID
	for _, c := range []struct {
		method string
		body   any
	}{{http.MethodPut, doc{"mediaUri": uploaded}}, {http.MethodDelete, nil}} {
		refused(t, c.method+" by no admin", w.Call(c.method, gate(w, "groups/"+locked+"-group/photo"), c.body), http.StatusForbidden, "forbidden")
		refused(t, c.method+" of no group", w.Call(c.method, gate(w, "groups/120363000000000001-group/photo"), c.body), http.StatusNotFound, "not_found")
		refused(t, c.method+" of none", w.Call(c.method, gate(w, "groups/nothing/photo"), c.body), http.StatusNotFound, "not_found")
	}
}

func TestWhatIsRefusedOfAGroupsPicture(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	body := doc{"mediaUri": text(w.Do(apptest.Request{Method: http.MethodPost, Path: "/api/accounts/" + string(w.Account) + "/media", Body: apptest.JPEG, Header: map[string]string{"Content-Type": "image/jpeg"}}).JSON(), "_id")}
	refused(t, "of what is not linked", w.Call(http.MethodPut, gate(w, "groups/120363000000000001-group/photo"), body), http.StatusBadRequest, "whatsapp_connection_closed")
	w.Link()
	path := gate(w, "groups/"+must(w.Phones().CreateGroup(w.Number, whatsapp.GroupDraft{Subject: "Vendas"})).ID+"-group/photo")
	for code, want := range map[int]struct {
		status int
		code   string
	}{
		403: {http.StatusForbidden, "forbidden"}, 406: {http.StatusUnprocessableEntity, "validation_failed"}, 419: {http.StatusConflict, "conflict"},
		429: {http.StatusTooManyRequests, "rate_limited"}, 500: {http.StatusServiceUnavailable, "provider_unavailable"},
	} {
		rule := must(w.Phones().AddFault(whatsapp.Rule{Match: whatsapp.Match{Phone: w.Number, Type: "w:profile:picture"}, Fault: whatsapp.Fault{Kind: "iq_error", Code: code}}))
		refused(t, "by WhatsApp", w.Call(http.MethodPut, path, body), want.status, want.code)
		w.Phones().RemoveFault(rule.ID)
	}
	huge := w.Do(apptest.Request{Method: http.MethodPost, Path: "/api/accounts/" + string(w.Account) + "/media", Body: append(bytes.Clone(apptest.JPEG), make([]byte, 16<<20)...), Header: map[string]string{"Content-Type": "image/jpeg"}})
	refused(t, "a file over 16 MiB", w.Call(http.MethodPut, path, doc{"mediaUri": text(huge.JSON(), "_id")}), http.StatusRequestEntityTooLarge, "media_too_large")
}
