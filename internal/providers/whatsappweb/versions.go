package whatsappweb

import (
	"runtime/debug"

	"go.mau.fi/whatsmeow/store"
)

// clientModule is the module of the client.
const clientModule = "go.mau.fi/whatsmeow"

// Versions gives the version of WhatsApp Web that the client speaks as, such as
// 2.3000.1, and that of the client's module; "unknown" where the binary does not
// say.
func Versions() (protocol, module string) {
	module = "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dependency := range info.Deps {
			if dependency.Path == clientModule {
				module = dependency.Version
			}
		}
	}
	return store.GetWAVersion().String(), module
}
