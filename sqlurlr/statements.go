package sqlurlr

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"
)

// The flags of an attempt.
const (
	took         = 1 << iota // it used up a credit
	processed                // it counts as processed if it is never ended
	disconnected             // its sender disconnected, or its lease is exclusive
	done                     // its effect is committed

	becomesCredit = took | processed | done    // if it is never ended
	blocks        = took | disconnected | done // other deliveries are deferred
)

// statements holds the store calls in SQL. In each, $1 is for {now}. In those about one attempt, $2
// is the fingerprint and $3 the attempt.
//
// A call of one statement needs only the lock of its row, because it concerns only its own attempt.
// That is every call except a Begin whose fingerprint has rows.
type statements struct {
	isBeside, lock, read, take, drop, add, bury    string
	abandon, undo, credit, end, clear              string
	commit, note, dropUncommitted, creditCommitted string
	next, sweep                                    string
	begins, ends, endsDurably                      batchTexts
}

func newStatements(d Dialect, table string) statements { //nolint:funlen // a list
	words := d.words(table)
	text := func(s string) string { return words.Replace(named.Replace(strings.TrimSpace(s))) }
	attempts := []string{"text", "text"}
	beginnings := []string{"text", "text", "bigint", "bigint", "bigint"}
	return statements{
		lock: d.lock(table),

		// isBeside reports whether a fingerprint has a row.
		isBeside: text(`SELECT EXISTS (SELECT 1 FROM {table} WHERE fingerprint = $2 AND {now} <> 0)`),

		// read leaves out other attempts that are closed and nothing else.
		read: text(`
SELECT attempt, lease_ends, retention, flags, credit_added, credit_ends, closed_until FROM {table}
WHERE fingerprint = $2 AND (attempt = $3 OR lease_ends > 0 OR credit_ends > {now})`),

		// take uses up a credit, unless it changed since it was read. $4: until when its attempt is
		// closed, $5 to $7: what was read.
		take: text(`
UPDATE {table} SET lease_ends = 0, flags = 0, credit_added = 0, credit_ends = 0, closed_until = {max}(closed_until, $4),
	expires = {max}(closed_until, $4)
WHERE fingerprint = $2 AND attempt = $3 AND lease_ends = $5 AND flags = $6 AND credit_ends = $7 AND {now} <> 0`),

		// drop removes an attempt whose credit was used up, if it need not be closed.
		drop: text(`
DELETE FROM {table}
WHERE fingerprint = $2 AND attempt = $3 AND lease_ends = 0 AND credit_ends <= {now} AND closed_until <= {now}`),

		// add begins an attempt beside others. $4: its lease, $5: the retention, $6: the flags.
		add: text(`
INSERT INTO {table} AS r
	(fingerprint, attempt, lease_ends, retention, flags, credit_added, credit_ends, closed_until, expires)
VALUES ($2, $3, {now} + $4, $5, $6, 0, 0, 0, {now} + $4 + $5)
ON CONFLICT (fingerprint, attempt) DO UPDATE SET lease_ends = excluded.lease_ends, retention = excluded.retention,
	flags = excluded.flags, expires = {max}(r.expires, excluded.expires)`),

		// bury removes attempts whose process died. Their transactions can no longer commit. It also
		// removes the oldest closed attempts if there are more than 1,024: whoever resends a genuine
		// delivery and hangs up each time closes one each time.
		bury: text(`
DELETE FROM {table}
WHERE fingerprint = $2 AND credit_ends <= {now} AND (
	lease_ends <= {now} AND flags & {becomes} = 0 AND closed_until <= {now}
	OR lease_ends = 0 AND attempt IN (SELECT attempt FROM {table}
		WHERE fingerprint = $2 AND lease_ends = 0 AND credit_ends <= {now} AND closed_until > {now}
		ORDER BY closed_until DESC LIMIT 64 OFFSET 1024))`),

		abandon: text(`
UPDATE {table} SET flags = flags | {disconnected} WHERE fingerprint = $2 AND attempt = $3 AND lease_ends > {now}`),

		// undo is explained at dedupe.Store. $4: for how long the attempt is closed.
		undo: text(`
INSERT INTO {table} AS r
	(fingerprint, attempt, lease_ends, retention, flags, credit_added, credit_ends, closed_until, expires)
VALUES ($2, $3, 0, 0, 0, 0, 0, {now} + $4, {now} + $4)
ON CONFLICT (fingerprint, attempt) DO UPDATE SET
	credit_added = CASE WHEN r.lease_ends > {now} AND r.flags & {kept} <> 0 THEN {now} ELSE r.credit_added END,
	credit_ends = CASE WHEN r.lease_ends > {now} AND r.flags & {kept} <> 0 THEN {now} + r.retention
		ELSE r.credit_ends END,
	lease_ends = CASE WHEN r.lease_ends <= {now} AND r.flags & {kept} <> 0 THEN r.lease_ends ELSE 0 END,
	flags = CASE WHEN r.lease_ends <= {now} AND r.flags & {kept} <> 0 THEN r.flags ELSE 0 END,
	closed_until = {max}(r.closed_until, excluded.closed_until),
	expires = {max}(r.expires, excluded.expires)`),

		// credit ends an attempt and adds its credit. $4: for how long.
		credit: text(`
INSERT INTO {table} AS r
	(fingerprint, attempt, lease_ends, retention, flags, credit_added, credit_ends, closed_until, expires)
VALUES ($2, $3, 0, 0, 0, {now}, {now} + $4, 0, {now} + $4)
ON CONFLICT (fingerprint, attempt) DO UPDATE SET
	credit_added = CASE WHEN r.credit_ends > {now} THEN r.credit_added WHEN {is orphan} THEN r.lease_ends
		WHEN r.closed_until > {now} THEN 0 ELSE excluded.credit_added END,
	credit_ends = CASE WHEN r.credit_ends > {now} THEN r.credit_ends WHEN {is orphan} THEN r.lease_ends + r.retention
		WHEN r.closed_until > {now} THEN 0 ELSE excluded.credit_ends END,
	lease_ends = 0, flags = 0, expires = {max}(r.expires, excluded.expires)`),

		end: text(`
DELETE FROM {table} WHERE fingerprint = $2 AND attempt = $3 AND credit_ends <= {now} AND closed_until <= {now}`),

		begins: textsOfBatches(beginnings, func(values string) string {
			return text(fmt.Sprintf(beginAll, values))
		}),
		ends: textsOfBatches(attempts, func(values string) string {
			return text(fmt.Sprintf(endAll, "{asynchronously too}", values))
		}),
		endsDurably: textsOfBatches(attempts, func(values string) string {
			return text(fmt.Sprintf(endAll, "", values))
		}),

		// clear ends an attempt whose row must stay, because it has a credit or is closed.
		clear: text(`
UPDATE {table} SET lease_ends = 0, flags = 0 WHERE fingerprint = $2 AND attempt = $3 AND {now} <> 0`),

		// commit records that an attempt's effect is committed, in the transaction of that effect.
		commit: text(`
UPDATE {table} SET flags = flags | {done} {beside begins}
WHERE fingerprint = $2 AND attempt = $3 AND lease_ends > {now}`),

		// note adds flags to an attempt that may have no row. $4 to $6 are as in add.
		note: text(`
INSERT INTO {table} AS r
	(fingerprint, attempt, lease_ends, retention, flags, credit_added, credit_ends, closed_until, expires)
VALUES ($2, $3, {now} + $4, $5, $6, 0, 0, 0, {now} + $4 + $5)
ON CONFLICT (fingerprint, attempt) DO UPDATE SET flags = r.flags | excluded.flags WHERE r.lease_ends > {now}`),

		// dropUncommitted and creditCommitted end an attempt whose commit is in doubt. The first
		// waits until the database knows the outcome.
		dropUncommitted: text(`
DELETE FROM {table}
WHERE fingerprint = $2 AND attempt = $3 AND flags & {done} = 0 AND credit_ends <= {now} AND closed_until <= {now}`),
		creditCommitted: text(`
UPDATE {table} SET lease_ends = 0, flags = 0, credit_added = {now}, credit_ends = {now} + retention,
	expires = {max}(expires, {now} + retention)
WHERE fingerprint = $2 AND attempt = $3 AND flags & {done} <> 0`),

		// next returns the last fingerprint of a sweep that begins after $2, and whether there is
		// anything to delete.
		next: text(`
SELECT max(fingerprint), coalesce(min(expires) <= {now}, FALSE) FROM
	(SELECT fingerprint, expires FROM {table} WHERE fingerprint > $2 ORDER BY fingerprint LIMIT 256) AS few`),

		// sweep deletes expired rows with fingerprints after $2, up to $3.
		sweep: text(`
DELETE FROM {table} WHERE (fingerprint, attempt) IN (SELECT fingerprint, attempt FROM {table}
	WHERE fingerprint > $2 AND fingerprint <= $3 AND expires <= {now} {skip locked})`),
	}
}

