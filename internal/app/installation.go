package app

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

const (
	pepperFile = "pepper.key"
	signFile   = "sign.key"
)

// pepper reads the installation's secret, made once. It stands outside the
// database so that a stolen database alone does not give the typed codes.
func pepper(dataDir string) ([]byte, error) { return secretIn(dataDir, pepperFile) }

// signingKey reads the key by which the installation signs its archives and its
// journal of erasures, made once. It goes with each archive, so that a restored
// installation signs as before.
func signingKey(dataDir string) (ed25519.PrivateKey, error) {
	seed, err := secretIn(dataDir, signFile)
	if err != nil {
		return nil, err
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// Installation gives the public half of the signing key of the installation
// whose data folder this is. Without make, it is nil where there is none yet.
func Installation(dataDir string, make bool) (ed25519.PublicKey, error) {
	if _, err := os.Stat(filepath.Join(dataDir, signFile)); !make && errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	key, err := signingKey(dataDir)
	if err != nil {
		return nil, err
	}
	return key.Public().(ed25519.PublicKey), nil
}

// secretIn reads 32 secret bytes of the data folder, made once.
func secretIn(dataDir, name string) ([]byte, error) {
	path := filepath.Join(dataDir, name)
	secret, err := os.ReadFile(path)
	if err == nil {
		if len(secret) != 32 {
			return nil, fmt.Errorf("%s is damaged: it must hold 32 bytes. Put it back from a backup", path)
		}
		return secret, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err := os.MkdirAll(dataDir, 0o700); err != nil {
		return nil, err
	}
	secret = make([]byte, 32)
	rand.Read(secret)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	_, err = f.Write(secret)
	return secret, errors.Join(err, f.Sync(), f.Close())
}
