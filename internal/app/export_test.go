package app

// NewLogger is the program's logger, for tests that read what it writes.
var NewLogger = newLogger

// NewExporter chooses the exporter of traces, for tests that set the settings.
var NewExporter = newExporter
