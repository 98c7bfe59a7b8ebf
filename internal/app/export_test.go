package app

// NewLogger is the program's logger, for tests that read what it writes.
var NewLogger = newLogger
