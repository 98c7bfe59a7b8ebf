package d360

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/tolerant"
)

const (
	// uploadLife is how long an uploaded file's id is used again. Meta keeps
	// uploads for 30 days.
	uploadLife = 28 * 24 * time.Hour
	maxUploads = 4096
)

// uploads remembers which of our files the provider has.
type uploads struct {
	now func() time.Time

	mu    sync.Mutex
	known *lru.LRU[ids.Media, upload]
}

type upload struct {
	id string
	at time.Time
}

func newUploads(now func() time.Time) *uploads {
	known, err := lru.NewLRU[ids.Media, upload](maxUploads, nil)
	if err != nil {
		panic(err) // only for a size below 1
	}
	return &uploads{now: now, known: known}
}

func (u *uploads) find(id ids.Media) (string, bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	found, ok := u.known.Get(id)
	if !ok || id.IsZero() || u.now().Sub(found.at) > uploadLife {
		return "", false
	}
	return found.id, true
}

func (u *uploads) keep(id ids.Media, theirs string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if !id.IsZero() {
		u.known.Add(id, upload{id: theirs, at: u.now()})
	}
}

func (u *uploads) forget(id ids.Media) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.known.Remove(id)
}

// mediaID gives the provider's id of a file, uploading it when there is none;
// cached tells which.
func (c *Conn) mediaID(ctx context.Context, m *providers.OutboundMedia) (id string, cached bool, err error) {
	uploads := c.current().uploads // not those of a key that comes meanwhile
	if id, ok := uploads.find(m.ID); ok {
		return id, true, nil
	}
	id, err = c.upload(ctx, m)
	if err != nil {
		return "", false, err
	}
	uploads.keep(m.ID, id)
	return id, false, nil
}

// upload streams a file to POST /media. An upload that was perhaps done does
// no harm done again, so its errors are never "perhaps sent".
func (c *Conn) upload(ctx context.Context, m *providers.OutboundMedia) (string, error) {
	file, err := m.Open(ctx)
	if err != nil {
		return "", unopened(m, err)
	}
	defer file.Close()
	source := &watched{r: file}
	ctx, moving := watchSilence(ctx, c.adapter.silence)
	defer moving.stop()
	req, err := c.uploadRequest(ctx, m, moving.reader(source))
	if err != nil {
		return "", err
	}
	body, err := c.exchange(req)
	switch {
	case source.err != nil:
		return "", unopened(m, source.err)
	case err != nil:
		return "", uploadError(m, err)
	}
	var answered struct {
		ID label `json:"id"`
	}
	if err := tolerant.Unmarshal(body, &answered); err != nil || answered.ID == "" {
		return "", repeatable(unreadable(fmt.Errorf("no id in the answer to an upload: %w", err)))
	}
	return string(answered.ID), nil
}

// uploadRequest lays the form around the file, so that the length is known
// beforehand and nothing of the file is held.
func (c *Conn) uploadRequest(ctx context.Context, m *providers.OutboundMedia, source io.Reader) (*http.Request, error) {
	mimetype := uploadType(m.Mimetype)
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	head := textproto.MIMEHeader{}
	head.Set("Content-Disposition", multipart.FileContentDisposition("file", uploadName(m)))
	head.Set("Content-Type", mimetype)
	for _, step := range []func() error{
		func() error { return w.WriteField("messaging_product", "whatsapp") },
		func() error { return w.WriteField("type", mimetype) },
		func() error { _, err := w.CreatePart(head); return err },
	} {
		if err := step(); err != nil {
			return nil, invalid("mediaUri", "The upload's form cannot be written: %v.", err)
		}
	}
	before := form.Len()
	if err := w.Close(); err != nil {
		return nil, invalid("mediaUri", "The upload's form cannot be written: %v.", err)
	}
	prefix, suffix := form.Bytes()[:before], form.Bytes()[before:]
	body := io.MultiReader(bytes.NewReader(prefix), source, bytes.NewReader(suffix))
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.endpoint("media", nil), body)
	if err != nil {
		return nil, invalid("mediaUri", "The upload cannot be made: %v.", err)
	}
	req.ContentLength = -1
	if m.Size > 0 {
		req.ContentLength = int64(form.Len()) + m.Size
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	return req, nil
}

