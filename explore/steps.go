package explore

import (
	"fmt"
	"strconv"
	"strings"
)

// StepEvent is what happens in a step: the letter that it is written with.
type StepEvent byte

// The events of [Zave12], each at one node X and atomic: a question and its
// answer are one event, a notify arrives in an event of its own.
const (
	StepJoin      StepEvent = 'j' // X joins through a member that it comes after
	StepStabilize StepEvent = 's' // X asks its live successor for its predecessor
	StepNotify    StepEvent = 'n' // the notify that has waited longest arrives at X
	StepFlush     StepEvent = 'f' // X empties a dead predecessor
	StepUpdate    StepEvent = 'u' // X's second successor takes the place of a dead one
	StepReconcile StepEvent = 'r' // X asks its live successor for its second
	StepFail      StepEvent = 'F' // X vanishes; it may come back with its identifier
)

const stepLetters = "jsnfurF"

// Step is one event at the node with an identifier, 0 to MaxStepNode.
type Step struct {
	Event StepEvent
	Node  uint64
}

// MaxStepNode is the largest identifier of a node in a step.
const MaxStepNode = 1<<playBits - 1

// String returns the step as it is written, s0.
func (s Step) String() string { return fmt.Sprintf("%c%d", s.Event, s.Node) }

// ParseSteps reads steps that are separated by blanks: j1 s1 n0 F1 s0. The error
// names the first word that is none.
func ParseSteps(text string) ([]Step, error) {
	var steps []Step
	for i, word := range strings.Fields(text) {
		node, err := strconv.ParseUint(word[1:], 10, playBits)
		if err != nil || strings.IndexByte(stepLetters, word[0]) < 0 || strconv.FormatUint(node, 10) != word[1:] {
			return nil, fmt.Errorf("step %d, %q: write one of the letters %s and the number of a node up to %d, such as s0",
				i+1, word, strings.Join(strings.Split(stepLetters, ""), ", "), MaxStepNode)
		}
		steps = append(steps, Step{StepEvent(word[0]), node})
	}
	return steps, nil
}
