package session

import (
	"encoding/json"
	"strings"
	"time"
)

// OpState is what is known of an operation.
type OpState string

// The states, from the least known to the most. What is known only grows: see
// Manager.Finish.
const (
	opReleased OpState = "released" // may be claimed again; never shown outside
	OpPending  OpState = "pending"  // claimed, and nobody has told yet how it went
	OpUnclear  OpState = "unclear"  // it may have been carried out or not
	OpFailed   OpState = "failed"   // it was not carried out
	OpDone     OpState = "done"
)

// Outcome is how an operation went.
type Outcome struct {
	State     OpState
	AccessKey string // the key it made or changed, if known
	Message   string // a sentence for the user; cut at maxMessage bytes
}

// Operation is something that must happen at most once, known by the request
// id of the form that asked for it.
type Operation struct {
	Outcome
	// Claimed is when it began. One that has been pending for longer than any
	// request may take was cut off by a crash, and is unclear.
	Claimed time.Time
	// Note is what whoever carries it out has left, for others to find out what
	// became of it; nil until something has.
	Note []byte
	// CutOff: it is pending, and the process that was to tell the end of it is
	// no more. It is known where one process alone uses the store; elsewhere
	// time has to tell.
	CutOff bool `json:"-"`
	// Opening names the opening of the store by which it was claimed, where a
	// process has the store for itself.
	Opening string `json:",omitempty"`
}

// exclusive is a Backend that one process alone can have open.
type exclusive interface {
	// Opening is another name each time that the store is opened.
	Opening() string
}

func openingOf(b Backend) string {
	if e, ok := b.(exclusive); ok {
		return e.Opening()
	}
	return ""
}

// operationLife outlasts the request id: were the operation forgotten before,
// the same form could be carried out again.
const operationLife = 2 * requestIDLife

// maxMessage bounds a stored message, in bytes.
const maxMessage = 1000

// rank orders the states by how much is known. It is zero for unknown ones.
func (s OpState) rank() int {
	switch s {
	case opReleased:
		return 1
	case OpPending:
		return 2
	case OpUnclear:
		return 3
	case OpFailed:
		return 4
	case OpDone:
		return 5
	}
	return 0
}

func encodeOperation(op Operation) ([]byte, error) {
	if len(op.Message) > maxMessage {
		op.Message = strings.ToValidUTF8(op.Message[:maxMessage], "")
	}
	return json.Marshal(op)
}

func decodeOperation(plain []byte) (Operation, error) {
	var op Operation
	if err := json.Unmarshal(plain, &op); err != nil || op.State.rank() == 0 {
		return Operation{}, errUnsealed
	}
	return op, nil
}
