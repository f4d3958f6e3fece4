package conformance

import (
	"encoding/json"
	"math"
	"reflect"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
)

func decode(t *testing.T, encoded [][]byte) data.Frames {
	t.Helper()
	frames, err := data.UnmarshalArrowFrames(encoded)
	if err != nil {
		t.Fatal(err)
	}
	return frames
}

func pointer[T any](value T) *T { return &value }

// everyType is packages/grafana-plugin-sdk/test/fixture-frames.ts said in Go.
func everyType() *data.Frame {
	noon := time.Unix(0, 1_700_000_000_123_456_789).UTC()
	before := time.UnixMilli(-1).UTC()
	states := &data.FieldConfig{TypeConfig: &data.FieldTypeConfig{Enum: &data.EnumFieldConfig{Text: []string{"down", "up"}}}}
	frame := data.NewFrame("every type",
		data.NewField("int8", nil, []int8{-128, 1}),
		data.NewField("int16", nil, []int16{-32768, 2}),
		data.NewField("int32", nil, []int32{math.MinInt32, 3}),
		data.NewField("int64", nil, []int64{math.MinInt64, 4}),
		data.NewField("uint8", nil, []uint8{255, 5}),
		data.NewField("uint16", nil, []uint16{65535, 6}),
		data.NewField("uint32", nil, []uint32{math.MaxUint32, 7}),
		data.NewField("uint64", nil, []uint64{math.MaxUint64, 8}),
		data.NewField("float32", nil, []float32{1.5, -0.25}),
		data.NewField("float64", nil, []float64{0.1, math.MaxFloat64}),
		data.NewField("string", nil, []string{"", "Zürich 🏔"}),
		data.NewField("bool", nil, []bool{true, false}),
		data.NewField("time", nil, []time.Time{noon, before}),
		data.NewField("json", nil, []json.RawMessage{json.RawMessage(`{"a":[1,null]}`), json.RawMessage(`"text"`)}),
		data.NewField("enum", nil, []data.EnumItemIndex{1, 0}).SetConfig(states),
		data.NewField("int8", nil, []*int8{nil, pointer(int8(1))}),
		data.NewField("int16", nil, []*int16{nil, pointer(int16(2))}),
		data.NewField("int32", nil, []*int32{nil, pointer(int32(3))}),
		data.NewField("int64", nil, []*int64{nil, pointer(int64(4))}),
		data.NewField("uint8", nil, []*uint8{nil, pointer(uint8(5))}),
		data.NewField("uint16", nil, []*uint16{nil, pointer(uint16(6))}),
		data.NewField("uint32", nil, []*uint32{nil, pointer(uint32(7))}),
		data.NewField("uint64", nil, []*uint64{nil, pointer(uint64(8))}),
		data.NewField("float32", nil, []*float32{nil, pointer(float32(-0.25))}),
		data.NewField("float64", data.Labels{"zone": "a", "näme": "ü"}, []*float64{nil, pointer(0.1)}),
		data.NewField("string", nil, []*string{nil, pointer("text")}),
		data.NewField("bool", nil, []*bool{nil, pointer(true)}),
		data.NewField("time", nil, []*time.Time{nil, pointer(noon)}),
		data.NewField("json", nil, []*json.RawMessage{nil, pointer(json.RawMessage(`{"b":1}`))}),
		data.NewField("enum", nil, []*data.EnumItemIndex{nil, pointer(data.EnumItemIndex(1))}).SetConfig(states),
	)
	frame.RefID = "A"
	frame.Meta = &data.FrameMeta{
		Type:                data.FrameTypeTable,
		TypeVersion:         data.FrameTypeVersion{0, 1},
		Custom:              map[string]any{"answer": 42.0},
		Notices:             []data.Notice{{Severity: data.NoticeSeverityWarning, Text: "for a test"}},
		ExecutedQueryString: "SELECT 1",
	}
	return frame
}

