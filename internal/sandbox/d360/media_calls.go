package d360

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"time"
)

const (
	mediaErrorSpan  = time.Hour
	mediaBlockSpan  = 30 * time.Minute
	uploadFieldSize = 1 << 10
)

// upload is the content of a multipart upload.
type upload struct {
	product, kind string
	hasFile       bool
	mimeType      string
	bytes         []byte
}

func (c *call) postMedia() reply {
	c.s.mu.Lock()
	within := perSecond(&c.n.uploads, c.s.clock.Now(), c.settings.Throttles.UploadsPerSecond)
	c.s.mu.Unlock()
	if !within {
		return failed(hubError(http.StatusBadRequest, "You have exceeded the endpoint rate limit."))
	}
	up, err := c.readUpload()
	if err != nil {
		return failed(err)
	}
	if err := up.check(c.settings.Media.AnyDocumentType); err != nil {
		return failed(err)
	}
	m := &media{id: c.s.ids.digits(15), number: c.n.PhoneNumberID, mimeType: up.mimeType, bytes: up.bytes, created: c.s.clock.Now()}
	c.s.media.put(m)
	return ok(map[string]any{"id": m.id})
}

func (c *call) readUpload() (*upload, *apiError) {
	// The form's own text comes on top of the largest file.
	c.r.Body = http.MaxBytesReader(c.w, c.r.Body, limitDocument+1<<20)
	parts, err := c.r.MultipartReader()
	if err != nil {
		return nil, refuse(100, "The body must be multipart/form-data.")
	}
	up := &upload{}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return up, nil
		}
		if err != nil {
			return nil, refuse(100, "The multipart body can't be read.")
		}
		if err := up.take(part); err != nil {
			return nil, err
		}
	}
}

func (u *upload) take(part *multipart.Part) *apiError {
	limit := int64(uploadFieldSize)
	if part.FormName() == "file" {
		limit = limitDocument
	}
	content, err := io.ReadAll(io.LimitReader(part, limit+1))
	if err != nil {
		return refuse(100, "The part %q can't be read.", part.FormName())
	}
	if int64(len(content)) > limit {
		return refuse(131053, "The part %q is larger than %d bytes.", part.FormName(), limit)
	}
	switch part.FormName() {
	case "messaging_product":
		u.product = string(content)
	case "type":
		u.kind = string(content)
	case "file":
		u.hasFile, u.bytes = true, content
		u.mimeType = part.Header.Get("Content-Type")
	default:
		return refuse(100, "Unexpected key %q on the form.", part.FormName())
	}
	return nil
}

// check applies the limits; the type is that of the file's part.
func (u *upload) check(anyDocument bool) *apiError {
	switch {
	case u.product == "":
		return refuse(131008, "The parameter messaging_product is required.")
	case u.product != "whatsapp":
		return refuse(131009, "Param messaging_product must be one of {whatsapp}.")
	case !u.hasFile:
		return refuse(131008, "The parameter file is required.")
	case len(u.bytes) == 0:
		return refuse(131009, "Param file must not be empty.")
	}
	base := baseType(u.mimeType)
	rule, supported := mediaTypes[base]
	if !supported && anyDocument && strings.Contains(base, "/") {
		rule, supported = mediaRule{"document", limitDocument}, true
	}
	if !supported {
		return refuse(100, "Param file must be a file of a supported type. Received file of type %q.", base)
	}
	if u.kind != "" && baseType(u.kind) != base {
		return refuse(131009, "Param type is %q, but the file is of type %q.", u.kind, base)
	}
	if int64(len(u.bytes)) > rule.limit {
		return refuse(131053, "A file of type %s may have %d bytes, this one has %d.", base, rule.limit, len(u.bytes))
	}
	return nil
}

func (c *call) getMedia() reply {
	now := c.s.clock.Now()
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if now.Before(c.n.mediaBlocked) {
		return failed(hubError(http.StatusForbidden, "Endpoint blocked: too many errors, try again later"))
	}
	m := c.s.media.get(c.r.PathValue("media"), c.n.PhoneNumberID, now)
	if m == nil {
		c.countMediaError(now)
		return failed(noObject(c.r.PathValue("media")))
	}
	return ok(c.s.media.describe(m, now, c.settings.Media.SizeAsString))
}

// countMediaError blocks the endpoint once too many calls failed within an hour.
// The caller holds s.mu.
func (c *call) countMediaError(now time.Time) {
	limit := c.settings.Throttles.MediaErrors
	if limit <= 0 {
		return
	}
	recent := c.n.mediaErrors[:0]
	for _, at := range c.n.mediaErrors {
		if now.Sub(at) < mediaErrorSpan {
			recent = append(recent, at)
		}
	}
	c.n.mediaErrors = append(recent, now)
	if len(c.n.mediaErrors) >= limit {
		c.n.mediaErrors = nil
		c.n.mediaBlocked = now.Add(mediaBlockSpan)
	}
}

func noObject(id string) *apiError {
	err := refuse(100, "Object with ID %q does not exist, cannot be loaded due to missing permissions, or does not support this operation.", id)
	err.subcode = 33
	return err
}

func (c *call) deleteMedia() reply {
	id := c.r.PathValue("media")
	if c.s.media.get(id, c.n.PhoneNumberID, c.s.clock.Now()) == nil {
		return failed(noObject(id))
	}
	c.s.media.remove(id)
	return ok(map[string]any{"success": true})
}

// getBytes is the media host under the API's own address. What is wrong with a
// link, the key included, is 404.
func (c *call) getBytes() reply {
	q, now := c.r.URL.Query(), c.s.clock.Now()
	gone := reply{status: http.StatusNotFound, raw: []byte("Not Found"), contentType: "text/plain"}
	if c.n == nil || !c.s.media.linkValid(q.Get("mid"), q.Get("ext"), q.Get("hash"), now) {
		return gone
	}
	m := c.s.media.get(q.Get("mid"), c.n.PhoneNumberID, now)
	if m == nil {
		return gone
	}
	return reply{status: http.StatusOK, raw: m.bytes, contentType: m.mimeType}
}
