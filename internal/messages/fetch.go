package messages

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/jobs"
	"github.com/cirrus/omnichannel/internal/media"
	"github.com/cirrus/omnichannel/internal/providers"
)

const (
	// fetchFirst is when the fetchers look at a file that the server which took
	// the message in did not fetch at once: it may have died.
	fetchFirst = 30 * time.Second
	// fetchHold is how long one try may take before another server tries.
	fetchHold = 10 * time.Minute
	// fetchLook is how many due files are looked at in one step.
	fetchLook = 1000
)

// fetchPauses are the waits between tries of one file. They are few and long:
// a provider locks the endpoint of who asks for a dead file again and again.
var fetchPauses = []time.Duration{5 * time.Second, time.Minute, 10 * time.Minute, time.Hour, 6 * time.Hour}

// fetchSoon starts fetching the files that these changes have named. What has
// no room here is found by the fetchers' loop.
func (s *Service) fetchSoon(changes []change) {
	for _, ch := range changes {
		if passing, is := ch.(*gatewayChange); is && passing.hasFile() && !passing.duplicate && !passing.ignored {
			s.passInTurn(passing.file, passing.ch, passing.in.Payload.(providers.MessageReceived).Media)
		}
		in, ok := ch.(*inboundChange)
		if ok && in.passes {
			s.passInTurn(in.file, in.ch, in.in.Media)
		}
		if !ok || in.in.Media == nil || in.result.duplicate || in.result.ignored {
			continue
		}
		// Only while nobody has tried: the line may be longer than fetchFirst.
		s.fetchInTurn(in.ch.ID, in.result.message, hostOf(in.ch.Provider, in.in.Media), bson.E{Key: "media.tries", Value: nil})
	}
}

// fetchDue starts fetching the files whose time has come.
func (s *Service) fetchDue(ctx context.Context) error {
	now := s.now()
	rows, err := s.due(ctx, bson.E{Key: "media.status", Value: MediaPending}, "media.nextAt", now,
		options.Find().SetLimit(fetchLook).SetProjection(bson.D{{Key: "channelId", Value: 1}, {Key: "media.ref", Value: 1}}))
	if err != nil {
		return fmt.Errorf("read pending files: %w", err)
	}
	for _, row := range rows {
		var provider providers.Name // of a channel that is gone: its file is tried, and fails
		ch, err := s.channels.Get(ctx, row.Channel)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if err == nil {
			provider = ch.Provider
		}
		s.fetchInTurn(row.Channel, row.ID, hostOf(provider, row.Media.Ref), bson.E{Key: "media.nextAt", Value: bson.D{{Key: "$lte", Value: now}}})
	}
	return nil
}

// fetchInTurn fetches a message's file. still is what must be true of the row
// then: else another server has the file.
func (s *Service) fetchInTurn(channel ids.Channel, message ids.Message, host string, still bson.E) {
	s.inTurn(message, host, func(ctx context.Context) {
		err := s.fetchOne(ctx, bson.D{{Key: "_id", Value: message}, {Key: "channelId", Value: channel}, {Key: "media.status", Value: MediaPending}, still})
		if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
			slog.Warn("what became of a file could not be recorded", "message_id", message.String(), "error", err)
		}
	})
}

// inTurn fetches something as soon as there is room for one more of its host,
// unless that is booked already. When the server stops first, the row is still
// there.
func (s *Service) inTurn(what ids.Message, host string, fetch func(ctx context.Context)) {
	if !s.fetchers.book(what, host) {
		return
	}
	if !s.senders.begin() {
		s.fetchers.strike(what, host)
		return
	}
	go func() {
		defer s.senders.wg.Done()
		defer s.fetchers.strike(what, host)
		leave, err := s.fetchers.enter(s.senders.begins, host)
		if err != nil {
			return
		}
		defer leave()
		fetch(s.senders.ctx)
	}()
}

