package d360

import (
	"regexp"
	"slices"
	"strings"
)

// Template is a message template of a number, in the form of the Graph API.
type Template struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Language string `json:"language"`
	// Status is APPROVED, PENDING, REJECTED, PAUSED or DISABLED; only APPROVED can
	// be sent.
	Status   string `json:"status"`
	Category string `json:"category"` // MARKETING, UTILITY or AUTHENTICATION
	// ParameterFormat is POSITIONAL ({{1}}) or NAMED ({{name}}).
	ParameterFormat string              `json:"parameter_format,omitempty"`
	Components      []TemplateComponent `json:"components"`
}

// TemplateComponent is a part of a template.
type TemplateComponent struct {
	Type    string           `json:"type"`             // HEADER, BODY, FOOTER or BUTTONS
	Format  string           `json:"format,omitempty"` // of a HEADER: TEXT, IMAGE, VIDEO, DOCUMENT or LOCATION
	Text    string           `json:"text,omitempty"`
	Buttons []TemplateButton `json:"buttons,omitempty"`
	Example map[string]any   `json:"example,omitempty"`
	Cards   []any            `json:"cards,omitempty"`
	// AddSecurityRecommendation and CodeExpirationMinutes belong to authentication
	// templates.
	AddSecurityRecommendation bool `json:"add_security_recommendation,omitempty"`
	CodeExpirationMinutes     int  `json:"code_expiration_minutes,omitempty"`
}

// TemplateButton is a button of a template.
type TemplateButton struct {
	Type        string `json:"type"` // QUICK_REPLY, URL, PHONE_NUMBER, COPY_CODE, FLOW, CATALOG or OTP
	Text        string `json:"text,omitempty"`
	URL         string `json:"url,omitempty"`
	PhoneNumber string `json:"phone_number,omitempty"`
	FlowID      string `json:"flow_id,omitempty"`
	OTPType     string `json:"otp_type,omitempty"`
	Example     any    `json:"example,omitempty"`
}

var (
	placeholder  = regexp.MustCompile(`\{\{\s*([A-Za-z0-9_]+)\s*\}\}`)
	templateName = regexp.MustCompile(`^[a-z0-9_]+$`)
)

var (
	templateStatuses   = []string{"APPROVED", "PENDING", "REJECTED", "PAUSED", "DISABLED"}
	templateCategories = []string{"MARKETING", "UTILITY", "AUTHENTICATION"}
)

// placeholders are the variables of a text, each once, in order.
func placeholders(text string) []string {
	var out []string
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(out, m[1]) {
			out = append(out, m[1])
		}
	}
	return out
}

// fill puts values, by variable, into a text.
func fill(text string, values map[string]string) string {
	return placeholder.ReplaceAllStringFunc(text, func(m string) string {
		return values[placeholder.FindStringSubmatch(m)[1]]
	})
}

func (t *Template) component(kind string) *TemplateComponent {
	for i := range t.Components {
		if strings.EqualFold(t.Components[i].Type, kind) {
			return &t.Components[i]
		}
	}
	return nil
}

func (t *Template) buttons() []TemplateButton {
	if c := t.component("BUTTONS"); c != nil {
		return c.Buttons
	}
	return nil
}

// problem says in words what is wrong with a template that is being created.
func (t *Template) problem() string {
	switch {
	case len(t.Name) > 512 || !templateName.MatchString(t.Name):
		return "name must be lower-case letters, digits and underscores"
	case t.Language == "":
		return "language is required"
	case !slices.Contains(templateCategories, t.Category):
		return "category must be one of MARKETING, UTILITY, AUTHENTICATION"
	case !slices.Contains(templateStatuses, t.Status):
		return "status must be one of " + strings.Join(templateStatuses, ", ")
	case t.ParameterFormat != "POSITIONAL" && t.ParameterFormat != "NAMED":
		return "parameter_format must be POSITIONAL or NAMED"
	case t.component("BODY") == nil:
		return "components must have a BODY"
	}
	for _, c := range t.Components {
		if !slices.Contains([]string{"HEADER", "BODY", "FOOTER", "BUTTONS", "CAROUSEL", "LIMITED_TIME_OFFER"}, strings.ToUpper(c.Type)) {
			return "component type " + c.Type + " does not exist"
		}
	}
	return ""
}

