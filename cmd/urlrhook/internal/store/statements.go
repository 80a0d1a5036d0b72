package store

import (
	"database/sql"
	"errors"
)

// statements are the writer's, prepared once.
type statements struct {
	addDelivery, addContents     *sql.Stmt
	setAnswer, setAnswerContents *sql.Stmt
	dropDeliveries, dropContents *sql.Stmt
}

func (st *statements) all() []**sql.Stmt {
	return []**sql.Stmt{
		&st.addDelivery, &st.addContents, &st.setAnswer, &st.setAnswerContents, &st.dropDeliveries, &st.dropContents,
	}
}

func prepareStatements(db *sql.DB) (*statements, error) {
	texts := []string{
		`INSERT INTO deliveries (received, remote, path, length, verdict, problem, form, code, country,
			answered, forwarded, status, error, duration) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		`INSERT INTO contents (id, header, body, answer_header, answer_body) VALUES (?, ?, ?, ?, ?)`,
		`UPDATE deliveries SET answered = ?, forwarded = ?, status = ?, error = ?, duration = ? WHERE id = ?`,
		`UPDATE contents SET answer_header = ?, answer_body = ? WHERE id = ?`,
		`DELETE FROM deliveries WHERE id <= ?`,
		`DELETE FROM contents WHERE id <= ?`,
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

// dropUpTo deletes the deliveries up to an ID.
func (st *statements) dropUpTo(id int64) error {
	if id <= 0 {
		return nil
	}
	_, err := st.dropDeliveries.Exec(id)
	if err != nil {
		return err
	}
	_, err = st.dropContents.Exec(id)
	return err
}

func (st *statements) close() error {
	var errs []error
	for _, stmt := range st.all() {
		errs = append(errs, (*stmt).Close())
	}
	return errors.Join(errs...)
}
