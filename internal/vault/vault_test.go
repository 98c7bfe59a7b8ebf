package vault_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/vault"
)

func open(t *testing.T, master vault.Secret, previous ...vault.Secret) *vault.Vault {
	t.Helper()
	v, err := vault.New(master, previous...)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

var at = vault.Binding{Purpose: "channel.credentials", RowID: "64b7f0c2a1"}

func TestSealOpensAtItsPlaceOnly(t *testing.T) {
	t.Parallel()
	v := open(t, vault.NewKey())
	for _, plain := range [][]byte{[]byte("D360-API-KEY"), {}, bytes.Repeat([]byte{0}, 1<<20)} {
		sealed := v.Seal(at, plain)
		if len(plain) > 0 && bytes.Contains(sealed.Box, plain) {
			t.Fatal("the plaintext is in the box")
		}
		if again := v.Seal(at, plain); bytes.Equal(again.Box, sealed.Box) {
			t.Fatal("two seals are equal: the nonce repeats")
		}
		got, err := v.Open(at, sealed)
		if err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("%d bytes became %d, %v", len(plain), len(got), err)
		}
	}
	sealed := v.Seal(at, []byte("x"))
	for _, elsewhere := range []vault.Binding{
		{Purpose: at.Purpose, RowID: "other"}, {Purpose: "other", RowID: at.RowID}, {},
		{Purpose: at.Purpose + at.RowID[:1], RowID: at.RowID[1:]},
	} {
		if _, err := v.Open(elsewhere, sealed); !errors.Is(err, vault.ErrNotAuthentic) {
			t.Errorf("opened at %v: %v", elsewhere, err)
		}
	}
	for i := range sealed.Box {
		changed := vault.Sealed{KeyID: sealed.KeyID, Box: bytes.Clone(sealed.Box)}
		changed.Box[i] ^= 1
		if _, err := v.Open(at, changed); !errors.Is(err, vault.ErrNotAuthentic) {
			t.Errorf("opened with byte %d changed: %v", i, err)
		}
	}
	for n := range 28 {
		if _, err := v.Open(at, vault.Sealed{KeyID: v.KeyID(), Box: sealed.Box[:n]}); !errors.Is(err, vault.ErrNotAuthentic) {
			t.Errorf("opened %d bytes: %v", n, err)
		}
	}
}

func TestRotation(t *testing.T) {
	t.Parallel()
	oldKey, newKey := vault.NewKey(), vault.NewKey()
	sealed := open(t, oldKey).Seal(at, []byte("x"))
	both := open(t, newKey, oldKey, "")
	if !both.NeedsRotation(sealed) || both.NeedsRotation(vault.Sealed{}) || both.NeedsRotation(both.Seal(at, nil)) {
		t.Error("NeedsRotation is wrong")
	}
	plain, err := both.Open(at, sealed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := open(t, newKey).Open(at, both.Seal(at, plain)); err != nil {
		t.Errorf("sealed again: %v", err)
	}
	_, err = open(t, newKey).Open(at, sealed)
	if !errors.Is(err, vault.ErrUnknownKey) || !strings.Contains(err.Error(), string(sealed.KeyID)) ||
		!strings.Contains(err.Error(), "OMNI_MASTER_KEY_PREVIOUS") || !strings.Contains(err.Error(), at.RowID) {
		t.Errorf("without the old key: %v", err)
	}
}

func TestKeySpellings(t *testing.T) {
	t.Parallel()
	key := bytes.Repeat([]byte{0xfb, 0xff}, 16)
	want := open(t, vault.Secret(base64.StdEncoding.EncodeToString(key))).KeyID()
	for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		if got := open(t, vault.Secret(" "+e.EncodeToString(key)+"\n")).KeyID(); got != want {
			t.Errorf("%s is key %s, want %s", e.EncodeToString(key), got, want)
		}
	}
}

func TestBadKeysAreNotShown(t *testing.T) {
	t.Parallel()
	for _, bad := range []vault.Secret{"", "tooshort", "hunter2!hunter2!", vault.Secret(base64.StdEncoding.EncodeToString(make([]byte, 31)))} {
		_, err := vault.New(bad)
		if err == nil || !strings.Contains(err.Error(), "OMNI_MASTER_KEY:") || bad != "" && strings.Contains(err.Error(), bad.Reveal()) {
			t.Errorf("%q: %v", bad.Reveal(), err)
		}
	}
	if _, err := vault.New(vault.NewKey(), "nonsense"); err == nil || !strings.Contains(err.Error(), "OMNI_MASTER_KEY_PREVIOUS, key 1") {
		t.Errorf("a bad previous key: %v", err)
	}
}

func TestSealedGoesThroughBSON(t *testing.T) {
	t.Parallel()
	v := open(t, vault.NewKey())
	type row struct {
		Credentials vault.Sealed `bson:"credentials"`
		None        vault.Sealed `bson:"none,omitempty"`
	}
	text, err := bson.Marshal(row{Credentials: v.Seal(at, []byte("x"))})
	if err != nil {
		t.Fatal(err)
	}
	var back row
	if err := bson.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if got, err := v.Open(at, back.Credentials); err != nil || string(got) != "x" {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := bson.Raw(text).LookupErr("none"); err == nil {
		t.Error("an empty one was written")
	}
}

func TestSecretHides(t *testing.T) {
	t.Parallel()
	const plain = "hunter2"
	type holder struct {
		Key  vault.Secret            `json:"key"`
		Keys []vault.Secret          `json:"keys"`
		By   map[string]vault.Secret `json:"by"`
	}
	h := holder{plain, []vault.Secret{plain}, map[string]vault.Secret{"a": plain}}
	var shown strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		fmt.Fprintf(&shown, verb+" "+verb+"\n", h, h.Key)
	}
	text, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	shown.Write(text)
	for _, handler := range []slog.Handler{slog.NewTextHandler(&shown, nil), slog.NewJSONHandler(&shown, nil)} {
		slog.New(handler).Info("x", "key", h.Key, "holder", h)
	}
	for _, leak := range []string{plain, fmt.Sprintf("%x", plain), fmt.Sprintf("%X", plain)} {
		if strings.Contains(shown.String(), leak) {
			t.Errorf("%q is shown in\n%s", leak, shown.String())
		}
	}
	if _, err := bson.Marshal(bson.M{"key": h.Key}); err == nil || strings.Contains(err.Error(), plain) {
		t.Errorf("stored in the clear, or shown: %v", err)
	}
	var back holder
	if err := json.Unmarshal([]byte(`{"key": "hunter2"}`), &back); err != nil || back.Key.Reveal() != plain {
		t.Errorf("taken in as %q, %v", back.Key.Reveal(), err)
	}
	if vault.Secret("").String() != "" {
		t.Error("a missing secret looks set")
	}
}
