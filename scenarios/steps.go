package scenarios

import (
	"encoding/json"
	"reflect"
	"strings"
)

// Step is one step of a timeline: an action and when it happens.
type Step struct {
	Index  int    // in the timeline, from 0
	Line   int    // in the file; 0 if an override made the step
	Name   string // `as`, or the name a measuring step has without (names.go); "" for none
	Action Action
}

// Action is what a step does: *StartStep, *JoinStep, *LeaveStep, *FailStep,
// *RestartStep, *ChurnStep, *LookupStep, *PutStep, *GetStep, *DeleteStep,
// *WorkloadStep, *SeedServerStep, *StabilizationStep, *WaitStep, *PlayStep, *AwaitStep,
// *MeasureStep, *GroupStep, *HealStep, or a fault: *PartitionStep, *LossStep, *DuplicateStep,
// *ReorderStep, *DelayStep, *SlowStep, *PauseStep or *DriftStep.
type Action interface {
	Verb() string        // its key in the timeline
	Common() *StepCommon // what all actions have
	// Lasts returns the least virtual time that the step holds the next one.
	Lasts() Duration
}

// StepCommon is what every action has.
type StepCommon struct {
	As string    `json:"as,omitempty" jsonschema:"pattern=^[a-z][a-z0-9_]*$,maxLength=40" jsonschema_description:"The name of the step: what it measured is read under it."`
	At *Duration `json:"at,omitempty" jsonschema_description:"The virtual time at which the step begins; without one, when the step before has ended."`
}

// Common returns itself: the actions embed it.
func (c *StepCommon) Common() *StepCommon { return c }

// StepBehind is what actions that take a while have.
type StepBehind struct {
	Background Switch `json:"background,omitempty" jsonschema_description:"The next step does not wait for this one."`
}

// StepDraws is what actions that draw have.
type StepDraws struct {
	Stream *int64 `json:"stream,omitempty" jsonschema:"minimum=0,maximum=1000000" jsonschema_description:"The number of the random stream that the step draws from; without one, its place in the timeline from 0."`
}

// stream returns the number of the stream of a step at a place in its timeline.
func (d *StepDraws) stream(place int) uint64 {
	if d.Stream != nil {
		return uint64(*d.Stream)
	}
	return uint64(place)
}

// InBackground reports whether the next step does not wait for the action.
func InBackground(a Action) bool {
	b, ok := a.(interface{ inBackground() bool })
	return ok && b.inBackground()
}

func (b *StepBehind) inBackground() bool { return bool(b.Background) }

// stepForm is a step as it is written: exactly one of its keys.
type stepForm struct {
	Start         *StartStep         `json:"start,omitempty" jsonschema_description:"Builds a ring where there is none."`
	Join          *JoinStep          `json:"join,omitempty" jsonschema_description:"New nodes join by the protocol."`
	Leave         *LeaveStep         `json:"leave,omitempty" jsonschema_description:"Members leave voluntarily."`
	Fail          *FailStep          `json:"fail,omitempty" jsonschema_description:"Members crash."`
	Restart       *RestartStep       `json:"restart,omitempty" jsonschema_description:"Nodes that are gone come back with their identifiers and join."`
	Churn         *ChurnStep         `json:"churn,omitempty" jsonschema_description:"Nodes come and go for a while."`
	Lookup        *LookupStep        `json:"lookup,omitempty" jsonschema_description:"Members look up keys."`
	Put           *PutStep           `json:"put,omitempty" jsonschema_description:"Members put keys."`
	Get           *GetStep           `json:"get,omitempty" jsonschema_description:"Members read keys."`
	Delete        *DeleteStep        `json:"delete,omitempty" jsonschema_description:"Members delete keys."`
	Workload      *WorkloadStep      `json:"workload,omitempty" jsonschema_description:"Clients put, get and delete keys for a while."`
	SeedServer    *SeedServerStep    `json:"seed_server,omitempty" jsonschema_description:"The seed server goes down, or comes up."`
	Group         *GroupStep         `json:"group,omitempty" jsonschema_description:"Gives hosts a name, for faults."`
	Partition     *PartitionStep     `json:"partition,omitempty" jsonschema_description:"The network is cut."`
	Loss          *LossStep          `json:"loss,omitempty" jsonschema_description:"Messages are lost."`
	Duplicate     *DuplicateStep     `json:"duplicate,omitempty" jsonschema_description:"Messages arrive twice."`
	Reorder       *ReorderStep       `json:"reorder,omitempty" jsonschema_description:"Some messages are late by a random time, so that others overtake them."`
	Delay         *DelayStep         `json:"delay,omitempty" jsonschema_description:"Messages are late."`
	Slow          *SlowStep          `json:"slow,omitempty" jsonschema_description:"Nodes take a time to process a message."`
	Pause         *PauseStep         `json:"pause,omitempty" jsonschema_description:"Nodes process nothing; messages and timers wait."`
	Drift         *DriftStep         `json:"drift,omitempty" jsonschema_description:"Clocks run at a wrong rate."`
	Heal          *HealStep          `json:"heal,omitempty" jsonschema_description:"Ends a fault, or all."`
	Stabilization *StabilizationStep `json:"stabilization,omitempty" jsonschema_description:"Switches maintenance off and on."`
	Wait          *WaitStep          `json:"wait,omitempty" jsonschema_description:"Lets virtual time pass."`
	Play          *PlayStep          `json:"play,omitempty" jsonschema_description:"Plays single events on a small ring, as chordsim explore found them; the only step of its timeline."`
	Await         *AwaitStep         `json:"await,omitempty" jsonschema_description:"Waits until the ring is as described."`
	Measure       *MeasureStep       `json:"measure,omitempty" jsonschema_description:"Measures the ring, the load or the traffic."`
}

// stepVerbs are the keys of a step, in the order of stepForm.
var stepVerbs = verbsOf(reflect.TypeFor[Action]())

// faultVerbs are those of them that begin a fault.
var faultVerbs = verbsOf(reflect.TypeFor[fault]())

// verbsOf returns the keys whose actions are of a kind.
func verbsOf(kind reflect.Type) (verbs []string) {
	t := reflect.TypeFor[stepForm]()
	for i := range t.NumField() {
		if f := t.Field(i); f.Type.Implements(kind) {
			verb, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			verbs = append(verbs, verb)
		}
	}
	return verbs
}

// UnmarshalJSON reads a step.
func (s *Step) UnmarshalJSON(data []byte) error {
	if isNull(data) {
		return nil
	}
	var form stepForm
	if err := json.Unmarshal(data, &form); err != nil {
		return err
	}
	v := reflect.ValueOf(form)
	for i := range v.NumField() {
		if f := v.Field(i); !f.IsNil() {
			s.Action = f.Interface().(Action)
		}
	}
	return nil
}

// JSONSchemaAlias has the schema made from the form.
func (Step) JSONSchemaAlias() any { return stepForm{} }
