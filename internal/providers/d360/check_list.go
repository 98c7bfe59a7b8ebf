package d360

import (
	"strconv"

	"github.com/cirrus/omnichannel/internal/providers"
)

const sectionsField = "interactive.action.sections"

// checkList checks a list's button, sections and rows.
func checkList(a action) error {
	limit := capabilities.Limits[providers.TypeInteractive]
	if a.Button == "" {
		return invalid("interactive.action.button", "A list needs the text of its button.")
	}
	if err := checkLength("interactive.action.button", "The list's button", a.Button, limit.MaxTitle); err != nil {
		return err
	}
	if n := len(a.Sections); n == 0 || n > limit.MaxSections {
		return invalid(sectionsField, "There are %d sections; WhatsApp takes 1 to %d.", n, limit.MaxSections)
	}
	rows, seen := 0, map[string]bool{}
	for i, s := range a.Sections {
		if err := checkSection(s, i, len(a.Sections) > 1, seen); err != nil {
			return err
		}
		rows += len(s.Rows)
	}
	if rows > limit.MaxRows {
		return invalid(sectionsField, "There are %d rows; WhatsApp takes %d over all sections.", rows, limit.MaxRows)
	}
	return nil
}

// checkSection checks one section; seen has the rows' ids so far.
func checkSection(s section, i int, needsTitle bool, seen map[string]bool) error {
	at := sectionsField + "." + strconv.Itoa(i)
	switch {
	case needsTitle && s.Title == "":
		return invalid(at+".title", "With more than one section, each needs a title.")
	case len(s.Rows) == 0:
		return invalid(at+".rows", "Section %d has no rows.", i)
	}
	if err := checkLength(at+".title", "The section's title", s.Title, maxSectionTitle); err != nil {
		return err
	}
	for j, r := range s.Rows {
		if err := checkRow(r, at+".rows."+strconv.Itoa(j), seen); err != nil {
			return err
		}
	}
	return nil
}

func checkRow(r listRow, at string, seen map[string]bool) error {
	switch {
	case r.ID == "" || r.Title == "":
		return invalid(at, "A row needs an id and a title.")
	case seen[r.ID]:
		return invalid(at+".id", "Two rows have the id %q.", clip(r.ID, 60))
	}
	seen[r.ID] = true
	if err := checkLength(at+".id", "The row's id", r.ID, maxRowID); err != nil {
		return err
	}
	if err := checkLength(at+".title", "The row's title", r.Title, maxRowTitle); err != nil {
		return err
	}
	return checkLength(at+".description", "The row's description", r.Description, maxRowText)
}
