package events

import (
	"bytes"
	"reflect"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/ids"
)

// A batch is written and read as its tags say, whichever of its fields, and of its
// events', are set.
func TestABatchIsWrittenAsItsTagsSay(t *testing.T) {
	t.Parallel()
	at := time.UnixMilli(1691058600123).UTC()
	event := Row{
		ID: ids.New[ids.Event](), Type: MessageReceived, Channel: ids.New[ids.Channel](), Session: ids.New[ids.Session](), Contact: ids.New[ids.Contact](),
		Message: ids.New[ids.Message](), Sequence: 3, Platforms: []ids.PlatformConfig{ids.New[ids.PlatformConfig](), ids.New[ids.PlatformConfig]()},
		Facts: bson.D{{Key: "from", Value: bson.D{{Key: "slug", Value: "Olá"}, {Key: "n", Value: int32(7)}}}, {Key: "of", Value: bson.A{"a", int64(1)}}}, CreatedAt: at,
		Names: []string{"a", "b"}, Line: bson.NewObjectID(), Gone: true,
	}
	batch := Batch{ID: ids.New[ids.EventBatch](), Account: "a431ee52-1d75-45de-a1d7-642c0bd7f4fa", Unplaced: true, Last: 9, CreatedAt: at, ExpiresAt: at.Add(time.Hour)}
	for i := range reflect.TypeFor[Row]().NumField() {
		one := event
		reflect.ValueOf(&one).Elem().Field(i).SetZero()
		of := batch
		of.Events = []Row{event, one, {}}
		sameBatch(t, "an event without "+reflect.TypeFor[Row]().Field(i).Name, of)
	}
	for i := range reflect.TypeFor[Batch]().NumField() {
		one := batch
		one.Events = []Row{event}
		reflect.ValueOf(&one).Elem().Field(i).SetZero()
		sameBatch(t, "a batch without "+reflect.TypeFor[Batch]().Field(i).Name, one)
	}
	none := event
	none.Platforms = []ids.PlatformConfig{}
	sameBatch(t, "an event for nobody", Batch{Events: []Row{none}})
}

func sameBatch(t *testing.T, what string, b Batch) {
	t.Helper()
	type tagged Batch
	want, err := bson.Marshal((*tagged)(&b))
	if err != nil {
		t.Fatal(err)
	}
	got, err := bson.Marshal(&b)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s: written %s, want %s (%v)", what, bson.Raw(got), bson.Raw(want), err)
	}
	var asTagged tagged
	if err := bson.Unmarshal(want, &asTagged); err != nil {
		t.Fatal(err)
	}
	var read Batch
	if err := bson.Unmarshal(want, &read); err != nil || !reflect.DeepEqual(read, Batch(asTagged)) {
		t.Errorf("%s: read %+v, want %+v (%v)", what, read, asTagged, err)
	}
}

// What cannot be an event is refused, not taken for an empty one.
func TestABatchOfAnotherShapeIsRefused(t *testing.T) {
	t.Parallel()
	for _, doc := range []bson.D{
		{{Key: "_id", Value: "x"}}, {{Key: "events", Value: 1}}, {{Key: "events", Value: bson.A{"x"}}}, {{Key: "events", Value: bson.A{bson.D{{Key: "type", Value: 1}}}}},
		{{Key: "events", Value: bson.A{bson.D{{Key: "platformConfigIds", Value: bson.A{1}}}}}}, {{Key: "last", Value: "9"}}, {{Key: "createdAt", Value: 1}},
	} {
		data, err := bson.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		if err := bson.Unmarshal(data, new(Batch)); err == nil {
			t.Errorf("%s is taken", bson.Raw(data))
		}
	}
}
