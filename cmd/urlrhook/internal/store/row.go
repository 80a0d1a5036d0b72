package store

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"net/http"
	"time"
)

// A row holds copies of a delivery's values for its INSERT statements: Add may return before the
// writer has used them.
type row struct {
	summary, contents []any
}

func newRow(d *Delivery) (row, error) {
	header, err := json.Marshal(d.Header)
	if err != nil {
		return row{}, err
	}
	answer := d.Answer
	if answer.At.IsZero() {
		answer = Answer{}
	}
	a, err := newAnswerRow(answer)
	if err != nil {
		return row{}, err
	}
	summary := []any{
		d.Received.UnixMicro(),
		d.Remote,
		d.Path,
		d.Length,
		string(d.Verdict),
		d.Problem,
		d.Form,
		d.Code,
		d.Label,
		d.City,
		d.Country,
	}
	contents := []any{string(header), bytes.Clone(d.Body)}
	return row{summary: append(summary, a.summary...), contents: append(contents, a.contents...)}, nil
}

// insert adds the row and returns its ID.
func (r row) insert(st *statements) (int64, error) {
	result, err := st.addDelivery.Exec(r.summary...)
	if err != nil {
		return 0, err
	}
	id, err := result.LastInsertId()
	if err != nil {
		return 0, err
	}
	_, err = st.addContents.Exec(append([]any{id}, r.contents...)...)
	return id, err
}

// An answerRow holds copies of an answer's values.
type answerRow struct {
	summary, contents []any
}

func newAnswerRow(a Answer) (answerRow, error) {
	header, err := json.Marshal(a.Header)
	if err != nil {
		return answerRow{}, err
	}
	at := sql.NullInt64{Int64: a.At.UnixMicro(), Valid: !a.At.IsZero()}
	body := bytes.Clone(a.Body[:min(len(a.Body), MaxAnswerBytes)])
	return answerRow{
		summary:  []any{at, a.By, a.Status, a.Error, int64(a.Duration)},
		contents: []any{string(header), body},
	}, nil
}

// update writes the answer into the row of a delivery that has none yet.
func (r answerRow) update(st *statements, id int64) error {
	if err := execOne(st.setAnswer, append(r.summary, id)...); err != nil {
		return err
	}
	_, err := st.setAnswerContents.Exec(append(r.contents, id)...)
	return err
}

// execOne runs a statement that changes one row. It returns ErrNotFound if there is no such row.
func execOne(stmt *sql.Stmt, args ...any) error {
	result, err := stmt.Exec(args...)
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	return err
}

// headerFrom decodes a header's JSON.
func headerFrom(text string) (header http.Header, err error) {
	err = json.Unmarshal([]byte(text), &header)
	return header, err
}

func timeFrom(micro int64) time.Time { return time.UnixMicro(micro).UTC() }

// answerTime returns the zero time for NULL.
func answerTime(micro sql.NullInt64) time.Time {
	if !micro.Valid {
		return time.Time{}
	}
	return timeFrom(micro.Int64)
}
