package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func TestPing(t *testing.T) {
	protocol, err := start(t).client.Client()
	if err != nil {
		t.Fatal(err)
	}
	if err := protocol.Ping(); err != nil {
		t.Fatal(err)
	}
}

func TestCheckHealth(t *testing.T) {
	h := start(t)
	for settings, want := range map[string]pluginv2.CheckHealthResponse_HealthStatus{
		`{}`:                   pluginv2.CheckHealthResponse_OK,
		`{"health":"error"}`:   pluginv2.CheckHealthResponse_ERROR,
		`{"health":"unknown"}`: pluginv2.CheckHealthResponse_UNKNOWN,
		``:                     pluginv2.CheckHealthResponse_OK,
	} {
		response, err := h.diagnostics.CheckHealth(background(t), &pluginv2.CheckHealthRequest{PluginContext: dataSource(1, settings)})
		if err != nil {
			t.Fatal(err)
		}
		if response.Status != want || string(response.JsonDetails) != `{"user":"ada","orgId":1}` {
			t.Errorf("settings %s: %v", settings, response)
		}
	}
	if _, err := h.diagnostics.CheckHealth(background(t), &pluginv2.CheckHealthRequest{}); err != nil {
		t.Errorf("without a context: %v", err)
	}
	_, err := h.diagnostics.CheckHealth(background(t), &pluginv2.CheckHealthRequest{PluginContext: dataSource(1, `{broken`)})
	if source, known := backend.ErrorSourceFromGrpcStatusError(context.Background(), err); !known || source != backend.ErrorSourceDownstream {
		t.Errorf("broken settings: %v (source %v)", err, source)
	}
}

func TestCollectMetrics(t *testing.T) {
	h := start(t)
	h.query(query("A", "nothing", `{}`), query("B", "nothing", `{}`))
	response, err := h.diagnostics.CollectMetrics(background(t), &pluginv2.CollectMetricsRequest{})
	if err != nil {
		t.Fatal(err)
	}
	text := string(response.Metrics.Prometheus)
	if !strings.Contains(text, "fixture_queries_total 2\n") || strings.Contains(text, "nodejs_") {
		t.Error(text)
	}
}

func TestErrorsOfOneQueryLeaveTheOthersAlone(t *testing.T) {
	responses := start(t).query(
		query("A", "series", `{"points":3}`), query("B", "downstream", `{}`), query("C", "bug", `{}`),
		query("D", "unencodable", `{}`), query("E", "series", `{broken`), query("F", "nowhere", `{}`), query("G", "nothing", `{}`),
	)
	for refID, want := range map[string]*pluginv2.DataResponse{
		"A": {Status: 200},
		"B": {Status: 502, ErrorSource: "downstream", Error: "the database is asleep"},
		"C": {Status: 500, ErrorSource: "plugin", Error: "cannot read what is not there"},
		"D": {Status: 500, ErrorSource: "plugin", Error: `field "small", row 1: 300 is no int8`},
		"E": {Status: 400, ErrorSource: "downstream", Error: "query E is no JSON"},
		"F": {Status: 400, ErrorSource: "downstream", Error: "no query type nowhere"},
		"G": {Status: 200},
	} {
		got := responses[refID]
		if got == nil || got.Status != want.Status || got.ErrorSource != want.ErrorSource || got.Error != want.Error {
			t.Errorf("%s: got %v, want %v", refID, got, want)
		}
	}
	if frames := decode(t, responses["A"].Frames); frames[0].Rows() != 3 || frames[0].RefID != "A" {
		t.Errorf("A: %d rows of %q", frames[0].Rows(), frames[0].RefID)
	}
	if len(responses["G"].Frames) != 0 {
		t.Errorf("G: %d frames", len(responses["G"].Frames))
	}
}

func TestInstancesFollowTheirSettings(t *testing.T) {
	h := start(t)
	instance := func(updatedMs int64) int64 {
		r := request(query("A", "instance", `{}`))
		r.PluginContext = dataSource(updatedMs, `{}`)
		response, err := h.data.QueryData(background(t), r)
		if err != nil {
			t.Fatal(err)
		}
		return decode(t, response.Responses["A"].Frames)[0].At(0, 0).(int64)
	}
	if a, b, c := instance(1), instance(1), instance(2); a != b || a == c {
		t.Errorf("instances %d %d %d", a, b, c)
	}
	within(t, limit, "the first instance is disposed of", func() bool { return h.state().InstancesDisposed == 1 })
}

