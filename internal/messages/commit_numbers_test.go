package messages

import "testing"

// One miss is chance: numbers are trusted further. Another soon after means that
// somebody else works on the sessions, and that they are read back for a while.
func TestNumbersAreMistrustedForAWhile(t *testing.T) {
	t.Parallel()
	n := newNumbering()
	trusted := func(batches int) (count int) {
		for range batches {
			if n.next() {
				count++
			}
		}
		return count
	}
	n.missed()
	if got := trusted(2 * numbersMistrusted); got != 2*numbersMistrusted {
		t.Errorf("behind one miss %d of %d batches trusted", got, 2*numbersMistrusted)
	}
	n.missed()
	n.missed()
	if got := trusted(numbersMistrusted); got != 0 {
		t.Errorf("behind two misses %d batches trusted", got)
	}
	if got := trusted(10); got != 10 {
		t.Errorf("a while later %d of 10 batches trusted", got)
	}
}
