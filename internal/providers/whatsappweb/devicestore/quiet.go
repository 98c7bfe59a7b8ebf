package devicestore

import "go.mau.fi/libsignal/logger"

// libsignal makes its logger at first use, without a lock: two devices at once
// would race for it. It logs keys, too; nobody is to hear them.
func init() {
	var none logger.Loggable = silence{}
	logger.Setup(&none)
}

type silence struct{}

func (silence) Debug(string, string)   {}
func (silence) Info(string, string)    {}
func (silence) Warning(string, string) {}
func (silence) Error(string, string)   {}
func (silence) Configure(string)       {}
