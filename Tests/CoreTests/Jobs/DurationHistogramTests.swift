import RoostCore
import Testing

struct DurationHistogramTests {
    @Test func `every duration lies within its class, and classes follow each other`() {
        for value in Array(0...5000) + [300_000, 1 << 40, .max] {
            let bounds = DurationHistogram.milliseconds(ofClass: DurationHistogram.classIndex(ofMilliseconds: value))
            #expect(bounds.contains(value))
            #expect(bounds.count == 1 || Double(bounds.upperBound - bounds.lowerBound) <= Double(value) / 8)
        }
        for index in 1..<487 {
            let before = DurationHistogram.milliseconds(ofClass: index - 1)
            #expect(DurationHistogram.milliseconds(ofClass: index).lowerBound == before.upperBound + 1)
        }
        #expect(DurationHistogram.classIndex(ofMilliseconds: .min) == 0)
    }

    @Test func `quantiles are those of the ranks`() {
        var histogram = DurationHistogram()
        #expect(histogram.quantile(0.5) == nil)
        for value in 1...10 { histogram.add(classIndex: DurationHistogram.classIndex(ofMilliseconds: value)) }
        #expect(histogram.quantile(0) == 1)
        #expect(histogram.quantile(0.5) == 5)
        #expect(histogram.quantile(0.91) == 10)
        #expect(histogram.quantile(2) == 10)
    }
}
