package plots

// Head is what every kind of chart has: how it is called. A field left empty
// gets the default of the kind.
type Head struct {
	Name     string // stem of the file name, such as "ring-health"; errors quote it
	Title    string // one line above the chart
	Subtitle string // a smaller line below the title: scenario, parameters, seed
	Note     string // a small line at the foot: what whiskers mean, where a curve is from
}

// or returns h with its empty fields taken from the default d.
func (h Head) or(d Head) Head {
	pick := func(a, b string) string {
		if a != "" {
			return a
		}
		return b
	}
	return Head{pick(h.Name, d.Name), pick(h.Title, d.Title), pick(h.Subtitle, d.Subtitle), pick(h.Note, d.Note)}
}

// Chart is one drawing: panels stacked above one x axis.
type Chart struct {
	Head
	X      Axis
	Panels []Panel // from top to bottom; at least one with something to draw
	Events []Event // vertical markers through all panels
}

// Panel is one plotting area with a y axis of its own.
type Panel struct {
	Y      Axis
	Series []Series
	Height float64 // relative to the other panels; 0 counts as 1
}

// Event is a vertical marker, for instance a failure at a time.
type Event struct {
	X     float64 // on the x axis of the chart
	Label string  // short, such as "fail 50 %"; may be empty
}

// Axis says what is measured along one side.
type Axis struct {
	Label string // what, in words
	Unit  string // such as "%" or "B/s"; ignored when Time is set
	Log   int    // base of a logarithmic axis: 2 or 10; 0 is linear
	// Min and Max are the range. Where they are equal (0 and 0, usually) it
	// comes from the data: widened to the next round number upwards, and down
	// to zero if Zero is set.
	Min, Max float64
	Zero     bool
	Time     bool // values are seconds; the axis chooses µs, ms, s, min, h or d
	Integer  bool // ticks at whole numbers only
}

// Mark is how a series is drawn.
type Mark int

const (
	Line   Mark = iota // straight lines from point to point, a marker now and then
	Points             // a marker at every point, joined; whiskers where Low and High are given; a 0 on a logarithmic y axis stands on its lower edge
	Area               // stacked on the areas before it in the panel; Y[i] holds from X[i-1] to X[i]
	Bars               // a bar around every X; several series stand side by side
	Guide              // a thin grey curve to compare with
	Dots               // a marker at every point and nothing between, in any order
)

// Series is one set of numbers with one entry in the legend.
type Series struct {
	Label     string // legend entry; none if empty
	Mark      Mark
	X, Y      []float64 // as long as each other; X ascending for Line, Area and Guide
	Low, High []float64 // ends of the whiskers (values, not distances), with Points; both or none
	Width     float64   // of a slot of Bars, in units of x; 0 counts as 1
	Colour    Colour    // Auto: the next of the palette
}

// none reports whether the i-th point says that there is nothing: a zero of Points
// for which a logarithmic axis has no place. An open triangle on the lower edge
// stands for it, joined to no other point, with the upper part of its whisker.
func (s *Series) none(i int, y Axis) bool { return s.Mark == Points && y.Log != 0 && s.Y[i] == 0 }

// Names of the charts, as scenarios and files call them.
const (
	NameRingHealth       = "ring-health"
	NamePathLength       = "path-length"
	NamePathNodes        = "path-nodes"
	NameLoadHistogram    = "load-histogram"
	NameLoadKeys         = "load-keys"
	NameLoadVirtualNodes = "load-virtual-nodes"
	NameOutcomes         = "outcomes"
	NameLatency          = "latency"
	NameTraffic          = "traffic"
	NameShare            = "share"
	NameLorenz           = "lorenz"
	NameLoss             = "loss"
	NamePublished        = "published"
	NameTradeoff         = "tradeoff"
)
