package main

import "fmt"

// saidMost is how many findings are printed; one fault can have thousands.
const saidMost = 40

// verdict collects what is wrong.
type verdict struct {
	lost, twice, disordered int
	lines                   []string
}

func (v *verdict) miss(format string, args ...any) {
	v.lost++
	v.lines = append(v.lines, "LOST: "+fmt.Sprintf(format, args...))
}

func (v *verdict) double(format string, args ...any) {
	v.twice++
	v.lines = append(v.lines, "TWICE: "+fmt.Sprintf(format, args...))
}

func (v *verdict) disorder(format string, args ...any) {
	v.disordered++
	v.lines = append(v.lines, "OUT OF ORDER: "+fmt.Sprintf(format, args...))
}

// add takes another's findings over.
func (v *verdict) add(other verdict) {
	v.lost += other.lost
	v.twice += other.twice
	v.disordered += other.disordered
	v.lines = append(v.lines, other.lines...)
}

func (v *verdict) clean() bool { return v.lost+v.twice+v.disordered == 0 }

// say prints the findings.
func (v *verdict) say() {
	for i, line := range v.lines {
		if i == saidMost {
			fmt.Printf("  and %d more\n", len(v.lines)-saidMost)
			return
		}
		fmt.Println("  " + line)
	}
}

// String gives the numbers.
func (v *verdict) String() string {
	return fmt.Sprintf("lost = %d, twice = %d, out of order = %d", v.lost, v.twice, v.disordered)
}
