package session

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

// boltVersion is the format of the file. Another one is refused, not guessed
// at: a session store can always be thrown away.
const boltVersion = "1"

// BoltConfig says where the file is.
type BoltConfig struct {
	Path        string
	Now         func() time.Time // time.Now if nil
	LockTimeout time.Duration    // how long to wait for another process; two seconds if zero
}

// OpenBolt opens a store, and makes the file if there is none. All of it is
// read once, so that damage shows now and not in front of a user. An error is
// one line that names the path and what to do.
func OpenBolt(cfg BoltConfig) (*Bolt, error) {
	if cfg.Path == "" {
		return nil, errors.New("session store: no path")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	db, err := openChecked(cfg.Path, cmp.Or(cfg.LockTimeout, 2*time.Second))
	if err != nil {
		return nil, explain(cfg.Path, err)
	}
	return &Bolt{db: db, path: cfg.Path, opening: rand.Text(), now: cfg.Now}, nil
}

// openChecked turns what bolt does with a damaged file into an error: it
// panics, or reads beyond the end of the mapped file, which is a fault.
func openChecked(path string, lockTimeout time.Duration) (db *bolt.DB, err error) {
	var file *os.File
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			// Not the database, whose Close could wait for ever for what
			// panicked. So the file stays mapped, and locked, until the
			// process ends: which it does, without a store.
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

// checkFile reads every record, or finds the file empty.
func checkFile(tx *bolt.Tx, file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	// First: of a large record, only the pages at its beginning are read here.
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

// prepare makes a new file a store. An existing one is written as well, so
// that a disk that takes nothing shows now.
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
