package d360

import (
	"strconv"
	"testing"

	"github.com/cirrus/omnichannel/internal/providers"
)

// TestEveryCode pins the verdict on each code that is known.
func TestEveryCode(t *testing.T) {
	t.Parallel()
	type want struct {
		reason      providers.Reason
		sent        providers.Sent
		retry, tell bool
		holds       scope
	}
	invalidMessage := want{reason: providers.ReasonInvalidMessage}
	maybe := want{reason: providers.ReasonProviderInternal, sent: providers.Maybe}
	slow := want{reason: providers.ReasonRateLimited, retry: true, holds: holdsNumber}
	slowTold := want{reason: providers.ReasonRateLimited, retry: true, holds: holdsNumber, tell: true}
	token := want{reason: providers.ReasonInvalidToken, tell: true}
	blocked := want{reason: providers.ReasonAccountBlocked, tell: true}
	unavailable := want{reason: providers.ReasonRecipientUnavailable}
	media := want{reason: providers.ReasonMediaUnavailable}
	told := want{reason: providers.ReasonInvalidMessage, tell: true}
	for code, w := range map[string]want{
		"4": slow, "80007": slow, "130429": slow, "131048": slowTold, "133016": slowTold,
		"131056": {reason: providers.ReasonRateLimited, retry: true, holds: holdsRecipient},
		"1":      maybe, "2": maybe, "131000": maybe, "131016": maybe,
		"131057": {reason: providers.ReasonProviderInternal, retry: true, holds: holdsNumber},
		"131053": media, "131052": media,
		"100": invalidMessage, "33": invalidMessage, "131008": invalidMessage, "131009": invalidMessage,
		"131051": invalidMessage, "131062": invalidMessage, "137000": invalidMessage, "139100": invalidMessage,
		"131021": {reason: providers.ReasonInvalidNumber},
		"131026": {reason: providers.ReasonNotOnWhatsApp},
		"131047": {reason: providers.ReasonReplyWindowClosed},
		"130472": unavailable, "131049": unavailable, "131050": unavailable,
		"132000": invalidMessage, "132001": invalidMessage, "132005": invalidMessage, "132007": invalidMessage,
		"132008": invalidMessage, "132012": invalidMessage, "132015": told, "132016": told, "132068": told, "132069": told,
		"0": token, "190": token, "3": blocked, "10": blocked, "200": blocked, "250": blocked, "299": blocked,
		"368": blocked, "131005": blocked, "131031": blocked, "131042": blocked, "131045": blocked,
		"130497": {reason: providers.ReasonAccountBlocked},
		"300":    invalidMessage, "131999": invalidMessage, "": invalidMessage, "x": invalidMessage,
	} {
		v := judge(answer{code: code, status: 400})
		if got := (want{v.reason, v.sent, v.retry, v.tell, v.holds}); got != w {
			t.Errorf("code %q leads to %+v, want %+v", code, got, w)
		}
		if code != "" && code != "x" && w != invalidMessage && judge(answer{code: code, status: 500}) != v {
			t.Errorf("code %q is judged by its status", code)
		}
	}
}

// TestRowsAreSound holds the table to its own rules.
func TestRowsAreSound(t *testing.T) {
	t.Parallel()
	for i, r := range rows {
		if r.advice == "" {
			t.Errorf("row %d gives no advice", i)
		}
		if r.sent == providers.Maybe && (r.retry || r.fresh) {
			t.Errorf("row %d would repeat what was perhaps done", i)
		}
		if r.holds != holdsNobody && !r.retry {
			t.Errorf("row %d holds off what is not tried again", i)
		}
		if r.retry && r.pause == 0 && r.holds != holdsRecipient {
			t.Errorf("row %d is tried again at once", i)
		}
		if first := judge(r.example()); first != r.verdict {
			t.Errorf("row %d is never reached by %+v", i, r.example())
		}
	}
	if v := judge(answer{status: 100}); v != otherwise {
		t.Errorf("an answer of no class leads to %+v", v)
	}
}

// example is an answer that the row is for.
func (r row) example() answer {
	status := r.status
	if status < 10 {
		status = status*100 + 99
	}
	if r.from >= 0 {
		return answer{code: strconv.Itoa(r.from), status: 400}
	}
	return answer{status: status, message: r.text}
}
