package web

import (
	"encoding"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/cirrus/omnichannel/internal/fault"
)

// plan is what a request struct wants, read from its tags once.
type plan struct {
	paths   []source
	queries []source
	headers []source
	names   map[string]bool // every query parameter there is
	body    bool            // some field is read from the body
	bodied  map[string]bool // path fields that may stand in the body too
	// nameless fields would be read from the body under their Go names.
	nameless []string
}

// source is one field and the parameter that fills it.
type source struct {
	name  string
	index []int
	csv   bool   // a list: repeated or comma-separated
	or    string // what stands for a query parameter that is not given
}

func planOf(t reflect.Type) plan {
	p := plan{names: map[string]bool{}, bodied: map[string]bool{}}
	for _, field := range reflect.VisibleFields(t) {
		if !field.IsExported() || field.Anonymous {
			continue
		}
		path, query, header := field.Tag.Get("path"), field.Tag.Get("query"), field.Tag.Get("header")
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		inBody := name != "" && name != "-"
		if (path != "" || query != "" || header != "") && name == "" {
			p.nameless = append(p.nameless, field.Name)
		}
		switch {
		case path != "":
			p.paths = append(p.paths, source{name: path, index: field.Index})
			p.bodied[path] = inBody
		case query != "":
			p.queries = append(p.queries, source{name: query, index: field.Index, csv: field.Type.Kind() == reflect.Slice, or: field.Tag.Get("default")})
			p.names[query] = true
		case header != "":
			p.headers = append(p.headers, source{name: header, index: field.Index})
		case inBody:
			p.body = true
		}
	}
	if p.body && len(p.nameless) > 0 {
		panic(fmt.Sprintf("%s: fields %v of path or query need json:\"-\"", t, p.nameless))
	}
	return p
}

// fill reads headers, path, query and body into the struct, then validates it.
func (p plan) fill(c *gin.Context, req reflect.Value) error {
	for _, src := range p.headers {
		if text := c.GetHeader(src.name); text != "" {
			if err := setText(req.FieldByIndex(src.index), text); err != nil {
				return fault.Invalid(src.name, "malformed", "%v", err)
			}
		}
	}
	if err := p.fillQuery(c, req); err != nil {
		return err
	}
	if p.body {
		if err := decodeBody(c, req.Addr().Interface()); err != nil {
			return err
		}
	}
	if err := p.fillPath(c, req); err != nil {
		return err
	}
	return Validate(req.Addr().Interface())
}

// fillPath comes last: what the body said of the same field must agree.
func (p plan) fillPath(c *gin.Context, req reflect.Value) error {
	for _, src := range p.paths {
		field := req.FieldByIndex(src.index)
		said := reflect.New(field.Type()).Elem()
		said.Set(field)
		text := c.Param(src.name)
		if err := setText(field, text); err != nil {
			return fault.New(fault.NotFound, "There is nothing here named %q: %s is malformed.", clip(text), src.name)
		}
		if p.bodied[src.name] && !said.IsZero() && !said.Equal(field) {
			return fault.Invalid(src.name, "mismatch", "The body names %v, the path names %v. Send the same, or leave it out of the body.", said.Interface(), field.Interface())
		}
	}
	return nil
}

func (p plan) fillQuery(c *gin.Context, req reflect.Value) error {
	query := c.Request.URL.Query()
	for name := range query {
		if !p.names[name] {
			return fault.Invalid(name, "unknown", "This route has no such query parameter.")
		}
	}
	for _, src := range p.queries {
		values, ok := query[src.name]
		if !ok && src.or != "" {
			values, ok = []string{src.or}, true
		}
		if !ok {
			continue
		}
		if err := setValues(req.FieldByIndex(src.index), values, src.csv); err != nil {
			return fault.Invalid(src.name, "malformed", "%v", err)
		}
	}
	return nil
}

// OnlyQuery refuses query parameters that a raw handler does not know.
func OnlyQuery(c *gin.Context, names ...string) error {
	for name := range c.Request.URL.Query() {
		if !slices.Contains(names, name) {
			return fault.Invalid(name, "unknown", "This route has no such query parameter.")
		}
	}
	return nil
}