func TestQueryChunkedData(t *testing.T) {
	h := start(t)
	stream, err := h.data.QueryChunkedData(background(t), &pluginv2.QueryChunkedDataRequest{
		PluginContext: dataSource(1, `{}`), Queries: []*pluginv2.DataQuery{query("A", "rows", `{}`), query("B", "none", `{}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for {
		chunk, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		frame, err := data.UnmarshalArrowFrame(chunk.Frame)
		if err != nil {
			t.Fatalf("chunk of %s: %v", chunk.RefId, err)
		}
		switch {
		case chunk.RefId == "A" && chunk.FrameId == "A-0" && chunk.Status == 200:
			rows += frame.Rows()
		case chunk.RefId != "B" || chunk.Status != 404 || chunk.Error != "no such chunks" || chunk.ErrorSource != "downstream":
			t.Errorf("unexpected %v", chunk)
		}
		if _, err := data.ArrowBufferToJSON(chunk.Frame, data.IncludeAll); err != nil {
			t.Errorf("chunk of %s as JSON: %v", chunk.RefId, err)
		}
	}
	if rows != 30 {
		t.Errorf("%d rows", rows)
	}
}

func TestErrorOfAWholeCallNamesItsSource(t *testing.T) {
	h := start(t)
	stream, err := h.data.QueryChunkedData(background(t), &pluginv2.QueryChunkedDataRequest{Queries: []*pluginv2.DataQuery{query("A", "fail", `{}`)}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = stream.Recv()
	source, known := backend.ErrorSourceFromGrpcStatusError(context.Background(), err)
	if status.Code(err) != codes.Unknown || !known || source != backend.ErrorSourceDownstream {
		t.Errorf("%v (source %v, known %v)", err, source, known)
	}
}

func TestCallResource(t *testing.T) {
	h := start(t)
	first, body := h.call("echo", []byte("hello"))
	var echo struct {
		Method, Path, URL string
		Headers           map[string][]string
		Bytes             int
	}
	if err := json.Unmarshal(body, &echo); err != nil {
		t.Fatal(err)
	}
	if first.Code != 201 || len(first.Headers["x-two"].Values) != 2 || echo.Bytes != 5 || echo.URL != "echo?q=1" || len(echo.Headers["X-Many"]) != 2 {
		t.Errorf("%v %s", first, body)
	}
	if missing, _ := h.call("nowhere", nil); missing.Code != 404 {
		t.Errorf("missing: %v", missing)
	}
}

func TestSubscribeAndPublish(t *testing.T) {
	h := start(t)
	subscribe := func(path, role string) *pluginv2.SubscribeStreamResponse {
		context := dataSource(1, `{}`)
		context.User.Role = role
		response, err := h.stream.SubscribeStream(background(t), &pluginv2.SubscribeStreamRequest{PluginContext: context, Path: path, Data: []byte(`{"a":1}`)})
		if err != nil {
			t.Fatal(err)
		}
		return response
	}
	if r := subscribe("nowhere", "Admin"); r.Status != pluginv2.SubscribeStreamResponse_NOT_FOUND || len(r.Data) != 0 {
		t.Error(r)
	}
	if r := subscribe("secret", "Viewer"); r.Status != pluginv2.SubscribeStreamResponse_PERMISSION_DENIED || len(r.Data) != 0 {
		t.Error(r)
	}
	if r := subscribe("secret", "Admin"); r.Status != pluginv2.SubscribeStreamResponse_OK || string(r.Data) != `{"asked":"{\"a\":1}"}` {
		t.Error(r)
	}
	var frame data.Frame
	if err := json.Unmarshal(subscribe("types", "Viewer").Data, &frame); err != nil || len(frame.Fields) != 30 {
		t.Errorf("%d fields, %v", len(frame.Fields), err)
	}
	publish := func(path string) *pluginv2.PublishStreamResponse {
		response, err := h.stream.PublishStream(background(t), &pluginv2.PublishStreamRequest{Path: path, Data: []byte(`{"b":2}`)})
		if err != nil {
			t.Fatal(err)
		}
		return response
	}
	if r := publish("chat"); r.Status != pluginv2.PublishStreamResponse_OK || string(r.Data) != `{"said":{"b":2}}` {
		t.Error(r)
	}
	if r := publish("types"); r.Status != pluginv2.PublishStreamResponse_PERMISSION_DENIED {
		t.Error(r)
	}
}

func TestRunStream(t *testing.T) {
	h := start(t)
	stream, err := h.stream.RunStream(background(t), &pluginv2.RunStreamRequest{PluginContext: dataSource(1, `{}`), Path: "types"})
	if err != nil {
		t.Fatal(err)
	}
	var packets []string
	for {
		packet, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		packets = append(packets, string(packet.Data))
	}
	if len(packets) != 3 || !strings.HasPrefix(packets[0], `{"schema":`) || !strings.HasPrefix(packets[1], `{"data":`) || packets[2] != `{"done":true}` {
		t.Errorf("%q", packets)
	}
}
