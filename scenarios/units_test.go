package scenarios

import (
	"encoding/json"
	"fmt"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func TestParseDuration(t *testing.T) {
	for text, want := range map[string]Duration{
		"0": 0, "0s": 0, "1ns": 1, "500ms": 500 * Millisecond, "1.5s": 1500 * Millisecond, ".5s": 500 * Millisecond, "2.s": 2 * Second,
		"1h30m": 90 * Minute, "8760h": maxDuration, "1us": 1000, "1µs": 1000, "0.001ms": 1000,
	} {
		if got, err := ParseDuration(text); err != nil || got != want {
			t.Errorf("%q is %v, %v; want %v", text, int64(got), err, int64(want))
		}
	}
	for text, want := range map[string]string{
		"5":        "5 has no unit; did you mean 5ms or 5s?",
		"5 min":    `"5 min" is no duration; did you mean 5m?`,
		"10 s":     `"10 s" is no duration; did you mean 10s?`,
		"2days":    `"2days" is no duration; did you mean 48h?`,
		"1y":       `"1y" is no duration; write it with a unit: ns, us, ms, s, m or h`,
		"":         `"" is no duration; write it with a unit: ns, us, ms, s, m or h`,
		"-1s":      "a duration is not negative, as -1s is",
		"8760.1h":  "8760.1h is longer than a year (8760h)",
		"1.5ns":    "1.5ns is no whole number of nanoseconds",
		"0.0001us": "0.0001us is no whole number of nanoseconds",
	} {
		if got, err := ParseDuration(text); err == nil || err.Error() != want {
			t.Errorf("%q is %v, %v; want %s", text, got, err, want)
		}
	}
}

func TestDurationSurvivesItsText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Duration(rapid.Int64Range(0, int64(maxDuration)).Draw(t, "d"))
		if got, err := ParseDuration(d.String()); err != nil || got != d {
			t.Fatalf("%d became %q, %d, %v", d, d, got, err)
		}
	})
	for d, want := range map[Duration]string{Hour: "1h", 90 * Minute: "1h30m", 5 * Minute: "5m", 10 * Second: "10s", 0: "0s"} {
		if d.String() != want {
			t.Errorf("%d is written %q, want %q", int64(d), d, want)
		}
	}
}

// drawDecimal draws a decimal as a user could write it.
func drawDecimal(t *rapid.T) (string, *big.Rat) {
	text := rapid.StringMatching(`([1-9][0-9]{0,7}|0)(\.[0-9]{0,8})?`).Draw(t, "decimal")
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		r, _ = new(big.Rat).SetString(text + "0")
	}
	return text, r
}

func TestDecimalIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, want := drawDecimal(t)
		d, err := ParseDecimal(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := rat(d); got.Cmp(want) != 0 {
			t.Fatalf("%s became %d/%d", text, d.Num, d.Den)
		}
		again, err := ParseDecimal(d.String())
		if err != nil || again != d {
			t.Fatalf("%v became %v, %v: equal numbers are not equal values", d, again, err)
		}
		if f, _ := want.Float64(); d.Float() != f {
			t.Fatalf("%s as a float is %v, want %v", text, d.Float(), f)
		}
	})
}

func rat(d Decimal) *big.Rat {
	return new(big.Rat).SetFrac(new(big.Int).SetUint64(d.Num), new(big.Int).SetUint64(d.denominator()))
}

func TestParseDecimalForms(t *testing.T) {
	for text, want := range map[string]Decimal{
		"0": {0, 1}, "0.0": {0, 1}, "00.50": {5, 10}, ".5": {5, 10}, "5.": {5, 1}, "1e3": {1000, 1}, "1.5e-2": {15, 1000},
		"2.50e1": {25, 1}, "123456789012345678": {123456789012345678, 1}, "1E+2": {100, 1}, "100": {100, 1},
	} {
		if got, err := ParseDecimal(text); err != nil || got != want {
			t.Errorf("%q is %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", ".", "-1", "+1", "1e", "e5", "1e400", "0x1", "1_0", "1.2.3", "1234567890123456789", "1e-19", "inf", "١"} {
		if got, err := ParseDecimal(text); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
}

func TestFractionOfACount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		den := rapid.SampledFrom([]uint64{1, 10, 100, 1000, 1e9, 1e18}).Draw(t, "den")
		f := Fraction{Decimal{rapid.Uint64Range(0, den).Draw(t, "num"), den}}
		n := rapid.IntRange(0, 1<<31-1).Draw(t, "n")
		// floor(f·n + 1/2)
		x := new(big.Rat).Mul(rat(f.Decimal), new(big.Rat).SetInt64(int64(n)))
		x.Add(x, big.NewRat(1, 2))
		want := new(big.Int).Div(x.Num(), x.Denom()).Int64()
		if got := f.RoundHalfUp(n); int64(got) != want {
			t.Fatalf("%v of %d is %d, want %d", f, n, got, want)
		}
		draw := rapid.Uint64().Draw(t, "draw")
		hit := new(big.Rat).SetFrac(new(big.Int).SetUint64(draw), new(big.Int).Lsh(big.NewInt(1), 64)).Cmp(rat(f.Decimal)) < 0
		if f.Hit(draw) != hit {
			t.Fatalf("%v hits %d: %v", f, draw, !hit)
		}
		part, whole := rapid.Uint64().Draw(t, "part"), rapid.Uint64Min(1).Draw(t, "whole")
		exceeds := rat(f.Decimal).Cmp(new(big.Rat).SetFrac(new(big.Int).SetUint64(part), new(big.Int).SetUint64(whole))) > 0
		if f.exceeds(part, whole) != exceeds {
			t.Fatalf("%v > %d/%d: %v", f, part, whole, !exceeds)
		}
	})
	half := Fraction{Decimal{5, 10}}
	for n, want := range map[int]int{0: 0, 1: 1, 2: 1, 3: 2, 5: 3, 10_000: 5000, -1: 0} {
		if got := half.RoundHalfUp(n); got != want {
			t.Errorf("half of %d is %d, want %d", n, got, want)
		}
	}
	if one, none := (Fraction{Decimal{1, 1}}), (Fraction{}); !one.Hit(1<<64-1) || none.Hit(0) || none.RoundHalfUp(7) != 0 {
		t.Error("1 misses, or 0 hits")
	}
	if got := half.Of(30 * Second); got != 15*Second {
		t.Errorf("half of 30s is %v", got)
	}
}

