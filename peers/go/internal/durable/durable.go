// Package durable keeps files: replaced whole, so that a reader finds the old content or the new whatever dies in between,
// and appended to by the append protocol of docs/distillation.md. What is unfinished ends in .tmp and is never read.
package durable

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// MaxRecordBytes is what one record of a shared log may take, its line ends included.
const MaxRecordBytes = 65_536

const unfinishedSuffix = ".tmp"

// Replace puts what write gives in the place of a file: beside it, to the disk, then in its place, its name to the disk.
func Replace(path string, write func(io.Writer) error) error {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	suffix := make([]byte, 8)
	rand.Read(suffix) // It never fails: crypto/rand says so.
	unfinished := filepath.Join(folder, "."+filepath.Base(path)+"."+hex.EncodeToString(suffix)+unfinishedSuffix)
	if err := writeToDisk(unfinished, write); err != nil {
		return errors.Join(err, removed(unfinished))
	}
	if err := os.Rename(unfinished, path); err != nil {
		return errors.Join(err, removed(unfinished))
	}
	return syncFolder(folder)
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
		if errors.Is(err, fs.ErrNotExist) {
			return nil // No folder, or what another run has removed meanwhile.
		}
		if err != nil || entry.IsDir() {
			return err
		}
		if name := entry.Name(); strings.HasPrefix(name, ".") && strings.HasSuffix(name, unfinishedSuffix) {
			return removed(path)
		}
		return nil
	})
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
