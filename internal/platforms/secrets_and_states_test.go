package platforms_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/platforms"
	"github.com/cirrus/omnichannel/internal/vault"
	"github.com/cirrus/omnichannel/migrations"
)

func TestASecretIsReplacedWithAnOverlap(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.create("console")
	b := w.want(w.call("POST", "/"+a.str("_id")+"/rotate-secret", ""), 200)
	if b.str("secret") == a.str("secret") || !strings.HasPrefix(b.str("secret"), "whsec_") {
		t.Fatalf("rotated: %s", b.text)
	}
	check := func(want ...string) {
		t.Helper()
		secrets, err := w.service.Secrets(t.Context(), w.account, w.id(a))
		got := []string{}
		for _, one := range secrets {
			got = append(got, one.Reveal())
		}
		if err != nil || strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("secrets %v, want %v, %v", got, want, err)
		}
	}
	check(b.str("secret"), a.str("secret"))
	w.move(platforms.Overlap - time.Second)
	check(b.str("secret"), a.str("secret"))
	w.move(time.Second)
	check(b.str("secret"))
	// Of two replacements within a day, each lasts its own day.
	c := w.want(w.call("POST", "/"+a.str("_id")+"/rotate-secret", ""), 200)
	w.move(time.Hour)
	d := w.want(w.call("POST", "/"+a.str("_id")+"/rotate-secret", ""), 200)
	check(d.str("secret"), c.str("secret"), b.str("secret"))
	w.move(platforms.Overlap - time.Hour)
	check(d.str("secret"), c.str("secret"))
	w.move(time.Hour)
	check(d.str("secret"))
	// Five at most.
	want := []string{d.str("secret")}
	for range 7 {
		want = append([]string{w.want(w.call("POST", "/"+a.str("_id")+"/rotate-secret", ""), 200).str("secret")}, want...)
	}
	check(want[:6]...)
	var row bson.Raw
	if err := w.db.Collection(platforms.Collection).FindOne(t.Context(), bson.D{{Key: "_id", Value: w.id(a)}}).Decode(&row); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{a.str("secret"), b.str("secret")} {
		if strings.Contains(string(row), secret) || strings.Contains(string(row), strings.TrimPrefix(secret, "whsec_")) {
			t.Error("a secret lies in the store as it is")
		}
	}
	if listed := w.call("GET", "", ""); strings.Contains(listed.text, "whsec_") {
		t.Errorf("a secret is listed: %s", listed.text)
	}
}

// A server of before knew one replaced secret: it counts, and the next replacement
// does not end it.
func TestAReplacedSecretOfBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.create("console")
	var row struct {
		Secret vault.Sealed `bson:"secret"`
	}
	rows, mine := w.db.Collection(platforms.Collection), bson.D{{Key: "_id", Value: w.id(a)}}
	if err := rows.FindOne(t.Context(), mine).Decode(&row); err != nil {
		t.Fatal(err)
	}
	b := w.want(w.call("POST", "/"+a.str("_id")+"/rotate-secret", ""), 200)
	if _, err := rows.UpdateOne(t.Context(), mine, bson.D{
		{Key: "$unset", Value: bson.D{{Key: "previousSecrets", Value: ""}}},
		{Key: "$set", Value: bson.D{{Key: "previousSecret", Value: row.Secret}, {Key: "previousUntil", Value: w.now.Load().Add(time.Hour)}}},
	}); err != nil {
		t.Fatal(err)
	}
	check := func(want ...string) {
		t.Helper()
		secrets, err := w.service.Secrets(t.Context(), w.account, w.id(a))
		var got []string
		for _, one := range secrets {
			got = append(got, one.Reveal())
		}
		if err != nil || strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("secrets %v, want %v, %v", got, want, err)
		}
	}
	check(b.str("secret"), a.str("secret"))
	c := w.want(w.call("POST", "/"+a.str("_id")+"/rotate-secret", ""), 200)
	check(c.str("secret"), b.str("secret"), a.str("secret"))
	w.move(time.Hour)
	check(c.str("secret"), b.str("secret"))
}

func TestRotationSealsEverythingAnew(t *testing.T) {
	t.Parallel()
	db := mongotest.Fresh(t)
	if err := mongodb.Migrate(t.Context(), db, migrations.All()); err != nil {
		t.Fatal(err)
	}
	w := worldOn(t, db)
	a := w.create("a")
	w.create("b")
	w.want(w.call("POST", "/"+a.str("_id")+"/rotate-secret", ""), 200)
	rotated := w.want(w.call("POST", "/"+a.str("_id")+"/rotate-secret", ""), 200)
	next := vault.NewKey()
	both := w.server(db, next, w.master)
	for i, want := range []int{2, 0} {
		if n, err := both.Rotate(t.Context()); n != want || err != nil {
			t.Fatalf("run %d: %d, %v", i, n, err)
		}
	}
	secrets, err := w.server(db, next).Secrets(t.Context(), w.account, w.id(a))
	if err != nil || len(secrets) != 3 || secrets[0].Reveal() != rotated.str("secret") || secrets[2].Reveal() != a.str("secret") {
		t.Errorf("with the new key alone: %v", err)
	}
	if _, err := w.server(db, vault.NewKey()).Rotate(t.Context()); err == nil || !strings.Contains(err.Error(), "OMNI_MASTER_KEY_PREVIOUS") {
		t.Errorf("with neither key: %v", err)
	}
	// A new secret signs at once, though those before it cannot be opened any more.
	lost := w.server(db, vault.NewKey())
	if _, err := lost.Secrets(t.Context(), w.account, w.id(a)); !errors.Is(err, vault.ErrUnknownKey) {
		t.Errorf("a secret of a lost key: %v", err)
	}
	_, anew, err := lost.RotateSecret(t.Context(), w.account, w.id(a))
	if err != nil {
		t.Fatal(err)
	}
	if secrets, err := lost.Secrets(t.Context(), w.account, w.id(a)); err != nil || len(secrets) != 1 || secrets[0] != anew {
		t.Errorf("after a new secret: %d, %v", len(secrets), err)
	}
}

