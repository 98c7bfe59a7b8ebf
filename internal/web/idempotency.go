package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/fault"
)

// Sealer encrypts stored answers: they may hold a key.
type Sealer interface {
	SealBytes(purpose string, plain []byte) ([]byte, error)
	OpenBytes(purpose string, sealed []byte) ([]byte, error)
}

// Idempotency keeps the answers of requests that came with an
// Idempotency-Key, so that a repeated request gets the first one's answer.
type Idempotency struct {
	records *mongo.Collection
	sealer  Sealer
	there   There
	now     func() time.Time
}

// There tells whether the contact of an id is there: not erased, nor about to be.
type There func(ctx context.Context, contact string) (bool, error)

// NewIdempotency keeps its records in the collection `idempotency`. there is asked
// about whom an answer names, once that is kept; nil: nobody is ever erased.
func NewIdempotency(db *mongo.Database, sealer Sealer, there There, now func() time.Time) *Idempotency {
	return &Idempotency{records: db.Collection("idempotency"), sealer: sealer, there: there, now: now}
}

const (
	maxIdempotencyKey = 255
	// idempotencyKept is how long an answer is replayed.
	idempotencyKept = 25 * time.Hour
	// holderDead is how long a request may hold its key; after that the
	// holder is taken for dead and the next caller runs, with the same
	// reserved id, so that what was created is found and not made again.
	holderDead = 60 * time.Second
	// idempotencyPoll is how soon a second caller looks for the first's answer; the
	// pauses grow up to idempotencyPollMost.
	idempotencyPoll     = 50 * time.Millisecond
	idempotencyPollMost = time.Second
)

// record is one key of one account on one route.
type record struct {
	ID        bson.Binary   `bson:"_id"` // SHA-256 over caller, method, path and key
	BodyHash  []byte        `bson:"bodyHash"`
	Reserved  bson.ObjectID `bson:"reserved"`
	Holder    bson.ObjectID `bson:"holder"`
	HeldAt    time.Time     `bson:"heldAt"`
	Done      bool          `bson:"done"`
	Status    int           `bson:"status,omitempty"`
	Type      string        `bson:"type,omitempty"`
	Answer    []byte        `bson:"answer,omitempty"` // sealed
	About     string        `bson:"about,omitempty"`  // whom the answer names, for erasing
	ExpiresAt time.Time     `bson:"expiresAt"`
}

// claim is what a running request knows of its key.
type claim struct {
	reserved bson.ObjectID
	final    bool
	about    string
	open     bool
	digest   []byte // of a streamed body, once its handler has read it
}

// Reserved gives the id that a creating handler must use for what it creates,
// when the request came with an Idempotency-Key. A second run then meets the
// first one's row.
func Reserved[I ~[12]byte](ctx context.Context) (I, bool) {
	held, ok := ctx.Value(idempotencyKey).(*claim)
	if !ok {
		return I{}, false
	}
	return I(held.reserved), true
}

// NewID gives the reserved id of the request, or a fresh one.
func NewID[I ~[12]byte](ctx context.Context) I {
	if id, ok := Reserved[I](ctx); ok {
		return id
	}
	return I(bson.NewObjectID())
}

// Final marks the request's answer as one that a repetition must get again,
// even when it is an error: something was stored or a provider was asked.
func Final(ctx context.Context) {
	if held, ok := ctx.Value(idempotencyKey).(*claim); ok {
		held.final = true
	}
}

// LeaveOpen keeps the request's key and its reserved id for the next caller: an
// earlier run had made something, and this one is refused without being its
// repetition.
func LeaveOpen(ctx context.Context) {
	if held, ok := ctx.Value(idempotencyKey).(*claim); ok {
		held.open = true
	}
}

// About notes whom the request's answer names, so that it goes when the person
// is erased.
func About(ctx context.Context, contact fmt.Stringer) {
	if held, ok := ctx.Value(idempotencyKey).(*claim); ok {
		held.about = contact.String()
	}
}

// Streamed notes what the streamed body of the request was, as the route's
// Digest tells it of a repetition.
func Streamed(ctx context.Context, digest []byte) {
	if held, ok := ctx.Value(idempotencyKey).(*claim); ok {
		held.digest = digest
	}
}

// Forget deletes the answers that name any of these.
func (s *Idempotency) Forget(ctx context.Context, contacts []string) error {
	_, err := s.records.DeleteMany(ctx, bson.D{{Key: "about", Value: bson.D{{Key: "$in", Value: contacts}}}})
	return err
}

