package assessment

import "preau/internal/qti"

// unasked are the questions that a sitting cannot ask as their author means them.
// What is in the bank already is not held against it.
func unasked(test *qti.Test) qti.Findings {
	var out qti.Findings
	for _, part := range test.Parts {
		for _, ref := range part.Items() {
			it := ref.Item
			problem := func(severity qti.Severity, line int, clause, key string) {
				out = append(out, qti.Finding{Severity: severity, Key: key, Args: map[string]any{"name": ref.Identifier}, File: it.File, Line: line, Clause: clause})
			}
			if it.Adaptive {
				if part.Simultaneous {
					problem(qti.Error, 0, "testPart", "assessment.turns_together")
				}
				if _, known := it.MaxScore(); !known {
					problem(qti.Warning, 0, "outcomeDeclaration", "assessment.turns_most")
				}
			}
			for _, i := range it.Interactions {
				if !i.Sized {
					severity := qti.Warning
					if i.Kind == "positionObjectInteraction" || i.Kind == drawnKind {
						severity = qti.Error
					}
					problem(severity, i.Line, i.Kind, "assessment.no_size")
				}
				switch i.Kind {
				case "customInteraction", "portableCustomInteraction":
					problem(qti.Error, i.Line, i.Kind, "assessment.custom")
				case "uploadInteraction":
					problem(qti.Error, i.Line, i.Kind, "assessment.file_asked")
				case drawnKind:
					if it.Adaptive {
						problem(qti.Error, i.Line, i.Kind, "assessment.drawn_turns")
					}
				case "endAttemptInteraction":
					if !it.Adaptive {
						problem(qti.Error, i.Line, i.Kind, "assessment.end_attempt")
					}
				}
			}
		}
	}
	return out
}
