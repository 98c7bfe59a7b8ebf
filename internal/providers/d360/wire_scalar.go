package d360

import "github.com/cirrus/omnichannel/internal/providers/tolerant"

// The parts that inbound wire types are made of.
type (
	scalar         = tolerant.Scalar
	label          = tolerant.Label
	number         = tolerant.Number
	flag           = tolerant.Flag
	loose[T any]   = tolerant.Loose[T]
	list[T any]    = tolerant.List[T]
	element[T any] = tolerant.Element[T]
)
