package accounts

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/web"
)

type createRequest struct {
	Name string `json:"name" validate:"required,max=200"`
}

// create makes an account. Its id is a UUID made of the request's
// Idempotency-Key where it has one, so that a second run finds the first's.
func (s *Service) create(ctx context.Context, req *createRequest) (AccountView, error) {
	row, err := s.CreateAccount(ctx, accountID(ctx), req.Name)
	return row.view(), err
}

func (s *Service) list(ctx context.Context, req *web.ListQuery) (mongodb.ListPage[AccountView], error) {
	page, err := mongodb.List[Account](ctx, s.accounts, req.Over(bson.D{}, "createdAt", false))
	if err != nil {
		return mongodb.ListPage[AccountView]{}, web.ListFault(err)
	}
	return web.Page(page, Account.view), nil
}

type accountRequest struct {
	Account ids.Account `path:"clientIdentifier"`
}

func (s *Service) get(ctx context.Context, req *accountRequest) (AccountView, error) {
	var row Account
	err := s.accounts.FindOne(ctx, bson.D{{Key: "_id", Value: req.Account}}).Decode(&row)
	return row.view(), missing(err, "account", string(req.Account))
}

type updateRequest struct {
	Account ids.Account `path:"clientIdentifier" json:"clientIdentifier"`
	Name    string      `json:"name" validate:"required,max=200"`
}

func (s *Service) update(ctx context.Context, req *updateRequest) (AccountView, error) {
	var row Account
	err := s.accounts.FindOneAndUpdate(ctx, bson.D{{Key: "_id", Value: req.Account}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "name", Value: req.Name}}}}, options.FindOneAndUpdate().SetReturnDocument(options.After)).Decode(&row)
	return row.view(), missing(err, "account", string(req.Account))
}

// remove deletes an account that holds nothing any more: an account with
// channels has conversations behind them. Rows of deleted channels go with it;
// one whose device is still to be deleted goes with that, by the room of channels.
// What hangs on it elsewhere goes first: while that fails, the account is there to
// be deleted again.
func (s *Service) remove(ctx context.Context, req *accountRequest) (web.None, error) {
	if err := s.empty(ctx, req.Account); err != nil {
		return web.None{}, err
	}
	for _, hook := range s.removes {
		if err := hook(ctx, req.Account); err != nil {
			return web.None{}, fmt.Errorf("delete what is kept of account %s: %w", req.Account, err)
		}
	}
	err := mongodb.Transaction(ctx, s.db.Client(), func(ctx context.Context) error {
		if err := s.empty(ctx, req.Account); err != nil {
			return err
		}
		channels, own := s.db.Collection("channels"), bson.E{Key: "accountId", Value: req.Account}
		if _, err := channels.UpdateMany(ctx, bson.D{own, {Key: "link.wanted", Value: true}}, bson.D{{Key: "$set", Value: bson.D{{Key: "accountGone", Value: true}}}}); err != nil {
			return err
		}
		if _, err := channels.DeleteMany(ctx, bson.D{own, {Key: "accountGone", Value: nil}}); err != nil {
			return err
		}
		for _, rows := range []*mongo.Collection{s.keys, s.tags, s.db.Collection("platform_configs")} {
			if _, err := rows.DeleteMany(ctx, bson.D{own}); err != nil {
				return err
			}
		}
		res, err := s.accounts.DeleteOne(ctx, bson.D{{Key: "_id", Value: req.Account}})
		if err == nil && res.DeletedCount == 0 {
			err = fault.New(fault.NotFound, "There is no account %s.", req.Account)
		}
		return err
	})
	s.exist.Remove(req.Account)
	return web.None{}, err
}

// empty refuses to delete an account that has channels or contacts.
func (s *Service) empty(ctx context.Context, account ids.Account) error {
	for _, held := range []struct {
		what   string
		filter bson.D
	}{
		{"channels", bson.D{{Key: "accountId", Value: account}, {Key: "live", Value: true}}},
		{"contacts", bson.D{{Key: "accountId", Value: account}}},
	} {
		err := s.db.Collection(held.what).FindOne(ctx, held.filter).Err()
		if err == nil {
			return fault.New(fault.Conflict, "Account %s still has %s. Delete them first.", account, held.what)
		}
		if !errors.Is(err, mongo.ErrNoDocuments) {
			return err
		}
	}
	return nil
}

// missing turns "no such row" into a fault that names it.
func missing(err error, what, id string) error {
	if errors.Is(err, mongo.ErrNoDocuments) {
		return fault.New(fault.NotFound, "There is no %s %s in this account.", what, id)
	}
	return err
}
