// The yardstick of `npm run bench:plugin`: the smallest plugin on Grafana's own SDK that answers what the bench asks.
package main

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"
)

type plugin struct{}

func series(points int, from time.Time) *data.Frame {
	times := make([]time.Time, points)
	values := make([]float64, points)
	for i := range times {
		times[i] = from.Add(time.Duration(i) * 15 * time.Second)
		values[i] = math.Sin(float64(i) / 10)
	}
	return data.NewFrame("series",
		data.NewField("time", nil, times),
		data.NewField("value", data.Labels{"host": "a"}, values))
}

func (plugin) QueryData(_ context.Context, req *backend.QueryDataRequest) (*backend.QueryDataResponse, error) {
	responses := backend.NewQueryDataResponse()
	for _, query := range req.Queries {
		model := struct {
			Points int `json:"points"`
		}{Points: 100}
		if err := json.Unmarshal(query.JSON, &model); err != nil {
			responses.Responses[query.RefID] = backend.ErrDataResponse(backend.StatusBadRequest, err.Error())
			continue
		}
		frame := series(model.Points, query.TimeRange.From)
		responses.Responses[query.RefID] = backend.DataResponse{Frames: data.Frames{frame}}
	}
	return responses, nil
}

func (plugin) SubscribeStream(context.Context, *backend.SubscribeStreamRequest) (*backend.SubscribeStreamResponse, error) {
	return &backend.SubscribeStreamResponse{Status: backend.SubscribeStreamStatusOK}, nil
}

func (plugin) PublishStream(context.Context, *backend.PublishStreamRequest) (*backend.PublishStreamResponse, error) {
	return &backend.PublishStreamResponse{Status: backend.PublishStreamStatusPermissionDenied}, nil
}

func (plugin) RunStream(ctx context.Context, _ *backend.RunStreamRequest, sender *backend.StreamSender) error {
	frame := series(1000, time.UnixMilli(0))
	for ctx.Err() == nil {
		if err := sender.SendFrame(frame, data.IncludeAll); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func main() {
	handler := plugin{}
	if err := backend.Manage("baseline", backend.ServeOpts{QueryDataHandler: handler, StreamHandler: handler}); err != nil {
		os.Exit(1)
	}
}
