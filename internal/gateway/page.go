package gateway

import (
	"cmp"
	"encoding/base64"
	"slices"

	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/web"
)

// pageOf cuts one page out of what a device told as a whole, in the order of its
// keys, which are unique. A cursor is the last key of the page before.
func pageOf[T any](q web.ListQuery, all []T, key func(T) string) (mongodb.ListPage[T], error) {
	slices.SortFunc(all, func(x, y T) int {
		if q.Order == "desc" {
			x, y = y, x
		}
		return cmp.Compare(key(x), key(y))
	})
	page := max(q.Page, 1)
	out := mongodb.ListPage[T]{Items: []T{}, Page: page, Limit: q.Limit, Total: int64(len(all)), TotalIsExact: true}
	from := (page - 1) * q.Limit
	if q.Cursor != "" {
		last, err := base64.RawURLEncoding.DecodeString(q.Cursor)
		if err != nil || len(last) == 0 {
			return out, web.ListFault(mongodb.ErrBadCursor)
		}
		from = behind(all, string(last), q.Order == "desc", key)
	} else if page > mongodb.CountMost/q.Limit {
		return out, web.ListFault(mongodb.ErrBadPage)
	}
	from = min(from, len(all))
	to := min(from+q.Limit, len(all))
	out.Items = append(out.Items, all[from:to]...)
	if to < len(all) {
		out.NextCursor = base64.RawURLEncoding.EncodeToString([]byte(key(all[to-1])))
	}
	return out, nil
}

// behind is where the first stands that comes after a key, which itself may be
// gone by now.
func behind[T any](all []T, last string, desc bool, key func(T) string) int {
	for i, one := range all {
		if k := key(one); !desc && k > last || desc && k < last {
			return i
		}
	}
	return len(all)
}
