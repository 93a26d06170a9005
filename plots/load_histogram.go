package plots

// LoadHistogram draws how many nodes hold how many keys: the share of nodes by
// number of keys, in bins of a round width ([SIGCOMM01] figure 8b). A line
// marks the mean if there is one group.
type LoadHistogram struct {
	Head
	Groups []Distribution // keys of nodes
}

// Chart returns the chart, or what is wrong with its data.
func (l LoadHistogram) Chart() (*Chart, error) {
	head := l.Head.or(Head{Name: NameLoadHistogram, Title: "Keys a node"})
	series, width, err := histogram(head.Name, l.Groups, mostBins)
	if err != nil {
		return nil, err
	}
	label := "keys a node"
	if width > 1 {
		label += ", in bins of " + compact(width)
	}
	c := &Chart{
		Head:   head,
		X:      Axis{Label: label, Integer: true},
		Panels: []Panel{{Y: Axis{Label: "share of nodes", Unit: "%", Zero: true}, Series: series}},
	}
	if len(l.Groups) == 1 {
		all, _ := l.Groups[0].shares(head.Name) // checked by histogram
		c.Events = []Event{{X: mean(all), Label: "mean " + compact(mean(all))}}
	}
	return finished(c)
}
