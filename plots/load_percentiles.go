package plots

// Parameter is what the load is drawn against.
type Parameter int

const (
	Keys         Parameter = iota // keys in the ring ([SIGCOMM01] figure 8a)
	VirtualNodes                  // virtual nodes of each real node (figure 9)
)

// LoadPercentiles draws keys a node, mean and 1st and 99th percentile, against
// the number of keys or of virtual nodes.
type LoadPercentiles struct {
	Head
	Against   Parameter
	Groups    []Spread // X: the parameter; Mean, Low, High: keys a node
	Reference []Curve
}

// Chart returns the chart, or what is wrong with its data.
func (l LoadPercentiles) Chart() (*Chart, error) {
	head := Head{Name: NameLoadKeys, Title: "Keys a node against keys in the ring", Note: percentileNote(l.Groups)}
	x := Axis{Label: "keys in the ring", Zero: true}
	if l.Against == VirtualNodes {
		head.Name, head.Title = NameLoadVirtualNodes, "Keys a node against virtual nodes"
		x = Axis{Label: "virtual nodes a real node", Zero: true, Integer: true}
	}
	return finished(&Chart{
		Head:   l.Head.or(head),
		X:      x,
		Panels: []Panel{{Y: Axis{Label: "keys a node", Zero: true}, Series: compared(l.Groups, l.Reference)}},
	})
}
