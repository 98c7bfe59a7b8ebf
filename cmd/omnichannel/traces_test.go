package main_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/cirrus/omnichannel/internal/vault"
)

// span is what the console exporter prints of one.
type span struct {
	Name        string
	SpanContext struct{ TraceID, SpanID string }
	Parent      struct{ SpanID string }
	Attributes  []struct {
		Key   string
		Value struct{ Value any }
	}
	Resource []struct {
		Key   string
		Value struct{ Value any }
	}
}

// spans reads what was exported, by name, of one trace.
func spans(printed, trace string) map[string]span {
	found := map[string]span{}
	for line := range strings.Lines(printed) {
		var s span
		if json.Unmarshal([]byte(line), &s) == nil && s.SpanContext.TraceID == trace {
			found[s.Name] = s
		}
	}
	return found
}

// TestTracesAreExportedWhereAnExporterIsSet: a request goes on with its
// caller's trace, down to the provider, and shows nobody's number.
func TestTracesAreExportedWhereAnExporterIsSet(t *testing.T) {
	t.Parallel()
	provider, number := simulated(t, nil)
	env := environ("OMNI_MONGODB_URI="+store(t), "OMNI_MASTER_KEY="+vault.NewKey().Reveal(), "OMNI_ADMIN_KEY="+adminKey,
		"OMNI_DATA_DIR="+t.TempDir(), "OMNI_D360_BASE_URL="+provider, "OTEL_TRACES_EXPORTER=console")
	if _, errs, code := run(t, env, "migrate"); code != 0 {
		t.Fatal(errs)
	}
	p, url := serving(t, env)
	made := provision(t, url, number.APIKey, "")
	const trace, caller = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/api/message/start/d360", strings.NewReader(template(made.channel)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+adminKey)
	req.Header.Set("Traceparent", "00-"+trace+"-"+caller+"-01")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	p.stop()

	printed, _ := p.out.read()
	found := spans(printed, trace)
	request := found["startD360"]
	if request.Parent.SpanID != caller || request.Name == "" {
		t.Fatalf("the request's span: %+v in\n%s", request, printed)
	}
	for _, name := range []string{"commit", "provider.send"} {
		if found[name].Parent.SpanID != request.SpanContext.SpanID {
			t.Errorf("%s is no child of the request: %+v", name, found[name])
		}
	}
	said := map[string]any{}
	for _, a := range append(request.Attributes, request.Resource...) {
		said[a.Key] = a.Value.Value
	}
	if said["http.response.status_code"] != float64(200) || said["http.route"] != "/api/message/start/d360" || said["service.name"] != "omnichannel" {
		t.Errorf("the request's span says %v", said)
	}
	for _, secret := range []string{"5521988887777", adminKey, number.APIKey, "João"} {
		if strings.Contains(printed, secret) {
			t.Errorf("%q was exported", secret)
		}
	}
}
