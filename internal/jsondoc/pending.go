package jsondoc

import (
	"bytes"
	"math"
	"slices"
)

// A pending number is left out of the forms until the whole text has been scanned. Converting
// numbers is expensive, so none is converted if the text has too many of them or is not a document.
type pending struct {
	literal []byte
	decimal decimal
	php, js written
}

// A written number is a number in a form, with its position.
type written struct {
	at      int // position in the form without its numbers
	len     int
	scratch [maxNumberLen]byte
}

// leaveOut leaves the current number out of the forms. It returns an error if there are too many.
func (f *Forms) leaveOut(text []byte) error {
	literal := f.scanner.Literal()
	if len(literal) > maxDoubleBytes {
		return ErrLongNumber
	}
	if len(f.numbers) == maxDoubles {
		return ErrDoubles
	}
	d := parseDecimal(literal)
	if d.digits > maxDoubleDigits {
		return ErrLongNumber
	}
	n := pending{literal: literal, decimal: d}
	n.php.at = f.php.leaveOut(text, &f.scanner)
	n.js.at = n.php.at
	if f.differ {
		n.js.at = f.js.leaveOut(text, &f.scanner)
	}
	f.numbers = append(f.numbers, n)
	return nil
}

// leaveOut leaves the current token out and returns its position.
func (o *form) leaveOut(text []byte, s *Scanner) (at int) {
	o.bytes = append(o.bytes, text[o.run:s.start]...)
	o.run = s.at
	return len(o.bytes)
}

// writeNumbers converts and writes the numbers that were left out.
func (f *Forms) writeNumbers() error {
	costly := 0
	for i := range f.numbers {
		n := &f.numbers[i]
		double, ok := n.decimal.fastDouble()
		if !ok {
			if costly++; costly > maxCostly {
				return ErrCostly
			}
			double = n.decimal.exactDouble(n.literal)
		}
		if math.IsInf(double, 0) {
			return ErrOverflow
		}
		number := newNumber(n.literal, double)
		n.php.len = len(number.appendPHP(n.php.scratch[:0]))
		n.js.len = len(number.appendJS(n.js.scratch[:0]))
		if !f.differ && !bytes.Equal(n.php.text(), n.js.text()) {
			f.split()
		}
	}
	f.php.insert(f.numbers, func(n *pending) *written { return &n.php })
	if f.differ {
		f.js.insert(f.numbers, func(n *pending) *written { return &n.js })
	}
	return nil
}

func (w *written) text() []byte { return w.scratch[:w.len] }

// insert inserts the numbers at their positions. It starts with the last one and moves the text
// after each number to its final place.
func (o *form) insert(numbers []pending, in func(*pending) *written) {
	grown := 0
	for i := range numbers {
		grown += in(&numbers[i]).len
	}
	end := len(o.bytes)
	o.bytes = slices.Grow(o.bytes, grown)[:end+grown]
	for i := range slices.Backward(numbers) {
		w := in(&numbers[i])
		copy(o.bytes[w.at+grown:], o.bytes[w.at:end])
		grown -= w.len
		copy(o.bytes[w.at+grown:], w.text())
		end = w.at
	}
}