// named replaces the names of flags, and of a condition on a row r.
var named = strings.NewReplacer(
	"{disconnected}", strconv.Itoa(disconnected), "{done}", strconv.Itoa(done),
	"{becomes}", strconv.Itoa(becomesCredit), "{kept}", strconv.Itoa(took|done),
	"{is orphan}", "r.lease_ends > 0 AND r.lease_ends <= {now} AND r.flags & "+strconv.Itoa(becomesCredit)+
		" <> 0 AND r.lease_ends + r.retention > {now}",
)

// beginAll begins attempts whose fingerprints have no rows, and returns them. If a crash of the
// database forgets an attempt, its effect can't be committed. The values are the fingerprint, the
// attempt, its lease, the retention and the flags.
const beginAll = `
INSERT INTO {table}
	(fingerprint, attempt, lease_ends, retention, flags, credit_added, credit_ends, closed_until, expires)
SELECT v.fingerprint, v.attempt, {now} + v.lease, v.retention, CAST(v.flags AS integer),
	0, 0, 0, {now} + v.lease + v.retention
FROM (VALUES %s) AS v (fingerprint, attempt, lease, retention, flags) {asynchronously}
WHERE NOT EXISTS (SELECT 1 FROM {table} AS r WHERE r.fingerprint = v.fingerprint)
ON CONFLICT DO NOTHING RETURNING attempt`

