package backup

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"strconv"
)

// age says to whom an archive is closed, not who made it: anybody who knows
// the public recipient can make one. So each installation signs, with an
// Ed25519 key of its own, its archives and the lines of its journal of
// erasures. Whoever restores has the public half on paper or beside the
// private age key.

// UnsignedError says that an archive or the journal does not bear the
// signature of the installation that was named.
type UnsignedError struct{ What string }

func (e *UnsignedError) Error() string {
	return e.What + " does not bear the signature of that installation; nothing was restored"
}

// entryDigest adds an entry's name and size; its content follows.
func entryDigest(d hash.Hash, name string, size int64) {
	io.WriteString(d, strconv.Itoa(len(name))+":"+name+":"+strconv.FormatInt(size, 10)+":")
}

// endMessage is what the signature of an archive covers: every entry before the
// end, and the end.
func endMessage(d hash.Hash, end End) ([]byte, error) {
	end.Signature = nil
	text, err := json.Marshal(end)
	return append([]byte("preau/backup/v1\n"+hex.EncodeToString(d.Sum(nil))+"\n"), text...), err
}

// journalMessage is what the signature of a line covers: it and, by its
// signature, the one before, so that none can be taken out or put in between.
func journalMessage(before string, l journalLine) ([]byte, error) {
	l.Signature = ""
	text, err := json.Marshal(l)
	return append([]byte("preau/erasure/v1\n"+before+"\n"), text...), err
}

// ReadInstallation reads the public key of an installation, as
// WriteInstallation writes it.
func ReadInstallation(text string) (ed25519.PublicKey, error) {
	key, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return nil, fmt.Errorf("%q is not the key of an installation: 43 letters, digits, - and _", text)
	}
	return key, nil
}

// WriteInstallation gives the public key of an installation as people copy it.
func WriteInstallation(key ed25519.PublicKey) string {
	return base64.RawURLEncoding.EncodeToString(key)
}
