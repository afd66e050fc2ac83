// An event stream over Go's net/http: server PORT.
package main

import (
	"fmt"
	"math"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"
)

func events(response http.ResponseWriter, request *http.Request) {
	n, _ := strconv.Atoi(request.Header.Get("Last-Event-ID"))
	last, err := strconv.Atoi(request.URL.Query().Get("until"))
	if err != nil {
		last = math.MaxInt
	}
	response.Header().Set("Content-Type", "text/event-stream")
	response.Header().Set("Cache-Control", "no-cache")
	flusher := response.(http.Flusher)
	fmt.Fprint(response, "retry: 100\n\n")
	flusher.Flush()
	for n < last {
		select {
		case <-request.Context().Done():
			return
		case <-time.After(20 * time.Millisecond):
			n++
			fmt.Fprintf(response, "id: %d\nevent: tick\ndata: {\"n\":%d,\"from\":\"go\"}\n\n", n, n)
			flusher.Flush()
		}
	}
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	http.HandleFunc("/events", events)
	fmt.Printf("http://%s/events\n", listener.Addr())
	_ = http.Serve(listener, nil)
}
