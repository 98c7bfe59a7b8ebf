package web

import (
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/mongodb"
)

// ListQuery is what every list takes; embed it in a request.
type ListQuery struct {
	Page   int    `query:"page" validate:"gte=0"`
	Limit  int    `query:"limit" default:"20" validate:"gte=1,lte=100"`
	Cursor string `query:"cursor" validate:"max=16384"`
	Order  string `query:"order" validate:"omitempty,oneof=asc desc"`
}

// Over makes the store's query of what the caller asked: rows that fit the
// filter, by a field, rising unless the caller or the default says otherwise.
func (q ListQuery) Over(filter bson.D, sortField string, descByDefault bool) mongodb.ListQuery {
	desc := descByDefault
	if q.Order != "" {
		desc = q.Order == "desc"
	}
	return mongodb.ListQuery{Filter: filter, SortField: sortField, Desc: desc, Limit: q.Limit, Page: q.Page, Cursor: q.Cursor}
}

// ListFault turns the refusals of a list into faults on their fields.
func ListFault(err error) error {
	switch {
	case errors.Is(err, mongodb.ErrBadCursor):
		return fault.Invalid("cursor", "malformed", "This is no cursor of this list. Take nextCursor from an answer to the same query.")
	case errors.Is(err, mongodb.ErrBadPage):
		return fault.Invalid("page", "too_deep", "page × limit may be at most %d. Walk on with `cursor`.", mongodb.CountMost)
	default:
		return err
	}
}

// Page answers a page of rows as the wire has them.
func Page[Row, View any](page mongodb.ListPage[Row], view func(Row) View) mongodb.ListPage[View] {
	out := mongodb.ListPage[View]{Items: make([]View, 0, len(page.Items)), Page: page.Page, Limit: page.Limit, Total: page.Total, TotalIsExact: page.TotalIsExact, NextCursor: page.NextCursor}
	for _, row := range page.Items {
		out.Items = append(out.Items, view(row))
	}
	return out
}
