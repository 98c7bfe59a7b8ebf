package web_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/web"
)

// problems is the catalogue as callers rely on it: code, status, and the titles
// in Portuguese and English.
var problems = map[fault.Code]struct {
	status int
	pt, en string
}{
	fault.NumberNotOnWhatsApp:      {404, "Número não encontrado no WhatsApp Web", "Number not found on WhatsApp"},
	fault.WhatsAppConnectionClosed: {400, "Conexão com WhatsApp Web fechada", "WhatsApp connection closed"},
	fault.InvalidNumber:            {400, "Número inválido", "Invalid number"},
	fault.D360InvalidToken:         {401, "Token de API inválido", "Invalid API token"},
	fault.D360InvalidMessage:       {400, "Formato de mensagem inválido", "Invalid message format"},
	fault.D360RateLimited:          {429, "Limite de taxa excedido", "Rate limit exceeded"},
	fault.D360InternalError:        {500, "Erro interno do D360", "Internal error of D360"},
	fault.D360AccountBlocked:       {403, "Conta D360 bloqueada", "D360 account blocked"},
	fault.RecipientUnavailable:     {422, "Destinatário indisponível", "Recipient unavailable"},
	fault.MalformedRequest:         {400, "Requisição malformada", "Malformed request"},
	fault.ValidationFailed:         {422, "Campos inválidos", "Validation failed"},
	fault.MethodNotAllowed:         {405, "Método não permitido", "Method not allowed"},
	fault.PayloadTooLarge:          {413, "Conteúdo grande demais", "Payload too large"},
	fault.UnsupportedMediaType:     {415, "Tipo de conteúdo não suportado", "Unsupported media type"},
	fault.Unauthenticated:          {401, "Não autenticado", "Unauthenticated"},
	fault.Forbidden:                {403, "Acesso negado", "Forbidden"},
	fault.NotFound:                 {404, "Não encontrado", "Not found"},
	fault.ContactExists:            {409, "Contato já existe", "Contact already exists"},
	fault.SessionFinished:          {409, "Sessão finalizada", "Session finished"},
	fault.IdempotencyKeyReused:     {409, "Chave de idempotência reutilizada", "Idempotency key reused"},
	fault.Conflict:                 {409, "Conflito", "Conflict"},
	fault.CapabilityUnsupported:    {422, "Recurso não suportado pelo provedor", "Not supported by the provider"},
	fault.ReplyWindowClosed:        {422, "Janela de resposta encerrada", "Reply window closed"},
	fault.MediaUnavailable:         {422, "Mídia indisponível", "Media unavailable"},
	fault.MediaTooLarge:            {413, "Mídia grande demais", "Media too large"},
	fault.MediaTypeUnsupported:     {415, "Tipo de mídia não suportado", "Media type not supported"},
	fault.ChannelAmbiguous:         {422, "Canal ambíguo", "Channel ambiguous"},
	fault.RateLimited:              {429, "Muitas requisições", "Too many requests"},
	fault.CursorExpired:            {http.StatusGone, "Posição expirada", "Cursor expired"},
	fault.ProviderTimeout:          {504, "O provedor não respondeu a tempo", "Provider timed out"},
	fault.ProviderUnavailable:      {503, "Provedor indisponível", "Provider unavailable"},
	fault.Internal:                 {500, "Erro interno", "Internal error"},
}

// constants reads the codes from the source of package fault.
func constants(t *testing.T) []fault.Code {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../fault/fault.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var codes []fault.Code
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); !ok || kind.Name != "Code" {
			return true
		}
		text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		codes = append(codes, fault.Code(text))
		return true
	})
	return codes
}

// failing serves a route that fails with what err gives.
func failing(err func() error) *gin.Engine {
	return engineOf(web.Route{Method: http.MethodGet, Path: "/", Handler: web.Raw(func(*gin.Context) error { return err() })})
}

