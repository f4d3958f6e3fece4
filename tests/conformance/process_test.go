package conformance

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"
	"github.com/hashicorp/go-plugin"
)

// hardStop is when a plugin ends at the latest; the rest is for a busy machine.
const hardStop = 1500*time.Millisecond + 400*time.Millisecond

func (h *host) pid() int { return h.cmd.Process.Pid }

// hang occupies the plugin with a call that does not end when it is cancelled.
func (h *host) hang() {
	h.t.Helper()
	if _, err := h.resource.CallResource(context.Background(), &pluginv2.CallResourceRequest{Path: "hang"}); err != nil {
		h.t.Fatal(err)
	}
	h.state()
}

func (h *host) ends(limit time.Duration) time.Duration {
	h.t.Helper()
	began := time.Now()
	within(h.t, limit, "the plugin ends", h.client.Exited)
	return time.Since(began)
}

func (h *host) socket() string { return h.client.ReattachConfig().Addr.String() }

func TestSocketIsPrivateAndRemoved(t *testing.T) {
	h := start(t)
	folder := filepath.Dir(h.socket())
	info, err := os.Stat(folder)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o700 {
		t.Errorf("mode %o", info.Mode().Perm())
	}
	h.client.Kill()
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Errorf("%s is left: %v", folder, err)
	}
}

func TestEmptyEnvironment(t *testing.T) {
	h := start(t)
	for _, name := range h.state().Env {
		// PWD and the like are the shell's of the launcher.
		if !strings.HasPrefix(name, "PLUGIN_") && name != "grafana_plugin_type" && name != "PWD" && name != "OLDPWD" && name != "SHLVL" && name != "_" {
			t.Errorf("the host's environment came along: %s", name)
		}
	}
}

