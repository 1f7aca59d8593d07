package journal

import (
	"context"

	"preau/internal/fault"
)

// Peer is a colleague to whom a turn may be given.
type Peer struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Peers lists the school's colleagues, for those who give mandates.
func (s *Service) Peers(ctx context.Context, school string) ([]Peer, error) {
	all, err := s.ids.Colleagues(ctx, school)
	out := make([]Peer, len(all))
	for i, c := range all {
		out[i] = Peer{c.ID, c.Name}
	}
	return out, err
}

// pseudonym is how a seat is called; empty once it was erased.
func (s *Service) pseudonym(ctx context.Context, school, seat string) (string, error) {
	found, err := s.roster.SeatByID(ctx, school, seat)
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	return found.Pseudonym, err
}

// callMandates says who holds each mandate.
func (s *Service) callMandates(ctx context.Context, school string, list []Mandate) error {
	peers, err := s.Peers(ctx, school)
	if err != nil {
		return err
	}
	names := make(map[string]string, len(peers))
	for _, p := range peers {
		names[p.ID] = p.Name
	}
	for i, m := range list {
		if m.StaffID != nil {
			list[i].Who = names[*m.StaffID]
		} else if list[i].Who, err = s.pseudonym(ctx, school, value(m.SeatID)); err != nil {
			return err
		}
	}
	return nil
}