// SeedTemplates are the templates that a new number owns: one of each kind that
// a client has to fill in differently, and one that is paused.
func SeedTemplates() []Template {
	body := func(text string) TemplateComponent { return TemplateComponent{Type: "BODY", Text: text} }
	buttons := func(b ...TemplateButton) TemplateComponent {
		return TemplateComponent{Type: "BUTTONS", Buttons: b}
	}
	rows := []Template{
		{Name: "contato_cliente", Language: "pt_BR", Category: "UTILITY", Components: []TemplateComponent{
			body("Olá {{1}}, aqui é da {{2}}. Podemos conversar?"),
		}},
		{Name: "ola_mundo", Language: "pt_BR", Category: "UTILITY", Components: []TemplateComponent{
			{Type: "HEADER", Format: "TEXT", Text: "Olá"}, body("Bem-vindo!"), {Type: "FOOTER", Text: "Sandbox"},
		}},
		{Name: "ola_mundo", Language: "en", Category: "UTILITY", Components: []TemplateComponent{body("Welcome!")}},
		{Name: "promocao_imagem", Language: "pt_BR", Category: "MARKETING", Components: []TemplateComponent{
			{Type: "HEADER", Format: "IMAGE"}, body("{{1}}, veja a nossa promoção."),
		}},
		{Name: "fatura_documento", Language: "pt_BR", Category: "UTILITY", Components: []TemplateComponent{
			{Type: "HEADER", Format: "DOCUMENT"}, body("Sua fatura de {{1}} chegou."),
		}},
		{Name: "rastreio_url", Language: "pt_BR", Category: "UTILITY", Components: []TemplateComponent{
			body("Pedido {{1}} a caminho."),
			buttons(TemplateButton{Type: "URL", Text: "Rastrear", URL: "https://example.com/rastreio/{{1}}"}),
		}},
		{Name: "pesquisa_satisfacao", Language: "pt_BR", Category: "UTILITY", Components: []TemplateComponent{
			body("Como foi o atendimento?"),
			buttons(TemplateButton{Type: "QUICK_REPLY", Text: "Bom"}, TemplateButton{Type: "QUICK_REPLY", Text: "Ruim"}),
		}},
		{Name: "cupom_desconto", Language: "pt_BR", Category: "MARKETING", Components: []TemplateComponent{
			body("Seu cupom, {{1}}:"), buttons(TemplateButton{Type: "COPY_CODE", Text: "Copiar"}),
		}},
		{Name: "codigo_acesso", Language: "pt_BR", Category: "AUTHENTICATION", Components: []TemplateComponent{
			{Type: "BODY", Text: "Seu código é {{1}}.", AddSecurityRecommendation: true},
			buttons(TemplateButton{Type: "URL", Text: "Copiar", URL: "https://www.whatsapp.com/otp/code/?code=otp{{1}}"}),
		}},
		{Name: "aviso_nomeado", Language: "pt_BR", Category: "UTILITY", ParameterFormat: "NAMED", Components: []TemplateComponent{
			{Type: "HEADER", Format: "TEXT", Text: "Pedido {{pedido}}"}, body("Olá {{nome}}, seu pedido chega {{dia}}."),
		}},
		{Name: "campanha_pausada", Language: "pt_BR", Category: "MARKETING", Status: "PAUSED", Components: []TemplateComponent{
			body("Esta campanha está pausada."),
		}},
		{Name: "aviso_desativado", Language: "pt_BR", Category: "UTILITY", Status: "DISABLED", Components: []TemplateComponent{
			body("Este aviso foi desativado."),
		}},
	}
	for i := range rows {
		rows[i].normalize()
	}
	return rows
}

func (t *Template) normalize() {
	if t.Status == "" {
		t.Status = "APPROVED"
	}
	if t.ParameterFormat == "" {
		t.ParameterFormat = "POSITIONAL"
	}
}
