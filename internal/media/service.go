package media

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/vault"
	"github.com/cirrus/omnichannel/internal/web"
)

// Collection is where the files' rows are.
const Collection = "media"

// SecretsCollection keeps what servers share and must not show: the key that
// links are signed with.
const SecretsCollection = "secrets"

// linkFor is how long a signed link opens.
const linkFor = 7 * 24 * time.Hour

// Options is what the room is made of.
type Options struct {
	DB        *mongo.Database
	Blobs     Blobs
	Client    *http.Client // for addresses that callers give
	Vault     *vault.Vault
	Auth      web.Authenticator
	PublicURL string // stands before links; empty: they are relative
	Now       func() time.Time
	// Buckets are what an s3:// address may name.
	Buckets []string
	// OpenBucket reaches one of Buckets.
	OpenBucket func(ctx context.Context, bucket string) (Blobs, error)
}

// Service keeps files and hands them out.
type Service struct {
	Options
	rows    *mongo.Collection
	linkKey []byte
	open    sync.Map // of Buckets, by name, those that were reached
}

// New makes the room. The first server of an installation makes the key that
// all of them sign links with.
func New(ctx context.Context, o Options) (*Service, error) {
	s := &Service{Options: o, rows: o.DB.Collection(Collection)}
	key, err := sharedKey(ctx, o.DB.Collection(SecretsCollection), o.Vault, "media_links")
	if err != nil {
		return nil, fmt.Errorf("load the key of media links: %w", err)
	}
	s.linkKey = key
	return s, nil
}

// sharedKey reads a key that every server of the installation uses, or makes it.
func sharedKey(ctx context.Context, rows *mongo.Collection, v *vault.Vault, name string) ([]byte, error) {
	bound := vault.Binding{Purpose: "secret", RowID: name}
	made := make([]byte, 32)
	rand.Read(made) // never fails
	_, err := rows.InsertOne(ctx, secretRow{ID: name, Sealed: v.Seal(bound, made)})
	if err == nil {
		return made, nil
	}
	if !mongodb.IsDuplicateKey(err) {
		return nil, err
	}
	var row secretRow
	if err := rows.FindOne(ctx, bson.D{{Key: "_id", Value: name}}).Decode(&row); err != nil {
		return nil, err
	}
	return v.Open(bound, row.Sealed)
}

func blobKey(account ids.Account, id ids.Media) string { return string(account) + "/" + id.String() }

// Keep stores a file and its row.
func (s *Service) Keep(ctx context.Context, account ids.Account, content io.Reader, hint Hint) (File, error) {
	return s.keep(ctx, File{ID: hint.id(), Account: account}, content, hint)
}

func (s *Service) keep(ctx context.Context, file File, content io.Reader, hint Hint) (File, error) {
	stored, err := Save(ctx, s.Blobs, blobKey(file.Account, file.ID), content, hint)
	if err != nil {
		return File{}, err
	}
	file.Message, file.Contact = hint.Message, hint.Contact
	return s.record(ctx, file, stored)
}

// recordPatience is how long the writing of a file's row may take. It goes on
// when the caller leaves: bytes and row stay, or neither.
const recordPatience = 15 * time.Second

// record writes a stored file's row; without it the bytes go again.
func (s *Service) record(ctx context.Context, file File, stored Stored) (File, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordPatience)
	defer cancel()
	file.Kind, file.Mimetype, file.FileName = stored.Kind, stored.Mimetype, stored.FileName
	file.Size, file.SHA256, file.CreatedAt = stored.Size, stored.SHA256, s.Now()
	if !file.Message.IsZero() || !file.Contact.IsZero() {
		file.CheckAt = file.CreatedAt.Add(strayAfter)
	}
	_, err := s.rows.InsertOne(ctx, file)
	if mongodb.IsDuplicateKey(err) { // an earlier run of the same upload
		return s.find(ctx, file.ID)
	}
	if err != nil {
		return s.unrecorded(context.WithoutCancel(ctx), file, err)
	}
	return file, nil
}

// unrecorded looks what became of a row whose writing failed: it may be there all
// the same. The bytes go only where it surely is not.
func (s *Service) unrecorded(ctx context.Context, file File, err error) (File, error) {
	ctx, cancel := context.WithTimeout(ctx, recordPatience)
	defer cancel()
	kept, looked := s.find(ctx, file.ID)
	if looked == nil {
		return kept, nil
	}
	err = fmt.Errorf("record file %s: %w", file.ID, err)
	if !fault.Is(looked, fault.NotFound) {
		return File{}, errors.Join(err, looked)
	}
	return File{}, errors.Join(err, s.Blobs.Delete(ctx, blobKey(file.Account, file.ID)))
}

