package plots

import (
	"math"

	"gonum.org/v1/plot"
)

// step is the distance of two ticks, m·10^exp, kept as integers so that ticks
// are exact decimals.
type step struct {
	m   int64
	exp int
}

func (s step) size() float64       { return scale10(float64(s.m), s.exp) }
func (s step) at(i int64) float64  { return scale10(float64(i*s.m), s.exp) }
func (s step) low(v float64) int64 { return int64(math.Ceil(v/s.size() - 1e-9)) }
func (s step) top(v float64) int64 { return int64(math.Floor(v/s.size() + 1e-9)) }

// clock gives the round steps of a unit that has sixty parts, and of hours.
var (
	clock60 = []int64{1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 240, 300, 600}
	clock24 = []int64{1, 2, 3, 4, 6, 12, 24, 48, 72, 96}
)

// steps returns the candidates for an axis that spans span, ascending: 1, 2 and
// 5 times powers of ten, or round times if clock is given (of which a half is
// the least, unless the whole axis is shorter than one). integer leaves out
// what is below 1.
func steps(span float64, clock []int64, integer bool) []step {
	top := int(math.Floor(math.Log10(span)))
	var all []step
	for exp := top - 2; exp <= top+1; exp++ {
		for _, m := range []int64{1, 2, 5} {
			whole := exp >= 0
			half := exp == -1 && m == 5
			if integer && !whole || clock != nil && (whole || top >= 0 && !half) {
				continue
			}
			all = append(all, step{m, exp})
		}
	}
	for _, m := range clock {
		all = append(all, step{m, 0})
	}
	if len(all) == 0 { // whole numbers on an axis shorter than 1
		all = []step{{1, 0}}
	}
	return all
}

// linearTicks returns the labelled ticks of a linear axis from lo to hi with
// the finest step of the candidates whose labels, as measured by fits, do not
// run into each other. fits gets the labels and the distance of two ticks as a
// share of the axis. The coarsest step is taken where none fits.
func linearTicks(lo, hi float64, candidates []step, fits fitter) ([]plot.Tick, step) {
	var ticks []plot.Tick
	var chosen step
	for _, s := range candidates {
		chosen = s
		first, last := s.low(lo), s.top(hi)
		if last-first > 200 {
			continue
		}
		var values []float64
		for i := first; i <= last; i++ {
			values = append(values, s.at(i))
		}
		labels := tickLabels(values, s.exp)
		ticks = ticks[:0]
		for i, v := range values {
			ticks = append(ticks, plot.Tick{Value: v, Label: labels[i]})
		}
		if fits(labels, s.size()/(hi-lo)) {
			break
		}
	}
	return ticks, chosen
}

// log2Ticks returns ticks at the powers of two from lo to hi, every n-th of
// them labelled, n being the least with which the labels fit.
func log2Ticks(lo, hi float64, fits fitter) []plot.Tick {
	first := int(math.Ceil(math.Log2(lo) - 1e-9))
	last := int(math.Floor(math.Log2(hi) + 1e-9))
	span := math.Log2(hi) - math.Log2(lo)
	return logTicks(first, last, span, func(e int) float64 { return math.Ldexp(1, e) }, fits)
}

// log10Ticks returns ticks at the powers of ten, and unlabelled ones at their
// multiples; on an axis of less than two decades 2 and 5 are labelled too.
func log10Ticks(lo, hi float64, fits fitter) []plot.Tick {
	first := int(math.Ceil(math.Log10(lo) - 1e-9))
	last := int(math.Floor(math.Log10(hi) + 1e-9))
	span := math.Log10(hi) - math.Log10(lo)
	var ticks []plot.Tick
	if span <= 12 {
		for e := first - 1; e <= last; e++ {
			for m := 2; m <= 9; m++ {
				v := scale10(float64(m), e)
				if v < lo*(1-1e-9) || v > hi*(1+1e-9) {
					continue
				}
				tick := plot.Tick{Value: v}
				if span < 2 && (m == 2 || m == 5) {
					tick.Label = compact(v)
				}
				ticks = append(ticks, tick)
			}
		}
	}
	return append(ticks, logTicks(first, last, span, func(e int) float64 { return scale10(1, e) }, fits)...)
}

// logTicks labels every n-th of the exponents first..last.
func logTicks(first, last int, span float64, value func(int) float64, fits fitter) []plot.Tick {
	labels := make([]string, 0, last-first+1)
	for e := first; e <= last; e++ {
		labels = append(labels, exact(value(e)))
	}
	every := 1
	for every < len(labels) && !fits(labels, float64(every)/span) {
		every++
	}
	var ticks []plot.Tick
	for i, label := range labels {
		if (first+i)%every != 0 {
			if every > 10 {
				continue
			}
			label = ""
		}
		ticks = append(ticks, plot.Tick{Value: value(first + i), Label: label})
	}
	return ticks
}

// exact writes a power of two or ten without rounding while it is short:
// 16 384, 1 048 576; larger and very small ones as a tick label.
func exact(v float64) string {
	if v >= 1 && v < 1e7 && v == math.Trunc(v) && (v < 1e5 || math.Mod(v, 1000) != 0) {
		return group(formatInt(v), 5)
	}
	return compact(v)
}
