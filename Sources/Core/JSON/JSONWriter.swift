extension JSON {
    /// Compact UTF-8 text.
    public func serialized() -> [UInt8] { [] }
}
