package scenarios

import "github.com/invopop/jsonschema"

// WaitStep lets virtual time pass: For, or until At.
type WaitStep struct {
	StepCommon
	For Duration `json:"for,omitempty" jsonschema_description:"For how long."`
}

// Verb returns "wait".
func (*WaitStep) Verb() string { return "wait" }

// Lasts returns For.
func (s *WaitStep) Lasts() Duration { return s.For }

// UnmarshalJSON reads "5m" or {"for": "5m"}.
func (s *WaitStep) UnmarshalJSON(data []byte) error {
	type form WaitStep
	return decodeEither(data, s,
		func(d Duration) WaitStep { return WaitStep{For: d} },
		func() (WaitStep, error) {
			f, err := decodeOver(data, form{})
			return WaitStep(f), err
		})
}

// JSONSchemaExtend adds the short form.
func (WaitStep) JSONSchemaExtend(s *jsonschema.Schema) {
	orShort(s, &jsonschema.Schema{Ref: "#/$defs/Duration"})
}

// StabilizationStep switches maintenance. Exactly one of State and Rounds is
// given.
type StabilizationStep struct {
	StepCommon
	State  *Switch `json:"state,omitempty" jsonschema_description:"off freezes routing state: no rounds, no removal or telling after timeouts; on undoes every off."`
	Rounds *Switch `json:"rounds,omitempty" jsonschema_description:"off stops the periodic rounds only; on starts them again."`
}

// Verb returns "stabilization".
func (*StabilizationStep) Verb() string { return "stabilization" }

// Lasts returns 0.
func (*StabilizationStep) Lasts() Duration { return 0 }

// UnmarshalJSON reads "off", "on" or a mapping.
func (s *StabilizationStep) UnmarshalJSON(data []byte) error {
	type form StabilizationStep
	return decodeEither(data, s,
		func(on Switch) StabilizationStep { return StabilizationStep{State: &on} },
		func() (StabilizationStep, error) {
			f, err := decodeOver(data, form{})
			return StabilizationStep(f), err
		})
}

// JSONSchemaExtend adds the short form.
func (StabilizationStep) JSONSchemaExtend(s *jsonschema.Schema) {
	orShort(s, &jsonschema.Schema{Ref: "#/$defs/Switch"})
}

// AwaitStep waits until the ring is as described, all at the same instant, and
// no longer than Within.
type AwaitStep struct {
	StepCommon
	StepBehind
	Ring         string    `json:"ring,omitempty" jsonschema:"enum=ideal,enum=ring" jsonschema_description:"The verdict: ideal; or ring: one ordered ring, all attached."`
	RightFingers *Fraction `json:"right_fingers,omitempty" jsonschema_description:"At least this share of fingers is right."`
	RightLists   *Fraction `json:"right_lists,omitempty" jsonschema_description:"At least this share of successor list entries is right."`
	Stability    *Fraction `json:"stability,omitempty" jsonschema_description:"At least this share of members has both the right successor and the right predecessor."`
	Within       Duration  `json:"within" jsonschema:"required" jsonschema_description:"The longest wait."`
	Check        Duration  `json:"check,omitempty" jsonschema_description:"How often it is checked (default 1s)."`
	Required     Switch    `json:"required,omitempty" jsonschema_description:"Unmet, it fails the run; off: NAME.held says (default on)."`
}

// Verb returns "await".
func (*AwaitStep) Verb() string { return "await" }

// Lasts returns 0: the ring may be as described at once.
func (*AwaitStep) Lasts() Duration { return 0 }

// UnmarshalJSON decodes over the defaults.
func (s *AwaitStep) UnmarshalJSON(data []byte) error {
	type form AwaitStep
	f, err := decodeOver(data, form{Check: Second, Required: true})
	*s = AwaitStep(f)
	return err
}

// MeasureStep measures one or more of ring, load, data and traffic.
type MeasureStep struct {
	StepCommon
	StepBehind
	StepDraws
	Ring    Switch    `json:"ring,omitempty" jsonschema_description:"The verdict on the ring: ring.NAME."`
	Load    *LoadSpec `json:"load,omitempty" jsonschema_description:"Keys a node: load.NAME; stored: also load.NAME.bytes and load.NAME.requests."`
	Data    Switch    `json:"data,omitempty" jsonschema_description:"What has become of the stored keys: data.NAME."`
	Traffic Switch    `json:"traffic,omitempty" jsonschema_description:"Messages and bytes a node a second while over lasts: traffic.NAME."`
	Over    Duration  `json:"over,omitempty" jsonschema_description:"With traffic: how long it is measured."`
}

// LoadSpec is how load is measured: so many uniform keys are counted at their
// owners, or what the nodes store is.
type LoadSpec struct {
	Keys   int64 `json:"keys" jsonschema:"required,minimum=1,maximum=10000000000" jsonschema_description:"Keys in all."`
	Stored bool  `json:"-"`
}

// storedLoad is the short form of a load.
const storedLoad = "stored"

// UnmarshalJSON reads "stored" or {"keys": 1000}.
func (l *LoadSpec) UnmarshalJSON(data []byte) error {
	type form LoadSpec
	return decodeEither(data, l,
		func(string) LoadSpec { return LoadSpec{Stored: true} },
		func() (LoadSpec, error) {
			f, err := decodeOver(data, form{})
			return LoadSpec(f), err
		})
}

// JSONSchemaExtend adds the short form.
func (LoadSpec) JSONSchemaExtend(s *jsonschema.Schema) {
	orShort(s, &jsonschema.Schema{Enum: []any{storedLoad}})
}

// Verb returns "measure".
func (*MeasureStep) Verb() string { return "measure" }

// Lasts returns Over.
func (s *MeasureStep) Lasts() Duration { return s.Over }
