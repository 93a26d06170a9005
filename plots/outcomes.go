package plots

import "math"

// Outcomes draws how lookups ended over time, stacked to 100 % of those that ended
// in each interval. Where at most a fifth ever went wrong, a second panel
// enlarges that part.
type Outcomes struct {
	Head
	Seconds []float64 // end of each sampling interval, ascending
	// Lookups that ended in the interval. Nil counts as none. An
	// interval without lookups leaves a gap.
	Correct, Wrong, Failed, Abandoned []float64
	Events                            []Event // X in seconds
}

// enlargeBelow is the share of lookups not correct, in percent, up to which
// they get a panel of their own.
const enlargeBelow = 20

// Chart returns the chart, or what is wrong with its data.
func (o Outcomes) Chart() (*Chart, error) {
	stacked := []Series{
		{Label: "correct", Y: o.Correct, Colour: SkyBlue},
		{Label: "wrong", Y: o.Wrong, Colour: Vermillion},
		{Label: "failed", Y: o.Failed, Colour: Yellow},
		{Label: "abandoned", Y: o.Abandoned, Colour: Black},
	}
	for i, s := range stacked {
		s.Mark, s.X = Area, o.Seconds
		if s.Y == nil {
			s.Y = make([]float64, len(s.X))
		}
		stacked[i] = s
	}
	c := &Chart{
		Head:   o.Head.or(Head{Name: NameOutcomes, Title: "Lookup outcomes over time"}),
		X:      virtualTime(),
		Panels: []Panel{{Y: percent("share of lookups"), Series: stacked, Height: 1.5}},
		Events: o.Events,
	}
	if err := c.Validate(); err != nil { // the counts, before they become shares
		return nil, err
	}
	worst := toShares(stacked)
	if worst > 0 && worst <= enlargeBelow {
		enlarged := Panel{Y: Axis{Label: "not correct", Unit: "%", Zero: true}}
		for _, s := range stacked[1:] {
			if positive(s.Y) {
				s.Label = "" // the same colours: one legend serves both
				enlarged.Series = append(enlarged.Series, s)
			}
		}
		c.Panels = append(c.Panels, enlarged)
	}
	return finished(c)
}

// toShares turns counts into percent of their sum at each index and returns
// the largest share of all series but the first. Where nothing was counted,
// shares are NaN.
func toShares(stacked []Series) (worst float64) {
	shares := make([][]float64, len(stacked))
	for k := range stacked {
		shares[k] = make([]float64, len(stacked[k].Y))
	}
	for i := range stacked[0].X {
		sum := 0.0
		for _, s := range stacked {
			if drawable(s.Y[i], 0) && s.Y[i] > 0 {
				sum += s.Y[i]
			}
		}
		rest := 0.0
		for k, s := range stacked {
			shares[k][i] = math.NaN()
			if sum > 0 {
				shares[k][i] = math.Max(0, 100*s.Y[i]/sum)
			}
			if k > 0 && shares[k][i] > 0 {
				rest += shares[k][i]
			}
		}
		worst = math.Max(worst, rest)
	}
	for k := range stacked {
		stacked[k].Y = shares[k]
	}
	return worst
}

// positive reports whether any value is above zero.
func positive(ys []float64) bool {
	for _, y := range ys {
		if y > 0 {
			return true
		}
	}
	return false
}
