package mongodb_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
)

type row struct {
	ID      int    `bson:"_id"`
	Account int    `bson:"account"`
	Name    string `bson:"name"`
}

// fill stores n rows of two accounts in random order, with few names, so that
// the sort field alone does not decide.
func fill(t *testing.T, coll *mongo.Collection, n int) {
	t.Helper()
	rows := make([]any, 0, n)
	for _, i := range rand.Perm(n) {
		rows = append(rows, row{ID: i, Account: i % 2, Name: fmt.Sprintf("name %d", i%7)})
	}
	if _, err := coll.InsertMany(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	index := mongo.IndexModel{Keys: bson.D{{Key: "account", Value: 1}, {Key: "name", Value: 1}, {Key: "_id", Value: 1}}}
	if err := mongodb.EnsureIndexes(t.Context(), coll, index); err != nil {
		t.Fatal(err)
	}
}

// expected gives account 1's ids in the order of a query.
func expected(n int, q mongodb.ListQuery) []int {
	var ids []int
	for i := 1; i < n; i += 2 {
		ids = append(ids, i)
	}
	slices.SortFunc(ids, func(a, b int) int {
		if q.SortField == "name" && a%7 != b%7 {
			return a%7 - b%7
		}
		return a - b
	})
	if q.Desc {
		slices.Reverse(ids)
	}
	return ids
}

func TestListWalks(t *testing.T) {
	t.Parallel()
	coll := collection(t)
	const n = 240
	fill(t, coll, n)
	for _, q := range []mongodb.ListQuery{
		{SortField: "name"}, {SortField: "name", Desc: true, Limit: 7}, {Limit: 100}, {Desc: true, Limit: 60}, {SortField: "_id", Limit: 1},
	} {
		q.Filter = bson.D{{Key: "account", Value: 1}}
		t.Run(fmt.Sprintf("%s,%v,%d", q.SortField, q.Desc, q.Limit), func(t *testing.T) {
			t.Parallel()
			want := expected(n, q)
			if got := walk(t, coll, q, func(q *mongodb.ListQuery, p mongodb.ListPage[row]) { q.Cursor = p.NextCursor }); !slices.Equal(got, want) {
				t.Errorf("by cursor %v, want %v", got, want)
			}
			if got := walk(t, coll, q, func(q *mongodb.ListQuery, p mongodb.ListPage[row]) { q.Page = p.Page + 1 }); !slices.Equal(got, want) {
				t.Errorf("by page %v, want %v", got, want)
			}
		})
	}
}

// walk reads all pages and checks what each says of itself.
func walk(t *testing.T, coll *mongo.Collection, q mongodb.ListQuery, next func(*mongodb.ListQuery, mongodb.ListPage[row])) []int {
	t.Helper()
	var ids []int
	for page := 1; ; page++ {
		p, err := mongodb.List[row](t.Context(), coll, q)
		if err != nil {
			t.Fatal(err)
		}
		limit := q.Limit
		if limit == 0 {
			limit = mongodb.DefaultLimit
		}
		if p.Page != page || p.Limit != limit || p.Total != 120 || !p.TotalIsExact || len(p.Items) > limit {
			t.Fatalf("page %d: %d items, page %d, limit %d, total %d", page, len(p.Items), p.Page, p.Limit, p.Total)
		}
		for _, r := range p.Items {
			ids = append(ids, r.ID)
		}
		if p.NextCursor == "" {
			return ids
		}
		next(&q, p)
	}
}

func TestListOfNothing(t *testing.T) {
	t.Parallel()
	p, err := mongodb.List[row](t.Context(), collection(t), mongodb.ListQuery{})
	if err != nil || p.Items == nil || len(p.Items) != 0 || p.Page != 1 || p.Total != 0 || !p.TotalIsExact || p.NextCursor != "" {
		t.Fatalf("%+v, %v", p, err)
	}
}

func TestListCountsUpToABound(t *testing.T) {
	t.Parallel()
	coll := collection(t)
	fill(t, coll, mongodb.CountMost)
	p, err := mongodb.List[row](t.Context(), coll, mongodb.ListQuery{Page: 100, Limit: 100})
	if err != nil || p.Total != mongodb.CountMost || !p.TotalIsExact || len(p.Items) != 100 {
		t.Fatalf("at the bound: %d items of %d, %v, %v", len(p.Items), p.Total, p.TotalIsExact, err)
	}
	if _, err := coll.InsertOne(t.Context(), row{ID: -1}); err != nil {
		t.Fatal(err)
	}
	p, err = mongodb.List[row](t.Context(), coll, mongodb.ListQuery{Limit: 1})
	if err != nil || p.Total != mongodb.CountMost || p.TotalIsExact {
		t.Fatalf("over the bound: total %d, exact %v, %v", p.Total, p.TotalIsExact, err)
	}
}

func TestListRefuses(t *testing.T) {
	t.Parallel()
	coll := collection(t)
	fill(t, coll, 30)
	p, err := mongodb.List[row](t.Context(), coll, mongodb.ListQuery{SortField: "name", Limit: 5})
	if err != nil || p.NextCursor == "" {
		t.Fatalf("%+v, %v", p, err)
	}
	good := p.NextCursor
	encode := func(d bson.D) string {
		text, err := bson.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(text)
	}
	forged := func(version, page int, key any) string {
		return encode(bson.D{{Key: "v", Value: version}, {Key: "f", Value: "name"}, {Key: "d", Value: false},
			{Key: "p", Value: page}, {Key: "k", Value: key}, {Key: "i", Value: 1}})
	}
	for _, c := range []struct {
		name string
		q    mongodb.ListQuery
		want error
	}{
		{"a limit over the bound", mongodb.ListQuery{Limit: 101}, mongodb.ErrBadPage},
		{"a limit below", mongodb.ListQuery{Limit: -1}, mongodb.ErrBadPage},
		{"a page below", mongodb.ListQuery{Page: -1}, mongodb.ErrBadPage},
		{"too deep", mongodb.ListQuery{Page: 501}, mongodb.ErrBadPage},
		{"deepest", mongodb.ListQuery{Page: 500}, nil},
		{"cursor", mongodb.ListQuery{SortField: "name", Cursor: good}, nil},
		{"forged, but plain", mongodb.ListQuery{SortField: "name", Cursor: forged(1, 2, "name 3")}, nil},
		{"of another order", mongodb.ListQuery{SortField: "name", Desc: true, Cursor: good}, mongodb.ErrBadCursor},
		{"of another field", mongodb.ListQuery{Cursor: good}, mongodb.ErrBadCursor},
		{"cut", mongodb.ListQuery{SortField: "name", Cursor: good[:len(good)-4]}, mongodb.ErrBadCursor},
		{"no base64", mongodb.ListQuery{SortField: "name", Cursor: "~" + good}, mongodb.ErrBadCursor},
		{"a long one", mongodb.ListQuery{SortField: "name", Cursor: strings.Repeat("A", 1<<20)}, mongodb.ErrBadCursor},
		{"of the future", mongodb.ListQuery{SortField: "name", Cursor: forged(2, 2, "a")}, mongodb.ErrBadCursor},
		{"of no page", mongodb.ListQuery{SortField: "name", Cursor: forged(1, 0, "a")}, mongodb.ErrBadCursor},
		{"an operator", mongodb.ListQuery{SortField: "name", Cursor: forged(1, 2, bson.D{{Key: "$gt", Value: ""}})}, mongodb.ErrBadCursor},
		{"a pattern", mongodb.ListQuery{SortField: "name", Cursor: forged(1, 2, bson.Regex{Pattern: ".*"})}, mongodb.ErrBadCursor},
	} {
		if _, err := mongodb.List[row](t.Context(), coll, c.q); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

func TestListNamesARowWithoutItsSortField(t *testing.T) {
	t.Parallel()
	coll := collection(t)
	for id := range 2 {
		if _, err := coll.InsertOne(t.Context(), bson.D{{Key: "_id", Value: id}}); err != nil {
			t.Fatal(err)
		}
	}
	_, err := mongodb.List[row](t.Context(), coll, mongodb.ListQuery{SortField: "name", Limit: 1})
	if err == nil || !strings.Contains(err.Error(), "no plain value in name") {
		t.Fatalf("got %v", err)
	}
}

// A deep walk costs what its page costs: no in-memory sort, and keys examined
// in the order of the page's size.
func TestListSeeks(t *testing.T) {
	t.Parallel()
	coll := collection(t)
	fill(t, coll, 4000)
	var find bson.Raw
	client, err := mongodb.Connect(t.Context(), mongotest.URI(t), mongodb.Options{Monitor: &event.CommandMonitor{
		Started: func(_ context.Context, e *event.CommandStartedEvent) {
			if e.CommandName == "find" {
				find = append(bson.Raw(nil), e.Command...)
			}
		}}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Disconnect(context.Background()) }()
	watched := client.Database(coll.Database().Name()).Collection(coll.Name())
	for _, desc := range []bool{false, true} {
		q := mongodb.ListQuery{Filter: bson.D{{Key: "account", Value: 1}}, SortField: "name", Desc: desc, Limit: 100}
		for range 15 {
			p, err := mongodb.List[row](t.Context(), watched, q)
			if err != nil {
				t.Fatal(err)
			}
			q.Cursor = p.NextCursor
		}
		checkSeek(t, coll.Database(), find)
	}
}

func checkSeek(t *testing.T, db *mongo.Database, find bson.Raw) {
	t.Helper()
	var command bson.D
	if err := bson.Unmarshal(find, &command); err != nil {
		t.Fatal(err)
	}
	command = slices.DeleteFunc(command, func(e bson.E) bool {
		return e.Key == "lsid" || strings.HasPrefix(e.Key, "$") || e.Key == "txnNumber"
	})
	raw, err := db.RunCommand(t.Context(), bson.D{{Key: "explain", Value: command}, {Key: "verbosity", Value: "executionStats"}}).Raw()
	if err != nil {
		t.Fatal(err)
	}
	plan := raw.Lookup("queryPlanner", "winningPlan").String()
	if strings.Contains(plan, `"SORT"`) || strings.Contains(plan, "COLLSCAN") {
		t.Errorf("plan %s", plan)
	}
	// At most one run of equal names (2000 rows, 7 names) beside the page.
	if keys := raw.Lookup("executionStats", "totalKeysExamined").AsInt64(); keys > 101+2000/7+2 {
		t.Errorf("%d keys examined for 101 rows: %s", keys, plan)
	}
}
