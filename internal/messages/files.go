package messages

import (
	"context"
	"io"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/media"
)

// Files is what this room needs of the media store.
type Files interface {
	// Resolve brings the file of a caller's mediaUri (http(s), s3, or an id of
	// ours) into the store. Its faults are media_unavailable, media_too_large
	// and validation_failed, all on `mediaUri`.
	Resolve(ctx context.Context, account ids.Account, uri string, hint media.Hint) (media.File, error)
	// Keep stores a provider's file.
	Keep(ctx context.Context, account ids.Account, content io.Reader, hint media.Hint) (media.File, error)
	// Open reads a stored file from its start.
	Open(ctx context.Context, id ids.Media) (io.ReadCloser, error)
	// Link is a file's address for everyone who has it, good for seven days.
	Link(id ids.Media) string
	// Release deletes a file that was kept for a message, and tells whether it
	// did: one that a caller uploaded stays, one that is gone is no error.
	Release(ctx context.Context, id ids.Media) (bool, error)
	// Doubtful gives files, at most so many, of which nobody has looked yet
	// whether the message or contact that they were kept for names them, and
	// should.
	Doubtful(ctx context.Context, most int64) ([]media.File, error)
	// Trust ends the doubt about a file: what it was kept for names it.
	Trust(ctx context.Context, id ids.Media) error
}
