package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"chordsim/scenarios"

	"github.com/spf13/cobra"
)

// What the pages say is tried here. Of the README every fenced block counts:
//
//	yaml     is a scenario that parses; it is saved as NAME.yaml
//	console  is run, command by command, and must print what is shown: a line
//	         "…" stands for any lines, runs of blanks for one, and the columns of
//	         the host (setup, wall, messages a wall second, memory) for anything
//	sh       is a list of commands that would run; those outside of chordsim are known
//	yml      is a workflow whose commands run
//
// and so do the commands named in its text. REWRITE=1 puts in what the commands
// print now, line for line of those shown, and the chart.

const repository = "../.."

// elsewhere are commands that no test runs, with the reason.
var elsewhere = map[string]string{
	"go test ./...":                       "this test is part of it",
	"go build -o chordsim ./cmd/chordsim": "every test of this package builds it",
}

// block is a fenced block of a page.
type block struct {
	lang  string
	line  int // of its first line, from 0
	lines []string
}

func page(t *testing.T, name string) []string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(repository, name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
}

func blocksOf(lines []string) []block {
	var out []block
	open := -1
	for i, line := range lines {
		fence, lang, _ := strings.Cut(line, "```")
		switch {
		case line == fence || fence != "":
		case open < 0:
			open = i
			out = append(out, block{lang: lang, line: i + 1})
		default:
			out[len(out)-1].lines = lines[open+1 : i]
			open = -1
		}
	}
	return out
}

func TestReadmeDoesWhatItSays(t *testing.T) {
	root, err := filepath.Abs(repository)
	if err != nil {
		t.Fatal(err)
	}
	lines := page(t, "README.md")
	work := t.TempDir()
	for _, e := range scenarios.Library() {
		write(t, filepath.Join(work, "scenarios", filepath.FromSlash(e.Name)+".yaml"), e.Data)
	}
	t.Chdir(work)
	count := map[string]int{}
	for _, b := range blocksOf(lines) {
		count[b.lang]++
		text := strings.Join(b.lines, "\n") + "\n"
		where := fmt.Sprintf("README.md:%d", b.line+1)
		switch b.lang {
		case "yaml":
			sc, err := scenarios.Parse(where, []byte(text), scenarios.Overrides{})
			if err != nil {
				t.Fatalf("%v", err)
			}
			write(t, sc.Name+".yaml", []byte(text))
		case "console":
			converse(t, where, b.lines)
		case "sh":
			for _, line := range b.lines {
				would(t, where, line)
			}
		case "yml":
			for _, m := range regexp.MustCompile(`(?m)- run: (.+)$`).FindAllStringSubmatch(text, -1) {
				if _, known := elsewhere[m[1]]; known {
					continue
				}
				command, _, _ := strings.Cut(m[1], " >> ")
				if out, status, ok := execute(command); !ok || status != exitHolds {
					t.Errorf("%s: %s: status %d: %s", where, command, status, out)
				}
			}
		default:
			t.Errorf("%s: a block of %q; this test knows yaml, console, sh and yml", where, b.lang)
		}
	}
	for lang, least := range map[string]int{"yaml": 2, "console": 4, "sh": 1, "yml": 1} {
		if count[lang] < least {
			t.Errorf("README.md has %d blocks of %s, want %d or more", count[lang], lang, least)
		}
	}
	for _, m := range regexp.MustCompile("`((?:go run \\./cmd/)?chordsim [^`]*)`").FindAllStringSubmatch(strings.Join(lines, "\n"), -1) {
		would(t, "README.md", m[1])
	}
	for _, made := range []string{"junit.xml", "results/third/runs.csv"} {
		if _, err := os.Stat(made); err != nil {
			t.Error(err)
		}
	}
	sameChart(t, "results/mass-failure/ring-health.png", filepath.Join(root, "docs", "mass-failure.png"))
	if os.Getenv("REWRITE") != "" { // the lines were changed in place
		write(t, filepath.Join(root, "README.md"), []byte(strings.Join(lines, "\n")+"\n"))
	}
}

func write(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o666); err != nil {
		t.Fatal(err)
	}
}

// execute runs a command line of chordsim in this process. What it prints comes
// back as lines, both streams in one.
func execute(command string) (out []string, status int, ok bool) {
	args, ok := chordsimArgs(command)
	if !ok {
		return nil, 0, false
	}
	var printed bytes.Buffer
	a := &app{engine: simulator(), stdin: strings.NewReader(""), stdout: &printed, stderr: &printed}
	status = a.main(context.Background(), args)
	return strings.Split(strings.TrimRight(printed.String(), "\n"), "\n"), status, true
}

// chordsimArgs returns the arguments that a shell would hand to chordsim.
func chordsimArgs(command string) ([]string, bool) {
	for _, program := range []string{"go run ./cmd/chordsim ", "chordsim ", "./chordsim "} {
		if rest, ok := strings.CutPrefix(command, program); ok {
			var args []string
			for _, m := range regexp.MustCompile(`'([^']*)'|(\S+)`).FindAllStringSubmatch(rest, -1) {
				args = append(args, m[1]+m[2])
			}
			return args, true
		}
	}
	return nil, false
}

