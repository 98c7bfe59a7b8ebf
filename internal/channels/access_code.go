package channels

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/vault"
)

// AccessCode tells of a channel's access code, never the code itself.
type AccessCode struct {
	Set   bool
	Since time.Time // zero: there is none, or it is from before this was kept
}

// setAccessCode puts another code in the place of the one there is; empty takes
// it away.
func (c *credentials) setAccessCode(code vault.Secret, now time.Time) {
	if code == c.AccessCode {
		return
	}
	if c.AccessCode, c.AccessCodeAt = code, now.Unix(); code == "" {
		c.AccessCodeAt = 0
	}
}

func (c credentials) accessCode() AccessCode {
	told := AccessCode{Set: c.AccessCode != ""}
	if c.AccessCodeAt != 0 {
		told.Since = time.Unix(c.AccessCodeAt, 0).UTC()
	}
	return told
}

// KnowsAccessCode tells whether a text is the channel's access code, in a time
// that tells nothing of it.
func (s *Service) KnowsAccessCode(ctx context.Context, id ids.Channel, code string) (bool, error) {
	l, err := s.loadOpened(ctx, id)
	if err != nil {
		return false, err
	}
	return l.secrets.AccessCode != "" && equal(l.secrets.AccessCode, code), nil
}

// AccessCode tells whether a channel has an access code, and since when.
func (s *Service) AccessCode(ctx context.Context, id ids.Channel) (AccessCode, error) {
	l, err := s.loadOpened(ctx, id)
	return l.secrets.accessCode(), err
}

// NewAccessCode makes a channel another access code, of 130 random bits, and
// gives it: nobody can ask for it again. The one before opens nothing any more,
// here at once, on other servers within CacheFor.
func (s *Service) NewAccessCode(ctx context.Context, id ids.Channel) (string, AccessCode, error) {
	code := vault.Secret(rand.Text())
	var made AccessCode
	var account ids.Account
	err := mongodb.Transaction(ctx, s.db.Client(), func(ctx context.Context) error {
		before, err := s.read(ctx, id)
		if err != nil {
			return err
		}
		secrets, err := s.unsealAnew(before)
		if err != nil {
			return err
		}
		secrets.setAccessCode(code, s.now())
		after := before
		after.Credentials, made, account = s.seal(id, secrets), secrets.accessCode(), before.Account
		return s.write(ctx, before, after)
	})
	s.cache.written(id, account)
	if err != nil {
		return "", AccessCode{}, err
	}
	return code.Reveal(), made, nil
}