func (s *Idempotency) handle(c *gin.Context) {
	key := c.GetHeader("Idempotency-Key")
	if key == "" {
		return
	}
	if len(key) > maxIdempotencyKey {
		Fail(c, fault.Invalid("Idempotency-Key", "max", "must be at most %d characters long", maxIdempotencyKey))
		return
	}
	hash, err := hashBody(c)
	if err != nil {
		Fail(c, err)
		return
	}
	held, done, err := s.acquire(c, recordID(c, key), hash)
	switch {
	case err != nil:
		Fail(c, err)
	case done:
		s.replay(c, held)
	default:
		s.run(c, held)
	}
}

// hashBody tells one body from another. What a streamed one is, only its
// handler can tell, once it has read it: until then it is empty.
func hashBody(c *gin.Context) ([]byte, error) {
	if routeOf(c).streamed() {
		return []byte{}, nil
	}
	body, err := ReadBody(c)
	if err != nil {
		return nil, err
	}
	c.Request.Body = io.NopCloser(bytes.NewReader(body))
	sum := sha256.Sum256(body)
	return sum[:], nil
}

// sameBody tells whether a request's body is that of the record. A streamed one
// is read to its end, and compared only with a record that is done.
func sameBody(c *gin.Context, hash []byte, other record) (bool, error) {
	if route := routeOf(c); route.streamed() {
		if !other.Done {
			return true, nil
		}
		digest, err := route.Digest(c)
		if err != nil {
			return false, err
		}
		hash = digest
	}
	return bytes.Equal(other.BodyHash, hash), nil
}

// recordID binds a key to caller, method and path.
func recordID(c *gin.Context, key string) bson.Binary {
	p := PrincipalOf(c.Request.Context())
	owner := string(p.Account)
	if p.Admin {
		owner = "admin:" + p.Key.String()
	}
	sum := sha256.Sum256([]byte(owner + "\x00" + c.Request.Method + "\x00" + c.Request.URL.Path + "\x00" + key))
	return bson.Binary{Data: sum[:]}
}

// acquire gives the record to run under, or the finished one to replay. It
// waits while another caller runs.
func (s *Idempotency) acquire(c *gin.Context, id bson.Binary, bodyHash []byte) (record, bool, error) {
	ctx := c.Request.Context()
	mine := record{ID: id, BodyHash: bodyHash, Reserved: bson.NewObjectID(), Holder: bson.NewObjectID()}
	for pause, looks := idempotencyPoll, 0; ; looks++ {
		mine.HeldAt = s.now() // of this look: who waited long must not look dead when it begins
		mine.ExpiresAt = mine.HeldAt.Add(idempotencyKept)
		other, mineNow, err := s.look(ctx, mine, looks == 0)
		if mineNow {
			return mine, false, nil
		}
		if err != nil {
			return record{}, false, err
		}
		same, err := sameBody(c, bodyHash, other)
		switch {
		case err != nil:
			return record{}, false, err
		case !same:
			return record{}, false, fault.New(fault.IdempotencyKeyReused, "This Idempotency-Key was used with another body. Make a new key for a new request.")
		case other.Done:
			return other, true, nil
		case s.now().Sub(other.HeldAt) > holderDead:
			if taken, err := s.takeOver(ctx, other, mine); err != nil || taken.ID.Data != nil {
				return taken, false, err
			}
			continue
		}
		select {
		case <-ctx.Done():
			return record{}, false, ctx.Err()
		case <-time.After(pause):
			pause = min(pause*3/2, idempotencyPollMost)
		}
	}
}

// look takes a key, or gives who has it. A caller that waits only reads: it
// takes the key when the other one has ended without a final answer.
func (s *Idempotency) look(ctx context.Context, mine record, first bool) (other record, taken bool, err error) {
	for insert := first; ; insert = true {
		if insert {
			if _, err := s.records.InsertOne(ctx, mine); !mongo.IsDuplicateKeyError(err) {
				return record{}, err == nil, err
			}
		}
		err := s.records.FindOne(ctx, bson.D{{Key: "_id", Value: mine.ID}}).Decode(&other)
		if !errors.Is(err, mongo.ErrNoDocuments) {
			return other, false, err
		}
	}
}

