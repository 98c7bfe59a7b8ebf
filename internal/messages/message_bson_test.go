package messages

import (
	"bytes"
	"reflect"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// A row is written as its tags say, whichever of its fields are set: alone, and
// beside those that every text has.
func TestARowIsWrittenAsItsTagsSay(t *testing.T) {
	at := time.UnixMilli(1691058600123).UTC()
	text := Message{
		ID: ids.New[ids.Message](), Channel: ids.New[ids.Channel](), Account: "a431ee52-1d75-45de-a1d7-642c0bd7f4fa", Session: ids.New[ids.Session](),
		Contact: ids.New[ids.Contact](), Sequence: 3, Direction: Inbound, ProviderID: "wamid.A", DedupeKey: DedupeKeyOf(Inbound, "wamid.A"),
		Content: providers.Content{Type: providers.TypeText, Text: "Olá"}, Timestamp: at, ReceivedAt: at, Revision: 2,
	}
	if !text.plain() {
		t.Error("a text is not written field by field")
	}
	same(t, "a text", text)
	same(t, "nothing", Message{})
	for _, base := range []Message{text, {}} {
		one := base
		for _, of := range []reflect.Value{reflect.ValueOf(&one).Elem(), reflect.ValueOf(&one.Content).Elem()} {
			for i := range of.NumField() {
				one = base
				for _, value := range []reflect.Value{reflect.Zero(of.Field(i).Type()), filled(of.Field(i).Type())} {
					of.Field(i).Set(value)
					same(t, of.Type().Field(i).Name, one)
				}
			}
		}
	}
}

func same(t *testing.T, what string, m Message) {
	t.Helper()
	type tagged Message
	want, err := bson.Marshal((*tagged)(&m))
	if err != nil {
		t.Fatal(err)
	}
	got, err := bson.Marshal(&m)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s: written %s, want %s (%v)", what, bson.Raw(got), bson.Raw(want), err)
	}
}

// filled gives a value of a type that is not its zero.
func filled(of reflect.Type) reflect.Value {
	value := reflect.New(of).Elem()
	switch of.Kind() {
	case reflect.String:
		value.SetString("x")
	case reflect.Bool:
		value.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		value.SetInt(7)
	case reflect.Uint8:
		value.SetUint(7)
	case reflect.Float64:
		value.SetFloat(0.5)
	case reflect.Pointer:
		value.Set(reflect.New(of.Elem()))
		value.Elem().Set(filled(of.Elem()))
	case reflect.Slice:
		value.Set(reflect.MakeSlice(of, 1, 1))
		value.Index(0).Set(filled(of.Elem()))
	case reflect.Array:
		value.Index(0).Set(filled(of.Elem()))
	case reflect.Struct:
		if of == reflect.TypeFor[time.Time]() {
			return reflect.ValueOf(time.UnixMilli(1691058600123).UTC())
		}
		for i := range of.NumField() {
			value.Field(i).Set(filled(of.Field(i).Type))
		}
	default:
		panic("a kind that rows did not have: " + of.String())
	}
	return value
}
