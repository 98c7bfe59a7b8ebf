package mongodb

import (
	"errors"
	"reflect"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
)

func value(t testing.TB, v any) bson.RawValue {
	t.Helper()
	kind, text, err := bson.MarshalValue(v)
	if err != nil {
		t.Fatal(err)
	}
	return bson.RawValue{Type: kind, Value: text}
}

func FuzzDecodePosition(f *testing.F) {
	for _, key := range []any{"José", int32(7), int64(7), 1.5, true, bson.NewObjectID(), bson.DateTime(0)} {
		good := position{Version: cursorVersion, Field: "name", Page: 2, Key: value(f, key), ID: value(f, bson.NewObjectID())}
		text, err := good.encode()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
		back, err := decodePosition(text, "name", false)
		if err != nil || !back.Key.Equal(good.Key) || !back.ID.Equal(good.ID) || back.Page != 2 {
			f.Fatalf("%v became %v, %v", good, back, err)
		}
	}
	f.Add("")
	f.Add("BQAAAAA")
	f.Fuzz(func(t *testing.T, cursor string) {
		at, err := decodePosition(cursor, "name", false)
		if err != nil {
			if !errors.Is(err, ErrBadCursor) {
				t.Fatalf("%q: %v", cursor, err)
			}
			return
		}
		// What is accepted can be asked of the server, and written again.
		if _, err := bson.Marshal(ListQuery{SortField: "name"}.after(at)); err != nil {
			t.Fatalf("%q: %v", cursor, err)
		}
		again, err := at.encode()
		if err != nil {
			t.Fatalf("%q: %v", cursor, err)
		}
		if back, err := decodePosition(again, "name", false); err != nil || !reflect.DeepEqual(back.Key.Value, at.Key.Value) {
			t.Fatalf("%q: %v, %v", cursor, back, err)
		}
	})
}
