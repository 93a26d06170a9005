package scenarios

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/printer"
	"github.com/goccy/go-yaml/token"
)

// maxProblems bounds what one file can be told at once: beyond it nobody reads
// on, and a hostile file could make the report larger than itself.
const maxProblems = 100

// Problem is one thing that is wrong with a scenario, and where.
type Problem struct {
	File    string // as given to Parse, or the override: "--set p=2"
	Line    int    // from 1; 0 for an override
	Column  int    // from 1, in characters; 0 for an override
	Path    string // "timeline[2].fail.fraction"; "" where the file is no scenario at all
	Message string // what is wrong
	Hint    string // what to do, or ""

	token *token.Token // for Annotate; nil where nothing was scanned
}

// String returns the problem as one line: file:line:column: message; hint.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
	}
	b.WriteString(": ")
	b.WriteString(p.Message)
	if p.Hint != "" {
		b.WriteString("; ")
		b.WriteString(p.Hint)
	}
	return b.String()
}

// Problems is the error of Parse: everything that is wrong with a file, by
// line. There is at least one.
type Problems struct {
	List []Problem
	More int // how many were left out beyond the first hundred
}

// Error returns one line a problem.
func (p *Problems) Error() string {
	var b strings.Builder
	for i, problem := range p.List {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(problem.String())
	}
	if p.More > 0 {
		fmt.Fprintf(&b, "\nand %d more problems", p.More)
	}
	return b.String()
}

// Annotate returns the problems, each with the lines of the file around it
// and a mark under its column, in colours where asked for. Lines that fit on no
// screen are left out.
func (p *Problems) Annotate(colored bool) string {
	var b strings.Builder
	for i, problem := range p.List {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(problem.String())
		b.WriteByte('\n')
		if problem.token == nil || !fitsOnScreen(problem.token) {
			continue
		}
		var pr printer.Printer
		b.WriteString(strings.TrimRight(pr.PrintErrorToken(problem.token, colored), " \n"))
		b.WriteByte('\n')
	}
	if p.More > 0 {
		fmt.Fprintf(&b, "\nand %d more problems\n", p.More)
	}
	return b.String()
}

// fitsOnScreen reports whether the lines that are shown with a token, three
// before it and three after, are short: the printer takes the square of their
// length.
func fitsOnScreen(tk *token.Token) bool {
	const limit = 4 << 10
	size := len(tk.Origin)
	last := tk.Position.Line + strings.Count(tk.Origin, "\n") + 3
	for t := tk.Prev; t != nil && t.Position.Line >= tk.Position.Line-3 && size <= limit; t = t.Prev {
		size += len(t.Origin)
	}
	for t := tk.Next; t != nil && t.Position.Line <= last && size <= limit; t = t.Next {
		size += len(t.Origin)
	}
	return size <= limit
}

// problemList gathers problems; the same one found in several rows counts once.
type problemList struct {
	list []Problem
	seen map[problemKey]bool
	more int
}

type problemKey struct {
	file, message string
	line, column  int
}

func (l *problemList) add(p Problem) {
	key := problemKey{p.File, p.Message, p.Line, p.Column}
	if l.seen[key] {
		return
	}
	if l.seen == nil {
		l.seen = map[problemKey]bool{}
	}
	// What is beyond the limit is not remembered either: the list stays small,
	// whatever the file.
	if len(l.list) >= maxProblems {
		l.more++
		return
	}
	l.seen[key] = true
	l.list = append(l.list, p)
}

// err returns what was gathered, sorted by place, or nil.
func (l *problemList) err() error {
	if len(l.list) == 0 {
		return nil
	}
	slices.SortStableFunc(l.list, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return &Problems{List: l.list, More: l.more}
}