func TestParseFraction(t *testing.T) {
	for text, want := range map[string]string{"0.5": "0.5", "50%": "0.5", ".3333": "0.3333", "1": "1", "100%": "1", "0": "0", "12.5 %": "0.125", "1.0": "1"} {
		if got, err := ParseFraction(text); err != nil || got.String() != want {
			t.Errorf("%q is %v, %v; want %s", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"50":   "a fraction is at most 1, not 50; did you mean 50%?",
		"101%": "a fraction is at most 1, not 101%; write it as 0.5 or 50%",
		"1000": "a fraction is at most 1, not 1000; write it as 0.5 or 50%",
		"half": `"half" is no fraction; write it as 0.5 or 50%`,
		"-0.1": `"-0.1" is no fraction; write it as 0.5 or 50%`,
		"%":    `"%" is no fraction; write it as 0.5 or 50%`,
	} {
		if _, err := ParseFraction(text); err == nil || err.Error() != want {
			t.Errorf("%q: %v; want %s", text, err, want)
		}
	}
}

func TestRate(t *testing.T) {
	for text, want := range map[string]Duration{"10": 100 * Millisecond, "10/s": 100 * Millisecond, "6/m": 10 * Second,
		"100/h": 36 * Second, "0.2": 5 * Second, "0": 0, "3": 333333333, "1e6": 1000} {
		if r, err := ParseRate(text); err != nil || r.Mean() != want {
			t.Errorf("%q has a mean of %v, %v; want %v", text, r.Mean(), err, want)
		}
	}
	for _, text := range []string{"1/d", "1/", "/s", "-1", "1000001/s", "x", "0.0000000000000001"} {
		if r, err := ParseRate(text); err == nil {
			t.Errorf("%q was read as %v", text, r)
		}
	}
	r, _ := ParseRate("6/m")
	if r.PerSecond() != 0.1 || r.String() != "0.1/s" || r.Expected(Hour) != 361 {
		t.Errorf("6/m is %v a second, %v, %d an hour", r.PerSecond(), r, r.Expected(Hour))
	}
	if never, _ := ParseRate("1e-15"); never.Mean() != maxDuration {
		t.Errorf("a mean of %v is longer than a year", never.Mean())
	}
}

func TestBytesAndAmountsAndSwitches(t *testing.T) {
	for text, want := range map[string]Bytes{"0": 0, "20": 20, "20B": 20, "1kB": 1000, "1 KiB": 1024, "2MiB": 2 << 20, "1024MiB": 1 << 30} {
		if got, err := ParseBytes(text); err != nil || got != want {
			t.Errorf("%q is %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "B", "-1", "1.5", "20KB", "20 k", "1025MiB", "99999999999"} {
		if got, err := ParseBytes(text); err == nil {
			t.Errorf("%q was read as %v bytes", text, got)
		}
	}
	for text, want := range map[string]int{"50": 50, "2": 2, "10%": 100, "0.1": 100, "100%": 1000, "5000": 1000} {
		if got, err := ParseAmount(text); err != nil || got.Of(1000) != want {
			t.Errorf("%q of 1000 is %v, %v; want %v", text, got.Of(1000), err, want)
		}
	}
	for _, text := range []string{"0", "1", "1.0", "0%", "-2", "2.5", "x", "999999999999"} {
		if got, err := ParseAmount(text); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
	for text, want := range map[string]Switch{"on": true, "true": true, "off": false, "false": false} {
		if got, err := ParseSwitch(text); err != nil || got != want {
			t.Errorf("%q is %v, %v", text, got, err)
		}
	}
	if _, err := ParseSwitch("yes"); err == nil {
		t.Error("yes was read as a switch")
	}
}

// JSON has what YAML had: the text of a number or a string.
func TestUnitsFromJSON(t *testing.T) {
	var v struct {
		A, B Duration
		C, D Fraction
		E    Rate
		F    Bytes
		G, H Switch
		I    Amount
		J    Decimal
	}
	err := json.Unmarshal([]byte(`{"A": "5m", "B": 0, "C": 0.25, "D": "25%", "E": "6/m", "F": "1kB", "G": true, "H": "on", "I": "10%", "J": 0.3}`), &v)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(v), "{5m 0s 0.25 0.25 0.1/s 1000 true true {0 0.1} 0.3}"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, bad := range []string{`{"A": 5}`, `{"A": []}`, `{"C": 2}`, `{"E": {}}`, `{"F": null}`, `{"G": 1}`, `{"I": 1}`, `{"J": "x"}`} {
		if json.Unmarshal([]byte(bad), &v) == nil {
			t.Errorf("%s was read", bad)
		}
	}
}
