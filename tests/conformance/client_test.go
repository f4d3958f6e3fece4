// Package conformance talks to a plugin as Grafana does: with go-plugin's host and the clients of Grafana's own SDK.
// PLUGIN_COMMAND names the executable of the plugin, which answers like packages/grafana-plugin-sdk/test/fixture-plugin.ts.
package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/grpcplugin"
	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"
	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
)

var handshake = plugin.HandshakeConfig{
	ProtocolVersion:  grpcplugin.ProtocolVersion,
	MagicCookieKey:   grpcplugin.MagicCookieKey,
	MagicCookieValue: grpcplugin.MagicCookieValue,
}

func pluginCommand() string {
	if command := os.Getenv("PLUGIN_COMMAND"); command != "" {
		return command
	}
	return "../../packages/grafana-plugin-sdk/test/fixture-plugin.sh"
}

// lockedBuffer is written by the host's goroutines while a test reads it.
type lockedBuffer struct {
	mutex  sync.Mutex
	buffer bytes.Buffer
}

func (b *lockedBuffer) Write(chunk []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.buffer.Write(chunk)
}

func (b *lockedBuffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.buffer.String()
}

// host is one plugin process and what its host saw of it.
type host struct {
	t      *testing.T
	cmd    *exec.Cmd
	client *plugin.Client
	// What the host logged, as JSON lines, and the plugin's stderr as it came.
	log, stderr lockedBuffer

	data        grpcplugin.DataClient
	diagnostics grpcplugin.DiagnosticsClient
	resource    grpcplugin.ResourceClient
	stream      grpcplugin.StreamClient
}

type option func(*exec.Cmd, *plugin.ClientConfig)

func newHost(t *testing.T, options ...option) *host {
	h := &host{t: t, cmd: exec.Command(pluginCommand())}
	config := &plugin.ClientConfig{
		Cmd:             h.cmd,
		HandshakeConfig: handshake,
		VersionedPlugins: map[int]plugin.PluginSet{grpcplugin.ProtocolVersion: {
			"diagnostics": &grpcplugin.DiagnosticsGRPCPlugin{},
			"resource":    &grpcplugin.ResourceGRPCPlugin{},
			"data":        &grpcplugin.DataGRPCPlugin{},
			"stream":      &grpcplugin.StreamGRPCPlugin{},
		}},
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		SkipHostEnv:      true,
		StartTimeout:     20 * time.Second,
		Logger:           hclog.New(&hclog.LoggerOptions{Output: &h.log, JSONFormat: true, Level: hclog.Trace}),
		Stderr:           &h.stderr,
		GRPCDialOptions: []grpc.DialOption{
			grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(1<<30), grpc.MaxCallSendMsgSize(1<<30)),
		},
	}
	for _, apply := range options {
		apply(h.cmd, config)
	}
	h.client = plugin.NewClient(config)
	t.Cleanup(func() {
		h.client.Kill()
		if t.Failed() {
			t.Logf("stderr of the plugin (its end):\n%s", tail(h.stderr.String(), 4000))
		}
	})
	return h
}

func tail(text string, limit int) string {
	if len(text) > limit {
		return text[len(text)-limit:]
	}
	return text
}

// start runs a plugin and gives the clients of its services.
func start(t *testing.T, options ...option) *host {
	t.Helper()
	h := newHost(t, options...)
	protocol, err := h.client.Client()
	if err != nil {
		t.Fatalf("the plugin did not start: %v", err)
	}
	h.data = dispense[grpcplugin.DataClient](t, protocol, "data")
	h.diagnostics = dispense[grpcplugin.DiagnosticsClient](t, protocol, "diagnostics")
	h.resource = dispense[grpcplugin.ResourceClient](t, protocol, "resource")
	h.stream = dispense[grpcplugin.StreamClient](t, protocol, "stream")
	return h
}

func dispense[T any](t *testing.T, protocol plugin.ClientProtocol, name string) T {
	t.Helper()
	raw, err := protocol.Dispense(name)
	if err != nil {
		t.Fatal(err)
	}
	client, ok := raw.(T)
	if !ok {
		t.Fatalf("%s is a %T", name, raw)
	}
	return client
}

func background(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func dataSource(updatedMs int64, jsonData string) *pluginv2.PluginContext {
	return &pluginv2.PluginContext{
		OrgId:    1,
		PluginId: "fixture",
		User:     &pluginv2.User{Login: "ada", Role: "Admin"},
		DataSourceInstanceSettings: &pluginv2.DataSourceInstanceSettings{
			Uid: "uid-1", Url: "http://db", JsonData: []byte(jsonData), LastUpdatedMS: updatedMs,
			DecryptedSecureJsonData: map[string]string{"token": "secret"},
		},
	}
}

func query(refID, queryType, model string) *pluginv2.DataQuery {
	return &pluginv2.DataQuery{
		RefId: refID, QueryType: queryType, Json: []byte(model), MaxDataPoints: 100, IntervalMS: 1000,
		TimeRange: &pluginv2.TimeRange{FromEpochMS: 1_700_000_000_000, ToEpochMS: 1_700_000_600_000},
	}
}

func request(queries ...*pluginv2.DataQuery) *pluginv2.QueryDataRequest {
	return &pluginv2.QueryDataRequest{PluginContext: dataSource(1, `{}`), Queries: queries}
}

func (h *host) query(queries ...*pluginv2.DataQuery) map[string]*pluginv2.DataResponse {
	h.t.Helper()
	response, err := h.data.QueryData(background(h.t), request(queries...))
	if err != nil {
		h.t.Fatal(err)
	}
	return response.Responses
}

// state is what the fixture counts.
type state struct {
	InstancesCreated, InstancesDisposed, Running, Cancelled, Sent, Pid int
	Env                                                                []string
}

func (h *host) state() state {
	h.t.Helper()
	_, body := h.call("state", nil)
	var s state
	if err := json.Unmarshal(body, &s); err != nil {
		h.t.Fatal(err)
	}
	return s
}

// call asks a resource and joins the parts of its answer; the first part comes with status and headers.
func (h *host) call(path string, body []byte) (*pluginv2.CallResourceResponse, []byte) {
	h.t.Helper()
	stream, err := h.resource.CallResource(background(h.t), &pluginv2.CallResourceRequest{
		PluginContext: dataSource(1, `{}`), Path: path, Method: "POST", Url: path + "?q=1",
		Headers: map[string]*pluginv2.StringList{"X-Many": {Values: []string{"1", "2"}}}, Body: body,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	var first *pluginv2.CallResourceResponse
	var joined []byte
	for {
		part, err := stream.Recv()
		if err != nil {
			if first == nil {
				h.t.Fatalf("resource %s: %v", path, err)
			}
			return first, joined
		}
		if first == nil {
			first = part
		}
		joined = append(joined, part.Body...)
	}
}

// within asks again and again until it holds.
func within(t *testing.T, limit time.Duration, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(limit); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within %s: %s", limit, what)
		}
	}
}

func exists(pid int) bool { return syscall.Kill(pid, 0) == nil }