// converse runs the commands of a console block and compares what each prints
// with what is shown, or shows what it prints.
func converse(t *testing.T, where string, lines []string) {
	t.Helper()
	last := 0
	for i := 0; i < len(lines); {
		command, ok := strings.CutPrefix(lines[i], "$ ")
		if !ok {
			t.Fatalf("%s: a console block begins with a command", where)
		}
		end := i + 1
		for end < len(lines) && !strings.HasPrefix(lines[end], "$ ") {
			end++
		}
		shown := lines[i+1 : end]
		i = end
		got := []string{fmt.Sprint(last)}
		if command != "echo $?" {
			if got, last, ok = execute(command); !ok {
				t.Errorf("%s: no way to run %s", where, command)
				continue
			}
		}
		if os.Getenv("REWRITE") != "" {
			if lost := showAgain(shown, got); lost != "" {
				t.Errorf("%s: %s prints no line like %q any more; shorten its output anew", where, command, lost)
			}
		}
		if want, have := masked(shown), masked(got); !alike(want, have) {
			t.Errorf("%s: %s prints\n%s\nwhere this is shown:\n%s", where, command, strings.Join(have, "\n"), strings.Join(want, "\n"))
		}
	}
}

const leftOut = "…"

// masked returns lines as they are compared: cells parted by two blanks, rules
// of any length, and nothing of what the host took.
func masked(lines []string) []string {
	gap := regexp.MustCompile(`\s{2,}`)
	var out []string
	keep := 0 // columns of the table, 0: all
	for _, line := range lines {
		line = strings.TrimSpace(line)
		cells := gap.Split(line, -1)
		if slices.Contains(cells, "messages_per_wall_second") {
			keep = slices.Index(cells, "setup")
		}
		switch {
		case strings.Trim(line, "─") == "":
			line = line[:min(len(line), len("─"))]
		case keep > 0 && len(cells) > keep:
			line = strings.Join(cells[:keep], "  ")
		default:
			line = strings.Join(cells, "  ")
		}
		if line == "" {
			keep = 0
		}
		out = append(out, line)
	}
	for len(out) > 0 && out[len(out)-1] == "" {
		out = out[:len(out)-1]
	}
	return out
}

// alike reports whether the lines of got are those of want, with any lines in
// the place of each that says so.
func alike(want, got []string) bool {
	at := slices.Index(want, leftOut)
	if at < 0 {
		return slices.Equal(want, got)
	}
	if len(got) < at || !slices.Equal(want[:at], got[:at]) {
		return false
	}
	for from := at; from <= len(got); from++ {
		if alike(want[at+1:], got[from:]) {
			return true
		}
	}
	return false
}

// showAgain replaces the lines shown by those of the same place in got: the
// next that begins with the same two cells, or with the same one. It returns a
// line that has none.
func showAgain(shown, got []string) (lost string) {
	old, now := masked(shown), masked(got)
	begins := func(line string, cells int) string {
		parts := strings.Split(line, "  ")
		return strings.Join(parts[:min(cells, len(parts))], "  ")
	}
	from := 0
	for i := range old {
		if old[i] == leftOut {
			continue
		}
		at := -1
		for _, cells := range []int{2, 1} {
			if at < 0 {
				at = slices.IndexFunc(now[from:], func(s string) bool { return begins(s, cells) == begins(old[i], cells) })
			}
		}
		if at < 0 {
			return shown[i]
		}
		shown[i] = got[from+at]
		from += at + 1
	}
	return ""
}

// would checks that a command line makes sense, without a run: the scenario is
// read and all flags are looked at. What has a placeholder in it only has to
// name a command.
func would(t *testing.T, where, command string) {
	t.Helper()
	if _, known := elsewhere[command]; known {
		return
	}
	args, ok := chordsimArgs(command)
	if !ok {
		t.Errorf("%s: no way to run %s", where, command)
		return
	}
	engine := simulator()
	parse := engine.parse
	engine.parse = func(file string, data []byte, o scenarios.Overrides) (*plan, error) {
		p, err := parse(file, data, o)
		if err == nil {
			p.check = nil // this machine need not be one for a million nodes
			p.run = func(context.Context, scenarios.RunOptions) (*scenarios.Result, error) {
				return fakeResult(p.name, 0, false), nil
			}
			p.compare = func(context.Context, scenarios.CompareOptions) (scenarios.Compared, error) {
				return scenarios.Compared{}, nil
			}
		}
		return p, err
	}
	var printed bytes.Buffer
	a := &app{engine: engine, stdout: &printed, stderr: &printed}
	if c, _, err := tree(a).Find(args); err != nil || !c.HasParent() {
		t.Errorf("%s: %s: no such command", where, command)
		return
	}
	if regexp.MustCompile(`[A-Z]{3}|…`).MatchString(command) {
		return
	}
	switch args[0] {
	case "run":
		args = append(args, "--out", t.TempDir())
	case "explore": // what is said of the way there, not the whole of it
		args = append(args, "--depth", "2", "--out", t.TempDir())
	case "fuzz":
		args = append(args, "--runs", "1", "--out", t.TempDir())
	}
	if status := a.main(context.Background(), args); status != exitHolds {
		t.Errorf("%s: %s: status %d: %s", where, command, status, &printed)
	}
}

// tree is the tree of commands with those that cobra adds by itself.
func tree(a *app) *cobra.Command {
	root := a.root()
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	return root
}
