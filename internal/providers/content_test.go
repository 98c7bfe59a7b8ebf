package providers_test

import (
	"encoding/json"
	"testing"

	"github.com/cirrus/omnichannel/internal/providers"
)

// Null stands for what was left out, as in other fields.
func TestRawJSONTakesNullForNone(t *testing.T) {
	t.Parallel()
	said := struct {
		Components providers.RawJSON `json:"components"`
	}{providers.RawJSON(`[1]`)}
	if err := json.Unmarshal([]byte(`{"components":null}`), &said); err != nil || said.Components != nil {
		t.Errorf("%q, %v", said.Components, err)
	}
}
