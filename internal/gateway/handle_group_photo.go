package gateway

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/media"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb"
	"github.com/cirrus/omnichannel/internal/web"
)

// commandGroupPhoto changes the picture of a group.
const commandGroupPhoto = "groupPhoto"

const (
	// pictureMost is the most bytes of a file that a picture is made of.
	pictureMost = 16 << 20
	// letGoMost is how long it may take to delete such a file again.
	letGoMost = 10 * time.Second
)

// Files is what this room needs of the media store.
type Files interface {
	// Resolve brings the file of a caller's mediaUri into the store. Its faults
	// are media_unavailable, media_too_large and validation_failed on `mediaUri`.
	Resolve(ctx context.Context, account ids.Account, uri string, hint media.Hint) (media.File, error)
	// Open reads a stored file from its start.
	Open(ctx context.Context, id ids.Media) (io.ReadCloser, error)
	// Release deletes a file, unless a caller uploaded it.
	Release(ctx context.Context, id ids.Media) (bool, error)
}

// groupPhoto is a group and its new picture; empty: none.
type groupPhoto struct {
	Group   string `bson:"group"` // the user part of its id
	Picture []byte `bson:"picture,omitempty"`
}

func groupPhotoCommands(s *channels.Service) {
	answer(s, commandGroupPhoto, func(ctx context.Context, c *whatsappweb.Conn, g groupPhoto) (none, error) {
		return none{}, c.SetGroupPhoto(ctx, g.Group, g.Picture)
	})
}

type groupPhotoRequest struct {
	Number   string `path:"clientNumber" json:"-"`
	Group    string `path:"group" json:"-" validate:"max=128"`
	MediaURI string `json:"mediaUri" validate:"required,max=4096"`
}

// setGroupPhoto gives a group another picture.
func (s *Service) setGroupPhoto(ctx context.Context, req *groupPhotoRequest) (web.None, error) {
	id, err := groupOf(req.Group)
	if err != nil {
		return web.None{}, err
	}
	picture, err := s.picture(ctx, req.MediaURI)
	if err != nil {
		return web.None{}, err
	}
	return web.None{}, onField("mediaUri", inGroup(req.Group, s.askDevice(ctx, commandGroupPhoto, groupPhoto{Group: id, Picture: picture}, nil)))
}

// removeGroupPhoto takes a group's picture away.
func (s *Service) removeGroupPhoto(ctx context.Context, req *groupRequest) (web.None, error) {
	id, err := groupOf(req.Group)
	if err != nil {
		return web.None{}, err
	}
	return web.None{}, inGroup(req.Group, s.askDevice(ctx, commandGroupPhoto, groupPhoto{Group: id}, nil))
}

// picture makes a group's picture of a caller's file, which is fetched as those of
// messages are, and is not kept.
func (s *Service) picture(ctx context.Context, uri string) ([]byte, error) {
	if err := mayName(ctx, uri); err != nil {
		return nil, err
	}
	id := channelOf(ctx)
	if err := s.connected(ctx, id); err != nil {
		return nil, err // it would be fetched for nothing
	}
	ch, _, err := s.channels.Now(ctx, id)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, s.askLimit)
	defer cancel()
	// Of a message that there will never be: what is left behind is found by that.
	file, err := s.files.Resolve(ctx, ch.Account, uri, media.Hint{MaxBytes: pictureMost, Message: ids.New[ids.Message]()})
	if err != nil {
		return nil, err
	}
	defer s.letGo(ctx, file.ID)
	picture, err := whatsappweb.GroupPicture(ctx, func(ctx context.Context) (io.ReadCloser, error) { return s.files.Open(ctx, file.ID) })
	var unfit *providers.SendError
	if errors.As(err, &unfit) {
		return nil, unfit.Fault()
	}
	return picture, err
}

func (s *Service) letGo(ctx context.Context, id ids.Media) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), letGoMost)
	defer cancel()
	if _, err := s.files.Release(ctx, id); err != nil {
		slog.WarnContext(ctx, "a file that a picture was made of could not be deleted; it will be found as a stray", "media_id", id.String(), "error", err)
	}
}
