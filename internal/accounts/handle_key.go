package accounts

import (
	"context"
	"crypto/sha256"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/web"
)

// accountID is empty, or made of the id that the request reserved.
func accountID(ctx context.Context) ids.Account {
	reserved, ok := web.Reserved[ids.Tag](ctx)
	if !ok {
		return ""
	}
	return ids.Account(uuid.NewSHA1(uuid.NameSpaceOID, reserved[:]).String())
}

type createKeyRequest struct {
	Account ids.Account `path:"clientIdentifier" json:"clientIdentifier"`
	Name    string      `json:"name" validate:"required,max=200"`
}

func (s *Service) createKey(ctx context.Context, req *createKeyRequest) (KeyView, error) {
	text, row, err := s.CreateKey(ctx, req.Account, false, req.Name)
	view := row.view()
	view.Key = text
	return view, err
}

type listOf struct {
	Account ids.Account `path:"clientIdentifier"`
	web.ListQuery
}

func (s *Service) listKeys(ctx context.Context, req *listOf) (mongodb.ListPage[KeyView], error) {
	page, err := mongodb.List[Key](ctx, s.keys, req.Over(bson.D{{Key: "accountId", Value: req.Account}}, "createdAt", false))
	if err != nil {
		return mongodb.ListPage[KeyView]{}, web.ListFault(err)
	}
	return web.Page(page, Key.view), nil
}

type keyRequest struct {
	Account ids.Account `path:"clientIdentifier"`
	Key     ids.APIKey  `path:"apiKeyId"`
}

func (r keyRequest) filter() bson.D {
	return bson.D{{Key: "_id", Value: r.Key}, {Key: "accountId", Value: r.Account}}
}

func (s *Service) getKey(ctx context.Context, req *keyRequest) (KeyView, error) {
	var row Key
	err := s.keys.FindOne(ctx, req.filter()).Decode(&row)
	return row.view(), missing(err, "API key", req.Key.String())
}

type updateKeyRequest struct {
	Account ids.Account `path:"clientIdentifier" json:"clientIdentifier"`
	Key     ids.APIKey  `path:"apiKeyId" json:"-"`
	Name    string      `json:"name" validate:"required,max=200"`
}

func (s *Service) updateKey(ctx context.Context, req *updateKeyRequest) (KeyView, error) {
	var row Key
	err := s.keys.FindOneAndUpdate(ctx, keyRequest{Account: req.Account, Key: req.Key}.filter(),
		bson.D{{Key: "$set", Value: bson.D{{Key: "name", Value: req.Name}}}}, options.FindOneAndUpdate().SetReturnDocument(options.After)).Decode(&row)
	return row.view(), missing(err, "API key", req.Key.String())
}

// removeKey revokes a key: at once here, within CacheFor on other servers.
func (s *Service) removeKey(ctx context.Context, req *keyRequest) (web.None, error) {
	var row Key
	err := s.keys.FindOneAndDelete(ctx, req.filter()).Decode(&row)
	if len(row.Hash) == sha256.Size {
		s.seen.Remove([sha256.Size]byte(row.Hash))
	}
	return web.None{}, missing(err, "API key", req.Key.String())
}
