package messages

import (
	"context"
	"fmt"
)

// kept is what the connection keeps by itself of what it delivered.
type kept struct {
	drop     func(ctx context.Context) error // nil: nothing
	unwanted bool                            // it is of an ignored contact
}

func (k *kept) dropUnwanted(ctx context.Context) error {
	if k.drop == nil || !k.unwanted {
		return nil
	}
	return k.drop(ctx)
}

// dropIgnored lets connections delete what they kept of ignored contacts'
// messages. When that fails, nothing was taken in: it is delivered again.
func dropIgnored(ctx context.Context, changes []change) error {
	for _, ch := range changes {
		one, keeps := ch.(interface{ dropUnwanted(context.Context) error })
		if !keeps {
			continue
		}
		if err := one.dropUnwanted(ctx); err != nil {
			return fmt.Errorf("drop what the connection kept of an ignored contact: %w", err)
		}
	}
	return nil
}
