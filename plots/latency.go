package plots

// Latency draws the distribution of lookup latencies: for each group the share
// of lookups answered within a time.
type Latency struct {
	Head
	Groups []Distribution // latencies in seconds
	Log    bool           // logarithmic time; latencies of zero still count as answered
}

// Chart returns the chart, or what is wrong with its data.
func (l Latency) Chart() (*Chart, error) {
	c := &Chart{
		Head:   l.Head.or(Head{Name: NameLatency, Title: "Lookup latency"}),
		X:      Axis{Label: "latency", Time: true, Zero: true},
		Panels: []Panel{{Y: percent("answered within")}},
	}
	if l.Log {
		c.X.Log = 10
	}
	for _, g := range l.Groups {
		all, err := g.shares(c.Name)
		if err != nil {
			return nil, err
		}
		x, y := cdf(all)
		c.Panels[0].Series = append(c.Panels[0].Series, Series{Label: g.Label, X: x, Y: y})
	}
	return finished(c)
}