// takeOver claims the key of a dead holder and keeps its reserved id; an empty
// record means that somebody else was faster.
func (s *Idempotency) takeOver(ctx context.Context, dead, mine record) (record, error) {
	now := s.now()
	res, err := s.records.UpdateOne(ctx,
		bson.D{{Key: "_id", Value: dead.ID}, {Key: "holder", Value: dead.Holder}, {Key: "done", Value: false}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "holder", Value: mine.Holder}, {Key: "heldAt", Value: now}}}})
	if err != nil || res.MatchedCount == 0 {
		return record{}, err
	}
	dead.Holder, dead.HeldAt = mine.Holder, now
	return dead, nil
}

// run lets the handler answer and keeps the answer when it is final.
func (s *Idempotency) run(c *gin.Context, rec record) {
	held := &claim{reserved: rec.Reserved}
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), idempotencyKey, held))
	if routeOf(c).streamed() {
		c.Request.Body = &holdingBody{ReadCloser: c.Request.Body, hold: func() error { return s.hold(c.Request.Context(), rec) }, now: s.now, held: rec.HeldAt}
	}
	recorder := &bodyRecorder{ResponseWriter: c.Writer}
	c.Writer = recorder
	finished := false
	defer func() {
		// The caller may be gone, or the handler have panicked: the record is
		// settled all the same.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request.Context()), 10*time.Second)
		defer cancel()
		if err := s.settle(ctx, rec, held, finished, recorder); err != nil {
			slog.ErrorContext(ctx, "an answer could not be kept for its Idempotency-Key", "request_id", RequestID(c), "error", err)
		}
	}()
	c.Next()
	finished = true
}

func (s *Idempotency) settle(ctx context.Context, rec record, held *claim, finished bool, answer *bodyRecorder) error {
	mine := bson.D{{Key: "_id", Value: rec.ID}, {Key: "holder", Value: rec.Holder}}
	switch {
	case !finished, held.open, answer.Status() == statusClientGone, answer.Status() == http.StatusInternalServerError && !held.final:
		// Nobody knows what was done: the reserved id stays, and the next caller
		// takes over at once and answers from what is there.
		_, err := s.records.UpdateOne(ctx, mine, bson.D{{Key: "$set", Value: bson.D{{Key: "heldAt", Value: time.Unix(0, 0)}, {Key: "about", Value: held.about}}}})
		return err
	case !replayable(answer.Status(), held.final):
		_, err := s.records.DeleteOne(ctx, mine)
		return err
	}
	sealed, err := s.sealer.SealBytes("idempotency", answer.body.Bytes())
	if err != nil {
		return err
	}
	final := bson.D{
		{Key: "done", Value: true}, {Key: "status", Value: answer.Status()},
		{Key: "type", Value: answer.Header().Get("Content-Type")}, {Key: "answer", Value: sealed},
		{Key: "about", Value: held.about},
	}
	if held.digest != nil {
		final = append(final, bson.E{Key: "bodyHash", Value: held.digest})
	}
	if _, err = s.records.UpdateOne(ctx, mine, bson.D{{Key: "$set", Value: final}}); err != nil {
		return err
	}
	return s.recheck(ctx, held.about)
}

// recheck forgets an answer that was kept just behind the erasure of whom it names:
// that has looked for answers already. One that comes later finds it.
func (s *Idempotency) recheck(ctx context.Context, about string) error {
	if about == "" || s.there == nil {
		return nil
	}
	if there, err := s.there(ctx, about); there || err != nil {
		return err
	}
	return s.Forget(ctx, []string{about})
}

// replayable: successes always; errors when something was done before them;
// 401, 429 and 503 never, whoever said so.
func replayable(status int, final bool) bool {
	switch {
	case status == http.StatusUnauthorized, status == http.StatusTooManyRequests, status == http.StatusServiceUnavailable, status == statusClientGone:
		return false
	case status < http.StatusMultipleChoices:
		return true
	default:
		return final
	}
}

func (s *Idempotency) replay(c *gin.Context, rec record) {
	plain, err := s.sealer.OpenBytes("idempotency", rec.Answer)
	if err != nil {
		Fail(c, err)
		return
	}
	c.Abort()
	c.Header("Idempotent-Replayed", "true")
	if rec.Status == http.StatusNoContent {
		c.Status(rec.Status)
		return
	}
	c.Data(rec.Status, rec.Type, plain)
}

// bodyRecorder keeps a copy of the answer.
type bodyRecorder struct {
	gin.ResponseWriter
	body bytes.Buffer
}

// Write keeps and sends.
func (w *bodyRecorder) Write(p []byte) (int, error) {
	w.body.Write(p)
	return w.ResponseWriter.Write(p)
}

// WriteString keeps and sends.
func (w *bodyRecorder) WriteString(text string) (int, error) { return w.Write([]byte(text)) }
