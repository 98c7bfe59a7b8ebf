package media

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/egress"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/jobs"
	"github.com/cirrus/omnichannel/internal/web"
)

// View is an uploaded file on the wire.
type View struct {
	ID       ids.Media `json:"_id"`
	URL      string    `json:"url"` // opens for seven days for everyone who has it
	Mimetype string    `json:"mimetype"`
	FileName string    `json:"fileName,omitempty"`
	Size     int64     `json:"size"`   // bytes
	SHA256   string    `json:"sha256"` // hex
}

// Routes are the operations on files.
func (s *Service) Routes() []web.Route {
	return []web.Route{
		{Method: http.MethodPost, Path: "/api/accounts/{clientIdentifier}/media", OperationID: "uploadMedia", Scope: web.Account, Status: http.StatusCreated, Idempotent: true, MaxBody: -1, Digest: uploadDigest, Handler: web.Raw(s.upload)},
		{Method: http.MethodGet, Path: "/api/media/{mediaId}", OperationID: "getMedia", Scope: web.Own, Handler: web.Raw(s.serve)},
	}
}

// upload streams a body, or the first file of a form, into the store.
func (s *Service) upload(c *gin.Context) error {
	account, err := ids.ParseAccount(c.Param("clientIdentifier"))
	if err != nil {
		return err // the edge has let it through: it is one
	}
	if err := web.OnlyQuery(c, "fileName"); err != nil {
		return err
	}
	content, hint, err := uploaded(c)
	if err != nil {
		return err
	}
	file, err := s.keepOnce(c.Request.Context(), File{ID: web.NewID[ids.Media](c.Request.Context()), Account: account, Uploaded: true}, content, hint)
	if err != nil {
		return brokenOff(err)
	}
	web.Streamed(c.Request.Context(), digestOf(file.SHA256, hint))
	web.Answer(c, View{ID: file.ID, URL: s.Link(file.ID), Mimetype: file.Mimetype, FileName: file.FileName, Size: file.Size, SHA256: file.SHA256})
	return nil
}

// keepOnce is keep, unless an earlier run under the same Idempotency-Key has
// kept the file: then this must be the same one.
func (s *Service) keepOnce(ctx context.Context, file File, content io.Reader, hint Hint) (File, error) {
	if _, repeatable := web.Reserved[ids.Media](ctx); !repeatable {
		return s.keep(ctx, file, content, hint)
	}
	kept, err := s.find(ctx, file.ID)
	if fault.Is(err, fault.NotFound) {
		return s.keep(ctx, file, content, hint)
	}
	if err != nil {
		return File{}, err
	}
	if _, err := s.Blobs.Size(ctx, blobKey(file.Account, file.ID)); errors.Is(err, ErrNoBlob) {
		// A row without bytes, of a run that was cut off.
		if _, err := s.rows.DeleteOne(ctx, bson.D{{Key: "_id", Value: file.ID}}); err != nil {
			return File{}, fmt.Errorf("upload file %s once more: %w", file.ID, err)
		}
		return s.keep(ctx, file, content, hint)
	}
	sum, err := sha256Of(content)
	if err != nil || sum != kept.SHA256 {
		web.LeaveOpen(ctx)
	}
	if err == nil && sum != kept.SHA256 {
		err = fault.New(fault.IdempotencyKeyReused, "This Idempotency-Key was used with another file. Make a new key for a new request.")
	}
	return kept, err
}

// uploadDigest tells what a repeated upload's file is.
func uploadDigest(c *gin.Context) ([]byte, error) {
	content, hint, err := uploaded(c)
	if err != nil {
		return nil, err
	}
	sum, err := sha256Of(content)
	return digestOf(sum, hint), brokenOff(err)
}

// brokenOff says of a body that could not be read whose fault that is.
func brokenOff(err error) error {
	if fault.Is(err, fault.MediaUnavailable) {
		return fault.Wrap(err, fault.MalformedRequest, "The file is empty, or the body broke off.")
	}
	return err
}

// digestOf stands for a file and what was said of it, not for the bytes around
// it: those of a form are new with every try.
func digestOf(sha256Hex string, hint Hint) []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %q %q", sha256Hex, hint.Mimetype, hint.FileName))
	return sum[:]
}

// sha256Of reads a file that is not kept, as far as one may be large.
func sha256Of(content io.Reader) (string, error) {
	sum := sha256.New()
	source := &sourceReader{r: egress.Limit(content, DefaultMaxBytes)}
	if _, err := io.Copy(sum, source); err != nil {
		return "", source.fault(DefaultMaxBytes)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// uploaded finds the file in a request: the body itself, or a form's file.
func uploaded(c *gin.Context) (io.Reader, Hint, error) {
	hint := Hint{Mimetype: c.ContentType(), FileName: c.Query("fileName")}
	if hint.Mimetype != "multipart/form-data" {
		if _, params, err := mime.ParseMediaType(c.GetHeader("Content-Disposition")); err == nil && hint.FileName == "" {
			hint.FileName = params["filename"]
		}
		return c.Request.Body, hint, nil
	}
	form, err := c.Request.MultipartReader()
	if err != nil {
		return nil, Hint{}, fault.Wrap(err, fault.MalformedRequest, "The form could not be read.")
	}
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return nil, Hint{}, fault.Invalid("file", "required", "The form has no file. Put it into a part named `file`.")
		}
		if err != nil {
			return nil, Hint{}, fault.Wrap(err, fault.MalformedRequest, "The form could not be read.")
		}
		if part.FileName() == "" && part.FormName() != "file" {
			continue
		}
		if hint.FileName == "" {
			hint.FileName = part.FileName()
		}
		hint.Mimetype = part.Header.Get("Content-Type")
		return part, hint, nil
	}
}

