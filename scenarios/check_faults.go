package scenarios

import (
	"fmt"
	"slices"

	"chordsim/sim"
)

// faults checks a fault, a group, or what ends faults. Groups and faults are
// known from the step on that names them.
func (w *timelineWalk) faults(path string, name string, action Action) {
	switch a := action.(type) {
	case *GroupStep:
		if w.body(path).child("as") == nil {
			w.fail(path, "a group needs a name", "add as")
		}
		w.choice(path, &a.Choice, []string{"rest"}, []bool{bool(a.Rest)}, true)
		w.groups = append(w.groups, name)
	case *HealStep:
		if a.Fault != allFaults && !slices.Contains(w.begun, a.Fault) {
			w.noFault(path, a.Fault)
		}
	case fault:
		w.fault(path, a)
		if name != "" {
			w.begun = append(w.begun, name)
		}
	}
}

// namedBroken takes note of what a broken step names, so that later steps are not
// blamed for it.
func (w *timelineWalk) namedBroken(i int) {
	verb, body := stepAction(w.root.child("timeline").children[i])
	if body == nil {
		w.unnamed = true // it may be any step
		return
	}
	if verb != "group" && !slices.Contains(faultVerbs, verb) {
		return
	}
	switch name := w.spec.Timeline[i].Name; {
	case name != "" && verb == "group":
		w.groups = append(w.groups, name)
	case name != "":
		w.begun = append(w.begun, name)
	case slices.ContainsFunc(body.children, func(c *tree) bool { return editDistance(c.key, "as") < 2 }):
		w.unnamed = true // what is meant for it, or its key, is misspelt
	}
}

// noFault reports that no fault before is called as the one to be healed, at its
// key or, in the short form, at the step.
func (w *timelineWalk) noFault(path, name string) {
	if w.unnamed {
		return // a broken step may be
	}
	if w.body(path).child("fault") != nil {
		path += ".fault"
	}
	hint := "a fault has the name that its step says with as"
	if near := nearest(name, append(slices.Clone(w.begun), allFaults)); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	w.fail(path, "no fault before is called "+quote(name), hint)
}

// losesMessages reports whether a fault does.
func losesMessages(a Action) bool {
	switch a.(type) {
	case *PartitionStep, *LossStep:
		return true
	}
	return false
}

func (w *timelineWalk) fault(path string, action fault) {
	if action.lasting().For == 0 && w.body(path).child("for") != nil {
		w.fail(path+".for", "for must be above 0", "remove it: the fault lasts until a step heal ends it")
	}
	if losesMessages(action) && !w.dirty["ring"] && w.spec.Ring.Detector.Perfect() {
		w.fail(path, fmt.Sprintf("a perfect detector is not possible on a network that loses messages, as %s does", action.Verb()),
			"write detector: timeout under ring, or another fault")
	}
	switch a := action.(type) {
	case *PartitionStep:
		w.selection(path, &a.Selection, "groups", len(a.Groups) > 0, true)
		for i, g := range a.Groups {
			w.group(fmt.Sprintf("%s.groups[%d]", path, i), g)
		}
	case *LossStep:
		w.links(path, &a.Links)
	case *DuplicateStep:
		w.links(path, &a.Links)
	case *ReorderStep:
		w.links(path, &a.Links)
		w.late(path, "by", a.By)
	case *DelayStep:
		w.links(path, &a.Links)
		w.late(path, "by", a.By)
	case *SlowStep:
		w.selection(path, &a.Selection, "", false, true)
		w.late(path, "each", a.Each)
	case *PauseStep:
		w.selection(path, &a.Selection, "", false, true)
	case *DriftStep:
		w.selection(path, &a.Selection, "", false, true)
		if d := a.Rate; d.compare(1000) > 0 || d.times(1000) < 1 {
			w.fail(path+".rate", fmt.Sprintf("rate %s is outside of 0.001 to 1000", d), "1 is a clock that is right")
		}
	}
}

// late checks a time that is added to the network's or a node's.
func (w *timelineWalk) late(path, key string, d Duration) {
	w.positive(path, key, d)
	if most := Duration(sim.MaxLatency); d > most {
		w.fail(path+"."+key, fmt.Sprintf("%s %v is above the limit of %v", key, d, most), "check the unit")
	}
}

// links checks the ways that a fault is on.
func (w *timelineWalk) links(path string, l *Links) {
	some := !l.Selection.none()
	ends := l.From != "" || l.To != ""
	switch {
	case ends && len(l.Between) > 0:
		w.fail(path+".between", "between is both ways, from and to are one", "remove one")
	case some && (ends || len(l.Between) > 0):
		w.fail(path, "a selection means all ways into and out of it, and stands without from, to and between", "name it by a step group")
	}
	w.selection(path, &l.Selection, "", false, false)
	if l.From != "" {
		w.group(path+".from", l.From)
	}
	if l.To != "" {
		w.group(path+".to", l.To)
	}
	for i, g := range l.Between {
		w.group(fmt.Sprintf("%s.between[%d]", path, i), g)
	}
}

// selection checks that one way of saying who is given, at most one if it need not
// be. More is another way, if there is one.
func (w *timelineWalk) selection(path string, s *Selection, more string, given, needed bool) {
	keys, there := []string{"group"}, []bool{s.Group != ""}
	if more != "" {
		keys, there = append(keys, more), append(there, given)
	}
	w.choice(path, &s.Choice, keys, there, needed)
	if s.Group != "" {
		w.group(path+".group", s.Group)
	}
}

// choice does so where there are other ways, by their keys.
func (w *timelineWalk) choice(path string, c *Choice, others []string, given []bool, needed bool) {
	keys := append([]string{"count", "fraction", "arc", "region", "hosts"}, others...)
	there := append([]bool{c.Count > 0, c.Fraction != nil, c.Arc != nil, c.Region != nil, len(c.Hosts) > 0}, given...)
	if needed || slices.Contains(there, true) {
		w.oneOf(path, keys, there...)
	}
	if c.Region != nil {
		w.region(path+".region", c.Region)
	}
	w.known(path+".hosts", c.Hosts)
}

// group checks that there is a group of a name.
func (w *timelineWalk) group(path, name string) {
	switch {
	case name == seedServerGroup:
		if !w.dirty["ring"] && !w.spec.Ring.bySeedServer() {
			w.fail(path, "there is no seed server", "write bootstrap: seed-server under ring")
		}
	case !slices.Contains(w.groups, name) && !w.unnamed:
		hint := "begin with a step group: {as: " + name + ", …}"
		if near := nearest(name, append(slices.Clone(w.groups), seedServerGroup)); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		} else if !isWord(name) {
			hint = ""
		}
		w.fail(path, "no group before is called "+quote(name), hint)
	}
}

// regionModels are the models of the network that have regions.
var regionModels = map[string]string{"": "euclidean", "domain": "transit-stub", "stub": "transit-stub", "site": "matrix"}

// region checks a part of the network against its model.
func (w *timelineWalk) region(path string, r *RegionSpec) {
	if (r.Of == "") == (r.Within == 0) {
		w.fail(path, "a region is one of domain, stub, site, or within a time", "write region: stub, or region: {within: 10ms}")
		return
	}
	word := r.Of
	if word == "" {
		word = "within"
	}
	if model := w.spec.Network.Latency.Model; !w.dirty["network"] && model != regionModels[r.Of] {
		w.fail(path, fmt.Sprintf("a network of model %s has no region %s", model, word), "write model: "+regionModels[r.Of]+" under network.latency")
	}
}
