package load

import (
	"bufio"
	"strings"
	"testing"
)

func TestReadAnswer(t *testing.T) {
	two := "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde" + "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n"
	in := bufio.NewReader(strings.NewReader(two))
	for _, want := range []int{200, 429} {
		if got, err := readAnswer(in); err != nil || got != want {
			t.Errorf("%d, %v", got, err)
		}
	}
	if _, err := readAnswer(in); err == nil {
		t.Error("an answer out of nothing")
	}
}
