package contract

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/cirrus/omnichannel/internal/web"
)

// CompareRoutes lists where the server's table of routes and the document
// differ, either way: an operation that one of them lacks, or another method,
// path, scope, success or use of Idempotency-Key.
func (s *Spec) CompareRoutes(routes []web.Route) []string {
	var differences []string
	there := map[string]bool{}
	for _, route := range routes {
		there[route.OperationID] = true
		op := s.byID[route.OperationID]
		if op == nil {
			differences = append(differences, fmt.Sprintf("%s (%s %s) is not in the document", route.OperationID, route.Method, route.Path))
			continue
		}
		differences = append(differences, op.compare(route)...)
	}
	for _, op := range s.operations {
		if !there[op.id] {
			differences = append(differences, fmt.Sprintf("%s (%s %s) is in the document only", op.id, op.method, op.path))
		}
	}
	slices.Sort(differences)
	return differences
}

func (op *operation) compare(route web.Route) []string {
	success := route.Status
	if success == 0 {
		success = http.StatusOK
	}
	var differences []string
	for _, c := range []struct {
		what              string
		documented, built any
	}{
		{"method", op.method, route.Method},
		{"path", op.path, route.Path},
		{"scope", op.scope, string(route.Scope)},
		{"success", op.success, success},
		{"Idempotency-Key", op.idempotent, route.Idempotent},
	} {
		if c.documented != c.built {
			differences = append(differences, fmt.Sprintf("%s: the document has %s %v, the route %v", op.id, c.what, c.documented, c.built))
		}
	}
	return differences
}
