package scenarios

// Histogram is how often each value occurred, pooled over the runs of a row.
// Values holds the lower ends of the bins that hold something, Width wide, a power
// of ten; with a width of 1 the values are exact.
type Histogram struct {
	Name   string  `json:"name"` // lookup.NAME.path, load.NAME
	Width  int64   `json:"width"`
	Values []int64 `json:"values"`
	Counts []int64 `json:"counts"`
}

// Quantiles is a distribution as a curve, pooled over the runs of a row:
// Values[i] is its i-th percentile by nearest rank, Values[0] the least sample.
type Quantiles struct {
	Name   string   `json:"name"` // lookup.NAME.latency, lookup.NAME.stretch
	Unit   string   `json:"unit,omitempty"`
	Values []Number `json:"values"` // 101 of them
}

// maxBins bounds the bins of a histogram: beyond it neighbours are joined. Empty bins
// are not listed and not counted, so that a single value far away, the load of the
// node with the one popular key, does not make one bin of all the others. Powers of
// ten are whole parts of the round bins of a chart.
const maxBins = 1000

// occupied returns how many bins of a width hold something.
func (h histogram) occupied(width int64) int {
	n, last := 0, int64(-1)
	for _, v := range h {
		if bin := v.value / width; bin != last {
			n, last = n+1, bin
		}
	}
	return n
}

func histogramResult(name string, values histogram) Histogram {
	h := Histogram{Name: name, Width: 1, Values: []int64{}, Counts: []int64{}}
	for values.occupied(h.Width) > maxBins {
		h.Width *= 10
	}
	for _, v := range values {
		bin := v.value / h.Width * h.Width
		if last := len(h.Values) - 1; last >= 0 && h.Values[last] == bin {
			h.Counts[last] += v.count
		} else {
			h.Values, h.Counts = append(h.Values, bin), append(h.Counts, v.count)
		}
	}
	return h
}

func pathHistogram(name string, t *LookupTally) Histogram {
	return histogramResult("lookup."+name+".path", t.path.values())
}

func loadHistogram(name string, t *LoadTally) Histogram {
	return histogramResult("load."+name, t.keys)
}

// lookupQuantiles returns the curves of latency and stretch, without those
// that have no sample.
func lookupQuantiles(name string, t *LookupTally) []Quantiles {
	var out []Quantiles
	curve := func(what, unit string, n int64, size float64, at func(int64) int64) {
		if n == 0 {
			return
		}
		q := Quantiles{Name: "lookup." + name + "." + what, Unit: unit}
		for percent := 0; percent <= 100; percent++ {
			q.Values = append(q.Values, number(float64(at(rank(percent, n)))/size))
		}
		out = append(out, q)
	}
	sorted := t.latency.sort()
	curve("latency", "s", t.latency.count, 1e9, func(i int64) int64 { return sorted[i] })
	curve("stretch", "", t.stretch.count(), 1e6, t.stretch.at)
	return out
}