// Resolve brings the file of a caller's mediaUri into the store: an id of ours,
// an http(s) address, or an s3:// one of a bucket that the operator lists. Its
// faults name the field `mediaUri`.
func (s *Service) Resolve(ctx context.Context, account ids.Account, uri string, hint Hint) (File, error) {
	file, err := s.resolve(ctx, account, uri, hint)
	var f *fault.Error
	if errors.As(err, &f) && len(f.Fields) == 0 && (f.Code == fault.MediaUnavailable || f.Code == fault.MediaTooLarge) {
		f.Fields = []fault.Field{{Field: "mediaUri", Code: string(f.Code), Message: f.Detail}}
	}
	return file, err
}

func (s *Service) resolve(ctx context.Context, account ids.Account, uri string, hint Hint) (File, error) {
	if id, err := ids.Parse[ids.Media](uri); err == nil {
		return s.own(ctx, account, id, hint)
	}
	at, err := url.Parse(uri)
	if err != nil {
		return File{}, fault.Invalid("mediaUri", "malformed", "This is neither an address nor the id of a file.")
	}
	switch at.Scheme {
	case "http", "https":
		return s.fetch(ctx, account, uri, hint)
	case "s3":
		return s.fromBucket(ctx, account, at, hint)
	default:
		return File{}, fault.Invalid("mediaUri", "scheme", "Give an http(s) address, an s3:// one, or the id of an uploaded file.")
	}
}

func (s *Service) own(ctx context.Context, account ids.Account, id ids.Media, hint Hint) (File, error) {
	var file File
	err := s.rows.FindOne(ctx, bson.D{{Key: "_id", Value: id}, {Key: "accountId", Value: account}}).Decode(&file)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return File{}, fault.Invalid("mediaUri", "unknown", "There is no file %s in this account.", id)
	}
	if err == nil && hint.MaxBytes > 0 && file.Size > hint.MaxBytes {
		return File{}, fault.New(fault.MediaTooLarge, "File %s has %d bytes, more than the %d that are taken here.", id, file.Size, hint.MaxBytes)
	}
	if err != nil || file.Uploaded {
		return file, err
	}
	return s.copied(ctx, file, hint.Message)
}

// copied makes a file of its own of one that belongs to a message: that
// message's end must not take it along.
func (s *Service) copied(ctx context.Context, file File, message ids.Message) (File, error) {
	content, err := s.Blobs.Open(ctx, blobKey(file.Account, file.ID), Range{})
	if err != nil {
		return File{}, fault.Wrap(err, fault.MediaUnavailable, "File %s could not be read.", file.ID)
	}
	defer content.Close()
	return s.Keep(ctx, file.Account, content, Hint{Mimetype: file.Mimetype, FileName: file.FileName, MaxBytes: file.Size, Message: message})
}

func (s *Service) fetch(ctx context.Context, account ids.Account, uri string, hint Hint) (File, error) {
	file := File{ID: hint.id(), Account: account, Message: hint.Message}
	stored, err := Fetch(ctx, s.Client, s.Blobs, blobKey(account, file.ID), uri, hint)
	if err != nil {
		return File{}, err
	}
	return s.record(ctx, file, stored)
}

func (s *Service) fromBucket(ctx context.Context, account ids.Account, at *url.URL, hint Hint) (File, error) {
	if !slices.Contains(s.Buckets, at.Host) {
		return File{}, fault.Invalid("mediaUri", "bucket", "Bucket %q is not one that the operator lists in OMNI_MEDIA_BUCKETS.", at.Host)
	}
	bucket, err := s.bucket(ctx, at.Host)
	if err != nil {
		return File{}, fault.Wrap(err, fault.MediaUnavailable, "Bucket %q could not be reached.", at.Host)
	}
	key := strings.TrimPrefix(at.Path, "/")
	content, err := bucket.Open(ctx, key, Range{})
	if err != nil {
		return File{}, fault.Wrap(err, fault.MediaUnavailable, "The file could not be read from bucket %q.", at.Host)
	}
	defer content.Close()
	if hint.FileName == "" {
		hint.FileName = key[strings.LastIndex(key, "/")+1:]
	}
	return s.Keep(ctx, account, content, hint)
}

// bucket gives one of Buckets, which stays open once it was reached.
func (s *Service) bucket(ctx context.Context, name string) (Blobs, error) {
	if open, there := s.open.Load(name); there {
		return open.(Blobs), nil
	}
	bucket, err := s.OpenBucket(ctx, name)
	if err == nil {
		s.open.Store(name, bucket)
	}
	return bucket, err
}

// Open reads a stored file from its start.
func (s *Service) Open(ctx context.Context, id ids.Media) (io.ReadCloser, error) {
	file, err := s.find(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.Blobs.Open(ctx, blobKey(file.Account, id), Range{})
}

func (s *Service) find(ctx context.Context, id ids.Media) (File, error) {
	var file File
	err := s.rows.FindOne(ctx, bson.D{{Key: "_id", Value: id}}).Decode(&file)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return File{}, fault.Missing("file", id)
	}
	return file, err
}