func TestInterruptIsIgnored(t *testing.T) {
	h := start(t)
	for i := 0; i < 3; i++ {
		if err := syscall.Kill(h.pid(), syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(100 * time.Millisecond)
	if h.query(query("A", "series", `{}`))["A"].Status != 200 {
		t.Error("no answer after SIGINT")
	}
}

func TestTerminateLetsAQueryFinish(t *testing.T) {
	h := start(t)
	answered := make(chan error, 1)
	go func() {
		_, err := h.data.QueryData(background(t), request(query("A", "slow", `{"waitMs":400}`)))
		answered <- err
	}()
	within(t, limit, "the query runs", func() bool { return h.state().Running == 1 })
	if err := syscall.Kill(h.pid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := <-answered; err != nil {
		t.Errorf("the running query: %v", err)
	}
	h.ends(limit)
	if !strings.Contains(h.stderr.String(), `"@message":"disposed"`) {
		t.Error("instances were not disposed of")
	}
}

func TestTerminateEndsStreams(t *testing.T) {
	h := start(t)
	if _, err := h.stream.RunStream(context.Background(), &pluginv2.RunStreamRequest{PluginContext: dataSource(1, `{}`), Path: "ticks"}); err != nil {
		t.Fatal(err)
	}
	h.state()
	if err := syscall.Kill(h.pid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if took := h.ends(limit); took > time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestHardStop(t *testing.T) {
	h := start(t)
	h.hang()
	if err := syscall.Kill(h.pid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if took := h.ends(limit); took < time.Second || took > hardStop {
		t.Errorf("it took %s", took)
	}
}

// The host asks for Shutdown, waits two seconds, and kills: it must not come to that.
func TestShutdown(t *testing.T) {
	for name, prepare := range map[string]func(*host){"idle": func(*host) {}, "busy": (*host).hang} {
		t.Run(name, func(t *testing.T) {
			h := start(t)
			prepare(h)
			began := time.Now()
			h.client.Kill()
			took := time.Since(began)
			if strings.Contains(h.log.String(), "failed to exit gracefully") || took > hardStop {
				t.Errorf("it took %s", took)
			}
			if name == "idle" && took > 900*time.Millisecond {
				t.Errorf("idle, it took %s", took)
			}
		})
	}
}

func TestKillIsNoticedAndAnotherStarts(t *testing.T) {
	h := start(t)
	if err := syscall.Kill(h.pid(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	h.ends(limit)
	defer os.RemoveAll(filepath.Dir(h.socket()))
	if _, err := h.data.QueryData(background(t), request(query("A", "series", `{}`))); err == nil {
		t.Error("an answer from the dead")
	}
	if start(t).query(query("A", "series", `{}`))["A"].Status != 200 {
		t.Error("no answer from the next one")
	}
}

// TestHostProcess is no test of its own: TestOrphanEnds runs it as a host that dies.
func TestHostProcess(t *testing.T) {
	if os.Getenv("CONFORMANCE_HOST") == "" {
		t.Skip("runs inside of TestOrphanEnds")
	}
	h := start(t)
	os.Stdout.WriteString("pid " + string(must(json.Marshal(h.pid()))) + "\n")
	time.Sleep(time.Minute)
}

func must(text []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return text
}

func TestOrphanEnds(t *testing.T) {
	dying := exec.Command(os.Args[0], "-test.run=^TestHostProcess$")
	dying.Env = append(os.Environ(), "CONFORMANCE_HOST=1")
	output, err := dying.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := dying.Start(); err != nil {
		t.Fatal(err)
	}
	buffer := make([]byte, 100)
	n, err := output.Read(buffer)
	if err != nil {
		t.Fatal(err)
	}
	var pid int
	if err := json.Unmarshal([]byte(strings.TrimPrefix(strings.TrimSpace(string(buffer[:n])), "pid ")), &pid); err != nil || !exists(pid) {
		t.Fatalf("host said %q: %v", buffer[:n], err)
	}
	if err := dying.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = dying.Wait()
	within(t, limit, "the orphan ends", func() bool { return !running(pid) })
}

// running is false also for one that has ended and that nobody has waited for.
func running(pid int) bool {
	text, err := os.ReadFile(filepath.Join("/proc", string(must(json.Marshal(pid))), "stat"))
	return err == nil && !strings.Contains(string(text), ") Z ")
}

func TestCrash(t *testing.T) {
	for path, message := range map[string]string{"crash": "nobody catches this", "reject": "nobody handles this"} {
		t.Run(path, func(t *testing.T) {
			h := start(t)
			h.call(path, nil)
			h.ends(limit)
			if code := h.cmd.ProcessState.ExitCode(); code != 1 {
				t.Errorf("exit code %d", code)
			}
			if !strings.Contains(h.stderr.String(), `"@level":"error","@message":"uncaught error"`) || !strings.Contains(h.stderr.String(), message) {
				t.Error("the error was not logged")
			}
		})
	}
}

func TestLoopbackWhereThereIsNoSocket(t *testing.T) {
	h := start(t, func(cmd *exec.Cmd, config *plugin.ClientConfig) {
		cmd.Env = append(cmd.Env, "PLUGIN_UNIX_SOCKET_DIR="+strings.Repeat("/long", 30))
		config.MinPort, config.MaxPort = 23000, 23999
	})
	if address := h.socket(); !strings.HasPrefix(address, "127.0.0.1:23") {
		t.Error(address)
	}
	if h.query(query("A", "series", `{}`))["A"].Status != 200 {
		t.Error("no answer")
	}
}

func TestWithoutHostItSaysWhatItIs(t *testing.T) {
	alone := exec.Command(pluginCommand())
	alone.Env = []string{"SOME=thing"}
	output, err := alone.CombinedOutput()
	if err == nil || alone.ProcessState.ExitCode() != 1 || !strings.HasPrefix(string(output), "This is a plugin for Grafana") {
		t.Errorf("%v: %s", err, output)
	}
}

func TestMutualTLSIsRefused(t *testing.T) {
	h := newHost(t, func(_ *exec.Cmd, config *plugin.ClientConfig) { config.AutoMTLS = true })
	if _, err := h.client.Start(); err == nil {
		t.Fatal("it started")
	}
	within(t, limit, "it says why", func() bool { return strings.Contains(h.stderr.String(), "mutual TLS (PLUGIN_CLIENT_CERT)") })
}
