// Package idempotency keeps operations that must happen at most once. An
// operation has an id, such as the idempotency key of the form that asks for it,
// and belongs to a subject, such as the person whose keys it changes. The
// operations of a subject are one record, changed by compare-and-swap: who
// acquires an operation has seen all others of the subject, from every session
// and process, and costs the store one read and one write.
//
// An operation is acquired right before it is carried out, with the data that its
// outcome can be found out from, and completed afterwards. A pending operation
// whose process has ended is orphaned: it may have been carried out or not.
//
// The promise holds as long as the store keeps the record. The package knows
// neither what the operations are nor who asks for them.
package idempotency
