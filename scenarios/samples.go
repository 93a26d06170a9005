package scenarios

import (
	"math"
	"math/bits"
	"slices"
)

// firstChunk and lastChunk bound how many samples one allocation holds:
// chunks double from one to the other, so that ten samples cost little and
// six million are never copied to grow.
const (
	firstChunk = 256
	lastChunk  = 1 << 16
)

// samples collects integers by the million: appended in chunks, sorted once.
type samples[T int64 | uint32] struct {
	chunks [][]T
	count  int64
	sorted bool
}

func (s *samples[T]) add(x T) {
	last := len(s.chunks) - 1
	if last < 0 || len(s.chunks[last]) == cap(s.chunks[last]) {
		size := firstChunk
		if last >= 0 {
			size = min(2*cap(s.chunks[last]), lastChunk)
		}
		s.chunks = append(s.chunks, make([]T, 0, max(size, firstChunk)))
		last++
	}
	s.chunks[last] = append(s.chunks[last], x)
	s.count++
	s.sorted = false
}

// merge takes o's samples too, sharing its memory: neither is added to again.
func (s *samples[T]) merge(o *samples[T]) {
	for _, c := range o.chunks {
		s.chunks = append(s.chunks, slices.Clip(c))
	}
	s.count += o.count
	s.sorted = false
}

// sort brings all samples into one ascending slice and returns it.
func (s *samples[T]) sort() []T {
	if s.count == 0 {
		return nil
	}
	if !s.sorted {
		all := make([]T, 0, s.count)
		for _, c := range s.chunks {
			all = append(all, c...)
		}
		slices.Sort(all)
		s.chunks, s.sorted = [][]T{slices.Clip(all)}, true
	}
	return s.chunks[0]
}

// ppmSamples collects parts per million in four bytes each; the rare one
// above 4294 times the whole takes eight.
type ppmSamples struct {
	small samples[uint32]
	large samples[int64]
	sum   wideSum
}

func (s *ppmSamples) add(ppm int64) {
	s.sum.add(ppm)
	if ppm <= math.MaxUint32 {
		s.small.add(uint32(ppm))
	} else {
		s.large.add(ppm)
	}
}

func (s *ppmSamples) merge(o *ppmSamples) {
	s.sum.merge(o.sum)
	s.small.merge(&o.small)
	s.large.merge(&o.large)
}

func (s *ppmSamples) count() int64 { return s.small.count + s.large.count }

// at returns the i-th smallest sample.
func (s *ppmSamples) at(i int64) int64 {
	if i < s.small.count {
		return int64(s.small.sort()[i])
	}
	return s.large.sort()[i-s.small.count]
}

// counts is a histogram of small whole numbers: counts[v] samples had the
// value v.
type counts []int64

func (c *counts) add(v uint16) {
	for int(v) >= len(*c) {
		*c = append(*c, 0)
	}
	(*c)[v]++
}

func (c *counts) merge(o counts) {
	for len(*c) < len(o) {
		*c = append(*c, 0)
	}
	for v, n := range o {
		(*c)[v] += n
	}
}

func (c counts) values() []valueCount {
	var out []valueCount
	for v, n := range c {
		if n > 0 {
			out = append(out, valueCount{int64(v), n})
		}
	}
	return out
}

// valueCount says that count samples had the same value.
type valueCount struct{ value, count int64 }

// histogram is a set of samples by ascending value.
type histogram []valueCount

// histogramOf counts values, which it sorts in place.
func histogramOf(values []int64) histogram {
	slices.Sort(values)
	var out histogram
	for _, v := range values {
		if last := len(out) - 1; last >= 0 && out[last].value == v {
			out[last].count++
		} else {
			out = append(out, valueCount{v, 1})
		}
	}
	return out
}

// mergeHistograms adds up samples; the histograms stay as they are.
func mergeHistograms(a, b histogram) histogram {
	out := make(histogram, 0, max(len(a), len(b)))
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].value < b[0].value:
			out, a = append(out, a[0]), a[1:]
		case a[0].value > b[0].value:
			out, b = append(out, b[0]), b[1:]
		default:
			out = append(out, valueCount{a[0].value, a[0].count + b[0].count})
			a, b = a[1:], b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// totals returns how many samples there are and their sum.
func (h histogram) totals() (n int64, sum wideSum) {
	for _, v := range h {
		n += v.count
		hi, lo := bits.Mul64(uint64(v.value), uint64(v.count))
		sum.merge(wideSum{hi, lo})
	}
	return n, sum
}

// at returns the i-th smallest sample.
func (h histogram) at(i int64) int64 {
	for _, v := range h {
		if i < v.count {
			return v.value
		}
		i -= v.count
	}
	panic("scenarios: sample beyond the end of a histogram")
}
