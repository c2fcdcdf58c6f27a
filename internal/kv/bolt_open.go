package kv

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"time"

	bolt "go.etcd.io/bbolt"
)

// boltVersion is the format of the file. A file of another format is refused and
// not converted, since its records expire in any case.
const boltVersion = "1"

// BoltConfig is what [OpenBolt] needs.
type BoltConfig struct {
	Path        string
	Now         func() time.Time // time.Now if nil
	LockTimeout time.Duration    // the longest wait for another process; two seconds if zero
}

// OpenBolt opens a store and creates the file if there is none. It reads the
// whole file once, so that damage shows now and not in front of a user. An error
// is one line that names the path and what to do.
func OpenBolt(cfg BoltConfig) (*Bolt, error) {
	if cfg.Path == "" {
		return nil, errors.New("kv: no path of a file")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	db, err := openChecked(cfg.Path, cmp.Or(cfg.LockTimeout, 2*time.Second))
	if err != nil {
		return nil, explain(cfg.Path, err)
	}
	return &Bolt{db: db, path: cfg.Path, epoch: rand.Text(), now: cfg.Now}, nil
}

// openChecked opens and reads the file. On a damaged one bolt panics, or reads
// beyond the end of the mapped file, which is a fault: both become an error.
func openChecked(path string, lockTimeout time.Duration) (db *bolt.DB, err error) {
	var file *os.File
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			// Only the file is closed: after the panic the database may hold
			// a lock that its Close waits for. It stays mapped until the
			// process ends, soon, since it has no store.
			_ = file.Close()
			db, err = nil, fmt.Errorf("%w: %v", errDamaged, p)
		}
	}()
	db, err = bolt.Open(path, 0o600, &bolt.Options{
		Timeout:      lockTimeout,
		FreelistType: bolt.FreelistMapType,
		OpenFile: func(name string, flag int, mode os.FileMode) (*os.File, error) {
			var err error
			file, err = os.OpenFile(name, flag, mode)
			return file, err
		},
	})
	if err != nil {
		return nil, err
	}
	err = db.View(func(tx *bolt.Tx) error { return checkFile(tx, file) })
	if err == nil {
		err = db.Update(prepare)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// checkFile reads every record of a file that is not empty.
func checkFile(tx *bolt.Tx, file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	// Before the records: of a large one only the first page is read below.
	if info.Size() < tx.Size() {
		return fmt.Errorf("%w: %d bytes are missing at its end", errDamaged, tx.Size()-info.Size())
	}
	meta, records := tx.Bucket(boltMeta), tx.Bucket(boltRecords)
	if first, _ := tx.Cursor().First(); first == nil {
		return nil
	}
	if meta == nil {
		return errForeign
	}
	if version := meta.Get(boltFormat); string(version) != boltVersion {
		return fmt.Errorf("%w (format %.20q, this one reads %q)", errVersion, version, boltVersion)
	}
	if records == nil {
		return errDamaged
	}
	return checkRecords(records)
}

func checkRecords(records *bolt.Bucket) error {
	var last []byte
	return records.ForEach(func(key, stored []byte) error {
		if bytes.Compare(last, key) >= 0 || len(stored) < 8 {
			return errDamaged
		}
		last = key
		return nil
	})
}

// prepare writes the format, into an existing file as well, so that a disk that
// cannot be written shows now.
func prepare(tx *bolt.Tx) error {
	if _, err := tx.CreateBucketIfNotExists(boltRecords); err != nil {
		return err
	}
	meta, err := tx.CreateBucketIfNotExists(boltMeta)
	if err != nil {
		return err
	}
	return meta.Put(boltFormat, []byte(boltVersion))
}
