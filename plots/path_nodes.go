package plots

// PathNodes draws path length against the number of nodes on a base-2
// logarithmic axis: the mean, with whiskers from the 1st to the 99th
// percentile, beside reference curves such as ½·log₂ N ([SIGCOMM01] figure 10a).
type PathNodes struct {
	Head
	Groups    []Spread // X: nodes; Mean, Low, High: hops
	Reference []Curve  // X: nodes, Y: hops
}

// Chart returns the chart, or what is wrong with its data.
func (p PathNodes) Chart() (*Chart, error) {
	return finished(&Chart{
		Head: p.Head.or(Head{
			Name:  NamePathNodes,
			Title: "Path length against the number of nodes",
			Note:  percentileNote(p.Groups),
		}),
		X: Axis{Label: "nodes", Log: 2},
		Panels: []Panel{{
			Y:      Axis{Label: "path length", Unit: "hops", Zero: true},
			Series: compared(p.Groups, p.Reference),
		}},
	})
}

// percentileNote explains the whiskers, if there are any.
func percentileNote(groups []Spread) string {
	for _, g := range groups {
		if g.Low != nil {
			return "Points are means; whiskers reach from the 1st to the 99th percentile."
		}
	}
	return "Points are means."
}