func TestADisabledConfigComesBackWithItsURL(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.create("console", `,"url":"http://127.0.0.1:9000/a"`)
	for range 2 {
		if there, err := w.service.Disable(t.Context(), w.called(a), "The URL answered 410. Set it again."); err != nil || !there {
			t.Fatal(there, err)
		}
		w.move(time.Minute)
	}
	got, err := w.service.Get(t.Context(), w.account, w.id(a))
	if err != nil || got.State.Status != platforms.Disabled || got.State.Detail == "" || !got.State.Since.Equal(w.now.Load().Add(-2*time.Minute)) {
		t.Errorf("disabled: %+v, %v", got.State, err)
	}
	w.want(w.call("PATCH", "/"+a.str("_id"), `{"name":"x"}`), 200)
	if got, _ := w.service.Get(t.Context(), w.account, w.id(a)); got.State.Status != platforms.Disabled {
		t.Error("a new name enabled it")
	}
	w.want(w.call("PATCH", "/"+a.str("_id"), `{"url":"http://127.0.0.1:9000/a"}`), 200)
	if got, _ := w.service.Get(t.Context(), w.account, w.id(a)); got.State.Status != platforms.Active || got.State.Detail != "" {
		t.Errorf("enabled: %+v", got.State)
	}
	cleared := w.want(w.call("PATCH", "/"+a.str("_id"), `{"url":null,"events":null,"name":null}`), 200)
	if cleared.str("url") != "" || cleared.str("name") != "console" || fmt.Sprint(cleared.body["events"]) != "[]" {
		t.Errorf("cleared: %s", cleared.text)
	}
}

func TestAFailingConfigRecovers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.create("console", `,"url":"http://127.0.0.1:9000/a"`)
	is := func(want platforms.Status, detail string) {
		t.Helper()
		found, err := w.service.Fresh(t.Context(), w.account, w.id(a))
		if got := found[w.id(a)]; err != nil || got.State.Status != want || got.State.Detail != detail {
			t.Errorf("the state is %+v, want %s %q: %v", got.State, want, detail, err)
		}
	}
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	do(w.service.Recover(t.Context(), w.account, w.id(a)))
	is(platforms.Active, "")
	fail := func(detail string) {
		t.Helper()
		if there, err := w.service.Fail(t.Context(), w.called(a), w.now.Load().Add(time.Minute), detail); err != nil || !there {
			t.Fatal(there, err)
		}
	}
	probed := func(failures int, probeAt time.Time) {
		t.Helper()
		found, err := w.service.Fresh(t.Context(), w.account, w.id(a))
		if got := found[w.id(a)].State; err != nil || got.Failures != failures || !got.ProbeAt.Equal(probeAt) {
			t.Errorf("it failed %d times and is probed at %s, want %d, %s: %v", got.Failures, got.ProbeAt, failures, probeAt, err)
		}
	}
	later := w.now.Load().Add(time.Hour)
	do(w.service.FailAgain(t.Context(), w.called(a), 2, later))
	probed(0, time.Time{}) // it is not failing
	fail("It answers 503.")
	fail("The first detail stays.")
	is(platforms.Failing, "It answers 503.")
	probed(1, w.now.Load().Add(time.Minute))
	do(w.service.FailAgain(t.Context(), w.called(a), 2, later))
	is(platforms.Failing, "It answers 503.")
	probed(2, later)
	do(w.service.Recover(t.Context(), w.account, w.id(a)))
	is(platforms.Active, "")
	probed(0, time.Time{})
	fail("Again.")
	if there, err := w.service.Disable(t.Context(), w.called(a), "Gone."); err != nil || !there {
		t.Fatal(there, err)
	}
	fail("Not any more.")
	do(w.service.Recover(t.Context(), w.account, w.id(a)))
	is(platforms.Disabled, "Gone.")
}

// What another URL answered that the config had before says nothing about it.
func TestAnotherURLIsNotMoved(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.create("console", `,"url":"http://127.0.0.1:9000/a"`)
	before := w.called(a)
	w.want(w.call("PATCH", "/"+a.str("_id"), `{"url":"http://127.0.0.1:9000/b"}`), 200)
	if there, err := w.service.Disable(t.Context(), before, "Gone."); there || err != nil {
		t.Errorf("disabled: %t, %v", there, err)
	}
	if there, err := w.service.Fail(t.Context(), before, *w.now.Load(), "Down."); there || err != nil {
		t.Errorf("failing: %t, %v", there, err)
	}
	if got, err := w.service.Get(t.Context(), w.account, w.id(a)); err != nil || got.State.Status != platforms.Active {
		t.Errorf("the state is %+v, %v", got.State, err)
	}
}

func TestAPresetIdIsMadeOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	spec := platforms.Spec{ID: ids.New[ids.PlatformConfig](), Account: w.account, Slug: "console"}
	first, secret, err := w.service.CreateConfig(t.Context(), spec)
	if err != nil || first.ID != spec.ID {
		t.Fatalf("%+v, %v", first, err)
	}
	again, same, err := w.service.CreateConfig(t.Context(), spec)
	if err != nil || again.ID != spec.ID || same.Reveal() != secret.Reveal() {
		t.Errorf("again: %+v, %v", again, err)
	}
	spec.Account = ids.NewAccount()
	if _, _, err := w.service.CreateConfig(t.Context(), spec); !fault.Is(err, fault.Conflict) {
		t.Errorf("another account takes the id: %v", err)
	}
}
