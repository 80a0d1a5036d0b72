package sqlurlr

import "context"

// endAll ends attempts that leave no credit.
func (s *Store) endAll(ctx context.Context, e executor, all []key) error {
	together, alone := distinct(all)
	statement, args := argsOfBatch(s.statements.ends, together, s.clock(), key.args)
	result, err := e.ExecContext(ctx, statement, args...)
	if err != nil {
		return err
	}
	ended, err := result.RowsAffected()
	if err != nil {
		return err
	}
	if ended < int64(len(together)) {
		alone = all // some have no row, or one that must stay
	}
	s.confirmLater(together)
	for _, k := range alone {
		if err := s.end(ctx, e, k); err != nil {
			return err
		}
	}
	return nil
}

// distinct returns one key of each fingerprint, and the others. A statement that locks two rows of
// the same fingerprint could deadlock with a Begin.
func distinct(all []key) (first, others []key) {
	seen := map[string]bool{}
	for _, k := range all {
		if seen[k.fingerprint] {
			others = append(others, k)
		} else {
			first = append(first, k)
		}
		seen[k.fingerprint] = true
	}
	return first, others
}
