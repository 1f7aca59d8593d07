package doctor

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/smtp"
	"time"

	"preau/internal/egress"
)

// checkMail signs in to the mail server and leaves, without sending anything.
func (e *examination) checkMail(ctx context.Context) {
	if e.Config.MailServer == "" {
		e.ok("mail", "ops.doc_mail_none")
		return
	}
	err := e.tryMail(ctx)
	switch {
	case egress.IsRefused(err):
		e.fail("mail", "ops.doc_mail_bad", "ops.doc_mail_mend", "server", e.Config.MailServer, "error", err)
	case err != nil:
		e.warn("mail", "ops.doc_mail_bad", "ops.doc_mail_mend", "server", e.Config.MailServer, "error", err)
	default:
		e.ok("mail", "ops.doc_mail", "server", e.Config.MailServer)
	}
}

func (e *examination) tryMail(ctx context.Context) error {
	cfg := e.Config
	host, _, err := net.SplitHostPort(cfg.MailServer)
	if err != nil {
		return err
	}
	conn, err := e.out.DialContext(ctx, "tcp", cfg.MailServer)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(checkLimit / 2)); err != nil {
		return err
	}
	sealed := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	if cfg.MailTLS == "tls" {
		conn = tls.Client(conn, sealed)
	}
	client, err := smtp.NewClient(conn, host)
	if err != nil {
		return err
	}
	if cfg.MailTLS == "starttls" {
		if offered, _ := client.Extension("STARTTLS"); !offered {
			return errors.New("STARTTLS is not offered")
		}
		if err := client.StartTLS(sealed); err != nil {
			return err
		}
	}
	if cfg.MailUser != "" {
		if err := client.Auth(smtp.PlainAuth("", cfg.MailUser, cfg.MailPassword.Reveal(), host)); err != nil {
			return err
		}
	}
	return client.Quit()
}
