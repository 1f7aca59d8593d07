// Package campaignfile writes and reads the one file by which a campaign
// travels from its publisher to schools, and the opening that is published on
// the day. Pure: no database, no HTTP. The format is docs/campaign-file.md.
//
// A file is signed whole by its publisher. What a browser may be given of the
// questions stands in it in clear; keys and rules are encrypted under a content
// key that the file does not hold. The opening holds that key, signed by the same
// publisher and bound to one edition of one campaign.
package campaignfile
