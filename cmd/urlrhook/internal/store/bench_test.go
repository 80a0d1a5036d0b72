package store_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
)

// BenchmarkAddAndAnswer does what a listener does: it stores each delivery, then its answer.
func BenchmarkAddAndAnswer(b *testing.B) {
	b.Run("file", func(b *testing.B) { addAndAnswer(b, file(b)) })
	b.Run("memory", func(b *testing.B) { addAndAnswer(b, ":memory:") })
}

func addAndAnswer(b *testing.B, path string) {
	s := open(b, path, 10_000)
	delivery, reply := full(), fullAnswer()
	delivery.Body = bytes.Repeat([]byte("x"), 406)
	b.SetParallelism(32)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			d := delivery
			if !assert.NoError(b, s.Add(b.Context(), &d)) || !assert.NoError(b, s.SetAnswer(b.Context(), d.ID, reply)) {
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "deliveries/s")
}