func setValues(field reflect.Value, values []string, csv bool) error {
	if !csv {
		if len(values) > 1 {
			return errors.New("may be given once only")
		}
		return setText(field, values[0])
	}
	for _, part := range strings.Split(strings.Join(values, ","), ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		item := reflect.New(field.Type().Elem()).Elem()
		if err := setText(item, part); err != nil {
			return err
		}
		field.Set(reflect.Append(field, item))
	}
	return nil
}

// setText reads one value of the path or the query.
func setText(field reflect.Value, text string) error {
	if field.Kind() == reflect.Pointer {
		field.Set(reflect.New(field.Type().Elem()))
		return setText(field.Elem(), text)
	}
	if u, ok := field.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return u.UnmarshalText([]byte(text))
	}
	switch field.Kind() {
	case reflect.String:
		field.SetString(text)
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return fmt.Errorf("%q is not a whole number", clip(text))
		}
		field.SetInt(n)
	case reflect.Bool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return fmt.Errorf("%q is neither true nor false", clip(text))
		}
		field.SetBool(b)
	default:
		return fmt.Errorf("a parameter cannot be read into %s", field.Type())
	}
	return nil
}

// decodeBody reads the JSON body strictly: unknown fields, doubled fields and
// wrong types are refused by name.
func decodeBody(c *gin.Context, into any) error {
	if kind := c.ContentType(); kind != "" && !isJSON(kind) {
		return fault.New(fault.UnsupportedMediaType, "This route takes application/json, not %q.", clip(kind))
	}
	body, err := ReadBody(c)
	if err != nil {
		return err
	}
	return DecodeJSON(body, into)
}

func isJSON(contentType string) bool {
	mediaType, _, err := mime.ParseMediaType(contentType)
	return err == nil && (mediaType == "application/json" || strings.HasSuffix(mediaType, "+json") || mediaType == "text/json")
}

// DecodeJSON reads a body of ours strictly. Text that is not JSON is a fault
// MalformedRequest; JSON of a wrong shape is ValidationFailed on its field.
func DecodeJSON(body []byte, into any) error {
	if len(strings.TrimSpace(string(body))) == 0 {
		return fault.New(fault.MalformedRequest, "The body is empty. Send a JSON object.")
	}
	// All of it first: half a body must not be told about its fields.
	if !jsontext.Value(body).IsValid(jsontext.AllowDuplicateNames(true)) {
		return fault.New(fault.MalformedRequest, "The body is not JSON: it is cut off, or has a character too many.")
	}
	err := jsonv2.Unmarshal(body, into, jsonv2.RejectUnknownMembers(true))
	if err == nil {
		return nil
	}
	var syntax *jsontext.SyntacticError
	var semantic *jsonv2.SemanticError
	switch {
	case errors.As(err, &semantic):
		field := fieldOf(string(semantic.JSONPointer))
		if errors.Is(err, jsonv2.ErrUnknownName) {
			return fault.Invalid(field, "unknown", "This route has no such field. Check its spelling.")
		}
		return fault.Invalid(field, "type", "%s", wrongType(semantic))
	case errors.As(err, &syntax) && errors.Is(err, jsontext.ErrDuplicateName):
		return fault.Invalid(fieldOf(string(syntax.JSONPointer)), "duplicate", "The field stands in the body twice.")
	default:
		return fault.New(fault.MalformedRequest, "The body is not JSON: %v.", strings.TrimPrefix(err.Error(), "jsontext: "))
	}
}

// fieldOf writes a JSON pointer with dots.
func fieldOf(pointer string) string {
	name := strings.ReplaceAll(strings.TrimPrefix(pointer, "/"), "/", ".")
	if name == "" {
		return "body"
	}
	return name
}

func wrongType(err *jsonv2.SemanticError) string {
	if err.Err != nil && !errors.Is(err.Err, jsonv2.ErrUnknownName) {
		return err.Err.Error()
	}
	return fmt.Sprintf("A JSON %s does not belong here.", err.JSONKind)
}

// limitBody caps what a handler can read.
func limitBody(c *gin.Context) {
	if route := routeOf(c); route.MaxBody >= 0 {
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, route.bodyLimit())
	}
}
