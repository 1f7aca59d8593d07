package httpx

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"preau/internal/fault"
	"preau/internal/i18n"
)

// Problem is an RFC 9457 problem document. Detail is a sentence in the
// reader's language; Instance is the short id that a person can give to the
// administrator.
type Problem struct {
	Type       string         `json:"type"`
	Title      string         `json:"title"`
	Status     int            `json:"status"`
	Detail     string         `json:"detail"`
	Instance   string         `json:"instance,omitempty"`
	Kind       string         `json:"kind"`
	RetryAfter int            `json:"retryAfter,omitempty" doc:"Seconds to wait before another try."`
	Errors     []FieldProblem `json:"errors,omitempty"`
	Challenge  any            `json:"challenge,omitempty" doc:"Proof of work asked before another try."`
	Extra      map[string]any `json:"extra,omitempty"`
}

// FieldProblem is what is wrong with one field of the request.
type FieldProblem struct {
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

func (p *Problem) Error() string  { return p.Detail }
func (p *Problem) GetStatus() int { return p.Status }

// ContentType makes huma answer with the media type of RFC 9457.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders adds Retry-After where waiting helps.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(p.RetryAfter))
	}
	return h
}

func statusOf(kind fault.Kind) int {
	switch kind {
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.Gone:
		return http.StatusGone
	case fault.Locked:
		return http.StatusLocked
	case fault.TooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.Limited:
		return http.StatusTooManyRequests
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// ProblemOf turns any error into what the person reads. An error that is not a
// fault is logged under the request's id and shown by that id alone.
func (a *API) ProblemOf(ctx context.Context, err error) *Problem {
	var ready *Problem
	if errors.As(err, &ready) {
		return ready
	}
	locale := Locale(ctx)
	f := fault.Of(err)
	if f == nil {
		switch {
		case errors.Is(err, context.Canceled):
			f = fault.New(fault.Unavailable, "http.interrupted")
		case errors.Is(err, context.DeadlineExceeded):
			f = fault.New(fault.Unavailable, "http.too_slow").After(5 * time.Second)
		default:
			a.opts.Log.Error("internal error", "id", RequestID(ctx), "error", err)
			return internalProblem(a.opts.Catalogue, locale, RequestID(ctx))
		}
	}
	if f.Cause != nil {
		a.opts.Log.Info("refused", "id", RequestID(ctx), "key", f.Key, "cause", f.Cause)
	}
	return problem(a.opts.Catalogue, locale, f)
}

func problem(c *i18n.Catalogue, locale i18n.Locale, f *fault.Error) *Problem {
	status := statusOf(f.Kind)
	p := &Problem{
		Type: "about:blank", Title: c.T(locale, "http.title_"+string(f.Kind), nil), Status: status, Kind: string(f.Kind),
		Detail: c.T(locale, f.Key, f.Args), RetryAfter: int((f.RetryAfter + time.Second - 1) / time.Second),
	}
	if f.Field != "" {
		p.Errors = []FieldProblem{{Field: f.Field, Detail: p.Detail}}
	}
	if len(f.Extra) > 0 {
		extra := maps.Clone(f.Extra)
		p.Challenge = extra["challenge"]
		delete(extra, "challenge")
		if len(extra) > 0 {
			p.Extra = extra
		}
	}
	return p
}

func internalProblem(c *i18n.Catalogue, locale i18n.Locale, id string) *Problem {
	return &Problem{
		Type: "about:blank", Title: c.T(locale, "http.title_internal", nil), Status: http.StatusInternalServerError, Kind: "internal",
		Detail: c.T(locale, "http.internal", map[string]any{"id": id}), Instance: id,
	}
}

// WriteError answers a plain handler's request with a problem.
func (a *API) WriteError(w http.ResponseWriter, r *http.Request, err error) {
	writeProblem(w, a.ProblemOf(r.Context(), err))
}

func writeProblem(w http.ResponseWriter, p *Problem) {
	maps.Copy(w.Header(), p.GetHeaders())
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	json.NewEncoder(w).Encode(p) // the client may be gone: nothing to do about it
}

func crossOrigin() error { return fault.New(fault.Forbidden, "http.cross_origin") }

// problems is set once for the process: huma keeps its error constructor in a
// package variable.
var problems sync.Once

func installProblems(c *i18n.Catalogue, log *slog.Logger) {
	problems.Do(func() {
		rules := validationRules()
		huma.NewErrorWithContext = func(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
			locale, id := i18n.French, token(5)
			if ctx != nil {
				locale, id = Locale(ctx.Context()), RequestID(ctx.Context())
			}
			// huma's word for a body that ended early: the client's doing.
			if status == http.StatusInternalServerError && msg == "cannot read request body" {
				status, errs = http.StatusBadRequest, nil
			}
			if status >= 500 {
				log.Error("internal error", "id", id, "status", status, "error", errors.Join(errs...))
				return internalProblem(c, locale, id)
			}
			return humaProblem(c, locale, rules, status, msg, errs)
		}
		huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
			return huma.NewErrorWithContext(nil, status, msg, errs...)
		}
	})
}

// humaProblem words huma's own refusals. The offending value is left out: it
// may be a secret.
func humaProblem(c *i18n.Catalogue, locale i18n.Locale, rules []validationRule, status int, msg string, errs []error) *Problem {
	kind := fault.Invalid
	key := "http.invalid_request"
	switch status {
	case http.StatusRequestEntityTooLarge:
		kind, key = fault.TooLarge, "http.too_large"
	case http.StatusUnsupportedMediaType:
		key = "http.unsupported_media"
	case http.StatusRequestTimeout:
		kind, key = fault.Unavailable, "http.too_slow"
	case http.StatusUnprocessableEntity:
		key = "http.invalid_fields"
	case http.StatusBadRequest:
		if msg == "cannot read request body" {
			key = "http.interrupted"
		}
	}
	p := problem(c, locale, fault.New(kind, key))
	p.Status = status
	for _, err := range errs {
		var d huma.ErrorDetailer
		if !errors.As(err, &d) {
			continue
		}
		detail := d.ErrorDetail()
		p.Errors = append(p.Errors, FieldProblem{
			Field:  strings.TrimPrefix(strings.TrimPrefix(detail.Location, "body."), "query."),
			Detail: wordValidation(c, locale, rules, detail.Message),
		})
	}
	return p
}

type validationRule struct {
	pattern *regexp.Regexp
	key     string
}

var verbs = regexp.MustCompile(`%[vdsq]`)

// validationRules recognises huma's English messages by their own templates.
func validationRules() []validationRule {
	rule := func(template, key string) validationRule {
		parts := verbs.Split(template, -1)
		for i := range parts {
			parts[i] = regexp.QuoteMeta(parts[i])
		}
		return validationRule{regexp.MustCompile("^" + strings.Join(parts, "(.*)") + "$"), "http." + key}
	}
	return []validationRule{
		rule(validation.MsgExpectedRequiredProperty, "v_required"),
		rule(validation.MsgUnexpectedProperty, "v_unexpected"),
		rule(validation.MsgExpectedMinLength, "v_min_length"),
		rule(validation.MsgExpectedMaxLength, "v_max_length"),
		rule(validation.MsgExpectedMinItems, "v_min_items"),
		rule(validation.MsgExpectedMaxItems, "v_max_items"),
		rule(validation.MsgExpectedMinimumNumber, "v_min"),
		rule(validation.MsgExpectedMaximumNumber, "v_max"),
		rule(validation.MsgExpectedExclusiveMinimumNumber, "v_min"),
		rule(validation.MsgExpectedExclusiveMaximumNumber, "v_max"),
		rule(validation.MsgExpectedOneOf, "v_one_of"),
		rule(validation.MsgExpectedRFC5322Email, "v_email"),
		rule(validation.MsgExpectedRFC3339Date, "v_date"),
		rule(validation.MsgExpectedRFC4122UUID, "v_id"),
		rule(validation.MsgExpectedString, "v_string"),
		rule(validation.MsgExpectedBoolean, "v_boolean"),
		rule(validation.MsgExpectedInteger, "v_integer"),
		rule(validation.MsgExpectedNumber, "v_integer"),
		rule(validation.MsgExpectedArray, "v_list"),
		rule(validation.MsgExpectedObject, "v_object"),
		rule(validation.MsgExpectedBase64String, "v_base64"),
		rule(validation.MsgExpectedArrayItemsUnique, "v_unique"),
		rule(validation.MsgExpectedMatchPattern, "v_pattern"),
		rule(validation.MsgExpectedBePattern, "v_pattern"),
	}
}

func wordValidation(c *i18n.Catalogue, locale i18n.Locale, rules []validationRule, message string) string {
	for _, r := range rules {
		if m := r.pattern.FindStringSubmatch(message); m != nil {
			args := map[string]any{}
			if len(m) > 1 {
				args["value"] = m[1]
				if n, err := strconv.ParseInt(m[1], 10, 64); err == nil {
					args["count"] = n
				}
			}
			return c.T(locale, r.key, args)
		}
	}
	return c.T(locale, "http.v_other", nil)
}
