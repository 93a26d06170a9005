package plots

import "fmt"

// Lorenz draws how unevenly something is spread over nodes: which share of it the
// least loaded nodes hold together (Lorenz, "Methods of measuring the concentration
// of wealth", 1905). On the diagonal every node holds as much; the Gini coefficient
// is the part of the triangle below it that a curve leaves free above itself.
type Lorenz struct {
	Head
	What   string         // label of the y axis; "share of the load" if empty
	Groups []Distribution // loads of nodes, ≥ 0; a label such as "keys (Gini 0.50)". All zero: no curve
}

// Chart returns the chart, or what is wrong with its data.
func (l Lorenz) Chart() (*Chart, error) {
	head := l.Head.or(Head{Name: NameLorenz, Title: "How evenly the load is spread"})
	what := l.What
	if what == "" {
		what = "share of the load"
	}
	var all []Series
	for _, g := range l.Groups {
		nodes, err := g.shares(head.Name)
		if err != nil {
			return nil, err
		}
		if len(nodes) > 0 && nodes[0].value < 0 {
			return nil, fmt.Errorf("chart %s: group %q has the load %g; loads are 0 or more", head.Name, g.Label, nodes[0].value)
		}
		if x, y := lorenzCurve(nodes); len(x) > 0 {
			all = append(all, Series{Label: g.Label, X: x, Y: y})
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("nothing to draw in chart %s", head.Name)
	}
	even := Series{Label: "all alike", Mark: Guide, X: []float64{0, 100}, Y: []float64{0, 100}}
	return finished(&Chart{
		Head:   head,
		X:      percent("share of nodes, from the least loaded"),
		Panels: []Panel{{Y: percent(what), Series: append(all, even)}},
	})
}

// lorenzCurve returns the share of the nodes, in percent, that have a value or less,
// and their share of the sum, from (0, 0) to (100, 100); nothing if the sum is zero.
func lorenzCurve(nodes []counted) (x, y []float64) {
	total := mean(nodes)
	if total == 0 {
		return nil, nil
	}
	x, y = append(x, 0), append(y, 0)
	share, held := 0.0, 0.0
	for i, n := range nodes {
		share += n.share
		held += n.value / total * n.share
		if i == len(nodes)-1 {
			share, held = 100, 100
		}
		x, y = append(x, share), append(y, held)
	}
	return x, y
}
