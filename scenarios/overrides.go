package scenarios

import (
	"fmt"
	"slices"
	"strings"
)

// Overrides are what the command line changes in a scenario.
type Overrides struct {
	Set    []string // "p=0.3", "ring.successors=4", "timeline[2].fail.fraction=0.3"
	Seed   *uint64
	Repeat *int
}

// override puts in what the command line sets. It comes before everything
// else, so that what is set is checked like the file.
func (r *resolver) override(root *tree, o Overrides) {
	for _, text := range o.Set {
		at := place{override: "--set " + printable(clip(text))}
		name, value, ok := strings.Cut(text, "=")
		if !ok {
			r.fail(at, "", "it has no value", "write --set name=value")
			continue
		}
		node := r.overrideValue(value, at)
		if node == nil {
			continue
		}
		if params := root.child("params"); params.child(name) != nil {
			params.put(name, node)
			r.narrow(root, name, node)
			continue
		}
		steps, err := parsePath(name)
		if err == nil && slices.Contains([]string{"params", "vary"}, steps[0].key) {
			err = fmt.Errorf("%s cannot be set; set a param by its name alone", name)
		}
		if err == nil && !slices.Contains(topKeys, steps[0].key) {
			err = fmt.Errorf("there is no param and no section %q%s", steps[0].key, didYouMean(steps[0].key, append(keysOf(root.child("params")), topKeys...)))
		}
		if err == nil {
			err = root.set(steps, node)
		}
		if err != nil {
			message, hint := splitHint(err)
			r.fail(at, "", message, hint)
			continue
		}
		r.narrow(root, name, node)
	}
	if o.Seed != nil {
		r.set(root, "seed", fmt.Sprint(*o.Seed))
	}
	if o.Repeat != nil {
		r.set(root, "repeat", fmt.Sprint(*o.Repeat))
	}
}

func (r *resolver) set(root *tree, key, text string) {
	at := place{override: "--" + key + " " + text}
	if node := r.overrideValue(text, at); node != nil {
		root.put(key, node)
	}
}

// overrideValue reads the right side of an override: a scalar as it would
// stand in the file, or a value in brackets or quotes.
func (r *resolver) overrideValue(text string, at place) *tree {
	if text != "" && strings.ContainsRune("[{'\"", rune(text[0])) {
		t, problems := parseTree([]byte(text))
		for _, p := range problems {
			r.fail(at, "", p.Message, p.Hint)
		}
		if t == nil || len(problems) > 0 {
			return nil
		}
		t.moveTo(at)
		return t
	}
	v, err := plainValue(text)
	if err == nil && v == nil {
		err = fmt.Errorf("it has no value; write --set name=value")
	}
	if err == nil {
		if _, problem := guardBytes([]byte(text)); problem != nil || strings.ContainsAny(text, "\r\n") {
			err = fmt.Errorf("the value is not one line of text")
		}
	}
	if err != nil {
		message, hint := splitHint(err)
		r.fail(at, "", message, hint)
		return nil
	}
	return &tree{at: at, text: text, value: v}
}

// narrow leaves of a varied name only the value that was set for it.
func (r *resolver) narrow(root *tree, name string, value *tree) {
	if list := root.child("vary").child(name); list != nil && list.kind == sequenceNode {
		list.children = []*tree{value.clone()}
	}
}

// moveTo gives a tree and all below it one place.
func (t *tree) moveTo(at place) {
	t.at = at
	if t.key != "" {
		t.keyAt = at
	}
	for _, c := range t.children {
		c.moveTo(at)
	}
}
