package plots

// Spread is a mean with a range around it, for each value of a parameter.
type Spread struct {
	Label string
	X     []float64 // the parameter
	Mean  []float64
	// Low and High are the ends of the whiskers, as values: the 1st and 99th
	// percentile, or the 95 % interval. Both nil: no whiskers.
	Low, High []float64
}

func (s Spread) series() Series {
	return Series{Label: s.Label, Mark: Points, X: s.X, Y: s.Mean, Low: s.Low, High: s.High}
}

// Curve is something to compare with: a formula, or published numbers.
type Curve struct {
	Label string
	X, Y  []float64 // X ascending
}

func (c Curve) series() Series { return Series{Label: c.Label, Mark: Guide, X: c.X, Y: c.Y} }

// dense returns the curve with the straight line between any two of its points in so
// many pieces.
func (c Curve) dense(pieces int) Curve {
	out := Curve{Label: c.Label, X: c.X[:1:1], Y: c.Y[:1:1]}
	for i := 1; i < len(c.X); i++ {
		for k := 1; k <= pieces; k++ {
			part := float64(k) / float64(pieces)
			out.X = append(out.X, c.X[i-1]+float64(part*(c.X[i]-c.X[i-1])))
			out.Y = append(out.Y, c.Y[i-1]+float64(part*(c.Y[i]-c.Y[i-1])))
		}
	}
	return out
}

// compared returns the series of some groups and of what they are held against.
func compared(groups []Spread, curves []Curve) []Series {
	var all []Series
	for _, g := range groups {
		all = append(all, g.series())
	}
	for _, c := range curves {
		all = append(all, c.series())
	}
	return all
}

// finished returns the chart if it is valid.
func finished(c *Chart) (*Chart, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	return c, nil
}

// percent is an axis from 0 to 100 %.
func percent(label string) Axis { return Axis{Label: label, Unit: "%", Min: 0, Max: 100} }

// virtualTime is the x axis of everything over time.
func virtualTime() Axis { return Axis{Label: "virtual time", Time: true} }
