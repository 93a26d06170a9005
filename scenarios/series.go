package scenarios

// Names of the series of a run and of their columns, by which charts find
// them. SeriesTraffic and SeriesTrafficBytes have a column for each kind of
// message (MessageKinds), in messages or bytes a node and second of the
// interval; the columns of SeriesLookups are of the lookups that ended in the
// interval; SeriesRing is the state at the instant. Shares are from 0 to 1.
const (
	SeriesRing         = "ring"
	SeriesLookups      = "lookups"
	SeriesTraffic      = "traffic"
	SeriesTrafficBytes = "traffic_bytes"
)

// RingColumns are the columns of SeriesRing.
var RingColumns = []SeriesColumn{
	{Name: "members"}, {Name: "cut_off"},
	{Name: "right_successors"}, {Name: "right_predecessors"}, {Name: "right_lists"}, {Name: "right_fingers"},
}

// LookupColumns are the columns of SeriesLookups; path, timeouts and latency
// are means.
var LookupColumns = []SeriesColumn{
	{Name: "correct"}, {Name: "wrong"}, {Name: "failed"}, {Name: "abandoned"},
	{Name: "path"}, {Name: "timeouts"}, {Name: "latency", Unit: "s"},
}

// Mark is a step of the timeline as charts over time show it: at Time (virtual
// seconds), labelled in a word or two ("fail 50%").
type Mark struct {
	Time  Number `json:"time"`
	Label string `json:"label"`
}

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
