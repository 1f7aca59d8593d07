// Package config reads the settings of an installation into one typed Config:
// a flag wins over an environment variable (PREAU_…), which wins over the
// file, which wins over the default. Every setting is documented on its field;
// the same sentence is the help of its flag and its row in
// docs/operations.md. Load checks everything before anything starts and
// reports all that is wrong at once: which setting, where its value came from,
// what is wrong and how to mend it.
package config
