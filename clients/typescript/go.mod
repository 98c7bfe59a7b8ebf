// There is no Go here. This file ends the server's module at this folder, so
// that `go test ./...` does not enter node_modules, where some packages bring
// Go files along.
module github.com/cirrus/omnichannel/clients/typescript

go 1.26
