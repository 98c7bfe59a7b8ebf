package contract

import (
	"bytes"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Check holds one exchange against the document: the status, the headers, the
// Content-Type and the body of the answer, and, where that is a success, the
// request. The error says what is wrong and with which operation. A path or
// method that the document does not have must be answered with the problem
// that says so. A preflight of CORS is nobody's operation and passes.
func (s *Spec) Check(req *http.Request, reqBody []byte, resp *http.Response, respBody []byte) error {
	if req.Method == http.MethodOptions {
		return nil
	}
	op, values, known := s.find(req.Method, req.URL.EscapedPath())
	if op == nil {
		return s.checkNowhere(req, resp, respBody, known)
	}
	errs := op.checkAnswer(resp, respBody)
	if resp.StatusCode >= 200 && resp.StatusCode < 300 {
		errs = append(errs, op.checkRequest(req, values, reqBody)...)
	}
	if len(errs) == 0 {
		return nil
	}
	return fmt.Errorf("%s (%s %s), answered %d: %w", op.id, req.Method, req.URL.Path, resp.StatusCode, errors.Join(errs...))
}

// checkNowhere checks what is said where there is no operation.
func (s *Spec) checkNowhere(req *http.Request, resp *http.Response, body []byte, known bool) error {
	want := http.StatusNotFound
	if known {
		want = http.StatusMethodNotAllowed
	}
	if resp.StatusCode != want {
		return fmt.Errorf("%s %s is no operation of the document, and was answered %d instead of %d", req.Method, req.URL.Path, resp.StatusCode, want)
	}
	if err := validate(s.problem, body); err != nil {
		return fmt.Errorf("%s %s is no operation of the document; the problem that says so: %w", req.Method, req.URL.Path, err)
	}
	return nil
}

func (op *operation) checkAnswer(resp *http.Response, body []byte) []error {
	allowed, known := op.responses[resp.StatusCode]
	if !known {
		return []error{fmt.Errorf("the document has no answer with this status; the body: %s", clip(body))}
	}
	var errs []error
	for _, name := range allowed.headers {
		if resp.Header.Get(name) == "" {
			errs = append(errs, fmt.Errorf("the answer lacks the header %s", name))
		}
	}
	if len(allowed.content) == 0 {
		if len(body) > 0 {
			errs = append(errs, fmt.Errorf("the answer has a body: %s", clip(body)))
		}
		return errs
	}
	schema, mediaType, ok := pick(allowed.content, resp.Header.Get("Content-Type"))
	switch {
	case !ok:
		errs = append(errs, fmt.Errorf("the answer has the Content-Type %q", resp.Header.Get("Content-Type")))
	case isJSON(mediaType):
		if err := validate(schema, body); err != nil {
			errs = append(errs, fmt.Errorf("the answer: %w", err))
		}
	}
	return errs
}

func (op *operation) checkRequest(req *http.Request, path map[string]string, body []byte) []error {
	errs := op.checkParameters(req, path)
	if op.body == nil {
		return errs
	}
	if len(body) == 0 {
		if op.bodyRequired {
			errs = append(errs, errors.New("the request lacks its body, and was taken"))
		}
		return errs
	}
	contentType := req.Header.Get("Content-Type")
	if contentType == "" {
		contentType = "application/json" // as the server reads it
	}
	schema, mediaType, ok := pick(op.body, contentType)
	switch {
	case !ok && op.body["application/json"] != nil && isJSON(mediaType):
		schema = op.body["application/json"] // some other name for JSON
	case !ok:
		return append(errs, fmt.Errorf("the request has the Content-Type %q, and was taken", contentType))
	case !isJSON(mediaType) || op.body["application/json"] == nil:
		return errs
	}
	if err := validate(schema, body); err != nil {
		errs = append(errs, fmt.Errorf("the request, which was taken: %w", err))
	}
	return errs
}

// pick gives the schema of a Content-Type: its own, else that of any type.
func pick(content map[string]*jsonschema.Schema, contentType string) (schema *jsonschema.Schema, mediaType string, ok bool) {
	mediaType, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return nil, "", false
	}
	if schema, ok = content[mediaType]; !ok {
		schema, ok = content["*/*"]
	}
	return schema, mediaType, ok
}

func isJSON(mediaType string) bool {
	return mediaType == "application/json" || mediaType == "text/json" || strings.HasSuffix(mediaType, "+json")
}

// validate holds a JSON text against a schema.
func validate(schema *jsonschema.Schema, text []byte) error {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return fmt.Errorf("is not JSON: %w; the body: %s", err, clip(text))
	}
	if schema == nil {
		return nil
	}
	if err := schema.Validate(value); err != nil {
		return fmt.Errorf("%s; the body: %s", explain(err), clip(text))
	}
	return nil
}

// clip keeps a body in an error readable.
func clip(body []byte) string {
	const most = 2000
	if len(body) <= most {
		return string(body)
	}
	return string(slices.Clip(body[:most])) + "…"
}
