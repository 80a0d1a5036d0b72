package store

import (
	"database/sql"
	"errors"
)

// statements are prepared once, for the writer.
type statements struct {
	addDelivery, addContents                  *sql.Stmt
	setAnswer, setAnswerContents              *sql.Stmt
	countReplay, addReplay                    *sql.Stmt
	dropDeliveries, dropContents, dropReplays *sql.Stmt
}

func (st *statements) all() []**sql.Stmt {
	return []**sql.Stmt{
		&st.addDelivery, &st.addContents, &st.setAnswer, &st.setAnswerContents, &st.countReplay, &st.addReplay,
		&st.dropDeliveries, &st.dropContents, &st.dropReplays,
	}
}

func prepareStatements(db *sql.DB) (*statements, error) {
	texts := []string{
		`INSERT INTO deliveries (received, remote, path, length, verdict, problem, form, code, label, city, country,
			answered, forwarded, status, error, duration, acknowledged)
			VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?14 BETWEEN 200 AND 299)`,
		`INSERT INTO contents (id, header, body, answer_header, answer_body) VALUES (?, ?, ?, ?, ?)`,
		`UPDATE deliveries SET answered = ?1, forwarded = ?2, status = ?3, error = ?4, duration = ?5,
			acknowledged = acknowledged OR ?3 BETWEEN 200 AND 299 WHERE id = ?6 AND answered IS NULL`,
		`UPDATE contents SET answer_header = ?, answer_body = ? WHERE id = ?`,
		`UPDATE deliveries SET replays = replays + 1, replayed = ?2, replay_status = ?3,
			acknowledged = acknowledged OR (NOT ?4 AND ?3 BETWEEN 200 AND 299) WHERE id = ?1`,
		`INSERT INTO replays (delivery, edited, body, answered, forwarded, status, error, duration,
			answer_header, answer_body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		`DELETE FROM deliveries WHERE id <= ?`,
		`DELETE FROM contents WHERE id <= ?`,
		`DELETE FROM replays WHERE delivery <= ?`,
	}
	st := &statements{}
	for i, stmt := range st.all() {
		var err error
		if *stmt, err = db.Prepare(texts[i]); err != nil {
			return nil, err
		}
	}
	return st, nil
}

// in returns the statements for use in a transaction, which closes them.
func (st *statements) in(tx *sql.Tx) *statements {
	bound := &statements{}
	for i, stmt := range bound.all() {
		*stmt = tx.Stmt(*st.all()[i])
	}
	return bound
}

// dropUpTo deletes the deliveries with IDs up to id.
func (st *statements) dropUpTo(id int64) error {
	if id <= 0 {
		return nil
	}
	for _, drop := range []*sql.Stmt{st.dropDeliveries, st.dropContents, st.dropReplays} {
		if _, err := drop.Exec(id); err != nil {
			return err
		}
	}
	return nil
}

func (st *statements) close() error {
	var errs []error
	for _, stmt := range st.all() {
		errs = append(errs, (*stmt).Close())
	}
	return errors.Join(errs...)
}
