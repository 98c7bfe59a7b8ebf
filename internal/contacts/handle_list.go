package contacts

import (
	"cmp"
	"context"
	"regexp"
	"strings"
	"unicode"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/web"
)

type listRequest struct {
	Account ids.Account `path:"clientIdentifier"`
	web.ListQuery
	Type        Type        `query:"type" validate:"omitempty,oneof=individual group"`
	ChannelType string      `query:"channelType" validate:"omitempty,oneof=whatsapp facebook instagram telegram"`
	Name        string      `query:"name" validate:"max=100"`
	Identifier  string      `query:"contactIdentifier" validate:"max=160"`
	TagIDs      []ids.Tag   `query:"tagIds" validate:"max=100"`
	Channel     ids.Channel `query:"channelId"`
	Sort        string      `query:"sort" validate:"omitempty,oneof=createdAt name"`
}

func (s *Service) list(ctx context.Context, req *listRequest) (mongodb.ListPage[View], error) {
	filter, none, err := s.filter(ctx, req)
	if err != nil {
		return mongodb.ListPage[View]{}, err
	}
	field := "createdAt"
	if req.Sort == "name" {
		field = "nameKey"
	}
	query := req.Over(filter, field, false)
	if none {
		return mongodb.ListPage[View]{Items: []View{}, Page: max(req.Page, 1), Limit: cmp.Or(req.Limit, mongodb.DefaultLimit), TotalIsExact: true}, nil
	}
	page, err := mongodb.List[Contact](ctx, s.rows, query)
	if err != nil {
		return mongodb.ListPage[View]{}, web.ListFault(err)
	}
	return web.Page(page, Contact.View), nil
}

// filter is the query's; none means that nothing can match.
func (s *Service) filter(ctx context.Context, req *listRequest) (filter bson.D, none bool, err error) {
	filter = bson.D{{Key: "accountId", Value: req.Account}, {Key: "condition", Value: Live}}
	if req.ChannelType != "" && req.ChannelType != "whatsapp" {
		return filter, true, nil
	}
	if req.Type != "" {
		filter = append(filter, bson.E{Key: "type", Value: req.Type})
	} else { // the index has the type before the time: both are merged
		filter = append(filter, bson.E{Key: "type", Value: bson.D{{Key: "$in", Value: bson.A{GroupType, Individual}}}})
	}
	if len(req.TagIDs) > 0 {
		filter = append(filter, bson.E{Key: "tagIds", Value: bson.D{{Key: "$in", Value: req.TagIDs}}})
	}
	if !req.Channel.IsZero() {
		filter = append(filter, bson.E{Key: "channelId", Value: req.Channel})
	}
	if strings.ContainsFunc(req.Name, isControl) { // no pattern can hold all of them
		return filter, false, fault.Invalid("name", "control_character", "A name to look for holds no control characters.")
	}
	if folded := Fold(req.Name); folded != "" {
		// The indexed prefix finds them, the rest of the text sorts out.
		filter = append(filter, bson.E{Key: "search", Value: searchKey(folded)})
		if searchKey(folded) != folded {
			filter = append(filter, bson.E{Key: "names", Value: bson.Regex{Pattern: wordStart + regexp.QuoteMeta(folded)}})
		}
	}
	if req.Identifier == "" {
		return filter, false, nil
	}
	return s.byIdentifier(ctx, req, filter)
}

// isControl tells characters that nobody types; those that part words are none.
func isControl(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) }

// byIdentifier narrows to one contact a channel: identities are unique there.
func (s *Service) byIdentifier(ctx context.Context, req *listRequest, filter bson.D) (bson.D, bool, error) {
	address, err := printed(req.Identifier)
	if err != nil {
		return filter, false, fault.Invalid("contactIdentifier", "malformed", "%q is neither a number with its country code nor a group.", req.Identifier)
	}
	if req.Channel.IsZero() {
		channels, err := s.directory.AccountChannels(ctx, req.Account)
		if err != nil {
			return filter, false, err
		}
		if len(channels) == 0 {
			return filter, true, nil
		}
		filter = append(filter, bson.E{Key: "channelId", Value: bson.D{{Key: "$in", Value: channels}}})
	}
	return append(filter, bson.E{Key: "identities", Value: address.Key()}), false, nil
}

// printed reads an identifier as contacts have it, or as a caller would write it.
// A group's may be of letters, too, as 360dialog's are.
func printed(text string) (providers.Address, error) {
	if address, err := providers.ParseRecipient(text); err == nil {
		return address, nil
	}
	if group, ok := strings.CutSuffix(text, providers.GroupSuffix); ok && group != "" {
		return providers.Address{Kind: providers.KindGroup, Value: group}, nil
	}
	return ParseIdentifier(text, Individual)
}
