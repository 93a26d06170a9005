package plots

// Published draws measured means with intervals beside what was published, against
// a parameter.
type Published struct {
	Head
	What      string   // label of the y axis
	Parameter string   // label of the x axis
	Log       int      // base of the x axis: 2, 10, or 0 for linear
	Ours      []Spread // Mean with its interval
	Theirs    []Curve  // the published numbers, as many as Ours and in the same order; empty: as another
}

// Chart returns the chart, or what is wrong with its data: each pair has a colour,
// ours points with whiskers, theirs a dashed curve.
func (p Published) Chart() (*Chart, error) {
	var all []Series
	for i, curve := range p.Theirs {
		if len(curve.X) == 0 {
			continue
		}
		all = append(all, Series{Label: curve.Label, Mark: Guide, X: curve.X, Y: curve.Y, Colour: lineColours[i%len(lineColours)]})
	}
	for i, ours := range p.Ours {
		s := ours.series()
		s.Colour = lineColours[i%len(lineColours)]
		all = append(all, s)
	}
	return finished(&Chart{
		Head:   p.Head.or(Head{Name: NamePublished, Title: "Published and ours"}),
		X:      Axis{Label: p.Parameter, Log: p.Log},
		Panels: []Panel{{Y: Axis{Label: p.What, Zero: true}, Series: all}},
	})
}