// endAll ends attempts whose rows hold nothing else. The values are the fingerprint and the
// attempt.
const endAll = `
DELETE FROM {table} %s WHERE (fingerprint, attempt) IN (VALUES %s) AND credit_ends <= {now} AND closed_until <= {now}`

// batchTexts holds the texts of a statement for 1, 2, 4, ... rows of values.
type batchTexts []string

func textsOfBatches(types []string, text func(values string) string) (texts batchTexts) {
	for size := 1; size <= maxBatch; size *= 2 {
		rows := make([]string, size)
		for i := range rows {
			values := make([]string, len(types))
			for j, name := range types {
				values[j] = fmt.Sprintf("CAST($%d AS %s)", 2+len(types)*i+j, name)
			}
			rows[i] = "(" + strings.Join(values, ", ") + ")"
		}
		texts = append(texts, text(strings.Join(rows, ", ")))
	}
	return texts
}

// argsOfBatch returns the text for at least as many rows, and the arguments. It repeats the last
// row to fill the rest.
func argsOfBatch[T any](texts batchTexts, all []T, clock int64, args func(T) []any) (statement string, every []any) {
	i := bits.Len(uint(len(all) - 1))
	every = append(every, clock)
	for j := range 1 << i {
		every = append(every, args(all[min(j, len(all)-1)])...)
	}
	return texts[i], every
}
