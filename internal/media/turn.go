package media

import (
	"fmt"
	"net"
	"net/netip"
	"slices"

	"github.com/livekit/livekit-server/pkg/config"
	"github.com/livekit/livekit-server/pkg/service"
	"github.com/livekit/mediatransportutil/pkg/rtcconfig"
	"github.com/livekit/protocol/livekit"
	"github.com/livekit/protocol/logger"
	"github.com/livekit/protocol/logger/pionlogger"
	"github.com/pion/turn/v5"
)

// TURN is where browsers find the relay: over TLS on the port of the pages,
// whose listener SplitTLS shares. Without a Host there is no relay.
type TURN struct {
	Host string // that the certificate is for
	Port int
}

func (t TURN) url() string {
	return fmt.Sprintf("turns:%s?transport=tcp", net.JoinHostPort(t.Host, fmt.Sprint(t.Port)))
}

// Relay takes a connection that speaks TURN, with its TLS ended.
func (e *LiveKit) Relay(c net.Conn) {
	select {
	case <-e.ready:
		e.turn.give(c)
	default:
		c.Close()
	}
}

// serveTURN relays between browsers and this engine alone: unlike a relay that
// is open to the private network around it, nobody can reach a neighbour
// through it. Whoever may join has credentials, which the engine gives.
func (e *LiveKit) serveTURN(conf *config.Config, auth *service.TURNAuthHandler) (stop func(), err error) {
	if e.opts.TURN.Host == "" {
		return func() { e.turn.Close() }, nil
	}
	own, err := ownAddresses(conf.RTC.RTCConfig)
	if err != nil {
		return nil, err
	}
	server, err := turn.NewServer(turn.ServerConfig{
		Realm:         service.LivekitRealm,
		AuthHandler:   auth.HandleAuth,
		LoggerFactory: pionlogger.NewLoggerFactory(logger.GetLogger()),
		ListenerConfigs: []turn.ListenerConfig{{
			Listener:              e.turn,
			RelayAddressGenerator: &turn.RelayAddressGeneratorStatic{RelayAddress: net.ParseIP(own[0].String()), Address: own[0].String()},
			PermissionHandler: func(_ net.Addr, peer net.IP) bool {
				a, ok := netip.AddrFromSlice(peer)
				return ok && slices.Contains(own, a.Unmap())
			},
		}},
	})
	if err != nil {
		return nil, err
	}
	return func() { server.Close(); e.turn.Close() }, nil
}

// ownAddresses are those that the engine tells clients to reach media on.
func ownAddresses(rtc rtcconfig.RTCConfig) ([]netip.Addr, error) {
	found, err := rtcconfig.GetLocalIPAddresses(rtc.EnableLoopbackCandidate, true, nil, nil)
	if err != nil {
		return nil, err
	}
	var own []netip.Addr
	for _, one := range append(found, rtc.NodeIP.ToStringSlice()...) {
		a, err := netip.ParseAddr(one)
		if err != nil {
			return nil, err
		}
		own = append(own, a.Unmap())
	}
	return own, nil
}

// ours keeps, of the servers that the engine tells a client to ask, our own
// relay, at the port where it is.
func (e *LiveKit) ours(servers []*livekit.ICEServer) []*livekit.ICEServer {
	if e.opts.TURN.Host == "" {
		return nil
	}
	var kept []*livekit.ICEServer
	for _, s := range servers {
		if s.Username != "" {
			kept = append(kept, &livekit.ICEServer{Urls: []string{e.opts.TURN.url()}, Username: s.Username, Credential: s.Credential})
		}
	}
	return kept
}
