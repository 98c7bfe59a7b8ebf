package app_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
)

func TestMain(m *testing.M) {
	os.Exit(mongotest.RunThen(func() int {
		result := m.Run()
		if err := apptest.StopShared(); err != nil {
			fmt.Fprintln(os.Stderr, "stop the shared server:", err)
			return max(result, 1)
		}
		return result
	}))
}
