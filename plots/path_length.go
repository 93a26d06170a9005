package plots

// PathLength draws the distribution of path lengths: the share of lookups by
// hops, several groups (moments of a run, values of a parameter) side by side.
// Where bars would be too thin to be seen, outlines are drawn instead.
type PathLength struct {
	Head
	Groups []Distribution // hops of lookups
}

// Chart returns the chart, or what is wrong with its data.
func (p PathLength) Chart() (*Chart, error) {
	head := p.Head.or(Head{Name: NamePathLength, Title: "Path length of lookups"})
	series, width, err := histogram(head.Name, p.Groups, 200)
	if err != nil {
		return nil, err
	}
	label := "path length"
	if width > 1 {
		label += ", " + compact(width) + " together"
	}
	return finished(&Chart{
		Head:   head,
		X:      Axis{Label: label, Unit: "hops", Integer: true},
		Panels: []Panel{{Y: Axis{Label: "share of lookups", Unit: "%", Zero: true}, Series: series}},
	})
}
