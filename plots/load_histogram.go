package plots

// LoadHistogram draws how many nodes hold how many keys: the share of nodes by
// number of keys, in bins of a round width ([SIGCOMM01] figure 8b). A line
// marks the mean if there is one group.
type LoadHistogram struct {
	Head
	Groups []Distribution // keys of nodes
}

// mostBins is how many bins of keys there may be.
const mostBins = 60

// Chart returns the chart, or what is wrong with its data.
func (l LoadHistogram) Chart() (*Chart, error) {
	head := l.Head.or(Head{Name: NameLoadHistogram, Title: "Keys a node"})
	return histogramChart(head, l.Groups, mostBins, Axis{Label: "keys a node", Integer: true}, "share of nodes")
}
