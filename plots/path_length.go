package plots

// PathLength draws the distribution of path lengths: the share of lookups by
// hops, several groups (moments of a run, values of a parameter) side by side.
// Where bars would be too thin to be seen, outlines are drawn instead.
type PathLength struct {
	Head
	Groups []Distribution // hops of lookups
}

// mostHops is up to which number of different path lengths each has a bar of
// its own.
const mostHops = 80

// Chart returns the chart, or what is wrong with its data.
func (p PathLength) Chart() (*Chart, error) {
	head := p.Head.or(Head{Name: NamePathLength, Title: "Path length of lookups"})
	return histogramChart(head, p.Groups, mostHops, Axis{Label: "path length", Unit: "hops", Integer: true}, "share of lookups", false)
}