// fetchOne claims one pending file and brings it into the store.
func (s *Service) fetchOne(ctx context.Context, filter bson.D) error {
	var row Message
	err := s.store.messages.FindOneAndUpdate(ctx, filter, bson.D{
		{Key: "$set", Value: bson.D{{Key: "media.nextAt", Value: s.now().Add(fetchHold)}}},
		{Key: "$inc", Value: bson.D{{Key: "media.tries", Value: 1}, {Key: "rev", Value: 1}}},
	}, options.FindOneAndUpdate().SetReturnDocument(options.After)).Decode(&row)
	if err != nil {
		return err
	}
	file, err := s.bring(ctx, row)
	if err == nil {
		return s.mediaDone(ctx, row, Media{ID: file.ID, Mimetype: file.Mimetype, FileName: file.FileName, Size: file.Size, SHA256: file.SHA256, Status: MediaReady})
	}
	slog.WarnContext(ctx, "a file was not fetched", "message_id", row.ID.String(), "try", row.Media.Tries, "error", err)
	if again(err) && row.Media.Tries <= len(fetchPauses) {
		_, err := s.store.messages.UpdateOne(ctx, bson.D{{Key: "_id", Value: row.ID}, {Key: "channelId", Value: row.Channel}},
			bson.D{{Key: "$set", Value: bson.D{{Key: "media.nextAt", Value: s.now().Add(fetchPauses[row.Media.Tries-1])}}}, {Key: "$inc", Value: bson.D{{Key: "rev", Value: 1}}}})
		return err
	}
	failed := *row.Media
	failed.Status, failed.Error, failed.NextAt, failed.Ref, failed.Reserved = MediaFailed, reasonOf(err), time.Time{}, nil, ids.Media{}
	return s.mediaDone(ctx, row, failed)
}

// bring opens the file where the message says it is and keeps it.
func (s *Service) bring(ctx context.Context, row Message) (media.File, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchHold/2)
	defer cancel()
	ref := row.Media.Ref
	if ref == nil {
		return media.File{}, fault.New(fault.MediaUnavailable, "The message names no place to fetch its file from.")
	}
	ch, err := s.channels.Get(ctx, row.Channel)
	if err != nil {
		return media.File{}, err
	}
	hint := media.Hint{Mimetype: ref.Mimetype, FileName: ref.FileName, MaxBytes: ch.Settings.MediaMaxBytes, Message: row.ID, ID: row.Media.Reserved}
	if ref.Foreign {
		return s.files.Resolve(ctx, row.Account, ref.URL, hint)
	}
	return s.fetch(ctx, ch, *ref, hint)
}

// fetch opens a file where its provider has it and keeps it.
func (s *Service) fetch(ctx context.Context, ch channels.Channel, ref providers.MediaRef, hint media.Hint) (media.File, error) {
	conn, err := s.channels.Conn(ctx, ch.ID)
	if err != nil {
		return media.File{}, err
	}
	fetcher, ok := conn.(providers.MediaFetcher)
	if !ok {
		return media.File{}, fault.New(fault.MediaUnavailable, "Provider %s has no files to fetch.", ch.Provider)
	}
	content, err := jobs.Guarded(func() (io.ReadCloser, error) { return fetcher.FetchMedia(ctx, ref) })
	if err != nil {
		return media.File{}, err
	}
	defer func() { _ = content.Close() }() // read to its end, or given up
	return s.files.Keep(ctx, ch.Account, content, hint)
}

// mediaDone commits what became of a file. A file that nobody wants any more,
// because its message was erased, is deleted.
func (s *Service) mediaDone(ctx context.Context, row Message, file Media) error {
	change := &mediaChange{channel: row.Channel, message: row.ID, media: file}
	var err error
	if change.ch, change.told, err = s.attachment(ctx, row, file); err != nil {
		return err
	}
	if err := s.group.submit(ctx, change); err != nil {
		return fmt.Errorf("record the file of message %s: %w", row.ID, err)
	}
	if change.unwanted && !file.ID.IsZero() {
		_, err := s.files.Release(ctx, file.ID)
		return err
	}
	return nil
}

// again tells whether another try may bring the file.
func again(err error) bool {
	var send *providers.SendError
	if errors.As(err, &send) {
		return send.Retryable
	}
	switch fault.CodeOf(err) {
	case fault.MediaTooLarge, fault.ValidationFailed, fault.MediaTypeUnsupported, fault.NotFound:
		return false
	default:
		return true
	}
}

// reasonOf is what the message says of its failed file.
func reasonOf(err error) string {
	var f *fault.Error
	var send *providers.SendError
	switch {
	case errors.As(err, &f):
		return f.Detail
	case errors.As(err, &send):
		return send.Detail
	default:
		return "The file could not be fetched."
	}
}
