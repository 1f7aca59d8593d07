package media

import (
	"context"

	"github.com/livekit/livekit-server/pkg/routing"
	"github.com/livekit/livekit-server/pkg/service"
	"github.com/livekit/protocol/livekit"
	"github.com/livekit/protocol/utils/guid"
	"google.golang.org/protobuf/proto"
)

// direct starts sessions in this process, where LiveKit would carry every
// signal through the message bus that joins its nodes.
type direct struct{ rooms *service.RoomManager }

// ActiveCount is for LiveKit's own statistics.
func (d *direct) ActiveCount() int { return 0 }

// waiting is how many signals a connection may be behind, in each direction.
const waiting = 1000

func (d *direct) StartParticipantSignal(ctx context.Context, _ livekit.RoomName, who routing.ParticipantInit, _ livekit.NodeID) (livekit.ConnectionID, routing.MessageSink, routing.MessageSource, error) {
	id := livekit.ConnectionID(guid.New("CO_"))
	requests, responses := routing.NewMessageChannel(id, waiting), routing.NewMessageChannel(id, waiting)
	// The session outlives the request that began it.
	if err := d.rooms.StartSession(context.WithoutCancel(ctx), who, requests, copied{responses}, false); err != nil {
		requests.Close()
		responses.Close()
		return id, nil, nil, err
	}
	return id, requests, responses, nil
}

// copied takes signals as they are when they are sent: the engine goes on
// changing the tracks that they tell of. A client that is too far behind is cut
// off, since it cannot follow with some signals missing.
type copied struct{ *routing.MessageChannel }

func (c copied) WriteMessage(m proto.Message) error {
	err := c.MessageChannel.WriteMessage(proto.Clone(m))
	if err == routing.ErrChannelFull {
		c.Close()
	}
	return err
}
