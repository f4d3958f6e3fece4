package conformance

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// limit is long enough for a machine that does other things, too.
const limit = 5 * time.Second

func receive(h *host, path string, count int) ([][]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	stream, err := h.stream.RunStream(ctx, &pluginv2.RunStreamRequest{PluginContext: dataSource(1, `{}`), Path: path})
	if err != nil {
		return nil, err
	}
	var packets [][]byte
	for len(packets) < count {
		packet, err := stream.Recv()
		if err != nil {
			return nil, err
		}
		packets = append(packets, packet.Data)
	}
	return packets, nil
}

func TestCancelReachesAQuery(t *testing.T) {
	h := start(t)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		_, err := h.data.QueryData(ctx, request(query("A", "slow", `{"waitMs":60000}`)))
		ended <- err
	}()
	within(t, limit, "the query runs", func() bool { return h.state().Running == 1 })
	cancel()
	if err := <-ended; status.Code(err) != codes.Canceled {
		t.Error(err)
	}
	within(t, limit, "the query is cancelled", func() bool { s := h.state(); return s.Running == 0 && s.Cancelled == 1 })
}

func TestDeadlineReachesAQuery(t *testing.T) {
	h := start(t)
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	_, err := h.data.QueryData(ctx, request(query("A", "slow", `{"waitMs":60000}`)))
	if status.Code(err) != codes.DeadlineExceeded {
		t.Error(err)
	}
	within(t, limit, "the query is cancelled", func() bool { return h.state().Cancelled == 1 })
}

func TestCancelReachesAStream(t *testing.T) {
	h := start(t)
	if _, err := receive(h, "flood", 3); err != nil {
		t.Fatal(err)
	}
	within(t, limit, "the stream is cancelled", func() bool { return h.state().Cancelled == 1 })
}

// Each cancel of a query that runs is a reset stream, which Node counts: by default it ends the connection after 1,000.
// The client would connect anew without a word, but what runs meanwhile would fail: here, a stream.
func TestThreeThousandCancelsKeepTheConnection(t *testing.T) {
	h := start(t)
	stream, err := h.stream.RunStream(background(t), &pluginv2.RunStreamRequest{PluginContext: dataSource(1, `{}`), Path: "ticks"})
	if err != nil {
		t.Fatal(err)
	}
	broken := make(chan error, 1)
	go func() {
		for {
			if _, err := stream.Recv(); err != nil {
				broken <- err
				return
			}
		}
	}()
	const batches, batch = 30, 100
	for i := 0; i < batches; i++ {
		ctx, cancel := context.WithCancel(context.Background())
		var waiting sync.WaitGroup
		for j := 0; j < batch; j++ {
			waiting.Add(1)
			go func() {
				defer waiting.Done()
				_, err := h.data.QueryData(ctx, request(query("A", "slow", `{"waitMs":60000}`)))
				if status.Code(err) != codes.Canceled {
					t.Errorf("batch %d: %v", i, err)
				}
			}()
		}
		within(t, limit, "the queries run", func() bool { return h.state().Running == batch })
		cancel()
		waiting.Wait()
		within(t, limit, "they are cancelled", func() bool { return h.state().Cancelled == (i+1)*batch })
	}
	select {
	case err := <-broken:
		t.Errorf("the stream beside them: %v", err)
	case <-time.After(100 * time.Millisecond):
	}
}

// A host that does not read makes a plugin wait, and not gather.
func TestBackPressure(t *testing.T) {
	h := start(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	stream, err := h.resource.CallResource(ctx, &pluginv2.CallResourceRequest{Path: "flood"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Recv(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond)
	before := h.state().Sent
	time.Sleep(300 * time.Millisecond)
	after := h.state().Sent
	if after != before || after > 64 {
		t.Errorf("sent %d, then %d parts of 64 KiB to a host that read one", before, after)
	}
	for i := 0; i < 200; i++ {
		if _, err := stream.Recv(); err != nil {
			t.Fatal(err)
		}
	}
	if resumed := h.state().Sent; resumed < 150 {
		t.Errorf("after reading on: %d parts", resumed)
	}
}

func TestBackPressureOfChunks(t *testing.T) {
	h := start(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	stream, err := h.data.QueryChunkedData(ctx, &pluginv2.QueryChunkedDataRequest{Queries: []*pluginv2.DataQuery{query("A", "flood", `{"bytes":100000}`)}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Recv(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond)
	before := h.state().Sent
	time.Sleep(200 * time.Millisecond)
	if after := h.state().Sent; after != before || after > 64 {
		t.Errorf("sent %d, then %d", before, after)
	}
}

func TestFiftyMegabytesBothWays(t *testing.T) {
	h := start(t)
	const size = 50 << 20
	response := h.query(query("A", "big", fmt.Sprintf(`{"bytes":%d}`, size)))["A"]
	if len(decode(t, response.Frames)[0].At(0, 0).(string)) != size {
		t.Error("a shorter text came")
	}
	model := make([]byte, size)
	for i := range model {
		model[i] = 'y'
	}
	model[0], model[size-1] = '"', '"'
	received := decode(t, h.query(query("A", "received", string(model)))["A"].Frames)[0].At(0, 0).(int64)
	if received != size {
		t.Errorf("received %d", received)
	}
	if _, body := h.call("echo", model); len(body) == 0 {
		t.Error("no answer")
	}
	if _, body := h.call("chunks", nil); len(body) != size {
		t.Errorf("%d bytes of a resource", len(body))
	}
}

func TestHundredAtOnce(t *testing.T) {
	h := start(t)
	var waiting sync.WaitGroup
	began := time.Now()
	for i := 0; i < 100; i++ {
		waiting.Add(1)
		go func() {
			defer waiting.Done()
			refID := fmt.Sprintf("Q%d", i)
			response, err := h.data.QueryData(background(t), request(query(refID, "slow", `{"waitMs":300}`), query("S", "series", `{"points":50}`)))
			if err != nil {
				t.Error(err)
				return
			}
			if response.Responses[refID].Status != 200 || decode(t, response.Responses["S"].Frames)[0].Rows() != 50 {
				t.Errorf("%s: %v", refID, response)
			}
		}()
	}
	waiting.Wait()
	if took := time.Since(began); took > 10*300*time.Millisecond {
		t.Errorf("they waited for each other: %s", took)
	}
}
