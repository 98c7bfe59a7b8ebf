package mongodb

import (
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// Elements lets a list show the elements of its rows' arrays, in the order of the
// rows and within them. The query's Filter is about elements as Stages make them;
// its SortField is the one in which they have their row's _id, and they have an _id
// of their own that rises within the row.
type Elements struct {
	// Rows chooses the rows; the index that serves it ends with _id.
	Rows bson.D
	// Array is the field of the elements.
	Array string
	// Stages make a row its elements.
	Stages mongo.Pipeline
	// Counted are the fields of a row that Filter needs, to count by; nil: all.
	Counted bson.D
}

// readElements reads what read does.
func (q ListQuery) readElements(ctx context.Context, coll *mongo.Collection, filter bson.D, page, limit int) ([]bson.Raw, error) {
	rows, direction := slices.Clone(q.Elements.Rows), 1
	if q.Desc {
		direction = -1
	}
	if q.Cursor != "" {
		from, err := q.fromRow()
		if err != nil {
			return nil, err
		}
		rows = bson.D{{Key: "$and", Value: bson.A{rows, from}}}
	}
	pipeline := mongo.Pipeline{{{Key: "$match", Value: rows}}, {{Key: "$sort", Value: bson.D{{Key: "_id", Value: direction}}}}}
	if q.Desc {
		pipeline = append(pipeline, bson.D{{Key: "$set", Value: bson.D{{Key: q.Elements.Array, Value: bson.D{{Key: "$reverseArray", Value: "$" + q.Elements.Array}}}}}})
	}
	pipeline = append(append(pipeline, q.Elements.Stages...), bson.D{{Key: "$match", Value: filter}})
	if skip := (page - 1) * limit; q.Cursor == "" && skip > 0 {
		pipeline = append(pipeline, bson.D{{Key: "$skip", Value: skip}})
	}
	pipeline = append(pipeline, bson.D{{Key: "$limit", Value: limit + 1}})
	// Few rows are enough: without this, the server reads on for a whole answer.
	cursor, err := coll.Aggregate(ctx, pipeline, options.Aggregate().SetBatchSize(int32(limit)+1))
	if err != nil {
		return nil, err
	}
	var found []bson.Raw
	err = All(ctx, cursor, &found)
	return found, err
}

// fromRow is the filter of the rows from the cursor's on.
func (q ListQuery) fromRow() (bson.D, error) {
	at, err := decodePosition(q.Cursor, q.sortField(), q.Desc)
	if err != nil {
		return nil, err
	}
	from := "$gte"
	if q.Desc {
		from = "$lte"
	}
	return bson.D{{Key: "_id", Value: bson.D{{Key: from, Value: at.Key}}}}, nil
}

func (q ListQuery) countElements(ctx context.Context, coll *mongo.Collection) (total int64, exact bool, err error) {
	pipeline := mongo.Pipeline{{{Key: "$match", Value: q.Elements.Rows}}}
	if q.Elements.Counted != nil {
		pipeline = append(pipeline, bson.D{{Key: "$project", Value: q.Elements.Counted}})
	}
	pipeline = append(append(pipeline, q.Elements.Stages...), bson.D{{Key: "$match", Value: q.all()}}, bson.D{{Key: "$limit", Value: CountMost + 1}}, bson.D{{Key: "$count", Value: "n"}})
	cursor, err := coll.Aggregate(ctx, pipeline)
	if err != nil {
		return 0, false, err
	}
	n, err := Counted(ctx, cursor)
	return min(n, CountMost), n <= CountMost, err
}

// Counted reads the one number that a pipeline gives as n; 0 where it gives nothing.
func Counted(ctx context.Context, cursor *mongo.Cursor) (int64, error) {
	var found []struct {
		N int64 `bson:"n"`
	}
	if err := All(ctx, cursor, &found); err != nil || len(found) == 0 {
		return 0, err
	}
	return found[0].N, nil
}