func TestTheCatalogueIsWhole(t *testing.T) {
	t.Parallel()
	codes, known := constants(t), web.Codes()
	slices.Sort(codes)
	slices.Sort(known)
	if !slices.Equal(codes, known) {
		t.Errorf("package fault has %v, the catalogue %v", codes, known)
	}
	for _, code := range codes {
		want, listed := problems[code]
		if !listed {
			t.Errorf("%s is not in this test", code)
			continue
		}
		engine := failing(func() error { return fault.New(code, "What happened.") })
		for language, title := range map[string]string{"": want.pt, "pt-BR": want.pt, "en": want.en} {
			a := do(engine, http.MethodGet, "/", "", "Accept-Language", language)
			if a.status != want.status || web.StatusOf(code) != want.status || a.body["status"] != float64(want.status) || a.str("title") != title ||
				a.str("code") != string(code) || a.str("type") != "/docs#problem-"+string(code) || a.str("requestId") != a.header.Get("X-Request-Id") ||
				a.header.Get("Content-Type") != "application/problem+json; charset=utf-8" {
				t.Errorf("%s in %q: %d %s", code, language, a.status, a.text)
			}
			if detail := a.str("detail"); (detail == "What happened.") != (code != fault.Internal) || detail == "" {
				t.Errorf("%s: detail %q", code, detail)
			}
		}
	}
}

func TestTitlesFollowTheCallersLanguages(t *testing.T) {
	t.Parallel()
	engine := failing(func() error { return fault.New(fault.NotFound, "x") })
	for languages, title := range map[string]string{
		"en-US,en;q=0.9": "Not found", "en-GB": "Not found", "pt-PT": "Não encontrado", "pt;q=0.1,en;q=0.9": "Not found", "en;q=0.1,pt;q=0.9": "Não encontrado",
		"de": "Não encontrado", "de,en;q=0.5": "Not found", "*": "Não encontrado", ";;;": "Não encontrado", strings.Repeat("en,", 200): "Não encontrado",
	} {
		if a := do(engine, http.MethodGet, "/", "", "Accept-Language", languages); a.str("title") != title {
			t.Errorf("%.40s: %s, want %s", languages, a.str("title"), title)
		}
	}
}

func TestWhatAProblemCarries(t *testing.T) {
	t.Parallel()
	full := &fault.Error{
		Code: fault.D360RateLimited, Detail: "Slow down.", ProviderCode: "130429", RetryAfter: 1500 * time.Millisecond,
		Fields: []fault.Field{{Field: "buttons.0.value", Code: "max", Message: "is long"}}, Err: errors.New("the inner cause"),
	}
	a := do(failing(func() error {
		return fmt.Errorf("wrapped: %w", full.With("_id", "64cbbd9596429dbccd7841e5").With("code", "mine"))
	}), http.MethodGet, "/", "")
	if a.header.Get("Retry-After") != "2" || a.str("providerCode") != "130429" || a.str("_id") != "64cbbd9596429dbccd7841e5" || a.field() != "buttons.0.value max" ||
		a.str("code") != "d360_rate_limited" || strings.Contains(a.text, "inner cause") {
		t.Errorf("%v %s", a.header, a.text)
	}
	if a := do(failing(func() error { return fault.New(fault.Unauthenticated, "x") }), http.MethodGet, "/", ""); a.header.Get("WWW-Authenticate") == "" {
		t.Errorf("401 names no scheme: %v", a.header)
	}
	for name, err := range map[string]error{
		"unforeseen": errors.New("pq: password=hunter2"), "internal": fault.Wrap(errors.New("hunter2"), fault.Internal, "hunter2"),
		"in an extra": fault.New(fault.Conflict, "x").With("secret", func() {}),
	} {
		a := do(failing(func() error { return err }), http.MethodGet, "/", "", "Accept-Language", "en")
		var doc map[string]any
		if a.status != 500 || a.str("code") != "internal" || strings.Contains(a.text, "hunter2") || json.Unmarshal([]byte(a.text), &doc) != nil {
			t.Errorf("%s: %d %s", name, a.status, a.text)
		}
	}
}
