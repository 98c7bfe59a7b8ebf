package channels

import (
	"cmp"
	"context"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/web"
)

type templatesRequest struct {
	channelRequest
	web.ListQuery
}

// templates lists what the provider knows, by name and language: as lately as it
// may be asked.
func (s *Service) templates(ctx context.Context, req *templatesRequest) (mongodb.ListPage[providers.Template], error) {
	var page mongodb.ListPage[providers.Template]
	r, err := s.mine(ctx, req.channelRequest)
	if err != nil {
		return page, err
	}
	if !s.capabilities[r.Provider].Template {
		return page, fault.New(fault.CapabilityUnsupported, "Provider %s has no message templates (capability template).", r.Provider)
	}
	conn, err := s.Conn(ctx, r.ID)
	if err != nil {
		return page, err
	}
	lister, ok := conn.(providers.TemplateLister)
	if !ok {
		return page, fault.New(fault.CapabilityUnsupported, "Provider %s does not list its message templates (capability template).", r.Provider)
	}
	list, err := lister.Templates(ctx, 0)
	if err != nil {
		return page, providers.AsSendError(err).Fault()
	}
	slices.SortFunc(list, func(a, b providers.Template) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Language, b.Language))
	})
	if req.Order == "desc" {
		slices.Reverse(list)
	}
	return pageOf(list, req.ListQuery)
}

// templateCursor begins the text of a cursor: a place in the whole list.
const templateCursor = "templates:"

// pageOf cuts a page out of a list that is there as a whole.
func pageOf[T any](list []T, q web.ListQuery) (mongodb.ListPage[T], error) {
	limit, number := cmp.Or(q.Limit, mongodb.DefaultLimit), max(q.Page, 1)
	if number > mongodb.CountMost/limit {
		return mongodb.ListPage[T]{}, web.ListFault(mongodb.ErrBadPage)
	}
	from := (number - 1) * limit
	if q.Cursor != "" {
		text, err := base64.RawURLEncoding.DecodeString(q.Cursor)
		place, is := strings.CutPrefix(string(text), templateCursor)
		at, bad := strconv.ParseUint(place, 10, 31)
		if err != nil || !is || bad != nil {
			return mongodb.ListPage[T]{}, web.ListFault(mongodb.ErrBadCursor)
		}
		from, number = int(at), int(at)/limit+1
	}
	from = min(from, len(list))
	to := min(from+limit, len(list))
	page := mongodb.ListPage[T]{Items: append([]T{}, list[from:to]...), Page: number, Limit: limit, Total: int64(len(list)), TotalIsExact: true}
	if to < len(list) {
		page.NextCursor = base64.RawURLEncoding.EncodeToString([]byte(templateCursor + strconv.Itoa(to)))
	}
	return page, nil
}
