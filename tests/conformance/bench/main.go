// Measures one plugin from the side of its host and prints what it found as JSON.
// The plugin answers queries of type "series" and a stream "flood", like ../baseline.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/grpcplugin"
	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"
	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
)

const (
	starts      = 5
	idle        = time.Second
	warmUp      = 1000
	queries     = 2000
	parallel    = 8
	streamFor   = 1500 * time.Millisecond
	pointsQuery = 100
)

type result struct {
	StartMs          float64 `json:"startMs"`
	IdleMiB          float64 `json:"idleMiB"`
	BusyMiB          float64 `json:"busyMiB"`
	P50Ms            float64 `json:"p50Ms"`
	P99Ms            float64 `json:"p99Ms"`
	ParallelPerS     float64 `json:"parallelPerS"`
	FramesPerS       float64 `json:"framesPerS"`
	MegabytesPerS    float64 `json:"megabytesPerS"`
	BytesOfAnAnswer  int     `json:"bytesOfAnAnswer"`
	BytesOfAnyPacket int     `json:"bytesOfAPacket"`
}

type subject struct {
	client *plugin.Client
	cmd    *exec.Cmd
	data   grpcplugin.DataClient
	stream grpcplugin.StreamClient
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// start gives a plugin that has answered a ping, and how long that took.
func start(command string) (*subject, time.Duration) {
	began := time.Now()
	cmd := exec.Command(command)
	client := plugin.NewClient(&plugin.ClientConfig{
		Cmd: cmd,
		HandshakeConfig: plugin.HandshakeConfig{
			ProtocolVersion: grpcplugin.ProtocolVersion, MagicCookieKey: grpcplugin.MagicCookieKey, MagicCookieValue: grpcplugin.MagicCookieValue,
		},
		VersionedPlugins: map[int]plugin.PluginSet{grpcplugin.ProtocolVersion: {
			"data": &grpcplugin.DataGRPCPlugin{}, "stream": &grpcplugin.StreamGRPCPlugin{},
		}},
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		SkipHostEnv:      true,
		Logger:           hclog.NewNullLogger(),
	})
	protocol, err := client.Client()
	check(err)
	check(protocol.Ping())
	took := time.Since(began)
	data, err := protocol.Dispense("data")
	check(err)
	stream, err := protocol.Dispense("stream")
	check(err)
	return &subject{client, cmd, data.(grpcplugin.DataClient), stream.(grpcplugin.StreamClient)}, took
}

var resident = regexp.MustCompile(`VmRSS:\s+(\d+) kB`)

func (s *subject) mebibytes() float64 {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(s.cmd.Process.Pid), "status"))
	check(err)
	kib, err := strconv.ParseFloat(string(resident.FindSubmatch(text)[1]), 64)
	check(err)
	return kib / 1024
}

var pluginContext = &pluginv2.PluginContext{
	OrgId: 1, PluginId: "bench",
	DataSourceInstanceSettings: &pluginv2.DataSourceInstanceSettings{Uid: "a", JsonData: []byte(`{}`)},
}

func (s *subject) query() (time.Duration, int) {
	began := time.Now()
	response, err := s.data.QueryData(context.Background(), &pluginv2.QueryDataRequest{
		PluginContext: pluginContext,
		Queries: []*pluginv2.DataQuery{{
			RefId: "A", QueryType: "series", Json: []byte(fmt.Sprintf(`{"points":%d}`, pointsQuery)), MaxDataPoints: 100, IntervalMS: 1000,
			TimeRange: &pluginv2.TimeRange{FromEpochMS: 1_700_000_000_000, ToEpochMS: 1_700_000_600_000},
		}},
	})
	check(err)
	if got := response.Responses["A"]; got.Error != "" || len(got.Frames) != 1 {
		check(fmt.Errorf("unexpected answer: %v", got))
	}
	return time.Since(began), len(response.Responses["A"].Frames[0])
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func (s *subject) measureQueries(r *result) {
	for i := 0; i < warmUp; i++ {
		_, r.BytesOfAnAnswer = s.query()
	}
	times := make([]time.Duration, queries)
	for i := range times {
		times[i], _ = s.query()
	}
	slices.Sort(times)
	r.P50Ms, r.P99Ms = milliseconds(times[queries/2]), milliseconds(times[queries*99/100])
	var waiting sync.WaitGroup
	began := time.Now()
	for i := 0; i < parallel; i++ {
		waiting.Add(1)
		go func() {
			defer waiting.Done()
			for j := 0; j < queries/parallel; j++ {
				s.query()
			}
		}()
	}
	waiting.Wait()
	r.ParallelPerS = queries / time.Since(began).Seconds()
}

func (s *subject) measureStream(r *result) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	stream, err := s.stream.RunStream(ctx, &pluginv2.RunStreamRequest{PluginContext: pluginContext, Path: "flood"})
	check(err)
	frames, bytes := 0, 0
	began := time.Now()
	for time.Since(began) < streamFor {
		packet, err := stream.Recv()
		check(err)
		frames++
		bytes += len(packet.Data)
		r.BytesOfAnyPacket = len(packet.Data)
	}
	seconds := time.Since(began).Seconds()
	r.FramesPerS, r.MegabytesPerS = float64(frames)/seconds, float64(bytes)/seconds/1e6
}

func main() {
	command := os.Args[1]
	times := make([]time.Duration, starts)
	for i := range times {
		s, took := start(command)
		times[i] = took
		s.client.Kill()
	}
	slices.Sort(times)
	s, _ := start(command)
	time.Sleep(idle)
	r := result{StartMs: milliseconds(times[starts/2]), IdleMiB: s.mebibytes()}
	s.measureQueries(&r)
	s.measureStream(&r)
	r.BusyMiB = s.mebibytes()
	s.client.Kill()
	check(json.NewEncoder(os.Stdout).Encode(r))
}
