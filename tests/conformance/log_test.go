package conformance

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/log"
	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"
)

// entries are what the host made of the plugin's log.
func (h *host) entries() []map[string]any {
	h.t.Helper()
	var entries []map[string]any
	for _, line := range strings.Split(strings.TrimSpace(h.log.String()), "\n") {
		entry := map[string]any{}
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			h.t.Fatalf("%v: %s", err, line)
		}
		entries = append(entries, entry)
	}
	return entries
}

func (h *host) entry(message string) map[string]any {
	for _, entry := range h.entries() {
		if entry["@message"] == message {
			return entry
		}
	}
	return nil
}

func TestLogIsParsedByTheHost(t *testing.T) {
	h := start(t)
	if response, _ := h.call("print", nil); response.Code != 204 {
		t.Fatal(response)
	}
	within(t, limit, "the last entry is there", func() bool { return h.entry("long") != nil })
	for message, level := range map[string]string{
		"created": "info", "printed text { a: 1 }": "info", "printed error": "error", "half a line": "info", "and more": "info",
		"raw stderr": "warn", "[object Object]": "warn", "long": "error",
	} {
		if entry := h.entry(message); entry == nil || entry["@level"] != level {
			t.Errorf("%q: %v", message, entry)
		}
	}
	if created := h.entry("created"); created["answer"] != 42.0 || created["big"] != "10" {
		t.Errorf("fields: %v", created)
	}
	if text := h.entry("long")["text"].(string); len(text) > 16_384 {
		t.Errorf("a field of %d bytes", len(text))
	}
	for _, line := range strings.Split(strings.TrimSpace(h.stderr.String()), "\n") {
		var entry struct {
			Level     string `json:"@level"`
			Message   string `json:"@message"`
			Module    string `json:"@module"`
			Timestamp string `json:"@timestamp"`
		}
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Errorf("no entry: %v: %.100s", err, line)
			continue
		}
		if _, err := time.Parse("2006-01-02T15:04:05.000000Z07:00", entry.Timestamp); err != nil || entry.Module != "fixture-plugin" {
			t.Errorf("%v: %.100s", err, line)
		}
	}
}

func TestFieldsOfTheHostComeAlong(t *testing.T) {
	h := start(t)
	ctx := log.WithContextualAttributesForOutgoingContext(background(t), []any{"dsUID", "uid-1"})
	stream, err := h.resource.CallResource(ctx, &pluginv2.CallResourceRequest{Path: "fail"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Recv(); err == nil {
		t.Fatal("it did not fail")
	}
	within(t, limit, "the failure is logged", func() bool { return h.entry("a call failed") != nil })
	if entry := h.entry("a call failed"); entry["dsUID"] != "uid-1" || entry["@level"] != "error" {
		t.Error(entry)
	}
}
