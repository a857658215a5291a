// Package materializer turns append-only sources into evidence by day. In: arguments. Out: day files and skips that are
// replaced whole, a receipt that is written last, and an exit code: 0 when the work is done, 1 when a file could not be read
// or written, 2 for a wrong command line. docs/distillation.md says what it does, byte by byte where it matters.
package materializer

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"lakehouse/internal/durable"
)

// Main runs the materializer and returns its exit code.
func Main(arguments []string, stdout, stderr io.Writer) int {
	chosen, err := readOptions(arguments, stdout)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintf(stderr, "materializer: %v\n", err)
		return 2
	}
	made, err := materialize(chosen)
	if err == nil {
		err = tell(made, chosen, stdout)
	}
	if err != nil {
		fmt.Fprintf(stderr, "materializer: %v\n", err)
		return 1
	}
	return 0
}

func materialize(chosen options) (*receipt, error) {
	if !chosen.dryRun {
		for _, folder := range []string{"data", receiptsFolder} {
			if err := durable.RemoveUnfinished(filepath.Join(chosen.root, folder)); err != nil {
				return nil, err
			}
		}
	}
	leftOut, err := readSkips(chosen)
	if err != nil {
		return nil, err
	}
	made := &receipt{Sources: []sourceEntry{}, Outputs: []outputEntry{}}
	for _, transform := range chosen.sources {
		if err := made.add(chosen, transform, leftOut); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(made.Outputs, func(a, b outputEntry) int { return cmp.Compare(a.File, b.File) })
	if err := made.sumUp(chosen); err != nil {
		return nil, err
	}
	if chosen.dryRun {
		return made, nil
	}
	if err := leftOut.write(); err != nil {
		return nil, err
	}
	return made, made.write(chosen) // Last of all: it claims all that is written above.
}

// add reads one source, writes its day files, and notes what it did; a source that is not there is none.
func (r *receipt) add(chosen options, transform *transform, leftOut *skips) error {
	file, err := os.Open(filepath.Join(chosen.root, sourceFile(transform.source)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	work := &sourceWork{options: chosen, transform: transform, skips: leftOut, days: map[string]*dayFile{}}
	defer work.close()
	entry, err := work.read(file)
	if err != nil {
		return err
	}
	outputs, err := work.write()
	if err != nil {
		return err
	}
	r.Sources = append(r.Sources, entry)
	r.Outputs = append(r.Outputs, outputs...)
	return nil
}

func tell(made *receipt, chosen options, stdout io.Writer) error {
	if chosen.asJSON {
		line, err := made.line()
		if err == nil {
			_, err = stdout.Write(line)
		}
		return err
	}
	_, err := io.WriteString(stdout, made.summary())
	return err
}
