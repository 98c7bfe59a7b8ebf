package app_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/sandbox/d360"
	"github.com/cirrus/omnichannel/migrations"
)

// fetchPage reads a page of a server's.
func fetchPage(t *testing.T, url string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// TestOperations: what an operator's tools ask, on a server of its own since
// its schema is broken on the way.
func TestOperations(t *testing.T) {
	t.Parallel()
	server := apptest.Start(t, apptest.Options{})
	server.World(t, apptest.Preset{})
	for _, base := range []string{server.App.URL(), server.App.OpsURL()} {
		if status, body := fetchPage(t, base+"/healthz"); status != http.StatusOK || !strings.Contains(body, `"ok"`) {
			t.Errorf("%s/healthz: %d %s", base, status, body)
		}
		status, body := fetchPage(t, base+"/readyz")
		var ready struct {
			Status, Store string
			Migrations    []string       `json:"pendingMigrations"`
			Channels      map[string]int `json:"channels"`
		}
		if err := json.Unmarshal([]byte(body), &ready); err != nil || status != http.StatusOK || ready.Status != "ready" || ready.Store != "ok" || ready.Migrations == nil || len(ready.Channels) == 0 {
			t.Errorf("%s/readyz: %d %s, %v", base, status, body, err)
		}
	}
	if status, _ := fetchPage(t, server.App.URL()+"/metrics"); status != http.StatusNotFound {
		t.Errorf("metrics on the API's address: %d", status)
	}

	all := migrations.All()
	last := all[len(all)-1]
	if _, err := server.App.DB.Collection("migrations").DeleteOne(context.Background(), bson.D{{Key: "_id", Value: last.Version}}); err != nil {
		t.Fatal(err)
	}
	if status, body := fetchPage(t, server.App.OpsURL()+"/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(body, last.Name) || !strings.Contains(body, "not ready") {
		t.Errorf("with a migration missing: %d %s", status, body)
	}
	if status, _ := fetchPage(t, server.App.OpsURL()+"/healthz"); status != http.StatusOK {
		t.Errorf("the process lives all the same: %d", status)
	}
}

// readmeMetrics are the metrics that the README names.
func readmeMetrics(t *testing.T) []string {
	t.Helper()
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, name := range regexp.MustCompile("`(omnichannel_[a-z_]+)").FindAllStringSubmatch(string(readme), -1) {
		names = append(names, strings.TrimSuffix(name[1], "_count"))
	}
	if len(names) < 12 {
		t.Fatalf("the README names only %v", names)
	}
	return names
}

// TestTheReadmesMetricsAreThere: whoever writes alerts copies their names.
func TestTheReadmesMetricsAreThere(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t, apptest.Options{}).World(t, apptest.Preset{})
	phone := apptest.Phone()
	session := w.Session(phone)
	if _, err := w.Simulator.AddFault(d360.Rule{Match: d360.Match{Endpoint: "messages"}, Times: 1, Fault: d360.Fault{Kind: "error", Code: 131026}}); err != nil {
		t.Fatal(err)
	}
	w.Want(http.StatusNotFound, http.MethodPost, "/api/message/send", map[string]any{"sessionId": session, "text": "Bom dia"})
	var page string
	w.Eventually("channels and queues are measured", func() bool {
		_, page = fetchPage(t, w.App.OpsURL()+"/metrics")
		return regexp.MustCompile(`(?m)^omnichannel_channels\{status="\w+"\} [1-9]`).MatchString(page) && strings.Contains(page, "\nomnichannel_queued_messages 0")
	})
	for _, name := range readmeMetrics(t) {
		if !regexp.MustCompile(`(?m)^# TYPE ` + name + `\b`).MatchString(page) {
			t.Errorf("there is no metric %s", name)
		}
	}
	if strings.Contains(page, phone) {
		t.Error("a phone number is a label")
	}
}