func checkEveryType(t *testing.T, got *data.Frame, want *data.Frame) {
	t.Helper()
	if got.Name != want.Name || got.RefID != want.RefID || !reflect.DeepEqual(got.Meta, want.Meta) {
		t.Errorf("frame: %q %q %+v", got.Name, got.RefID, got.Meta)
	}
	if len(got.Fields) != len(want.Fields) {
		t.Fatalf("%d fields", len(got.Fields))
	}
	for i, field := range want.Fields {
		other := got.Fields[i]
		if other.Name != field.Name || other.Type() != field.Type() || !reflect.DeepEqual(other.Labels, field.Labels) || !reflect.DeepEqual(other.Config, field.Config) {
			t.Errorf("field %d: got %s %s %v %+v", i, other.Name, other.Type(), other.Labels, other.Config)
			continue
		}
		for row := 0; row < field.Len(); row++ {
			if !same(other, field, row) {
				t.Errorf("%s, row %d: got %v, want %v", field.Type(), row, other.At(row), field.At(row))
			}
		}
	}
}

func same(a, b *data.Field, row int) bool {
	x, hasX := a.ConcreteAt(row)
	y, hasY := b.ConcreteAt(row)
	if hasX != hasY {
		return false
	}
	if instant, ok := x.(time.Time); ok && hasX {
		return instant.Equal(y.(time.Time))
	}
	return !hasX || reflect.DeepEqual(x, y)
}

func TestEveryTypeInArrow(t *testing.T) {
	frames := decode(t, start(t).query(query("A", "types", `{}`))["A"].Frames)
	checkEveryType(t, frames[0], everyType())
	special := frames[1]
	for row, want := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1} {
		got := special.Fields[0].At(row).(float64)
		if got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Errorf("row %d: %v", row, got)
		}
	}
	if !special.Fields[1].NilAt(1) || *special.Fields[1].At(0).(*float32) != float32(math.Inf(-1)) {
		t.Errorf("nullable: %v", special.Fields[1])
	}
	config := special.Fields[2].Config
	if config.Unit != "percent" || float64(*config.Min) != 0 || len(config.Thresholds.Steps) != 2 || !math.IsInf(float64(config.Thresholds.Steps[0].Value), -1) {
		t.Errorf("config %+v", config)
	}
}

func TestEveryTypeInJSON(t *testing.T) {
	h := start(t)
	packets := packetsOf(t, h, "types", 2)
	var whole data.Frame
	if err := json.Unmarshal(packets[0], &whole); err != nil {
		t.Fatal(err)
	}
	want := everyType()
	want.RefID = ""
	// Go reads a null of a nullable JSON column, which has a null of its own, as a pointer to nothing.
	last := want.Fields[28]
	last.Set(0, whole.Fields[28].At(0))
	checkEveryType(t, &whole, want)
}

func TestJSONIsWhatGoWrites(t *testing.T) {
	h := start(t)
	frames := decode(t, h.query(query("A", "types", `{}`))["A"].Frames)
	for i, frame := range frames {
		frame.RefID = ""
		want, err := data.FrameToJSON(frame, data.IncludeAll)
		if err != nil {
			t.Fatal(err)
		}
		path := []string{"types", "special"}[i]
		got := packetsOf(t, h, path, 1)[0]
		var a, b any
		if err := json.Unmarshal(got, &a); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(want, &b); err != nil {
			t.Fatal(err)
		}
		dropZeroVersion(b)
		if !reflect.DeepEqual(a, b) {
			t.Errorf("%s:\ngot  %s\nwant %s", path, got, want)
		}
	}
}

// dropZeroVersion removes what Go adds to metadata that has no version.
func dropZeroVersion(frame any) {
	schema := frame.(map[string]any)["schema"].(map[string]any)
	if meta, ok := schema["meta"].(map[string]any); ok && reflect.DeepEqual(meta["typeVersion"], []any{0.0, 0.0}) {
		delete(meta, "typeVersion")
	}
}

func packetsOf(t *testing.T, h *host, path string, count int) [][]byte {
	t.Helper()
	packets, err := receive(h, path, count)
	if err != nil {
		t.Fatal(err)
	}
	return packets
}

func TestEmptyFrames(t *testing.T) {
	responses := start(t).query(query("A", "empty", `{}`))
	frames := decode(t, responses["A"].Frames)
	if len(frames[0].Fields) != 0 || frames[0].Name != "empty" {
		t.Errorf("no fields: %v", frames[0])
	}
	if len(frames[1].Fields) != 3 || frames[1].Rows() != 0 {
		t.Errorf("no rows: %v", frames[1])
	}
	for _, encoded := range responses["A"].Frames {
		if _, err := data.ArrowBufferToJSON(encoded, data.IncludeAll); err != nil {
			t.Error(err)
		}
	}
}
