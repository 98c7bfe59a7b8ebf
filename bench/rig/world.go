package rig

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// World is one account with a 360dialog channel on a running server.
type World struct {
	Account string
	Key     string
	Config  string
	Channel string
	Secret  string // of the channel's webhook
}

// WebhookPath is where the channel's webhooks go.
func (w World) WebhookPath() string {
	return "/api/webhook/360dialog/" + w.Config + "/" + w.Channel
}

// MakeAccount makes an account with a platform and no channel, by the API.
func MakeAccount(ctx context.Context, client *http.Client, url string) (World, error) {
	var w World
	var account struct {
		ID string `json:"clientIdentifier"`
	}
	if err := Call(ctx, client, AdminKey, http.MethodPost, url+"/api/accounts", map[string]any{"name": "rig"}, &account); err != nil {
		return w, err
	}
	w.Account = account.ID
	base := url + "/api/accounts/" + w.Account
	var key struct {
		Key string `json:"key"`
	}
	if err := Call(ctx, client, AdminKey, http.MethodPost, base+"/api-keys", map[string]any{"name": "rig"}, &key); err != nil {
		return w, err
	}
	w.Key = key.Key
	var config struct {
		ID string `json:"_id"`
	}
	if err := Call(ctx, client, w.Key, http.MethodPost, base+"/platform-configs", map[string]any{"platformSlug": "console", "name": "Console", "isDefault": true}, &config); err != nil {
		return w, err
	}
	w.Config = config.ID
	return w, nil
}

// MakeWorld makes an account with a platform and a channel, by the API.
func MakeWorld(ctx context.Context, client *http.Client, url, number, d360Key string) (World, error) {
	w, err := MakeAccount(ctx, client, url)
	if err != nil {
		return w, err
	}
	base := url + "/api/accounts/" + w.Account
	var channel struct {
		ID      string `json:"_id"`
		Webhook struct {
			Secret string `json:"secret"`
		} `json:"webhook"`
	}
	body := map[string]any{"name": "rig", "channelType": "whatsapp", "provider": "d360", "identifier": number, "platformConfigId": w.Config, "credentials": map[string]any{"apiKey": d360Key}, "settings": map[string]any{"messagesPerSecond": 1000}}
	if err := Call(ctx, client, w.Key, http.MethodPost, base+"/channels", body, &channel); err != nil {
		return w, err
	}
	w.Channel, w.Secret = channel.ID, channel.Webhook.Secret
	return w, nil
}

// Call asks the API and reads a success into into, which may be nil.
func Call(ctx context.Context, client *http.Client, key, method, url string, body, into any) error {
	status, text, err := Do(ctx, client, key, method, url, body, nil)
	if err != nil {
		return err
	}
	if status >= http.StatusMultipleChoices {
		return fmt.Errorf("%s %s: %d: %s", method, url, status, text)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(text, into)
}

// Do asks the API once. body may be ready-made bytes.
func Do(ctx context.Context, client *http.Client, key, method, url string, body any, header http.Header) (int, []byte, error) {
	content, ready := body.([]byte)
	if body != nil && !ready {
		var err error
		if content, err = json.Marshal(body); err != nil {
			return 0, nil, err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(content))
	if err != nil {
		return 0, nil, err
	}
	for name, values := range header {
		req.Header[name] = values
	}
	req.Header.Set("Authorization", "Bearer "+key)
	req.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	return resp.StatusCode, Drain(resp), nil
}
