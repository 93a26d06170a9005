package scenarios

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Kept holds what finished runs measured for their references in a file, so that a
// comparison that was interrupted goes on where it was: a line of JSON a run, behind
// one that says of which program and scenario.
type Kept struct {
	file *os.File
	runs map[string][]Number // as onlyOf names them
}

type keptLine struct {
	Run     string   `json:"run"`
	Numbers []Number `json:"numbers"`
}

type keptHead struct {
	Key string `json:"key"`
}

// OpenKept opens the file in which a scenario's runs are kept, or makes it: the stem,
// and behind it what tells this program (by the text program), the scenario with what
// was set, and all that is in the files it reads from others, so that none finds or
// loses the runs of another.
func OpenKept(stem, program string, sc *Scenario) (*Kept, error) {
	sum := sha256.New()
	fmt.Fprintf(sum, "%s\n%d\n%q\n%s\n", program, sc.Seed, sc.Set, sc.Source)
	if err := sc.writeInputs(sum); err != nil {
		return nil, err
	}
	key := hex.EncodeToString(sum.Sum(nil))
	path := stem + "-" + key[:12] + keptEnding
	k := &Kept{runs: map[string][]Number{}}
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, &OutputError{Path: path, Err: err}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return nil, &OutputError{Path: path, Err: err}
	}
	if k.file, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666); err != nil {
		return nil, &OutputError{Path: path, Err: err}
	}
	valid := k.read(string(text), key)
	if err = k.file.Truncate(valid); err == nil {
		_, err = k.file.Seek(valid, io.SeekStart)
	}
	if err != nil {
		return nil, &OutputError{Path: path, Err: err}
	}
	if valid == 0 {
		return k, k.write(keptHead{key})
	}
	return k, nil
}

// keptEnding is how the names of kept files end.
const keptEnding = ".jsonl"

// ForgetKept removes all files of a stem: the runs of every program and setting.
func ForgetKept(stem string) error {
	files, err := filepath.Glob(stem + "-*" + keptEnding)
	for _, file := range files {
		err = errors.Join(err, os.Remove(file))
	}
	if err != nil {
		return &OutputError{Path: stem, Err: err}
	}
	return nil
}

// read takes the lines of the same key and returns how many bytes they are: an
// interruption may have left a half line behind.
func (k *Kept) read(text, key string) int64 {
	lines := bufio.NewScanner(strings.NewReader(text))
	lines.Buffer(nil, 1<<20)
	valid := int64(0)
	for first := true; lines.Scan(); first = false {
		end := valid + int64(len(lines.Text())) + 1
		if end > int64(len(text)) {
			break
		}
		if first {
			var head keptHead
			if json.Unmarshal(lines.Bytes(), &head) != nil || head.Key != key {
				return 0
			}
		} else {
			var line keptLine
			if json.Unmarshal(lines.Bytes(), &line) != nil {
				break
			}
			k.runs[line.Run] = line.Numbers
		}
		valid = end
	}
	return valid
}

func (k *Kept) write(line any) error {
	data, err := json.Marshal(line)
	if err == nil {
		_, err = k.file.Write(append(data, '\n'))
	}
	if err != nil {
		return &OutputError{Path: k.file.Name(), Err: err}
	}
	return nil
}

// Find returns what a run measured, nil if that is not kept.
func (k *Kept) Find(labels []Param, seed uint64) []Number {
	return k.runs[onlyOf(labels, seed)]
}

// Add keeps what a run measured.
func (k *Kept) Add(labels []Param, seed uint64, numbers []Number) error {
	run := onlyOf(labels, seed)
	k.runs[run] = numbers
	return k.write(keptLine{run, numbers})
}

// Close closes the file.
func (k *Kept) Close() error { return k.file.Close() }
