package sqlurlr

import (
	"database/sql"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/urlr-community/webhooks-go/dedupe"
)

// A row is what the table stores about an attempt: see the migrations.
type row struct {
	attempt     dedupe.AttemptID
	leaseEnds   int64
	retention   int64
	flags       int
	creditAdded int64
	creditEnds  int64
	closedUntil int64
}

func scan(rows *sql.Rows) (r row, err error) {
	var id string
	err = rows.Scan(&id, &r.leaseEnds, &r.retention, &r.flags, &r.creditAdded, &r.creditEnds, &r.closedUntil)
	if err != nil {
		return r, err
	}
	if n, err := hex.Decode(r.attempt[:], []byte(id)); err != nil || n != len(r.attempt) {
		return r, fmt.Errorf("%q is not an attempt ID", id)
	}
	return r, nil
}

func (r *row) isInProgress(now int64) bool { return r.leaseEnds > now }

// credit returns when the attempt's credit ends and when it was added. Without a credit it returns
// zeros.
func (r *row) credit(now int64) (ends, added int64) {
	switch orphanEnds := r.leaseEnds + r.retention; {
	case r.creditEnds > now:
		return r.creditEnds, r.creditAdded
	case r.leaseEnds != 0 && r.leaseEnds <= now && r.flags&becomesCredit != 0 && orphanEnds > now:
		return orphanEnds, r.leaseEnds
	default:
		return 0, 0
	}
}

// decide returns what happens to a delivery, and the credit that it uses up, if any.
func decide(known []row, id dedupe.AttemptID, now int64) (d dedupe.Decision, credit *row) {
	own := slices.IndexFunc(known, func(r row) bool { return r.attempt == id })
	switch {
	case own >= 0 && known[own].isInProgress(now) && known[own].flags&took != 0:
		return dedupe.Skip, nil
	case own >= 0 && known[own].isInProgress(now):
		return dedupe.Process, nil
	case own >= 0 && known[own].closedUntil > now:
		return dedupe.ComeBack, nil
	}
	if credit := firstCredit(known, now); credit != nil {
		return dedupe.Skip, credit
	}
	if slices.ContainsFunc(known, func(r row) bool { return r.isInProgress(now) && r.flags&blocks != 0 }) {
		return dedupe.ComeBack, nil
	}
	return dedupe.Process, nil
}

// firstCredit returns the credit that ends first, or nil.
func firstCredit(known []row, now int64) (first *row) {
	firstEnds := int64(0)
	for i := range known {
		if ends, _ := known[i].credit(now); ends != 0 && (first == nil || ends < firstEnds) {
			first, firstEnds = &known[i], ends
		}
	}
	return first
}

// isInProgress reports whether an attempt is in progress.
func isInProgress(known []row, id dedupe.AttemptID, now int64) bool {
	return slices.ContainsFunc(known, func(r row) bool { return r.attempt == id && r.isInProgress(now) })
}
