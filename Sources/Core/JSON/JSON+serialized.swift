extension JSON {
    /// Compact UTF-8 text.
    ///
    /// Members keep their order, repeated names included. `/` and U+2028 are not escaped. Doubles are written as
    /// the shortest number that reads back the same, always with a fraction or an exponent; those that are not
    /// finite become `null`. ``JSON/text(_:)`` is copied byte for byte.
    /// - Returns: One JSON value without white space.
    public func serialized() -> [UInt8] {
        var writer = JSONWriter(capacity: 256)
        writer.append(self)
        return writer.bytes
    }
}
