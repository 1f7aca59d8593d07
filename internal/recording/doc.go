// Package recording makes a sound or a film that somebody sends safe to give to
// others: it reads the whole structure of the container, refuses what it does not
// know, and takes out what tells of its maker: tags, places, dates, pictures. The
// sound and the picture themselves are not touched. It is pure.
//
// Known are MP3, WAV, Ogg Opus, MP4 (H.264, AV1, VP9, AAC, Opus) and WebM (VP8,
// VP9, AV1, Opus, Vorbis), which browsers read.
package recording
