package scenarios

import (
	"fmt"
	"regexp"
	"strings"
)

// The library of expressions reports mistakes in words of its own, which speak of its
// tokens and of the types of Go. These are what they come to here.

var (
	mismatch   = regexp.MustCompile(`^invalid operation: (\S+) \(mismatched types (\S+) and (\S+)\)`)
	wrongType  = regexp.MustCompile(`^cannot use (\S+) as argument \(type (\S+)\)`)
	noTruth    = regexp.MustCompile(`^expected bool, but got (\S+)`)
	operatorIs = regexp.MustCompile(`^unexpected token Operator\("(.+)"\)`)
	tokenIs    = regexp.MustCompile(`^unexpected token [A-Za-z]+\("(.+)"\)`)
)

// kindWord is what a type of Go is called here.
func kindWord(goType string) string {
	switch {
	case goType == "string":
		return "a word"
	case goType == "bool":
		return "a truth"
	case strings.HasPrefix(goType, "int"), strings.HasPrefix(goType, "float"):
		return "a number"
	}
	return "no single value"
}

// inWords puts a message of the library into ours. Those that are clear stay.
func inWords(message string) string {
	if m := mismatch.FindStringSubmatch(message); m != nil {
		return fmt.Sprintf("%s stands between %s and %s, which do not go together", m[1], kindWord(m[2]), kindWord(m[3]))
	}
	if m := wrongType.FindStringSubmatch(message); m != nil {
		return fmt.Sprintf("this takes %s, and is given %s", kindWord(m[2]), kindWord(m[1]))
	}
	if m := noTruth.FindStringSubmatch(message); m != nil {
		return fmt.Sprintf("the expression is %s and does not say what holds; compare it, as in … > 0", kindWord(m[1]))
	}
	if m := operatorIs.FindStringSubmatch(message); m != nil {
		if m[1] == "=" {
			return "= does not compare; did you mean ==?"
		}
		return m[1] + " cannot stand here"
	}
	if m := tokenIs.FindStringSubmatch(message); m != nil {
		return fmt.Sprintf("%q cannot stand here", m[1])
	}
	return message
}
