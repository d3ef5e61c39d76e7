extension Double {
    /// The same number as an `Int`, or nil when there is none: fractions, NaN, and beyond 64 bits.
    ///
    /// This is `Int(exactly:)`, which cannot be used here because it needs libm and Core does not link it.
    var wholeNumber: Int? {
        guard self >= -0x1p63, self < 0x1p63 else { return nil }
        let truncated = Int(self)
        return Double(truncated) == self ? truncated : nil
    }
}
