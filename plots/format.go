package plots

import (
	"math"
	"strconv"
	"strings"
)

// thin is the narrow no-break space that groups digits and parts a number from
// its prefix (ISO 80000-1 asks for a thin space, never a comma or a point).
const thin = "\u202f"

// prefixes are the SI prefixes for 10^3, 10^6 and so on.
var prefixes = []string{"", "k", "M", "G", "T", "P", "E"}

// tickLabels writes the values of one axis alike: the same number of decimals,
// the same prefix. Steps lie 10^exp or a multiple of it apart. From 100,000 on
// a prefix is used, below that digits are grouped in threes; numbers too small
// or too large for either get an exponent.
func tickLabels(values []float64, exp int) []string {
	largest := 0.0
	for _, v := range values {
		largest = math.Max(largest, math.Abs(v))
	}
	shift, suffix := 0, ""
	if largest > 0 {
		magnitude := int(math.Floor(math.Log10(largest) + 1e-9))
		switch p := magnitude / 3; {
		case largest >= 99999.5 && p < len(prefixes):
			shift, suffix = 3*p, thin+prefixes[p]
		case largest >= 99999.5 || magnitude < -3:
			shift, suffix = magnitude, "e"+strings.Replace(strconv.Itoa(magnitude), "-", "−", 1)
		}
	}
	decimals := max(0, shift-exp)
	digits := 5 // 5000 stays whole, but not beside 10 000
	if shift == 0 && largest >= 9999.5 {
		digits = 4
	}
	labels := make([]string, len(values))
	for i, v := range values {
		labels[i] = "0"
		if v != 0 {
			labels[i] = group(strconv.FormatFloat(scale10(v, -shift), 'f', min(decimals, 15), 64), digits) + suffix
		}
	}
	return labels
}

// compact writes one number with up to three significant digits, as a tick
// label would: 4.61, 457, 12 300, 1.25 M.
func compact(v float64) string {
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	exp := int(math.Floor(math.Log10(math.Abs(v)))) - 2
	digits := int64(math.Round(scale10(v, -exp)))
	for digits%10 == 0 {
		digits, exp = digits/10, exp+1
	}
	return tickLabels([]float64{scale10(float64(digits), exp)}, exp)[0]
}

// group puts a thin space between each three digits in front of the decimal
// point if there are at least that many, and a proper minus sign.
func group(s string, least int) string {
	sign := ""
	if rest, negative := strings.CutPrefix(s, "-"); negative {
		s = rest
		if strings.Trim(s, "0.") != "" {
			sign = "−"
		}
	}
	whole, fraction, _ := strings.Cut(s, ".")
	if fraction != "" {
		fraction = "." + fraction
	}
	if len(whole) < least {
		return sign + whole + fraction
	}
	var b strings.Builder
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(thin)
		}
		b.WriteRune(digit)
	}
	return sign + b.String() + fraction
}

// scale10 returns v·10^exp. It divides by positive powers where it can, since
// those are exact up to 10^22: 3·10^-1 comes out as 0.3.
func scale10(v float64, exp int) float64 {
	if exp >= 0 {
		return v * math.Pow10(exp)
	}
	return v / math.Pow10(-exp)
}

// formatInt writes a whole number.
func formatInt(v float64) string { return strconv.FormatFloat(v, 'f', 0, 64) }
