package scenarios

// Series is a time series of one run: a row for every sampling instant.
type Series struct {
	Name    string         `json:"name"`
	Columns []SeriesColumn `json:"columns"` // the first is the time
	Rows    [][]Number     `json:"rows"`
}

// SeriesColumn names one quantity of a series and its unit, "" for a count or
// a ratio.
type SeriesColumn struct {
	Name string `json:"name"`
	Unit string `json:"unit,omitempty"`
}

// Column returns the values of the named column, nil if there is none.
func (s *Series) Column(name string) []Number {
	for i, c := range s.Columns {
		if c.Name == name {
			out := make([]Number, len(s.Rows))
			for j, row := range s.Rows {
				out[j] = row[i]
			}
			return out
		}
	}
	return nil
}

// SeriesRecorder builds a series while a run goes on.
type SeriesRecorder struct{ series Series }

// NewSeriesRecorder returns an empty series of the given columns; a column
// "time" in seconds is put before them.
func NewSeriesRecorder(name string, columns ...SeriesColumn) *SeriesRecorder {
	all := append([]SeriesColumn{{Name: "time", Unit: "s"}}, columns...)
	return &SeriesRecorder{Series{Name: name, Columns: all}}
}

// Append adds the values of one sampling instant, one for every column in
// their order; they are rounded as every reported number is.
func (r *SeriesRecorder) Append(virtualNS int64, values ...Number) {
	if len(values) != len(r.series.Columns)-1 {
		panic("scenarios: a sample does not fit the columns of its series")
	}
	row := make([]Number, 0, len(values)+1)
	row = append(row, Seconds(virtualNS))
	for _, v := range values {
		row = append(row, number(float64(v)))
	}
	r.series.Rows = append(r.series.Rows, row)
}

// Len returns the number of samples so far.
func (r *SeriesRecorder) Len() int { return len(r.series.Rows) }

// Series returns what was recorded.
func (r *SeriesRecorder) Series() Series { return r.series }
