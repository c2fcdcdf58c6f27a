package kv

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	berrors "go.etcd.io/bbolt/errors"
)

var (
	errDamaged = errors.New("damaged file")
	errForeign = errors.New("another program's file")
	errVersion = errors.New("it was written by another version of Keydeck")
)

const moveAway = "move the file away (all users then sign in again) or give another path"

// explain returns one line that says what is wrong with the file at path and
// what to do.
func explain(path string, err error) error {
	var cause, remedy string
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		cause, remedy = "another process has it open", "stop that process or give another path"
	case errors.Is(err, errDamaged):
		cause, remedy = "it is damaged", moveAway
	case errors.Is(err, errForeign):
		cause, remedy = "it belongs to another program", "give another path"
	case errors.Is(err, errVersion):
		cause, remedy = err.Error(), moveAway
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		cause, remedy = "its folder does not exist", "make the folder or give another path"
	case errors.Is(err, syscall.EISDIR):
		cause, remedy = "it is a folder", "give the path of a file"
	case errors.Is(err, fs.ErrPermission):
		cause, remedy = "no permission to write it", "let the user that runs Keydeck write the file and its folder, or give another path"
	case errors.Is(err, syscall.EROFS):
		cause, remedy = "it is on a read-only file system", "give a path on one that can be written"
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		cause, remedy = "the disk is full", "make room or give another path"
	case isSystem(err):
		cause, remedy = "it cannot be opened ("+reason(err)+")", "correct that or give another path"
	default: // errors of bolt, some of which have no name
		cause, remedy = "it is damaged or not a store of Keydeck", moveAway
	}
	return &openError{path, cause, remedy, err}
}

// isSystem reports whether an error is of the operating system, not of bolt.
func isSystem(err error) bool {
	_, ok := errors.AsType[syscall.Errno](err)
	return ok
}

// reason returns the text of an error without the path in front of it.
func reason(err error) string {
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		return pathErr.Err.Error()
	}
	return err.Error()
}

// openError says why a store cannot be opened. It unwraps to the cause, whose
// text it does not repeat.
type openError struct {
	path, cause, remedy string
	err                 error
}

func (e *openError) Error() string { return fmt.Sprintf("%s: %s; %s", e.path, e.cause, e.remedy) }

func (e *openError) Unwrap() error { return e.err }
