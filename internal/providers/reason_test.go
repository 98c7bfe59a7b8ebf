package providers

import "testing"

func TestEveryReasonHasItsCode(t *testing.T) {
	t.Parallel()
	for reason := ReasonUnknown; reason <= ReasonUnavailable; reason++ {
		if _, ok := reasonCodes[reason]; !ok {
			t.Errorf("reason %d has no row in reasonCodes", reason)
		}
	}
	if got := len(reasonCodes); got != int(ReasonUnavailable)+1 {
		t.Errorf("reasonCodes has %d rows, there are %d reasons", got, int(ReasonUnavailable)+1)
	}
	if got := (ReasonUnavailable + 1).Code(); got != "d360_internal_error" {
		t.Errorf("an unknown reason is %q", got)
	}
}
