package web

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"github.com/go-playground/validator/v10"

	"github.com/cirrus/omnichannel/internal/fault"
)

var validation = sync.OnceValue(func() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(field reflect.StructField) string {
		for _, tag := range []string{"json", "query", "path", "header"} {
			if name, _, _ := strings.Cut(field.Tag.Get(tag), ","); name != "" && name != "-" {
				return name
			}
		}
		if field.Anonymous {
			return embedded
		}
		return field.Name
	})
	v.RegisterCustomTypeFunc(optionalValue,
		Optional[string]{}, Optional[bool]{}, Optional[int64]{}, Optional[int]{}, Optional[[]string]{})
	return v
})

// embedded stands for a struct whose fields are, on the wire, those of the one
// around it.
const embedded = "~"

// Validate checks a struct by its `validate` tags; the fault names every field
// that is wrong by its JSON name.
func Validate(req any) error {
	if reflect.Indirect(reflect.ValueOf(req)).Kind() != reflect.Struct {
		return nil
	}
	err := validation().Struct(req)
	if err == nil {
		return nil
	}
	var wrong validator.ValidationErrors
	if !errors.As(err, &wrong) {
		return err
	}
	f := &fault.Error{Code: fault.ValidationFailed}
	names := make([]string, 0, len(wrong))
	for _, w := range wrong {
		name := dotted(w.Namespace())
		names = append(names, name)
		f.Fields = append(f.Fields, fault.Field{Field: name, Code: w.Tag(), Message: explain(w)})
	}
	f.Detail = fmt.Sprintf("Some fields are wrong: %s.", strings.Join(names, ", "))
	return f
}

// dotted turns Request.buttons[0].value into buttons.0.value.
func dotted(namespace string) string {
	_, name, _ := strings.Cut(namespace, ".")
	return strings.NewReplacer("[", ".", "]", "", embedded+".", "").Replace(name)
}

func explain(w validator.FieldError) string {
	switch w.Tag() {
	case "required":
		return "is missing"
	case "oneof":
		return "must be one of: " + strings.ReplaceAll(w.Param(), " ", ", ")
	case "max", "lte":
		return "must be at most " + w.Param() + unit(w.Kind())
	case "min", "gte":
		return "must be at least " + w.Param() + unit(w.Kind())
	case "url", "http_url":
		return "must be an absolute http(s) URL"
	default:
		return strings.TrimSpace("does not satisfy " + w.Tag() + " " + w.Param())
	}
}

func unit(kind reflect.Kind) string {
	switch kind {
	case reflect.String:
		return " characters long"
	case reflect.Slice, reflect.Map:
		return " elements long"
	default:
		return ""
	}
}
