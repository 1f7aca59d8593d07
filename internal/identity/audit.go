package identity

import (
	"context"

	"preau/internal/store"
)

// actor is who does an act, for the audit trail.
type actor struct{ kind, id string }

var system = actor{kind: "system"}

// actorOf is the staff calling, or the system itself.
func actorOf(ctx context.Context) actor {
	if p := From(ctx); p.Staff != nil {
		return actor{"staff", p.Staff.ID}
	}
	return system
}

func (s *Service) audit(ctx context.Context, tx store.Queryer, by actor, act, school, subjectKind, subject string, detail map[string]string) error {
	return store.Audit(ctx, tx, store.AuditEntry{
		At: s.ms(), SchoolID: school, ActorKind: by.kind, ActorID: by.id, Act: act, SubjectKind: subjectKind, SubjectID: subject, Detail: detail,
	})
}
