package lesson

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// Event is something that happened in a lesson, as its log keeps it: without a
// name, a pseudonym or a label, which a person's id leads to elsewhere.
type Event interface{ kind() string }

// Record is an event at its place in the log.
type Record struct {
	N     int64
	At    int64  // UTC ms
	By    string // the person who did it, "" for the server
	Event Event
}

// The events. Each field's name in the log is declared in the data map.
type (
	Opened struct {
		Preset string `json:"preset"`
	}
	Ended  struct{}
	Joined struct {
		Who      string `json:"who"`
		Kind     Kind   `json:"kind"`
		Role     Role   `json:"role"`
		Verified bool   `json:"verified,omitempty"`
	}
	Left struct {
		Who string `json:"who"`
		Why string `json:"why"`
	}
	Attended   struct{}
	Unattended struct{}
	PresetSet  struct {
		Preset string `json:"preset"`
	}
	RightsSet struct {
		Rights Rights `json:"rights"`
	}
	RightsOf struct {
		Who string `json:"who"`
		Own Own    `json:"own"`
	}
	Muted struct {
		Who string `json:"who,omitempty"`
		All bool   `json:"all,omitempty"`
	}
	CamerasSet struct {
		To  string `json:"to"`
		Who string `json:"who,omitempty"`
	}
	CameraTo struct {
		Who string `json:"who"`
		To  string `json:"to"`
	}
	SpotlightSet struct {
		Who string `json:"who,omitempty"`
	}
	ChatSet struct {
		To string `json:"to"`
	}
	Said struct {
		Text    string `json:"text"`
		To      string `json:"to"`
		Pending bool   `json:"pending,omitempty"`
		Key     string `json:"key,omitempty"`
	}
	Released struct {
		ID string `json:"id"`
	}
	Deleted struct {
		ID  string `json:"id,omitempty"`
		Who string `json:"who,omitempty"`
	}
	HandSet struct {
		Who     string `json:"who,omitempty"`
		Up      bool   `json:"up,omitempty"`
		Lowered bool   `json:"lowered,omitempty"`
	}
	StateSet struct {
		Who   string `json:"who"`
		State string `json:"state"`
	}
	LockSet struct {
		To bool `json:"to"`
	}
	GuestsSet struct {
		Open    bool `json:"open"`
		Version int  `json:"version"`
	}
	Waiting struct {
		Who string `json:"who"`
	}
	Answered struct {
		Who string `json:"who"`
		Yes bool   `json:"yes"`
	}
	Banned struct {
		Who string `json:"who"`
	}
	Unbanned struct {
		Who string `json:"who"`
	}
	Reported struct {
		Message string `json:"message,omitempty"`
		Who     string `json:"who,omitempty"`
		Text    string `json:"text,omitempty"`
		Key     string `json:"key,omitempty"`
	}
	Sealed struct {
		Index  int    `json:"index"`
		Holder string `json:"holder"`
	}
)

func (Opened) kind() string       { return "opened" }
func (Ended) kind() string        { return "ended" }
func (Joined) kind() string       { return "joined" }
func (Left) kind() string         { return "left" }
func (Attended) kind() string     { return "attended" }
func (Unattended) kind() string   { return "unattended" }
func (PresetSet) kind() string    { return "preset" }
func (RightsSet) kind() string    { return "rights" }
func (RightsOf) kind() string     { return "rights_of" }
func (Muted) kind() string        { return "muted" }
func (CamerasSet) kind() string   { return "cameras" }
func (CameraTo) kind() string     { return "camera_to" }
func (SpotlightSet) kind() string { return "spotlight" }
func (ChatSet) kind() string      { return "chat" }
func (Said) kind() string         { return "message" }
func (Released) kind() string     { return "released" }
func (Deleted) kind() string      { return "deleted" }
func (HandSet) kind() string      { return "hand" }
func (StateSet) kind() string     { return "state" }
func (LockSet) kind() string      { return "lock" }
func (GuestsSet) kind() string    { return "guests" }
func (Waiting) kind() string      { return "waiting" }
func (Answered) kind() string     { return "answered" }
func (Banned) kind() string       { return "banned" }
func (Unbanned) kind() string     { return "unbanned" }
func (Reported) kind() string     { return "reported" }
func (Sealed) kind() string       { return "sealed" }

// Events lists one zero value of each event: the registry.
func Events() []Event {
	return []Event{
		Opened{}, Ended{}, Joined{}, Left{}, Attended{}, Unattended{}, PresetSet{}, RightsSet{}, RightsOf{}, Muted{}, CamerasSet{}, CameraTo{},
		SpotlightSet{}, ChatSet{}, Said{}, Released{}, Deleted{}, HandSet{}, StateSet{}, LockSet{}, GuestsSet{}, Waiting{}, Answered{}, Banned{},
		Unbanned{}, Reported{}, Sealed{},
	}
}

// decodeEvent reads an event of the log.
func decodeEvent(kind string, data []byte) (Event, error) {
	switch kind {
	case "opened":
		return decodeAs[Opened](data)
	case "ended":
		return Ended{}, nil
	case "joined":
		return decodeAs[Joined](data)
	case "left":
		return decodeAs[Left](data)
	case "attended":
		return Attended{}, nil
	case "unattended":
		return Unattended{}, nil
	case "preset":
		return decodeAs[PresetSet](data)
	case "rights":
		return decodeAs[RightsSet](data)
	case "rights_of":
		return decodeAs[RightsOf](data)
	case "muted":
		return decodeAs[Muted](data)
	case "cameras":
		return decodeAs[CamerasSet](data)
	case "camera_to":
		return decodeAs[CameraTo](data)
	case "spotlight":
		return decodeAs[SpotlightSet](data)
	case "chat":
		return decodeAs[ChatSet](data)
	case "message":
		return decodeAs[Said](data)
	case "released":
		return decodeAs[Released](data)
	case "deleted":
		return decodeAs[Deleted](data)
	case "hand":
		return decodeAs[HandSet](data)
	case "state":
		return decodeAs[StateSet](data)
	case "lock":
		return decodeAs[LockSet](data)
	case "guests":
		return decodeAs[GuestsSet](data)
	case "waiting":
		return decodeAs[Waiting](data)
	case "answered":
		return decodeAs[Answered](data)
	case "banned":
		return decodeAs[Banned](data)
	case "unbanned":
		return decodeAs[Unbanned](data)
	case "reported":
		return decodeAs[Reported](data)
	case "sealed":
		return decodeAs[Sealed](data)
	}
	return nil, fmt.Errorf("lesson: no event is called %q", kind)
}

func decodeAs[E Event](data []byte) (Event, error) {
	var e E
	err := json.Unmarshal(data, &e)
	return e, err
}

func encodeEvent(e Event) []byte { return encode(e) }

// encode writes what is made of plain fields: it cannot fail.
func encode(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return raw
}

// Ids of messages and reports are the number of the event that made them.
func messageID(n int64) string { return "m" + strconv.FormatInt(n, 10) }
func reportID(n int64) string  { return "r" + strconv.FormatInt(n, 10) }
