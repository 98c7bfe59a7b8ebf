package web

import (
	"reflect"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Optional is a field of a PATCH: left out, null, or a value.
type Optional[T any] struct {
	Set   bool // it stood in the body
	Null  bool // it was null
	Value T
}

// UnmarshalJSONFrom notes that the field stood in the body.
func (o *Optional[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	o.Set = true
	if dec.PeekKind() == 'n' {
		o.Null = true
		return dec.SkipValue()
	}
	return jsonv2.UnmarshalDecode(dec, &o.Value)
}

// Cleared tells whether the field is to be emptied.
func (o Optional[T]) Cleared() bool { return o.Set && o.Null }

// Given tells whether the field has a new value.
func (o Optional[T]) Given() bool { return o.Set && !o.Null }

// optionalValue lets the validator see the value, and nothing where there is none.
func optionalValue(field reflect.Value) any {
	if !field.FieldByName("Set").Bool() || field.FieldByName("Null").Bool() {
		return nil
	}
	return field.FieldByName("Value").Interface()
}
