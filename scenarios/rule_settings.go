package scenarios

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"chordsim/chord"
)

// ParseRules returns the rules of a preset with lists of that many successors,
// after settings such as better_successor=adopt or busy=on, whose words are
// those of ring.rules. The error says what is wrong with a setting.
func ParseRules(protocol string, successors int, set []string) (chord.Rules, error) {
	ring := RingSpec{Protocol: protocol, Successors: successors}
	if _, _, known := chord.Preset(protocol, successors); !known {
		presets := enumOf(reflect.TypeFor[RingSpec](), "protocol")
		return chord.Rules{}, fmt.Errorf("there is no protocol %s%s; there are %s", quote(protocol), didYouMean(protocol, presets), strings.Join(presets, ", "))
	}
	for i, s := range set {
		if err := ring.Rules.set(s); err != nil {
			return chord.Rules{}, err
		}
		rule, _, _ := strings.Cut(s, "=")
		if slices.ContainsFunc(set[:i], func(before string) bool { return strings.HasPrefix(before, rule+"=") }) {
			return chord.Rules{}, fmt.Errorf("%s is set twice; set a rule once", rule)
		}
	}
	return ring.chordConfig().Rules, nil
}

// set makes one setting.
func (r *Rules) set(setting string) error {
	name, value, ok := strings.Cut(setting, "=")
	if !ok {
		return fmt.Errorf("%s sets nothing; write rule=value, as better_successor=adopt", quote(setting))
	}
	t := reflect.TypeFor[Rules]()
	var names []string
	for i := range t.NumField() {
		f := t.Field(i)
		key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		names = append(names, key)
		if key != name {
			continue
		}
		to := reflect.ValueOf(r).Elem().Field(i)
		if f.Type.Kind() == reflect.String {
			values := enumOf(t, name)
			for _, v := range values {
				if v == value {
					to.SetString(value)
					return nil
				}
			}
			return fmt.Errorf("%s is no %s%s; there are %s", quote(value), name, didYouMean(value, values), strings.Join(values, ", "))
		}
		on, err := ParseSwitch(value)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		to.Set(reflect.ValueOf(&on))
		return nil
	}
	return fmt.Errorf("there is no rule %s%s; there are %s", quote(name), didYouMean(name, names), strings.Join(names, ", "))
}

// enumOf returns the values that the schema allows a field.
func enumOf(t reflect.Type, key string) (values []string) {
	for i := range t.NumField() {
		f := t.Field(i)
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != key {
			continue
		}
		for part := range strings.SplitSeq(f.Tag.Get("jsonschema"), ",") {
			if v, ok := strings.CutPrefix(part, "enum="); ok {
				values = append(values, v)
			}
		}
	}
	return values
}

// RulesText writes settings as they stand in a scenario: {busy: on}.
func RulesText(set []string) string {
	var parts []string
	for _, s := range set {
		name, value, _ := strings.Cut(s, "=")
		parts = append(parts, name+": "+value)
	}
	return "{" + strings.Join(parts, ", ") + "}"
}
