package contract

import (
	"encoding/json"
	"fmt"

	"github.com/santhosh-tekuri/jsonschema/v6"

	omnichannel "github.com/cirrus/omnichannel"
)

// Webhooks are the events of openapi.yaml, ready to hold what platforms get
// against. It may be used by many goroutines.
type Webhooks struct{ bodies map[string]*jsonschema.Schema }

// LoadWebhooks reads the document that the program carries.
func LoadWebhooks() (*Webhooks, error) {
	doc, err := parse(omnichannel.OpenAPI)
	if err != nil {
		return nil, err
	}
	w := &Webhooks{bodies: map[string]*jsonschema.Schema{}}
	hooks := node{doc, doc.root, ""}.get("webhooks")
	for name := range hooks.members() {
		body := hooks.get(name).get("post").get("requestBody").get("content").get("application/json")
		if w.bodies[name], err = body.get("schema").schema(); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// Check holds the body of an event against its type's schema.
func (w *Webhooks) Check(body []byte) error {
	var event struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(body, &event); err != nil {
		return fmt.Errorf("the event is no JSON: %w; the body: %s", err, clip(body))
	}
	schema, known := w.bodies[event.Type]
	if !known {
		return fmt.Errorf("the document has no event %q", event.Type)
	}
	if err := validate(schema, body); err != nil {
		return fmt.Errorf("%s: %w", event.Type, err)
	}
	return nil
}
