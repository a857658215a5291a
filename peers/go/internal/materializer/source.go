package materializer

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

const (
	pieceBytes   = 1 << 20
	progressRows = 50_000
)

// sourceFile returns the path of a source, relative to its root.
func sourceFile(source string) string {
	return "data/_kb/" + source + ".jsonl"
}

// sourceWork is one source on its way to its day files.
type sourceWork struct {
	options
	transform *transform
	skips     *skips
	days      map[string]*dayFile
}

// read reads every row, and counts what became of it. A last line without an end is left for later.
func (w *sourceWork) read(file io.Reader) (sourceEntry, error) {
	entry := sourceEntry{Source: w.transform.source, File: sourceFile(w.transform.source)}
	hash := sha256.New()
	lines := bufio.NewReaderSize(file, pieceBytes)
	for offset := 0; ; offset++ {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF {
			entry.Torn = len(line) > 0
			break
		}
		if err != nil {
			return entry, err
		}
		hash.Write(line)
		entry.Bytes += len(line)
		if err := w.count(&entry, offset, line[:len(line)-1]); err != nil {
			return entry, err
		}
	}
	entry.SHA256 = hex.EncodeToString(hash.Sum(nil))
	entry.Deduplicated = entry.Read - entry.Written - entry.Skipped
	return entry, nil
}

// count takes one line and notes what became of it.
func (w *sourceWork) count(entry *sourceEntry, offset int, line []byte) error {
	if len(bytes.Trim(line, " \t\r")) == 0 {
		return nil
	}
	entry.Read++
	if entry.Read%progressRows == 0 {
		showProgress(fmt.Sprintf("%s: %d rows", entry.Source, entry.Read))
	}
	read, err := readRow(line)
	if err == nil {
		err = read.check(w.transform.members)
	}
	if err != nil {
		entry.Skipped++
		return w.skips.add(entry.Source, offset, line, err.Error())
	}
	isNew, err := w.take(offset, read)
	if isNew {
		entry.Written++
	}
	return err
}

// take turns a row into a record of its day, and tells whether that is new.
func (w *sourceWork) take(offset int, read row) (bool, error) {
	sigHash, timestamp := read.signature(), read.time(w.transform.time)
	day, err := w.day(timestamp[:len("2006-01-02")])
	if err != nil || day.holds(sigHash) {
		return false, err
	}
	runID := read.text("run_id")
	if runID == "" {
		runID = w.transform.source + ":" + sigHash[:16]
	}
	from := provenance{sourceFile(w.transform.source), offset, sigHash, w.now}
	return true, day.add(sigHash, recordLine(runID, timestamp, from, w.transform.build(read)))
}

func (w *sourceWork) day(date string) (*dayFile, error) {
	if day, isOpen := w.days[date]; isOpen {
		return day, nil
	}
	day, err := openDay(w.root, "data/evidence/"+strings.ReplaceAll(date, "-", "/")+"/"+w.transform.source+".jsonl")
	if err == nil {
		w.days[date] = day
	}
	return day, err
}

// write replaces the day files that have something new; in a dry run, it says which they would be.
func (w *sourceWork) write() ([]outputEntry, error) {
	var outputs []outputEntry
	for _, date := range w.sortedDates() {
		day := w.days[date]
		if day.written == 0 {
			continue
		}
		write := day.replace
		if w.dryRun {
			write = day.digest
		}
		sum, err := write()
		if err != nil {
			return nil, err
		}
		outputs = append(outputs, outputEntry{day.file, sum, day.before + day.written, day.written})
	}
	return outputs, nil
}

func (w *sourceWork) sortedDates() []string {
	dates := make([]string, 0, len(w.days))
	for date := range w.days {
		dates = append(dates, date)
	}
	slices.Sort(dates)
	return dates
}

// close lets go of what the days hold outside of memory.
func (w *sourceWork) close() {
	for _, day := range w.days {
		day.close()
	}
}

// showProgress tells a person how far the work is; a script sees nothing.
func showProgress(progress string) {
	if out, err := os.Stderr.Stat(); err == nil && out.Mode()&os.ModeCharDevice != 0 {
		fmt.Fprintf(os.Stderr, "\r%s", progress)
	}
}

// readLines hands on every line of a file, a last one without an end included; none where there is no file.
func readLines(path string, take func(line []byte)) error {
	file, err := os.Open(path)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewReaderSize(file, pieceBytes)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			take(line)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
