package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/cirrus/omnichannel/bench/rig"
)

// listenersMost is how many listen to the event stream at once.
const listenersMost = 2000

// listeners opens event streams, and gives what they cost the server while
// nothing happens, in MiB.
func listeners(ctx context.Context, server *rig.Server, world rig.World) (float64, error) {
	before := rig.RSS(server.PID())
	conns := make([]net.Conn, 0, listenersMost)
	defer func() {
		for _, conn := range conns {
			_ = conn.Close() // nothing is left to be said on it
		}
	}()
	host := strings.TrimPrefix(server.URL, "http://")
	for range listenersMost {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", host)
		if err != nil {
			return 0, err
		}
		conns = append(conns, conn)
		if err := listen(conn, host, world); err != nil {
			return 0, err
		}
	}
	time.Sleep(20 * time.Second) // until each had a heartbeat
	cost := rig.RSS(server.PID()) - before
	fmt.Printf("%d listeners: %.0f MiB\n", len(conns), cost)
	return cost, nil
}

// listen begins a stream, and reads how it begins.
func listen(conn net.Conn, host string, world rig.World) error {
	if _, err := fmt.Fprintf(conn, "GET /api/accounts/%s/events HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n", world.Account, host, world.Key); err != nil {
		return err
	}
	in := bufio.NewReaderSize(conn, 512)
	first, err := in.ReadString('\n')
	if err == nil && !strings.HasPrefix(first, "HTTP/1.1 200") {
		err = fmt.Errorf("the event stream was answered %q", first)
	}
	for line := ""; err == nil && !strings.HasPrefix(line, "id: "); {
		line, err = in.ReadString('\n')
	}
	return err
}
