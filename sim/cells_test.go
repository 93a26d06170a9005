package sim

import (
	"bytes"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestParseCell(t *testing.T) {
	for _, c := range []struct {
		text  string
		scale int
		value uint64
		kind  number
	}{
		{"0", 0, 0, aNumber},
		{"17", 0, 17, aNumber},
		{"+17", 3, 17000, aNumber},
		{"0012.5", 3, 12500, aNumber},
		{".5", 0, 1, aNumber},
		{"5.", 0, 5, aNumber},
		{"0.4999999", 0, 0, aNumber},
		{"1234.5678", -3, 1, aNumber},
		{"1500", -3, 2, aNumber},
		{"1e3", 0, 1000, aNumber},
		{"2.5E-1", 3, 250, aNumber},
		{"1e-999999999999999999999", 0, 0, aNumber},
		{"0e999999999", 9, 0, aNumber},
		{"0.333333333333333333333333333333", 9, 333333333, aNumber},
		{"1234567890123456789", 0, 1234567890123456780, aNumber},
		{"9200000000000000000", 0, 9200000000000000000, aNumber},
		{"9300000000000000000", 0, 0, tooLarge},
		{"93000000000000000000", 0, 0, tooLarge},
		{"1e20", 0, 0, tooLarge},
		{"1e99999999999", 0, 0, tooLarge},
		{"-", 0, 0, aMissing},
		{"-1", 3, 0, aMissing},
		{"-1.00", 3, 0, aMissing},
		{"-0.1e1", 3, 0, aMissing},
		{"NaN", 0, 0, aMissing},
		{"-0", 0, 0, aNumber},
		{"-10", 0, 0, aNegative},
		{"-1.5", 0, 0, aNegative},
		{"-0.1", 0, 0, aNegative},
		{"-1", -3, 0, aMissing},
		{"1_000", 0, 0, noNumber},
		{"0x10", 0, 0, noNumber},
		{"inf", 0, 0, noNumber},
		{"1.2.3", 0, 0, noNumber},
		{"--1", 0, 0, noNumber},
		{"+", 0, 0, noNumber},
		{".", 0, 0, noNumber},
		{"e5", 0, 0, noNumber},
		{"1e", 0, 0, noNumber},
		{"1e+", 0, 0, noNumber},
		{"1ms", 0, 0, noNumber},
		{"٣", 0, 0, noNumber},
		{"\x00", 0, 0, noNumber},
		{"1\xff", 0, 0, noNumber},
	} {
		if v, kind := (cell{text: []byte(c.text)}).parse(c.scale); v != c.value || kind != c.kind {
			t.Errorf("%q · 10^%d: %d, kind %d; want %d, kind %d", c.text, c.scale, v, kind, c.value, c.kind)
		}
	}
}

// Every decimal of up to 17 digits is rounded half up, exactly.
func TestParseCellIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mantissa := rapid.Uint64Range(0, 1e17-1).Draw(t, "mantissa")
		digits := fmt.Sprint(mantissa)
		point := rapid.IntRange(0, len(digits)).Draw(t, "point")
		exponent := rapid.IntRange(-25, 5).Draw(t, "exponent")
		scale := rapid.IntRange(-3, 9).Draw(t, "scale")
		text := fmt.Sprintf("%s.%se%d", digits[:point], digits[point:], exponent)

		exact, ok := new(big.Rat).SetString("0" + text)
		if !ok {
			t.Fatalf("%q is no number", text)
		}
		power := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale+3)), nil))
		exact.Mul(exact, power.Quo(power, big.NewRat(1000, 1)))
		exact.Add(exact, big.NewRat(1, 2))
		want := new(big.Int).Quo(exact.Num(), exact.Denom())

		got, kind := cell{text: []byte(text)}.parse(scale)
		switch {
		case kind == tooLarge && want.BitLen() >= 63:
		case kind != aNumber || !want.IsUint64() || got != want.Uint64():
			t.Fatalf("%s · 10^%d = %d, kind %d; want %v", text, scale, got, kind, want)
		}
	})
}

// cellsOf reads all lines, and joins cells by |.
func cellsOf(text string) (lines []string, err error) {
	in := newCellReader(iotest.OneByteReader(strings.NewReader(text)), "f")
	for in.next() {
		var cells []string
		for _, c := range in.cells {
			cells = append(cells, fmt.Sprintf("%d:%s", c.column, c.text))
		}
		lines = append(lines, fmt.Sprintf("%d ", in.line)+strings.Join(cells, "|"))
	}
	return lines, in.joined()
}

func TestCellsAreSeparated(t *testing.T) {
	text := "\xef\xbb\xbf# a comment, with a comma\r\n" +
		"1 2\t3,4 , 5\r\n" +
		"\n" +
		"  \t \n" +
		" 6#7\n" +
		"\t8"
	lines, err := cellsOf(text)
	want := []string{"2 1:1|3:2|5:3|7:4|11:5", "5 2:6", "6 2:8"}
	if diff := cmp.Diff(want, lines); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestEmptyCellsAreRefused(t *testing.T) {
	_, err := cellsOf("1,,2\n,3\n4, # no more\n,\n")
	want := strings.Join([]string{
		"f:1:3: an empty cell before the comma: write - for a missing one",
		"f:2:1: an empty cell before the comma: write - for a missing one",
		"f:3:2: an empty cell after the comma: write - for a missing one",
		"f:4:1: an empty cell before the comma: write - for a missing one",
		"f:4:1: an empty cell after the comma: write - for a missing one",
	}, "\n")
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

func TestLongInputIsRefused(t *testing.T) {
	_, err := cellsOf("1\n" + strings.Repeat("2 ", maxLineBytes/2+1) + "\n3\n")
	if err == nil || err.Error() != "f:2: longer than the limit of 1024 KiB" {
		t.Errorf("a long line: %v", err)
	}
	in := newCellReader(strings.NewReader("1\n2\n3\n"), "f")
	in.limit = 4
	lines := 0
	for in.next() {
		lines++
	}
	if err := in.joined(); lines != 2 || err == nil || err.Error() != "f:3: the file is longer than the limit of 0 MiB" {
		t.Errorf("a long file: %d lines, %v", lines, err)
	}
	// A line of just the limit is read.
	if lines, err := cellsOf("7" + strings.Repeat(" ", maxLineBytes-2) + "\n8"); err != nil || len(lines) != 2 {
		t.Errorf("a line of the limit: %v, %v", lines, err)
	}
}

func TestReadErrorsAreReported(t *testing.T) {
	in := newCellReader(iotest.TimeoutReader(iotest.HalfReader(bytes.NewReader([]byte("1\n2\n")))), "f")
	for in.next() {
	}
	if err := in.joined(); err == nil || err.Error() != "f: timeout" {
		t.Errorf("%v", err)
	}
}
