package mongodb

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// Bounds of a list.
const (
	// DefaultLimit is the page size when none is asked for.
	DefaultLimit = 20
	// MaxLimit is the largest page size.
	MaxLimit = 100
	// CountMost is how far rows are counted, and how deep a page may lie.
	CountMost = 10_000
)

// ErrBadPage marks a page or limit outside the bounds of a list.
var ErrBadPage = errors.New("the page is out of bounds")

// ListQuery asks for one page of a collection. The index that serves it
// begins with the filter's equal fields and ends with SortField and _id.
type ListQuery struct {
	// Filter chooses the rows, the account's among them; nil means all.
	Filter bson.D
	// SortField orders them, and _id after it; empty means _id alone. Every
	// row must have it, with a value of one plain type.
	SortField string
	// Unique: no two rows of the filter share SortField, so _id need not break
	// ties, nor stand in the index.
	Unique bool
	// Desc turns the order round, of both.
	Desc bool
	// Limit is the page size: 1 to MaxLimit; 0 means DefaultLimit.
	Limit int
	// Page counts from 1; 0 means 1. Ignored beside a Cursor.
	Page int
	// Cursor goes on where an earlier page ended, at constant cost; opaque.
	Cursor string
	// Projection leaves fields out, never SortField; nil means all.
	Projection bson.D
	// Elements, where it is set, lists elements of the rows in their place.
	Elements *Elements
}

// ListPage is one page, in the shape that every list of the API has.
type ListPage[T any] struct {
	Items []T `json:"items"`
	Page  int `json:"page"`
	Limit int `json:"limit"`
	// Total is counted up to CountMost; there TotalIsExact is false.
	Total        int64 `json:"total"`
	TotalIsExact bool  `json:"totalIsExact"`
	// NextCursor continues behind this page; empty on the last one.
	NextCursor string `json:"nextCursor,omitempty"`
}

// List reads one page. It fails with ErrBadCursor or ErrBadPage when the query
// cannot be one that we offer, before it asks the server anything.
func List[T any](ctx context.Context, coll *mongo.Collection, q ListQuery) (ListPage[T], error) {
	filter, page, limit, err := q.plan()
	if err != nil {
		return ListPage[T]{}, err
	}
	rows, err := q.read(ctx, coll, filter, page, limit)
	if err != nil {
		return ListPage[T]{}, fmt.Errorf("list %s: %w", coll.Name(), err)
	}
	result := ListPage[T]{Items: make([]T, 0, min(len(rows), limit)), Page: page, Limit: limit}
	for i, row := range rows {
		if i == limit { // read only to know that there is more
			if result.NextCursor, err = q.cursorAfter(rows[limit-1], page+1); err != nil {
				return ListPage[T]{}, fmt.Errorf("list %s: %w", coll.Name(), err)
			}
			break
		}
		var item T
		if err := bson.Unmarshal(row, &item); err != nil {
			return ListPage[T]{}, fmt.Errorf("list %s: decode row %s: %w", coll.Name(), row.Lookup("_id"), err)
		}
		result.Items = append(result.Items, item)
	}
	result.Total, result.TotalIsExact, err = q.count(ctx, coll)
	if err != nil {
		return ListPage[T]{}, fmt.Errorf("count %s: %w", coll.Name(), err)
	}
	return result, nil
}

func (q ListQuery) sortField() string {
	if q.SortField == "" {
		return "_id"
	}
	return q.SortField
}

// plan checks the query and gives the filter of the wanted page's rows on.
func (q ListQuery) plan() (filter bson.D, page, limit int, err error) {
	page, limit = max(q.Page, 1), q.Limit
	if limit == 0 {
		limit = DefaultLimit
	}
	if q.Page < 0 || limit < 1 || limit > MaxLimit {
		return nil, 0, 0, fmt.Errorf("%w: page counts from 1, limit is 1 to %d", ErrBadPage, MaxLimit)
	}
	filter = q.all()
	if q.Cursor != "" {
		at, err := decodePosition(q.Cursor, q.sortField(), q.Desc)
		if err != nil {
			return nil, 0, 0, err
		}
		return bson.D{{Key: "$and", Value: bson.A{filter, q.after(at)}}}, at.Page, limit, nil
	}
	if page > CountMost/limit {
		return nil, 0, 0, fmt.Errorf("%w: page times limit is over %d, go on with nextCursor instead", ErrBadPage, CountMost)
	}
	return filter, page, limit, nil
}

func (q ListQuery) all() bson.D {
	if q.Filter == nil {
		return bson.D{}
	}
	return q.Filter
}

// after is the filter of the rows behind a position. The outer bound on the
// sort field is what an index can seek to.
func (q ListQuery) after(at position) bson.D {
	from, beyond := "$gte", "$gt"
	if q.Desc {
		from, beyond = "$lte", "$lt"
	}
	field := q.sortField()
	if q.Unique && field != "_id" {
		return bson.D{{Key: field, Value: bson.D{{Key: beyond, Value: at.Key}}}}
	}
	if field == "_id" {
		return bson.D{{Key: "_id", Value: bson.D{{Key: beyond, Value: at.ID}}}}
	}
	return bson.D{
		{Key: field, Value: bson.D{{Key: from, Value: at.Key}}},
		{Key: "$or", Value: bson.A{
			bson.D{{Key: field, Value: bson.D{{Key: beyond, Value: at.Key}}}},
			bson.D{{Key: "_id", Value: bson.D{{Key: beyond, Value: at.ID}}}},
		}},
	}
}

func (q ListQuery) read(ctx context.Context, coll *mongo.Collection, filter bson.D, page, limit int) ([]bson.Raw, error) {
	if q.Elements != nil {
		return q.readElements(ctx, coll, filter, page, limit)
	}
	direction := 1
	if q.Desc {
		direction = -1
	}
	order := bson.D{{Key: q.sortField(), Value: direction}}
	if q.sortField() != "_id" && !q.Unique {
		order = append(order, bson.E{Key: "_id", Value: direction})
	}
	find := options.Find().SetSort(order).SetLimit(int64(limit) + 1)
	if q.Cursor == "" {
		find.SetSkip(int64(page-1) * int64(limit))
	}
	if q.Projection != nil {
		find.SetProjection(q.Projection)
	}
	cursor, err := coll.Find(ctx, filter, find)
	if err != nil {
		return nil, err
	}
	var rows []bson.Raw
	err = All(ctx, cursor, &rows)
	return rows, err
}

func (q ListQuery) cursorAfter(row bson.Raw, page int) (string, error) {
	id := row.Lookup("_id")
	key := row.Lookup(strings.Split(q.sortField(), ".")...)
	if !plain(key) || !plain(id) {
		return "", fmt.Errorf("row %s has no plain value in %s, by which the list is sorted", id, q.sortField())
	}
	return position{Version: cursorVersion, Field: q.sortField(), Desc: q.Desc, Page: page, Key: key, ID: id}.encode()
}

func (q ListQuery) count(ctx context.Context, coll *mongo.Collection) (total int64, exact bool, err error) {
	if q.Elements != nil {
		return q.countElements(ctx, coll)
	}
	n, err := coll.CountDocuments(ctx, q.all(), options.Count().SetLimit(CountMost+1))
	return min(n, CountMost), n <= CountMost, err
}
