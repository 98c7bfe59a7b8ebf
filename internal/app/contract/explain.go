package contract

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

var english = message.NewPrinter(language.English)

// explain says in one line what a value violates. Of several alternatives that
// all fail it speaks of the nearest only.
func explain(err error) string {
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return err.Error()
	}
	var lines []string
	for _, leaf := range leaves(invalid) {
		line := fmt.Sprintf("at /%s: %s", strings.Join(leaf.InstanceLocation, "/"), leaf.ErrorKind.LocalizedString(english))
		if !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "; ")
}

// leaves gives the violations that have no further cause.
func leaves(err *jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(err.Causes) == 0 {
		return []*jsonschema.ValidationError{err}
	}
	switch err.ErrorKind.(type) {
	case *kind.OneOf, *kind.AnyOf:
		return leaves(nearest(err.Causes))
	}
	var all []*jsonschema.ValidationError
	for _, cause := range err.Causes {
		all = append(all, leaves(cause)...)
	}
	return all
}

// nearest chooses, of alternatives that fail, the one that was meant: one whose
// constants fit, then the one with the fewest violations.
func nearest(causes []*jsonschema.ValidationError) *jsonschema.ValidationError {
	return slices.MinFunc(causes, func(a, b *jsonschema.ValidationError) int { return distance(a) - distance(b) })
}

func distance(err *jsonschema.ValidationError) int {
	const otherKind = 1000
	far := 0
	for _, leaf := range leaves(err) {
		far++
		switch leaf.ErrorKind.(type) {
		case *kind.Const, *kind.Enum:
			far += otherKind
		}
	}
	return far
}
