package plots

// Share draws the share of runs in which something happened against a
// parameter, with 95 % intervals, beside the share expected: rings that
// broke against the length of the successor list, for instance.
type Share struct {
	Head
	What      string   // label of the y axis; "share of runs" if empty
	Parameter string   // label of the x axis
	Unit      string   // of the parameter; may be empty
	Log       int      // base of the x axis: 2, 10, or 0 for linear
	Whole     bool     // the parameter is a whole number
	Groups    []Spread // Mean, Low and High in percent
	Expected  []Curve  // Y in percent
}

// Chart returns the chart, or what is wrong with its data.
func (s Share) Chart() (*Chart, error) {
	head := Head{Name: NameShare, Title: "Share of runs"}
	for _, g := range s.Groups {
		if g.Low != nil {
			head.Note = "Whiskers are 95 % intervals."
		}
	}
	what := s.What
	if what == "" {
		what = "share of runs"
	}
	return finished(&Chart{
		Head:   s.Head.or(head),
		X:      Axis{Label: s.Parameter, Unit: s.Unit, Log: s.Log, Integer: s.Whole},
		Panels: []Panel{{Y: percent(what), Series: compared(s.Groups, s.Expected)}},
	})
}
