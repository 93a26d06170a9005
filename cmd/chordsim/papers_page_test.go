package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"chordsim/scenarios"
)

// The page of the papers is of the experiments as they are: what they say of
// themselves, their formulas and params. README counts what is on it.
func TestPageIsOfTheseExperiments(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(repository, filepath.FromSlash(papersPage)))
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	if !strings.Contains(text, pageIntroduction) {
		t.Error("the page has another introduction; write it again: chordsim papers --docs docs")
	}
	a := &app{engine: simulator()}
	for _, name := range a.paperNames() {
		plans, err := a.parseAll([]string{name}, scenarios.Overrides{})
		if err != nil {
			t.Fatal(err)
		}
		p := &paper{name: strings.TrimPrefix(name, papersFolder), scenario: plans[0].scenario}
		var head bytes.Buffer
		writeHead(&head, p)
		parts := []string{head.String(), fmt.Sprintf("Parameters: `%s`%s.\n", p.file(), paramsText(p.scenario))}
		for _, r := range p.scenario.Rows()[0].Spec.Reference {
			parts = append(parts, r.Note)
		}
		for _, part := range parts {
			if !strings.Contains(text, part) {
				t.Errorf("the page lacks what %s says now; write it again: chordsim papers --docs docs\n%s", name, part)
			}
		}
	}
	// A mean that lies outside by less than its own interval would be near: of figure 11
	// every mean lies inside.
	if !regexp.MustCompile(`(?m)^\| figure-11 +\| +6 \| +6 \|`).MatchString(text) {
		t.Error("the means of figure 11 are not all inside of what was published")
	}
	compared, differ := 0, 0
	for _, row := range regexp.MustCompile(`(?m)^\| [a-z0-9-]+ +\| +(\d+) \|(?: +\d+ \|){3} +(\d+) \| +\d+ \|$`).FindAllStringSubmatch(text, -1) {
		of, _ := strconv.Atoi(row[1])
		off, _ := strconv.Atoi(row[2])
		compared, differ = compared+of, differ+off
	}
	readme := strings.Join(page(t, "README.md"), " ")
	if want := fmt.Sprintf("wrote: %d numbers, of which %d differ", compared, differ); compared == 0 || !strings.Contains(readme, want) {
		t.Errorf("README.md does not say that the page has %d numbers, of which %d differ", compared, differ)
	}
}
