package tolerant_test

import (
	"strings"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/providers/tolerant"
)

type all struct {
	Scalar tolerant.Scalar                            `json:"scalar"`
	Label  tolerant.Label                             `json:"label"`
	Number tolerant.Number                            `json:"number"`
	Flag   tolerant.Flag                              `json:"flag"`
	Loose  tolerant.Loose[struct{ A tolerant.Label }] `json:"loose"`
	List   tolerant.List[tolerant.Number]             `json:"list"`
}

func TestScalars(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`"x"`: "x", `12`: "12", `1.65e9`: "1650000000", `12.0`: "12", `1.5`: "1.5", `1e30`: "1e30",
		`true`: "true", `false`: "false", `null`: "", `"12.0"`: "12.0", `12345678901234567890`: "12345678901234567890",
	} {
		var got all
		if err := tolerant.Unmarshal([]byte(`{"scalar":`+text+`,"label":`+text+`}`), &got); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if string(got.Scalar) != want || string(got.Label) != want {
			t.Errorf("%s is %q and %q, want %q", text, got.Scalar, got.Label, want)
		}
	}
	for _, text := range []string{`{}`, `[1]`} {
		var got all
		if tolerant.Unmarshal([]byte(`{"scalar":`+text+`}`), &got) == nil {
			t.Errorf("%s is a scalar", text)
		}
		if err := tolerant.Unmarshal([]byte(`{"label":`+text+`,"flag":`+text+`}`), &got); err != nil || got.Label != "" || got.Flag {
			t.Errorf("%s as a label is %q, %v", text, got.Label, err)
		}
	}
}

func TestNumbersAndFlags(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]tolerant.Number{
		`1.5`: {Value: 1.5, Set: true}, `" 1.5 "`: {Value: 1.5, Set: true}, `0`: {Set: true}, `null`: {}, `""`: {},
	} {
		var got all
		if err := tolerant.Unmarshal([]byte(`{"number":`+text+`}`), &got); err != nil || got.Number != want {
			t.Errorf("%s is %+v, %v", text, got.Number, err)
		}
	}
	for _, text := range []string{`"x"`, `{}`, `"NaN"`, `"Inf"`, `true`} {
		if tolerant.Unmarshal([]byte(`{"number":`+text+`}`), &all{}) == nil {
			t.Errorf("%s is a number", text)
		}
	}
	for text, want := range map[string]tolerant.Flag{`true`: true, `"true"`: true, `1`: true, `"1"`: true, `false`: false, `0`: false, `"yes"`: false, `null`: false} {
		var got all
		if err := tolerant.Unmarshal([]byte(`{"flag":`+text+`}`), &got); err != nil || got.Flag != want {
			t.Errorf("%s is %t, %v", text, got.Flag, err)
		}
	}
}

func TestListsAndLooseObjects(t *testing.T) {
	t.Parallel()
	var got all
	if err := tolerant.Unmarshal([]byte(`{"loose":7,"list":[1,"x",{},"2"]}`), &got); err != nil {
		t.Fatal(err)
	}
	if !got.List.Present || len(got.List.Items) != 4 || got.List.Items[0].Value.Value != 1 || got.List.Items[3].Value.Value != 2 {
		t.Errorf("list %+v", got.List)
	}
	if got.List.Items[1].Err == nil || got.List.Items[2].Err == nil || string(got.List.Items[2].Raw) != "{}" {
		t.Errorf("bad elements %+v", got.List.Items)
	}
	for text, present := range map[string]bool{`[]`: true, `null`: false} {
		var got all
		if err := tolerant.Unmarshal([]byte(`{"list":`+text+`}`), &got); err != nil || got.List.Present != present {
			t.Errorf("%s: %+v, %v", text, got.List, err)
		}
	}
	for _, text := range []string{`{}`, `"x"`, `1`} {
		if tolerant.Unmarshal([]byte(`{"list":`+text+`}`), &all{}) == nil {
			t.Errorf("%s is a list", text)
		}
	}
}

func TestListsAreBounded(t *testing.T) {
	t.Parallel()
	for n, fits := range map[int]bool{50_000: true, 50_001: false} {
		err := tolerant.Unmarshal([]byte(`{"list":[`+strings.Repeat("1,", n-1)+`1]}`), &all{})
		if (err == nil) != fits {
			t.Errorf("%d elements: %v", n, err)
		}
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	at := time.Unix(1760000000, 0).UTC()
	for text, want := range map[tolerant.Label]time.Time{
		"1760000000": at, "1760000000000": at, "1.76e9": at, "1760000000.0": at, " 1760000000 ": at, "2025-10-09T08:53:20Z": at,
		"": {}, "0": {}, "-5": {}, "yesterday": {}, "99999999999999999999": {}, "999999999999999": {}, "253402300800000": {}, "9999-12-31T23:59:59-01:00": {},
		"253402300799000": time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
	} {
		if got := text.Time(); !got.Equal(want) {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}

func TestKeep(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{`{"a": 1}`: `{"a": 1}`, `null`: "", "": "", "\"\xff\"": "\"\uFFFD\""} {
		if got := string(tolerant.Keep([]byte(text))); got != want {
			t.Errorf("%q is kept as %q", text, got)
		}
	}
}
