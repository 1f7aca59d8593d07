// Package bring reads what another site gives of itself: an export of WordPress
// (WXR), an Atom or RSS feed, a backup of SPIP (its XML or its SQLite file), with
// the pictures beside it in a zip. It asks nothing of the network and of no
// database, and runs nothing of what it reads.
//
// What comes is a stranger's. XML has no DOCTYPE and no entity of its own, and
// sizes, depths and numbers have an end. HTML is not cleaned but translated: the
// converter takes from it what the journal's own text may hold, and says of each
// piece what it left behind. SPIP's shorthand becomes HTML first, so that there is
// one way in.
package bring
