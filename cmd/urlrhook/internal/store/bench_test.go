package store_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
)

// BenchmarkAddAndAnswer is what a listener does: each delivery is kept, then its answer.
func BenchmarkAddAndAnswer(b *testing.B) {
	for name, path := range map[string]string{"file": file(b), "memory": ":memory:"} {
		b.Run(name, func(b *testing.B) {
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
		})
	}
}
