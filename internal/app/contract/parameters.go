package contract

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// checkParameters holds the path, the query and the headers of a request that
// was answered with success against the operation's parameters.
func (op *operation) checkParameters(req *http.Request, path map[string]string) []error {
	var errs []error
	query := req.URL.Query()
	for _, p := range op.parameters {
		var texts []string
		switch p.in {
		case "path":
			texts = []string{path[p.name]}
		case "query":
			texts = query[p.name]
			query.Del(p.name)
		case "header":
			texts = req.Header.Values(p.name)
		}
		if err := p.check(texts); err != nil {
			errs = append(errs, err)
		}
	}
	if op.scope == "own" {
		return errs // such routes ignore what they do not know
	}
	for name := range query {
		errs = append(errs, fmt.Errorf("the document has no query parameter %q, and it was taken", name))
	}
	return errs
}

func (p parameter) check(texts []string) error {
	if len(texts) == 0 {
		if p.required {
			return fmt.Errorf("the %s parameter %s is missing, and the request was taken", p.in, p.name)
		}
		return nil
	}
	value, err := p.value(texts)
	if err == nil && p.schema != nil {
		err = p.schema.Validate(value)
	}
	if err != nil {
		return fmt.Errorf("the %s parameter %s is %q, and was taken: %s", p.in, p.name, texts, explain(err))
	}
	return nil
}

// value reads a parameter's text as its schema has it.
func (p parameter) value(texts []string) (any, error) {
	switch p.kind {
	case "array":
		list := []any{}
		for _, part := range strings.Split(strings.Join(texts, ","), ",") {
			if part = strings.TrimSpace(part); part != "" {
				list = append(list, part)
			}
		}
		return list, nil
	case "integer":
		if _, err := strconv.ParseInt(texts[0], 10, 64); err != nil {
			return nil, err
		}
		return json.Number(texts[0]), nil
	case "boolean":
		return strconv.ParseBool(texts[0])
	default:
		return texts[0], nil
	}
}
