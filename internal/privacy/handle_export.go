package privacy

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/web"
)

// export streams one JSON file: the contact, and a list per section.
func (s *Service) export(c *gin.Context) error {
	account, errAccount := ids.ParseAccount(c.Param("clientIdentifier"))
	id, errContact := ids.Parse[ids.Contact](c.Param("contactId"))
	if errAccount != nil || errContact != nil {
		id = ids.Contact{} // found nowhere
	}
	if err := web.OnlyQuery(c); err != nil {
		return err
	}
	ctx := c.Request.Context()
	row, err := s.contacts.Find(ctx, account, id)
	if err != nil {
		return err
	}
	person, err := s.person(ctx, row)
	if err != nil {
		return err
	}
	c.Header("Content-Type", "application/json; charset=utf-8")
	c.Header("Content-Disposition", fmt.Sprintf(`attachment; filename="contact-%s.json"`, row.ID))
	out := newSections(c.Writer)
	err = out.begin("contact", row.View())
	for _, room := range s.rooms {
		if err == nil {
			err = room.Export(ctx, person, out.add)
		}
	}
	if err == nil {
		err = out.end()
	}
	if err != nil && c.Writer.Written() {
		panic(http.ErrAbortHandler) // a cut-off file must not look whole
	}
	return err
}

// sections writes an object of lists, one item at a time.
type sections struct {
	to      gin.ResponseWriter
	current string
}

func newSections(to gin.ResponseWriter) *sections { return &sections{to: to} }

func (s *sections) begin(name string, value any) error {
	text, err := json.Marshal(value)
	if err == nil {
		_, err = fmt.Fprintf(s.to, "{%q:%s", name, text)
	}
	return err
}

// add writes an item; the items of a section come one after the other.
func (s *sections) add(section string, item any) error {
	text, err := json.Marshal(item)
	if err != nil {
		return err
	}
	lead := ","
	if section != s.current {
		lead = fmt.Sprintf(",%q:[", section)
		if s.current != "" {
			lead = "]" + lead
		}
		s.current = section
	}
	_, err = fmt.Fprintf(s.to, "%s%s", lead, text)
	return err
}

func (s *sections) end() error {
	tail := "}\n"
	if s.current != "" {
		tail = "]" + tail
	}
	_, err := s.to.WriteString(tail)
	return err
}
