package app_test

import (
	"bytes"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cirrus/omnichannel/internal/app"
	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/config"
	"github.com/cirrus/omnichannel/internal/egress"
	"github.com/cirrus/omnichannel/internal/media/s3test"
	"github.com/cirrus/omnichannel/internal/sandbox/d360"
)

// inBucket starts a server whose files lie in a bucket, with the credentials in
// the environment as operators set them, and an account on it.
func inBucket(t *testing.T) (*apptest.World, *s3test.Server) {
	t.Helper()
	bucket := s3test.Start(t)
	keys := must(bucket.Options.Credentials.Retrieve(t.Context()))
	t.Setenv("AWS_ACCESS_KEY_ID", keys.AccessKeyID)
	t.Setenv("AWS_SECRET_ACCESS_KEY", keys.SecretAccessKey)
	s := apptest.Start(t, apptest.Options{
		// The bucket's own address needs no allowance; the test's host of files does.
		App: app.Options{Egress: egress.Options{Allow: []string{"127.0.0.1"}}},
		Config: func(c *config.Config) {
			c.S3Bucket, c.S3Endpoint = bucket.Options.Bucket, bucket.Options.Endpoint
			c.MediaBuckets = []string{bucket.Options.Bucket, "nobody-has-this-one"}
		},
	})
	return s.World(t, apptest.Preset{}), bucket
}

// objects are the keys in a bucket.
func objects(t *testing.T, bucket *s3test.Server) []string {
	t.Helper()
	var keys []string
	err := filepath.WalkDir(bucket.Folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			keys = append(keys, strings.TrimPrefix(path, bucket.Folder+"/"))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// hasObject tells whether a file lies in the bucket, under its account.
func hasObject(t *testing.T, w *apptest.World, bucket *s3test.Server, id string) bool {
	t.Helper()
	return slices.Contains(objects(t, bucket), string(w.Account)+"/"+id)
}

// Files in a bucket: what a customer sent is stored there and served from there
// in whole and in part, files are uploaded, sent and sent on, and what belongs
// to a person goes with the person.
func TestFilesInABucket(t *testing.T) {
	w, bucket := inBucket(t)
	phone := apptest.Phone()
	wamid := w.Write(phone, d360.InboundMessage{Type: "image"})
	in := await(w, text(received(w, wamid), "_id"), doc{"media.status": "ready"})
	if !hasObject(t, w, bucket, text(in, "media.id")) {
		t.Errorf("the customer's picture is not in the bucket, but %q", objects(t, bucket))
	}
	whole := get(w, text(in, "media.url"), nil)
	if whole.Status != http.StatusOK || digest(whole.Body) != text(in, "media.sha256") || len(whole.Body) < 100 {
		t.Fatalf("the signed link: %d with %d bytes", whole.Status, len(whole.Body))
	}
	for asked, want := range map[string][]byte{
		"bytes=0-0": whole.Body[:1], "bytes=10-19": whole.Body[10:20], "bytes=50-": whole.Body[50:], "bytes=-7": whole.Body[len(whole.Body)-7:],
	} {
		if part := get(w, text(in, "media.url"), map[string]string{"Range": asked}); part.Status != http.StatusPartialContent || !bytes.Equal(part.Body, want) {
			t.Errorf("%s: %d with %d bytes, want %d", asked, part.Status, len(part.Body), len(want))
		}
	}
	session := w.AwaitSession(phone)

	// Larger than one part of an upload to the bucket.
	large := append(bytes.Clone(apptest.PDF), bytes.Repeat([]byte("omnichannel "), 1<<20)...)
	uploaded := upload(w, large, map[string]string{"Content-Type": "application/pdf"})
	expect(t, "the upload", uploaded, doc{"size": len(large), "sha256": digest(large)})
	if got := get(w, text(uploaded, "url"), map[string]string{"Range": "bytes=6000000-6000009"}); !bytes.Equal(got.Body, large[6000000:6000010]) {
		t.Errorf("a part of the large file: %d %q", got.Status, got.Body)
	}
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(apptest.PNG) }))
	t.Cleanup(host.Close)
	fetched := message(w, text(send(w, session, doc{"mediaUri": host.URL + "/a.png"}), "_id"))
	sent := message(w, text(send(w, session, doc{"mediaUri": uploaded["_id"], "text": "o contrato"}), "_id"))
	forwarded := message(w, text(send(w, session, doc{"mediaUri": text(in, "media.id")}), "_id"))
	listed := message(w, text(send(w, session, doc{"mediaUri": "s3://" + bucket.Options.Bucket + "/" + string(w.Account) + "/" + text(uploaded, "_id"), "fileName": "copia.pdf"}), "_id"))
	for what, c := range map[string]struct {
		message doc
		sha256  string
	}{
		"a fetched file": {fetched, digest(apptest.PNG)}, "an uploaded one": {sent, digest(large)},
		"one sent on": {forwarded, text(in, "media.sha256")}, "one of a listed bucket": {listed, digest(large)},
	} {
		expect(t, what, c.message, doc{"media.status": "ready", "media.sha256": c.sha256, "error": nil})
		if !hasObject(t, w, bucket, text(c.message, "media.id")) {
			t.Errorf("%s is not in the bucket", what)
		}
	}
	if got := shown(w, phone); got.Type != "document" {
		t.Errorf("the phone shows %s", got.Type)
	}
	refused(t, "a listed bucket that is not there", w.Call(http.MethodPost, "/api/message/send", said(session, doc{"mediaUri": "s3://nobody-has-this-one/a.pdf"})), http.StatusUnprocessableEntity, "media_unavailable")

	// The caller's upload stays, all that is the person's goes.
	erased := w.Want(http.StatusOK, http.MethodDelete, w.Base()+"/contacts/"+text(in, "contactId"), nil)
	if n := at(erased, "erased.media"); n != 4.0 {
		t.Errorf("%v files were erased, want 4: the picture, the fetched one, the one sent on, the one of a listed bucket", n)
	}
	w.Eventually("the person's objects are gone", func() bool { return len(objects(t, bucket)) == 1 })
	if !hasObject(t, w, bucket, text(uploaded, "_id")) {
		t.Errorf("the caller's upload is gone too: %q", objects(t, bucket))
	}
	if a := w.Do(apptest.Request{Method: http.MethodGet, Path: "/api/media/" + text(in, "media.id")}); a.Status != http.StatusNotFound {
		t.Errorf("the erased picture: %s", a)
	}
}