// serve hands a file to whoever has a key of its account or a signed link.
func (s *Service) serve(c *gin.Context) error {
	id, err := ids.Parse[ids.Media](c.Param("mediaId"))
	if err != nil {
		return fault.New(fault.NotFound, "There is no such file.")
	}
	if err := web.OnlyQuery(c, "expires", "signature"); err != nil {
		return err
	}
	bySignature := s.signed(id, c.Query("expires"), c.Query("signature"))
	caller, hasKey, err := web.AuthenticateRequest(c, s.Auth)
	if err != nil && !bySignature {
		return err
	}
	if !bySignature && !hasKey {
		return fault.New(fault.Unauthenticated, "This link is not signed, or no longer good. Read the message again for a fresh one, or send an API key.")
	}
	find := s.find
	if bySignature {
		find = s.awaited
	}
	file, err := find(c.Request.Context(), id)
	if err != nil {
		return err
	}
	if !bySignature && !caller.May(file.Account) {
		return fault.Missing("file", id)
	}
	header := c.Writer.Header()
	header.Set("Content-Type", file.Mimetype)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Security-Policy", "sandbox")
	header.Set("Cache-Control", "private, max-age=86400, immutable")
	header.Set("ETag", `"`+file.SHA256+`"`)
	header.Set("Content-Disposition", disposition(file))
	body := &blobSeeker{ctx: c.Request.Context(), blobs: s.Blobs, key: blobKey(file.Account, id), size: file.Size}
	defer body.Close()
	http.ServeContent(c.Writer, c.Request, "", file.CreatedAt, body)
	return body.failed()
}

const (
	// awaitMost is how long a link waits for its file.
	awaitMost = 20 * time.Second
	// awaitLook is how often it looks.
	awaitLook = 100 * time.Millisecond
	// awaitYoung is how old the id of a file may be that is still waited for.
	awaitYoung = 10 * time.Minute
)

// awaited finds a file whose link was given away, perhaps before the provider had
// given the file: one that is that young is waited for.
func (s *Service) awaited(ctx context.Context, id ids.Media) (File, error) {
	file, err := s.find(ctx, id)
	if !fault.Is(err, fault.NotFound) || s.Now().Sub(bson.ObjectID(id).Timestamp()) > awaitYoung {
		return file, err
	}
	waiting, cancel := context.WithTimeout(ctx, awaitMost)
	defer cancel()
	for fault.Is(err, fault.NotFound) && jobs.Pause(waiting, awaitLook) == nil {
		file, err = s.find(ctx, id)
	}
	return file, err
}

// disposition shows in a page what cannot run there, and saves the rest.
func disposition(file File) string {
	kind := "attachment"
	switch {
	case file.Mimetype == "image/svg+xml":
	case strings.HasPrefix(file.Mimetype, "image/"), strings.HasPrefix(file.Mimetype, "audio/"), strings.HasPrefix(file.Mimetype, "video/"), file.Mimetype == "application/pdf":
		kind = "inline"
	}
	if file.FileName == "" {
		return kind
	}
	return mime.FormatMediaType(kind, map[string]string{"filename": file.FileName})
}

// blobSeeker reads a blob from wherever it was moved to; only a read opens it.
type blobSeeker struct {
	ctx   context.Context
	blobs Blobs
	key   string
	size  int64
	at    int64
	open  io.ReadCloser
	err   error
}

// Seek moves; a blob that is open is closed by it.
func (b *blobSeeker) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += b.at
	case io.SeekEnd:
		offset += b.size
	}
	if offset != b.at {
		b.Close()
	}
	b.at = offset
	return offset, nil
}

// Read gives the next bytes.
func (b *blobSeeker) Read(p []byte) (int, error) {
	if b.at >= b.size {
		return 0, io.EOF
	}
	if b.open == nil {
		b.open, b.err = b.blobs.Open(b.ctx, b.key, Range{From: b.at})
		if b.err != nil {
			b.open = nil
			return 0, b.err
		}
	}
	n, err := b.open.Read(p)
	b.at += int64(n)
	return n, err
}

// Close lets go of the blob.
func (b *blobSeeker) Close() {
	if b.open != nil {
		_ = b.open.Close() // only read
		b.open = nil
	}
}

// failed is why nothing could be read; an answer that has begun is cut off.
func (b *blobSeeker) failed() error {
	if b.err == nil {
		return nil
	}
	panic(http.ErrAbortHandler)
}
