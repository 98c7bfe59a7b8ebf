package web

import (
	"net/http"
	"strings"

	"golang.org/x/text/language"

	"github.com/cirrus/omnichannel/internal/fault"
)

// kind is what the edge knows of a code: its status and its titles.
type kind struct {
	status int
	pt, en string
}

// catalogue is the only place where a code meets a status and a title.
var catalogue = map[fault.Code]kind{
	fault.NumberNotOnWhatsApp:      {http.StatusNotFound, "Número não encontrado no WhatsApp Web", "Number not found on WhatsApp"},
	fault.WhatsAppConnectionClosed: {http.StatusBadRequest, "Conexão com WhatsApp Web fechada", "WhatsApp connection closed"},
	fault.InvalidNumber:            {http.StatusBadRequest, "Número inválido", "Invalid number"},
	fault.D360InvalidToken:         {http.StatusUnauthorized, "Token de API inválido", "Invalid API token"},
	fault.D360InvalidMessage:       {http.StatusBadRequest, "Formato de mensagem inválido", "Invalid message format"},
	fault.D360RateLimited:          {http.StatusTooManyRequests, "Limite de taxa excedido", "Rate limit exceeded"},
	fault.D360InternalError:        {http.StatusInternalServerError, "Erro interno do D360", "Internal error of D360"},
	fault.D360AccountBlocked:       {http.StatusForbidden, "Conta D360 bloqueada", "D360 account blocked"},
	fault.RecipientUnavailable:     {http.StatusUnprocessableEntity, "Destinatário indisponível", "Recipient unavailable"},
	fault.MalformedRequest:         {http.StatusBadRequest, "Requisição malformada", "Malformed request"},
	fault.ValidationFailed:         {http.StatusUnprocessableEntity, "Campos inválidos", "Validation failed"},
	fault.MethodNotAllowed:         {http.StatusMethodNotAllowed, "Método não permitido", "Method not allowed"},
	fault.PayloadTooLarge:          {http.StatusRequestEntityTooLarge, "Conteúdo grande demais", "Payload too large"},
	fault.UnsupportedMediaType:     {http.StatusUnsupportedMediaType, "Tipo de conteúdo não suportado", "Unsupported media type"},
	fault.Unauthenticated:          {http.StatusUnauthorized, "Não autenticado", "Unauthenticated"},
	fault.Forbidden:                {http.StatusForbidden, "Acesso negado", "Forbidden"},
	fault.NotFound:                 {http.StatusNotFound, "Não encontrado", "Not found"},
	fault.ContactExists:            {http.StatusConflict, "Contato já existe", "Contact already exists"},
	fault.SessionFinished:          {http.StatusConflict, "Sessão finalizada", "Session finished"},
	fault.IdempotencyKeyReused:     {http.StatusConflict, "Chave de idempotência reutilizada", "Idempotency key reused"},
	fault.Conflict:                 {http.StatusConflict, "Conflito", "Conflict"},
	fault.CapabilityUnsupported:    {http.StatusUnprocessableEntity, "Recurso não suportado pelo provedor", "Not supported by the provider"},
	fault.ReplyWindowClosed:        {http.StatusUnprocessableEntity, "Janela de resposta encerrada", "Reply window closed"},
	fault.MediaUnavailable:         {http.StatusUnprocessableEntity, "Mídia indisponível", "Media unavailable"},
	fault.MediaTooLarge:            {http.StatusRequestEntityTooLarge, "Mídia grande demais", "Media too large"},
	fault.MediaTypeUnsupported:     {http.StatusUnsupportedMediaType, "Tipo de mídia não suportado", "Media type not supported"},
	fault.ChannelAmbiguous:         {http.StatusUnprocessableEntity, "Canal ambíguo", "Channel ambiguous"},
	fault.RateLimited:              {http.StatusTooManyRequests, "Muitas requisições", "Too many requests"},
	fault.CursorExpired:            {http.StatusGone, "Posição expirada", "Cursor expired"},
	fault.ProviderTimeout:          {http.StatusGatewayTimeout, "O provedor não respondeu a tempo", "Provider timed out"},
	fault.ProviderUnavailable:      {http.StatusServiceUnavailable, "Provedor indisponível", "Provider unavailable"},
	fault.Internal:                 {http.StatusInternalServerError, "Erro interno", "Internal error"},
}

// StatusOf is the HTTP status of a code.
func StatusOf(code fault.Code) int {
	if k, ok := catalogue[code]; ok {
		return k.status
	}
	return http.StatusInternalServerError
}

// Codes lists every code of the catalogue.
func Codes() []fault.Code {
	codes := make([]fault.Code, 0, len(catalogue))
	for code := range catalogue {
		codes = append(codes, code)
	}
	return codes
}

var languages = language.NewMatcher([]language.Tag{language.BrazilianPortuguese, language.English})

// titleOf gives the title of a code in the language that the caller asks for:
// English when it prefers that, Brazilian Portuguese otherwise.
func titleOf(code fault.Code, acceptLanguage string) string {
	k, ok := catalogue[code]
	if !ok {
		k = catalogue[fault.Internal]
	}
	if len(acceptLanguage) > 256 || strings.TrimSpace(acceptLanguage) == "" {
		return k.pt
	}
	tags, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil {
		return k.pt
	}
	if _, index, confidence := languages.Match(tags...); index == 1 && confidence > language.No {
		return k.en
	}
	return k.pt
}