// uploadName is the file's name in the form; Meta wants one.
func uploadName(m *providers.OutboundMedia) string {
	if m.FileName != "" {
		return m.FileName
	}
	return "file"
}

// watched keeps what went wrong while our own file was read, which is not the
// provider's failure.
type watched struct {
	r   io.Reader
	err error
}

// Read reads on.
func (w *watched) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if err != nil && err != io.EOF {
		w.err = err
	}
	return n, err
}

func unopened(m *providers.OutboundMedia, err error) *providers.SendError {
	return &providers.SendError{
		Reason:    providers.ReasonMediaUnavailable,
		Retryable: true,
		Detail:    "File " + m.ID.String() + " cannot be read from the media store; try again.",
		Field:     "mediaUri",
		Err:       err,
	}
}

// codeParameter is Meta's code for a wrong parameter. An upload has none but the
// file that could be wrong, and of that only the type, when it is not listed.
const codeParameter = "100"

// uploadError names the file as what was refused.
func uploadError(m *providers.OutboundMedia, err error) error {
	e := *providers.AsSendError(repeatable(err))
	if mimetype := uploadType(m.Mimetype); e.ProviderCode == codeParameter && !listed(mimetype) {
		e.Reason, e.Field = providers.ReasonMediaTypeUnsupported, "mediaUri"
		e.Detail = "360dialog takes no file of type " + clip(mimetype, 100) + ", as a document neither. Send it as PDF, as an Office document or as plain text."
		return &e
	}
	if e.Field == "" && (e.Reason == providers.ReasonInvalidMessage || e.Reason == providers.ReasonMediaUnavailable) {
		e.Field = "mediaUri"
	}
	return &e
}

// uploadTypes are the types that Meta knows under another name.
var uploadTypes = map[string]string{
	"image/jpg":       "image/jpeg",
	"audio/mp3":       "audio/mpeg",
	"audio/x-m4a":     "audio/mp4",
	"audio/m4a":       "audio/mp4",
	"audio/x-aac":     "audio/aac",
	"audio/aacp":      "audio/aac",
	"audio/opus":      "audio/ogg",
	"application/ogg": "audio/ogg",
	"video/3gp":       "video/3gpp",
	"audio/3gpp":      "video/3gpp",
}

// documentTypes are those that Meta lists for documents. Other files of any
// type may be declared as documents, but the upload refuses most of them.
var documentTypes = []string{
	plainText, "application/pdf", "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"application/vnd.openxmlformats-officedocument.presentationml.presentation",
}

const plainText = "text/plain"

// listed tells whether Meta lists a type for uploads.
func listed(mimetype string) bool {
	for _, limit := range capabilities.Limits {
		if slices.Contains(limit.Mimetypes, mimetype) {
			return true
		}
	}
	return slices.Contains(documentTypes, mimetype)
}

// texts are types that are read as text and do not say so.
var texts = []string{"application/csv", "application/json", "application/xml", "application/x-ndjson", "application/yaml", "application/x-yaml"}

// uploadType is a type without parameters, under the name that Meta knows. A
// text of a type that Meta does not list, such as CSV, is plain text there: its
// file name tells the phone what opens it.
func uploadType(mimetype string) string {
	bare, _, _ := strings.Cut(mimetype, ";")
	bare = strings.ToLower(strings.TrimSpace(bare))
	if known, ok := uploadTypes[bare]; ok {
		return known
	}
	switch {
	case bare == "":
		return "application/octet-stream"
	case strings.HasPrefix(bare, "text/"), slices.Contains(texts, bare):
		return plainText
	default:
		return bare
	}
}
