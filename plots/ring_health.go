package plots

// RingHealth draws how sound a ring is over time: the shares of routing state
// that is right, and below them the number of members. A slice that is nil is
// left out.
type RingHealth struct {
	Head
	Seconds      []float64 // virtual time of each sample, ascending
	Successors   []float64 // right successors, percent of the members
	Predecessors []float64 // right predecessors, percent
	Lists        []float64 // right successor list entries, percent
	Fingers      []float64 // right fingers, percent
	Members      []float64 // how many
	Events       []Event   // X in seconds
}

// Chart returns the chart, or what is wrong with its data.
func (r RingHealth) Chart() (*Chart, error) {
	c := &Chart{
		Head:   r.Head.or(Head{Name: NameRingHealth, Title: "Ring health over time"}),
		X:      virtualTime(),
		Events: r.Events,
	}
	state := Panel{Y: percent("right routing state"), Height: 2.6}
	for _, s := range []Series{
		{Label: "successors", Y: r.Successors, Colour: Blue},
		{Label: "predecessors", Y: r.Predecessors, Colour: Vermillion},
		{Label: "list entries", Y: r.Lists, Colour: Green},
		{Label: "fingers", Y: r.Fingers, Colour: Purple},
	} {
		if s.Y != nil {
			s.X = r.Seconds
			state.Series = append(state.Series, s)
		}
	}
	if len(state.Series) > 0 {
		c.Panels = append(c.Panels, state)
	}
	if r.Members != nil {
		c.Panels = append(c.Panels, Panel{
			Y:      Axis{Label: "members", Zero: true, Integer: true},
			Series: []Series{{Label: "members", X: r.Seconds, Y: r.Members, Colour: Black}},
		})
	}
	return finished(c)
}
