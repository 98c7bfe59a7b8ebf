package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/cirrus/omnichannel/bench/rig"
	"github.com/cirrus/omnichannel/internal/mongodb/local"
	"github.com/cirrus/omnichannel/internal/sandbox/d360"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// number and d360Key are the simulated business number's.
const number, d360Key = "5521977776666", "crash-360dialog-key"

// scene is a server, its database, its providers, and who hears of its events.
// All but server and database survive.
type scene struct {
	binary, dir, addr string
	client            *http.Client
	world             rig.World

	mu     sync.Mutex
	server *rig.Server
	mongod *local.Server

	simulator *d360.Server
	running   *d360.Running
	whatsApp  *whatsapp.Server
	air       *whatsapp.Running // where linked devices reach it
	ticks     atomic.Int64      // receipts that linked devices sent it
	platform  *platform
	stream    *ear
}

func newScene(ctx context.Context, binary, dir string) (*scene, error) {
	s := &scene{binary: binary, dir: dir, client: rig.Client(40 * time.Second)}
	settings := d360.DefaultSettings()
	settings.Throttles = d360.ThrottleSettings{}
	settings.Window = "off" // the load writes to the server, not by the simulated phones
	settings.Statuses.SentMS, settings.Statuses.DeliveredMS, settings.Statuses.ReadMS = 5, 20, 50
	s.simulator = d360.New(d360.Options{Settings: &settings, Numbers: []d360.NumberConfig{{APIKey: d360Key, DisplayPhoneNumber: number, PhoneNumberID: "106540352242922"}}})
	var err error
	if s.running, err = s.simulator.Listen(ctx, "127.0.0.1:0", "127.0.0.1:0"); err != nil {
		return nil, err
	}
	s.whatsApp = whatsapp.New(whatsapp.Options{OnStanza: s.hear})
	if s.air, err = s.whatsApp.Listen(ctx, "127.0.0.1:0", "127.0.0.1:0"); err != nil {
		return nil, err
	}
	if s.addr, err = rig.FreePort(); err != nil {
		return nil, err
	}
	if err := s.startMongod(ctx); err != nil {
		return nil, err
	}
	if err := s.startServer(ctx); err != nil {
		return nil, err
	}
	if s.world, err = rig.MakeWorld(ctx, s.client, s.server.URL, number, d360Key); err != nil {
		return nil, err
	}
	s.stream = listen(ctx, s.server.URL, s.world)
	s.platform, err = newPlatform(ctx, s.client, s.server.URL, s.world)
	return s, err
}

// hear counts the receipts by which a linked device says that it has a message.
func (s *scene) hear(e whatsapp.StanzaEntry) {
	if e.FromClient && e.Tag == "receipt" && e.Type == "" {
		s.ticks.Add(1)
	}
}

func (s *scene) startMongod(ctx context.Context) error {
	mongod, err := local.Start(ctx, local.Options{Dir: filepath.Join(s.dir, "mongodb")})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mongod = mongod
	return err
}

func (s *scene) startServer(ctx context.Context) error {
	server, err := rig.StartServer(ctx, rig.ServerOptions{
		Binary: s.binary, MongoURI: s.mongod.URI(), D360URL: s.running.APIURL, DataDir: filepath.Join(s.dir, "data"),
		Addr: s.addr, LogPath: filepath.Join(s.dir, "server.log"), Env: []string{"OMNI_PUBLIC_URL=http://" + s.addr},
		WhatsApp: &rig.WhatsApp{URL: s.air.URL, RootKey: s.whatsApp.RootKey()},
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.server = server
	return err
}

// kill ends what it is told, as kill -9 does, and brings it up again.
func (s *scene) kill(ctx context.Context, what string) error {
	if what != "mongod" {
		s.server.Kill()
	}
	if what != "server" {
		if err := s.killMongod(); err != nil {
			return err
		}
		if err := s.startMongod(ctx); err != nil {
			return fmt.Errorf("start mongod again: %w", err)
		}
	}
	if what != "mongod" {
		if err := s.startServer(ctx); err != nil {
			return fmt.Errorf("start the server again: %w", err)
		}
	}
	return nil
}

func (s *scene) killMongod() error {
	pid := s.mongod.PID()
	if pid == 0 {
		return errors.New("this process did not start the mongod; it will not end it")
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		return fmt.Errorf("kill mongod: %w", err)
	}
	<-s.mongod.Exited()
	return nil
}

func (s *scene) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stream.close()
	if s.server != nil {
		s.server.Stop()
	}
	if s.mongod != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		_ = s.mongod.Close(ctx)
	}
	s.platform.close()
	s.running.Close()
	s.simulator.Close()
	s.air.Close()
	s.whatsApp.Close()
}

// phoneShows gives the texts of the business that a customer's phone shows.
func (s *scene) phoneShows(phone string) []string {
	var texts []string
	for _, message := range s.simulator.CustomerMessages(phone) {
		if message.From == "business" {
			texts = append(texts, message.Text)
		}
	}
	return texts
}
