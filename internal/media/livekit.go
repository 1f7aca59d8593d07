package media

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/livekit/livekit-server/pkg/routing"
	"github.com/livekit/livekit-server/pkg/service"
	"github.com/livekit/livekit-server/pkg/telemetry/prometheus"
	"github.com/livekit/protocol/auth"
	"github.com/livekit/protocol/logger"
	"github.com/livekit/protocol/rpc"
	"github.com/livekit/protocol/utils"
	"github.com/livekit/psrpc"
	"github.com/livekit/psrpc/pkg/middleware/otelpsrpc"

	"preau/internal/fault"
)

// Options of New.
type Options struct {
	Log *slog.Logger
	// Admit is asked at each connection, after the token was found good and the
	// person still granted a place: nil lets in. It may be nil itself.
	Admit func(ctx context.Context, room, identity string) error
	// Notify hears what happens, from one goroutine, in order. It must not
	// block. It may be nil.
	Notify func(Event)

	Origin    string       // whose pages may connect
	Addresses []netip.Addr // where browsers reach this machine: none, or one of each family; none means those of its interfaces
	UDPPort   int          // of all media; 0 for one that is free
	TCPPort   int          // where UDP is closed; 0 for one that is free
	Loopback  bool         // browsers of this machine too may reach media on its loopback address
	TURN      TURN
}

// LiveKit is the Engine of this package: the LiveKit server as a library, of
// which only signalling and rooms are put together. Its interfaces for
// administration, recording and agents are not, and it listens on no address
// but that of media.
type LiveKit struct {
	opts    Options
	key     string // of tokens, made anew by each process
	secret  string
	turn    *pipe // connections for the relay
	inner   *pipe // where the engine's own signalling listens
	dial    *http.Client
	people  people
	events  queue
	started atomic.Bool
	ready   chan struct{}

	// Set by start, read after ready.
	rooms *service.RoomManager
}

// New makes an engine that Run will start.
func New(o Options) *LiveKit {
	e := &LiveKit{opts: o, key: random(), secret: random(), turn: newPipe(), inner: newPipe(), ready: make(chan struct{})}
	e.dial = &http.Client{Transport: &http.Transport{DialContext: e.inner.dial, DisableKeepAlives: true}}
	e.people.rooms = map[string]*room{}
	e.events.some = make(chan struct{}, 1)
	return e
}

func random() string {
	secret := make([]byte, 32)
	rand.Read(secret)
	return hex.EncodeToString(secret)
}

// process is what LiveKit has once for all engines of a process, its measures
// apart: a running engine holds running, and hears the log.
var process struct {
	running sync.Mutex
	logged  sync.Once // sets LiveKit's log, which its goroutines read without a lock
	log     atomic.Pointer[slog.Logger]
}

// Run starts the engine, serves until ctx ends, then takes everybody out.
func (e *LiveKit) Run(ctx context.Context) error {
	if e.started.Swap(true) {
		return errors.New("media: an engine runs once")
	}
	if !process.running.TryLock() {
		return errors.New("media: another engine runs in this process")
	}
	defer process.running.Unlock()
	process.log.Store(e.opts.Log)
	process.logged.Do(func() { logger.SetLogger(engineLog(&process.log), "media") })
	stop, err := e.start()
	if err != nil {
		return err
	}
	defer stop()
	close(e.ready)
	e.work(ctx)
	return nil
}

// Ready is closed once the engine answers.
func (e *LiveKit) Ready() <-chan struct{} { return e.ready }

// manager gives the engine's rooms, once it runs.
func (e *LiveKit) manager() (*service.RoomManager, error) {
	select {
	case <-e.ready:
		return e.rooms, nil
	default:
		return nil, fault.New(fault.Unavailable, "media.starting").After(2 * time.Second)
	}
}

// start puts together the parts of LiveKit that are used, as its own
// InitializeServer does for all of them.
func (e *LiveKit) start() (stop func(), err error) {
	conf, err := e.configuration()
	if err != nil {
		return nil, err
	}
	node, err := routing.NewLocalNode(conf)
	if err != nil {
		return nil, err
	}
	if err := prometheus.Init(string(node.NodeID()), node.NodeType()); err != nil {
		return nil, err
	}
	bus := psrpc.NewLocalMessageBus()
	params := rpc.NewClientParams(conf.PSRPC, bus, logger.GetLogger(), rpc.PSRPCMetricsObserver{}, otelpsrpc.ClientOptions(otelpsrpc.Config{}))
	sessions := &direct{}
	roomClient, err := routing.NewRoomManagerClient(params, conf.Room)
	if err != nil {
		return nil, err
	}
	router := routing.NewLocalRouter(node, sessions, roomClient, conf.NodeStats)
	store := service.NewLocalStore()
	allocator, err := service.NewRoomAllocator(conf, router, store)
	if err != nil {
		return nil, err
	}
	keys := auth.NewFileBasedKeyProviderFromMap(conf.Keys)
	turnAuth := service.NewTURNAuthHandler(keys)
	observer := &observer{engine: e}
	rooms, err := service.NewLocalRoomManager(conf, store, node, router, allocator, observer, nil, store, nil,
		utils.NewDefaultTimedVersionGenerator(), turnAuth, bus, nil)
	if err != nil {
		return nil, err
	}
	e.rooms, sessions.rooms = rooms, rooms
	stopTURN, err := e.serveTURN(conf, turnAuth)
	if err != nil {
		rooms.Stop()
		return nil, err
	}
	err = errors.Join(router.RegisterNode(), router.Start())
	if err != nil {
		stopTURN()
		rooms.Stop()
		return nil, err
	}
	mux := http.NewServeMux()
	service.NewRTCService(conf, allocator, router, observer).SetupRoutes(mux)
	server := &http.Server{Handler: e.granted(mux), ReadHeaderTimeout: 10 * time.Second, MaxHeaderBytes: maxJoin}
	go server.Serve(e.inner)
	return func() {
		router.Drain()
		rooms.Stop()
		stopTURN()
		server.Close()
		e.inner.Close()
	}, nil
}

// granted gives the engine the rights that a token of signInner holds.
func (e *LiveKit) granted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, expires, err := e.verify(bearer(r))
		if err != nil {
			http.Error(w, "token refused", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r.WithContext(service.WithGrantsExpiry(r.Context(), claims, e.key, expires)))
	})
}
