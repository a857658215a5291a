// Package durable keeps files: replaced whole, so that a reader finds the old content or the new whatever dies in between,
// and appended to by the append protocol of docs/distillation.md. What is unfinished is named after who writes it, and is never read.
package durable

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"
)

// MaxRecordBytes is what one record of a shared log may take, its line ends included.
const MaxRecordBytes = 65_536

const unfinishedSuffix = ".tmp"

// unfinished tells an unfinished file by its name, whose first 8 of 16 hex digits are the process that writes it.
var unfinished = regexp.MustCompile(`^\..*?(?:\.([0-7][0-9a-f]{7})[0-9a-f]{8})?\.tmp$`)

// Replace puts what write gives in the place of a file: beside it, to the disk, then in its place, its name to the disk.
func Replace(path string, write func(io.Writer) error) error {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	suffix := make([]byte, 4)
	rand.Read(suffix) // It never fails: crypto/rand says so.
	name := fmt.Sprintf(".%s.%08x%x%s", filepath.Base(path), os.Getpid(), suffix, unfinishedSuffix)
	beside := filepath.Join(folder, name)
	if err := writeToDisk(beside, write); err != nil {
		return errors.Join(err, removed(beside))
	}
	if err := os.Rename(beside, path); err != nil {
		return errors.Join(err, removed(beside))
	}
	return syncFolder(folder)
}

// Remove deletes a file, if it is there, for good.
func Remove(path string) error {
	if err := removed(path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// removed takes away what could not be finished, if it is there.
func removed(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func writeToDisk(path string, write func(io.Writer) error) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	if err := write(file); err != nil {
		return errors.Join(err, file.Close())
	}
	if err := file.Sync(); err != nil {
		return errors.Join(err, file.Close())
	}
	return file.Close()
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// RemoveUnfinished removes what a run that died left half written below a folder.
func RemoveUnfinished(folder string) error {
	return filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
			return nil // No folder, or what another run has removed meanwhile.
		}
		if err != nil || entry.IsDir() {
			return err
		}
		if found := unfinished.FindStringSubmatch(entry.Name()); found != nil && !isAlive(found[1]) {
			return removed(path)
		}
		return nil
	})
}

// isAlive tells whether another process has an id, in hex. This one has begun nothing when it asks.
func isAlive(id string) bool {
	owner, err := strconv.ParseInt(id, 16, 32)
	if err != nil || owner == 0 || int(owner) == os.Getpid() {
		return false
	}
	return !errors.Is(syscall.Kill(int(owner), 0), syscall.ESRCH)
}

// Append adds a record to a log that others append to, whole or not at all; once more where the first write fell short.
func Append(path string, record []byte) error {
	buffer := append(append([]byte{'\n'}, record...), '\n')
	if len(buffer) > MaxRecordBytes {
		return fmt.Errorf("%s: a record of %d bytes, of %d allowed", path, len(buffer), MaxRecordBytes)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	const flags = syscall.O_WRONLY | syscall.O_APPEND | syscall.O_CREAT | syscall.O_CLOEXEC
	descriptor, err := syscall.Open(path, flags, 0o644)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	defer syscall.Close(descriptor)
	isWhole, err := writeOnce(descriptor, buffer)
	if err == nil && !isWhole {
		isWhole, err = writeOnce(descriptor, buffer)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if !isWhole {
		return fmt.Errorf("%s: only a part of the record could be written", path)
	}
	if err := syscall.Fdatasync(descriptor); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// writeOnce is one write, told whether it took all. os.File.Write would go on with the rest, which the protocol forbids.
func writeOnce(descriptor int, buffer []byte) (bool, error) {
	for {
		written, err := syscall.Write(descriptor, buffer)
		if !errors.Is(err, syscall.EINTR) {
			return written == len(buffer), err
		}
	}
}
