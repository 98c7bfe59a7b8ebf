package rig

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// openWithin bounds how long a number may take to be linked and open.
const openWithin = time.Minute

// Link makes a WhatsApp Web channel of a number and links it to its phone: scan
// is what the phone does with the code that the server shows. It returns the
// channel's id once the number is open.
func Link(ctx context.Context, client *http.Client, url string, w World, number string, settings map[string]any, scan func(code string) error) (string, error) {
	var channel struct {
		ID string `json:"_id"`
	}
	body := map[string]any{"name": number, "channelType": "whatsapp", "provider": "whatsappweb", "identifier": number, "platformConfigId": w.Config, "settings": settings}
	if err := Call(ctx, client, w.Key, http.MethodPost, url+"/api/accounts/"+w.Account+"/channels", body, &channel); err != nil {
		return "", err
	}
	code, err := pairingCode(ctx, client, url, w, number)
	if err != nil {
		return "", err
	}
	if err := scan(code); err != nil {
		return "", fmt.Errorf("the phone of number %s scans: %w", number, err)
	}
	return channel.ID, AwaitOpen(ctx, client, url, w, number)
}

func pairingCode(ctx context.Context, client *http.Client, url string, w World, number string) (string, error) {
	status, text, err := Do(ctx, client, w.Key, http.MethodGet, url+"/"+number+"/qr", nil, http.Header{"Accept": {"application/json"}})
	var code struct {
		QR string `json:"qr"`
	}
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("the code of number %s: %d: %s", number, status, text)
	}
	if err == nil {
		err = json.Unmarshal(text, &code)
	}
	return code.QR, err
}

// AwaitOpen returns once a number is open.
func AwaitOpen(ctx context.Context, client *http.Client, url string, w World, number string) error {
	ctx, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	var view struct {
		Status string `json:"status"`
		Detail string `json:"detail"`
	}
	for {
		err := Call(ctx, client, w.Key, http.MethodGet, url+"/"+number+"/status", nil, &view)
		if err == nil && view.Status == "open" {
			return nil
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("number %s is %q and not open after %s: %s", number, view.Status, openWithin, view.Detail), err)
		}
	}
}

// Gauge reads one of a server's metrics: a series as it is printed, with its
// labels in their order.
func (s *Server) Gauge(ctx context.Context, client *http.Client, series string) (float64, error) {
	status, text, err := Do(ctx, client, "", http.MethodGet, s.OpsURL+"/metrics", nil, nil)
	if err != nil || status != http.StatusOK {
		return 0, errors.Join(fmt.Errorf("%s/metrics answered %d", s.OpsURL, status), err)
	}
	for line := range bytes.Lines(text) {
		if value, found := bytes.CutPrefix(line, []byte(series+" ")); found {
			var number float64
			_, err := fmt.Sscan(string(value), &number)
			return number, err
		}
	}
	return 0, fmt.Errorf("%s/metrics has no %s", s.OpsURL, series)
}