// Release deletes a file that was kept for a message, and tells whether it
// did: one that a caller uploaded stays, one that is gone is no error. The
// bytes go first: a row without bytes can be released again, bytes without a
// row cannot be found.
func (s *Service) Release(ctx context.Context, id ids.Media) (bool, error) {
	file, err := s.find(ctx, id)
	if fault.Is(err, fault.NotFound) || err == nil && file.Uploaded {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := s.Blobs.Delete(ctx, blobKey(file.Account, id)); err != nil {
		return false, err
	}
	_, err = s.rows.DeleteOne(ctx, bson.D{{Key: "_id", Value: id}})
	return err == nil, err
}

// RemoveUploads deletes what callers uploaded for an account that is deleted: its
// links open nothing any more. Again is no error.
func (s *Service) RemoveUploads(ctx context.Context, account ids.Account) error {
	cursor, err := s.rows.Find(ctx, bson.D{{Key: "accountId", Value: account}, {Key: "uploaded", Value: true}})
	if err != nil {
		return fmt.Errorf("read the uploads of account %s: %w", account, err)
	}
	defer cursor.Close(context.WithoutCancel(ctx))
	for cursor.Next(ctx) {
		var file File
		if err := cursor.Decode(&file); err != nil {
			return fmt.Errorf("read the uploads of account %s: %w", account, err)
		}
		// As in Release, the bytes go first.
		if err := s.Blobs.Delete(ctx, blobKey(account, file.ID)); err != nil {
			return fmt.Errorf("delete file %s: %w", file.ID, err)
		}
		if _, err := s.rows.DeleteOne(ctx, bson.D{{Key: "_id", Value: file.ID}}); err != nil {
			return fmt.Errorf("delete file %s: %w", file.ID, err)
		}
	}
	return cursor.Err()
}

// Address is where a file is for whoever has a key of its account.
func (s *Service) Address(id ids.Media) string { return s.PublicURL + "/api/media/" + id.String() }

// Link is a file's address for everyone who has it, good for seven days.
func (s *Service) Link(id ids.Media) string {
	// To the full hour, so that a link printed twice is the same and caches.
	until := s.Now().Add(linkFor).Truncate(time.Hour).Add(time.Hour).Unix()
	return fmt.Sprintf("%s/api/media/%s?expires=%d&signature=%s", s.PublicURL, id, until, s.sign(id, until))
}

func (s *Service) sign(id ids.Media, until int64) string {
	mac := hmac.New(sha256.New, s.linkKey)
	mac.Write([]byte(id.String() + "." + strconv.FormatInt(until, 10)))
	return hex.EncodeToString(mac.Sum(nil))
}

// signed tells whether a link's signature is ours and still good.
func (s *Service) signed(id ids.Media, expires, signature string) bool {
	until, err := strconv.ParseInt(expires, 10, 64)
	return err == nil && s.Now().Unix() < until && hmac.Equal([]byte(signature), []byte(s.sign(id, until)))
}

// RotateSecrets seals the shared secrets again under the vault's current key,
// and tells how many it did.
func RotateSecrets(ctx context.Context, db *mongo.Database, v *vault.Vault) (resealed int, err error) {
	rows := db.Collection(SecretsCollection)
	cursor, err := rows.Find(ctx, bson.D{})
	if err != nil {
		return 0, err
	}
	var all []secretRow
	if err := mongodb.All(ctx, cursor, &all); err != nil {
		return 0, err
	}
	for _, row := range all {
		if !v.NeedsRotation(row.Sealed) {
			continue
		}
		bound := vault.Binding{Purpose: "secret", RowID: row.ID}
		plain, err := v.Open(bound, row.Sealed)
		if err != nil {
			return resealed, err
		}
		if _, err := rows.UpdateOne(ctx, bson.D{{Key: "_id", Value: row.ID}}, bson.D{{Key: "$set", Value: bson.D{{Key: "sealed", Value: v.Seal(bound, plain)}}}}); err != nil {
			return resealed, err
		}
		resealed++
	}
	return resealed, nil
}

// GiveUpSecrets drops the shared secrets that a key sealed which is lost, and tells
// how many they were: New makes others in their place.
func GiveUpSecrets(ctx context.Context, db *mongo.Database, key vault.KeyID) (int, error) {
	res, err := db.Collection(SecretsCollection).DeleteMany(ctx, bson.D{{Key: "sealed.keyId", Value: key}})
	if err != nil {
		return 0, fmt.Errorf("drop shared secrets: %w", err)
	}
	return int(res.DeletedCount), nil
}

// secretRow is one shared secret.
type secretRow struct {
	ID     string       `bson:"_id"`
	Sealed vault.Sealed `bson:"sealed"`
}
