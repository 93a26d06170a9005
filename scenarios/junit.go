package scenarios

import (
	"encoding/xml"
	"fmt"
	"io"
)

// WriteJUnit writes results as JUnit's XML, which CI systems read: a suite for
// each scenario, a case for each expectation and run.
func WriteJUnit(w io.Writer, results []*Result) error {
	doc := junitSuites{}
	for _, r := range results {
		suite := junitSuite{Name: r.Name}
		for _, e := range r.AllExpectations() {
			c := junitCase{ClassName: r.Name, Name: e.Expression + " (" + e.Where() + ")"}
			if e.Outcome != Passed {
				c.Failure = &junitFailure{Message: e.String(), Type: e.Outcome}
				suite.Failures++
			}
			suite.Tests++
			suite.Cases = append(suite.Cases, c)
		}
		if r.Interrupted {
			suite.Tests++
			suite.Failures++
			suite.Cases = append(suite.Cases, junitCase{ClassName: r.Name, Name: "all runs finish", Failure: &junitFailure{
				Message: fmt.Sprintf("interrupted after %d runs", r.Finished()), Type: "interrupted",
			}})
		}
		doc.Tests += suite.Tests
		doc.Failures += suite.Failures
		doc.Suites = append(doc.Suites, suite)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	out := xml.NewEncoder(w)
	out.Indent("", " ")
	if err := out.Encode(doc); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	ClassName string        `xml:"classname,attr"`
	Name      string        `xml:"name,attr"`
	Failure   *junitFailure `xml:"failure,omitempty"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
}
