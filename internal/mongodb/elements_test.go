package mongodb_test

import (
	"fmt"
	"slices"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/mongodb"
)

// The elements of rows' arrays are listed as rows are: those that fit, in order,
// whatever row they stand in, by cursor and by page.
func TestElementsAreListedLikeRows(t *testing.T) {
	t.Parallel()
	coll := collection(t)
	if err := mongodb.EnsureIndexes(t.Context(), coll, mongo.IndexModel{Keys: bson.D{{Key: "account", Value: 1}, {Key: "_id", Value: 1}}}); err != nil {
		t.Fatal(err)
	}
	var rows []any
	for first := 0; first < 240; { // rows of one to nine elements, by turns of two accounts
		size, list := first%9+1, bson.A{}
		for id := first; id < min(first+size, 240); id++ {
			list = append(list, bson.D{{Key: "_id", Value: id}, {Key: "odd", Value: id%2 == 1}})
		}
		rows = append(rows, bson.D{{Key: "_id", Value: first}, {Key: "account", Value: 1}, {Key: "list", Value: list}},
			bson.D{{Key: "_id", Value: 1000 + first}, {Key: "account", Value: 2}, {Key: "list", Value: list}})
		first += size
	}
	if _, err := coll.InsertMany(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	for _, q := range []mongodb.ListQuery{{Limit: 7}, {Limit: 7, Desc: true}, {Limit: 1, Desc: true}, {Limit: 1}, {Limit: 100}} {
		t.Run(fmt.Sprintf("%v,%d", q.Desc, q.Limit), func(t *testing.T) {
			t.Parallel()
			q.Filter, q.SortField = bson.D{{Key: "odd", Value: true}}, "in"
			q.Elements = &mongodb.Elements{Rows: bson.D{{Key: "account", Value: 1}}, Array: "list", Stages: mongo.Pipeline{
				{{Key: "$unwind", Value: "$list"}},
				{{Key: "$replaceWith", Value: bson.D{{Key: "$mergeObjects", Value: bson.A{bson.D{{Key: "in", Value: "$_id"}}, "$list"}}}}},
			}}
			want := expected(240, mongodb.ListQuery{Desc: q.Desc})
			if got := walk(t, coll, q, func(q *mongodb.ListQuery, p mongodb.ListPage[row]) { q.Cursor = p.NextCursor }); !slices.Equal(got, want) {
				t.Errorf("by cursor %v, want %v", got, want)
			}
			if got := walk(t, coll, q, func(q *mongodb.ListQuery, p mongodb.ListPage[row]) { q.Page = p.Page + 1 }); !slices.Equal(got, want) {
				t.Errorf("by page %v, want %v", got, want)
			}
			q.Elements.Rows = bson.D{{Key: "account", Value: 3}}
			if p, err := mongodb.List[row](t.Context(), coll, q); err != nil || len(p.Items) != 0 || p.Total != 0 || !p.TotalIsExact {
				t.Errorf("of nothing: %+v, %v", p, err)
			}
		})
	}
}
