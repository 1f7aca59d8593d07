package rtc

import "encoding/hex"

// Pictures of one colour that a decoder takes, as Chromium encodes them
// (VP8, RFC 6386): a key frame and one that follows any frame of its like.
const width, height = 320, 180

var (
	keyFrame   = unhex("100f009d012a4001b4000547088585889984881d020274f23a3ab4bed7b7364e70f64e70f64e70f64e70f64e70f64e70f64e70f64e70f64e70f64e70f64e70f64e70f64e70f64e70f64e70f64e70f64e70f64e70f64e70f64e70f64e70f64e70f64e70f64e70f64e70f64e70f64e70f64e70f64e70f64e70f64e70f64e70f64e6f00fee8d56b06aaa7afbf40")
	interFrame = unhex("d10800151154001800186ff40c000118aaab5556aaad555aaab5556aaad555aaab5556aaad555aaab5556aaad555aaab5556aaad555aaab5556aaad555aaab5556aaad555aaab55500fee0a33dee5a2804")
	// silence is twenty milliseconds of it in Opus (RFC 6716).
	silence = []byte{0xF8, 0xFF, 0xFE}
)

func unhex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

// padded makes a frame as long as its rate asks; decoders ignore what follows
// the last partition.
func padded(frame []byte, size int) []byte {
	if size <= len(frame) {
		return frame
	}
	return append(append(make([]byte, 0, size), frame...), make([]byte, size-len(frame))...)
}
