package plots

// Tradeoff draws what many settings cost against how well they do, a dot each, with
// the hull of those that no mixture of others beats. Of both axes less is better.
type Tradeoff struct {
	Head
	Cost, What string   // labels of the axes
	Groups     []Spread // X is the cost; ranges are not drawn
	Hull       Curve
	// LogCost and LogWhat ask for an axis in powers of ten.
	LogCost, LogWhat bool
}

// hullSteps is in how many pieces each side of a hull is drawn on a logarithmic axis,
// where it is no straight line.
const hullSteps = 40

// Chart returns the chart, or what is wrong with its data.
func (t Tradeoff) Chart() (*Chart, error) {
	var all []Series
	for i, g := range t.Groups {
		all = append(all, Series{Label: g.Label, Mark: Dots, X: g.X, Y: g.Mean, Colour: lineColours[i%len(lineColours)]})
	}
	if len(t.Hull.X) > 0 {
		hull := t.Hull
		if t.LogCost || t.LogWhat {
			hull = hull.dense(hullSteps)
		}
		all = append(all, Series{Label: hull.Label, Mark: Guide, X: hull.X, Y: hull.Y, Colour: Black})
	}
	axis := func(label string, log bool) Axis {
		a := Axis{Label: label, Zero: !log}
		if log {
			a.Log = 10
		}
		return a
	}
	return finished(&Chart{
		Head:   t.Head.or(Head{Name: NameTradeoff, Title: "Cost against performance", Note: "A dot is one setting; less is better both ways."}),
		X:      axis(t.Cost, t.LogCost),
		Panels: []Panel{{Y: axis(t.What, t.LogWhat), Series: all}},
	})
}
