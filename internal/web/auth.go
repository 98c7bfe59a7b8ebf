package web

import (
	"context"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
)

// Principal is who calls: a key of one account, or an admin key.
type Principal struct {
	Key     ids.APIKey  // zero for the key that the operator set by OMNI_ADMIN_KEY
	Account ids.Account // empty for an admin
	Admin   bool
}

// May tells whether the caller may see rows of an account.
func (p Principal) May(account ids.Account) bool {
	return p.Admin || (account != "" && p.Account == account)
}

// Authenticator knows keys and accounts.
type Authenticator interface {
	// Authenticate gives the owner of a key; an unknown or revoked key is a
	// fault Unauthenticated.
	Authenticate(ctx context.Context, key string) (Principal, error)
	// AccountExists tells whether there is such an account.
	AccountExists(ctx context.Context, account ids.Account) (bool, error)
}

// Gatekeeper admits those who call the routes under a channel's own number.
type Gatekeeper interface {
	// Admit gives the context in which the channel is known, or refuses: fault
	// NotFound for what is no number, before it looks at who calls.
	Admit(ctx context.Context, k Knock) (context.Context, error)
}

// Knock is what somebody shows who calls a route under a number.
type Knock struct {
	Number     string // the path's first segment
	AccessCode string // X-Access-Code; empty: none
	Address    string // where the call comes from, behind trusted proxies
	// Caller gives the owner of the request's API key; false: it brings none.
	Caller func(ctx context.Context) (Principal, bool, error)
}

type contextKey int

const (
	principalKey contextKey = iota
	requestIDKey
	idempotencyKey
)

// againKey is where a request keeps the check of its key.
const againKey = "omnichannel.again"

// PrincipalOf gives the caller of a request; the zero Principal, which may
// nothing, where the route has no keys.
func PrincipalOf(ctx context.Context) Principal {
	p, _ := ctx.Value(principalKey).(Principal)
	return p
}

// WithPrincipal is a context in which this caller acts.
func WithPrincipal(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, principalKey, p)
}

// presentedKey reads the key that a request brings.
func presentedKey(c *gin.Context) string {
	if scheme, key, ok := strings.Cut(c.GetHeader("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(key)
	}
	return strings.TrimSpace(c.GetHeader("X-API-Key"))
}

// authorize lets a request through to a route of this scope, or answers it.
func authorize(auth Authenticator, gate Gatekeeper, behind proxies) gin.HandlerFunc {
	return func(c *gin.Context) {
		scope := routeOf(c).Scope
		if scope == Public || scope == Own {
			return
		}
		if scope == Number {
			knock(c, auth, gate, behind)
			return
		}
		key := presentedKey(c)
		if key == "" {
			Fail(c, fault.New(fault.Unauthenticated, "This route needs an API key: send it as `Authorization: Bearer <key>` or `X-API-Key: <key>`."))
			return
		}
		var p Principal
		check := func(ctx context.Context) (err error) {
			if p, err = auth.Authenticate(ctx, key); err != nil {
				return err
			}
			return allowed(ctx, c.Param("clientIdentifier"), auth, scope, p)
		}
		if err := check(c.Request.Context()); err != nil {
			Fail(c, err)
			return
		}
		c.Set(againKey, check)
		c.Request = c.Request.WithContext(WithPrincipal(c.Request.Context(), p))
	}
}

// knock lets the gatekeeper admit a request, or answers it.
func knock(c *gin.Context, auth Authenticator, gate Gatekeeper, behind proxies) {
	ctx, err := gate.Admit(c.Request.Context(), Knock{
		Number: c.Param("clientNumber"), AccessCode: strings.TrimSpace(c.GetHeader("X-Access-Code")), Address: behind.caller(c.Request),
		Caller: func(context.Context) (Principal, bool, error) { return AuthenticateRequest(c, auth) },
	})
	if err != nil {
		Fail(c, err)
		return
	}
	c.Request = c.Request.WithContext(ctx)
}

// AuthenticateRequest gives the owner of the key that a request of scope Own
// brings, if it brings one.
func AuthenticateRequest(c *gin.Context, auth Authenticator) (Principal, bool, error) {
	key := presentedKey(c)
	if key == "" {
		return Principal{}, false, nil
	}
	p, err := auth.Authenticate(c.Request.Context(), key)
	return p, true, err
}

func allowed(ctx context.Context, text string, auth Authenticator, scope Scope, p Principal) error {
	switch scope {
	case Admin:
		if !p.Admin {
			return fault.New(fault.Forbidden, "This route needs an admin key; this key belongs to account %s.", p.Account)
		}
	case Account:
		account, err := ids.ParseAccount(text)
		if err != nil {
			return fault.New(fault.NotFound, "There is no account %q: a clientIdentifier is a UUID.", clip(text))
		}
		missing := fault.New(fault.NotFound, "There is no account %s for this key.", account)
		if !p.May(account) {
			return missing
		}
		if p.Admin {
			if exists, err := auth.AccountExists(ctx, account); err != nil || !exists {
				return firstError(err, missing)
			}
		}
	}
	return nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// clip keeps foreign text in an answer short.
func clip(text string) string {
	if len(text) > 64 {
		return strings.ToValidUTF8(text[:64], "") + "…"
	}
	return strings.ToValidUTF8(text, "�")
}
