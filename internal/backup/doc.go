// Package backup makes and restores archives of a whole installation.
//
// An archive is a file that the ordinary age tool decrypts to a gzipped tar:
//
//	manifest.json            Manifest: format, versions, time, expected counts
//	extra/<name>             small files of the data folder that the caller adds
//	tables/<name>.0001.jsonl the rows of a table, in parts of a few MiB
//	blobs/<id>               the content of each file
//	end.json                 End: counts and digests of what came before
//
// A part begins with a line that names the columns and their types; each row is
// then a line holding an array: texts, numbers, null, and bytes in base64. So it
// does not depend on the database it came from and restores into the other.
//
// A restore reads as a stream into an empty database and is all or nothing: the
// archive's authentication (age), its counts and its digests are checked to the
// last byte before anything can be opened, and any failure removes what was put.
// Then the schema is migrated up, and the erasures of the journal are applied
// again, so that a person erased since the archive was made does not come back.
package backup
