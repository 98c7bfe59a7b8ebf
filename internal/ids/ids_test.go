package ids_test

import (
	"encoding/json"
	"errors"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/ids"
)

func TestIDsTravelThroughJSONAndBSON(t *testing.T) {
	t.Parallel()
	type row struct {
		ID      ids.Contact            `bson:"_id" json:"_id"`
		Session ids.Session            `bson:"sessionId,omitempty" json:"sessionId,omitzero"`
		Tags    []ids.Tag              `bson:"tagIds" json:"tagIds"`
		By      map[string]ids.Channel `bson:"by" json:"by"`
	}
	in := row{ID: ids.New[ids.Contact](), Tags: []ids.Tag{ids.New[ids.Tag]()}, By: map[string]ids.Channel{"a": ids.New[ids.Channel]()}}
	raw, err := bson.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	if got := bson.Raw(raw).Lookup("_id").Type; got != bson.TypeObjectID {
		t.Fatalf("_id is stored as %s, want an ObjectID", got)
	}
	if _, err := bson.Raw(raw).LookupErr("sessionId"); err == nil {
		t.Fatal("an unset id was stored in spite of omitempty")
	}
	var fromBSON row
	if err := bson.Unmarshal(raw, &fromBSON); err != nil || fromBSON.ID != in.ID || fromBSON.Tags[0] != in.Tags[0] || fromBSON.By["a"] != in.By["a"] {
		t.Fatalf("from BSON: %+v, %v", fromBSON, err)
	}
	text, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	var fromJSON row
	if err := json.Unmarshal(text, &fromJSON); err != nil || fromJSON.ID != in.ID || fromJSON.Tags[0] != in.Tags[0] {
		t.Fatalf("from JSON: %+v, %v", fromJSON, err)
	}
}

func TestAnAccountIsReadInEitherCase(t *testing.T) {
	t.Parallel()
	const plain = "9a92ea44-244c-4cda-86be-6a9e32ba8f34"
	for _, text := range []string{plain, "9A92EA44-244C-4CDA-86BE-6A9E32BA8F34", "9a92EA44-244c-4CDA-86be-6A9E32BA8F34"} {
		var got struct{ Account ids.Account }
		if err := json.Unmarshal([]byte(`{"Account":"`+text+`"}`), &got); err != nil || got.Account != plain {
			t.Errorf("%s is read as %q, %v", text, got.Account, err)
		}
	}
	for _, text := range []string{"", "9a92ea44", "{9a92ea44-244c-4cda-86be-6a9e32ba8f34}", "zz92ea44-244c-4cda-86be-6a9e32ba8f34"} {
		account := ids.Account("before")
		if err := json.Unmarshal([]byte(`"`+text+`"`), &account); !errors.Is(err, ids.ErrMalformed) || account != "before" {
			t.Errorf("%q is read as %q, %v", text, account, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"", "64cbbd9596429dbccd7841e5", "64CBBD9596429DBCCD7841E5", "zz", "64cbbd9596429dbccd7841e5 ", "9a92ea44-244c-4cda-86be-6a9e32ba8f34", "{9a92ea44-244c-4cda-86be-6a9e32ba8f34}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		id, err := ids.Parse[ids.Message](text)
		if err != nil && !errors.Is(err, ids.ErrMalformed) {
			t.Fatalf("Parse(%q): %v does not wrap ErrMalformed", text, err)
		}
		if again, errAgain := ids.Parse[ids.Message](id.String()); err == nil && (errAgain != nil || again != id) {
			t.Fatalf("Parse(%q) does not read its own text", text)
		}
		account, err := ids.ParseAccount(text)
		if err != nil && !errors.Is(err, ids.ErrMalformed) {
			t.Fatalf("ParseAccount(%q): %v does not wrap ErrMalformed", text, err)
		}
		if err == nil && len(account) != 36 {
			t.Fatalf("ParseAccount(%q) = %q", text, account)
		}
	})
}
