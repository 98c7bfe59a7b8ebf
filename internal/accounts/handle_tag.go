package accounts

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/web"
)

type createTagRequest struct {
	Account ids.Account `path:"clientIdentifier" json:"clientIdentifier"`
	Name    string      `json:"name" validate:"required,max=100"`
	Color   string      `json:"color" validate:"omitempty,hexcolor"`
}

func (s *Service) createTag(ctx context.Context, req *createTagRequest) (TagView, error) {
	row := Tag{ID: web.NewID[ids.Tag](ctx), Account: req.Account, Name: req.Name, Color: req.Color, CreatedAt: s.now()}
	_, err := s.tags.InsertOne(ctx, row)
	if mongodb.DuplicateIndex(err) == "_id_" { // an earlier run of this same request
		return s.getTag(ctx, &tagRequest{Account: req.Account, Tag: row.ID})
	}
	return row.view(), tagTaken(err, req.Name)
}

// tagTaken says that a name is used; tags of one account differ by name.
func tagTaken(err error, name string) error {
	if mongodb.IsDuplicateKey(err) {
		return fault.New(fault.Conflict, "This account has a tag named %q already.", name)
	}
	return err
}

func (s *Service) listTags(ctx context.Context, req *listOf) (mongodb.ListPage[TagView], error) {
	page, err := mongodb.List[Tag](ctx, s.tags, req.Over(bson.D{{Key: "accountId", Value: req.Account}}, "createdAt", false))
	if err != nil {
		return mongodb.ListPage[TagView]{}, web.ListFault(err)
	}
	return web.Page(page, Tag.view), nil
}

type tagRequest struct {
	Account ids.Account `path:"clientIdentifier"`
	Tag     ids.Tag     `path:"tagId"`
}

func (r tagRequest) filter() bson.D {
	return bson.D{{Key: "_id", Value: r.Tag}, {Key: "accountId", Value: r.Account}}
}

func (s *Service) getTag(ctx context.Context, req *tagRequest) (TagView, error) {
	var row Tag
	err := s.tags.FindOne(ctx, req.filter()).Decode(&row)
	return row.view(), missing(err, "tag", req.Tag.String())
}

type updateTagRequest struct {
	Account ids.Account          `path:"clientIdentifier" json:"clientIdentifier"`
	Tag     ids.Tag              `path:"tagId" json:"-"`
	Name    web.Optional[string] `json:"name" validate:"omitempty,max=100"`
	Color   web.Optional[string] `json:"color" validate:"omitempty,hexcolor"`
}

func (s *Service) updateTag(ctx context.Context, req *updateTagRequest) (TagView, error) {
	set := bson.D{}
	if req.Name.Set {
		if req.Name.Value == "" {
			return TagView{}, fault.Invalid("name", "required", "A tag has a name; it cannot be cleared.")
		}
		set = append(set, bson.E{Key: "name", Value: req.Name.Value})
	}
	if req.Color.Set {
		set = append(set, bson.E{Key: "color", Value: req.Color.Value})
	}
	filter := tagRequest{Account: req.Account, Tag: req.Tag}
	if len(set) == 0 {
		return s.getTag(ctx, &filter)
	}
	var row Tag
	err := s.tags.FindOneAndUpdate(ctx, filter.filter(), bson.D{{Key: "$set", Value: set}}, options.FindOneAndUpdate().SetReturnDocument(options.After)).Decode(&row)
	return row.view(), tagTaken(missing(err, "tag", req.Tag.String()), req.Name.Value)
}

// removeTag deletes a tag, and takes it off the contacts that had it.
func (s *Service) removeTag(ctx context.Context, req *tagRequest) (web.None, error) {
	res, err := s.tags.DeleteOne(ctx, req.filter())
	if err != nil {
		return web.None{}, err
	}
	if res.DeletedCount == 0 {
		return web.None{}, fault.Missing("tag", req.Tag)
	}
	_, err = s.db.Collection("contacts").UpdateMany(ctx, bson.D{{Key: "accountId", Value: req.Account}, {Key: "tagIds", Value: req.Tag}},
		bson.D{{Key: "$pull", Value: bson.D{{Key: "tagIds", Value: req.Tag}}}})
	return web.None{}, err
}
