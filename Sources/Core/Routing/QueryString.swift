/// The query of a request target, without its `?` (application/x-www-form-urlencoded).
package enum QueryString {
    /// More items than this are refused.
    package static let maximumItems = 256

    /// Splits and decodes.
    ///
    /// - Parameter text: Pairs with `&` between them. Empty pairs are skipped; a pair without `=` has an empty value.
    /// - Returns: The pairs in order, repeated names included.
    /// - Throws: ``PercentDecodingError``, also for more than ``maximumItems`` items.
    package static func parse(_ text: Substring) throws(PercentDecodingError) -> [QueryItem] {
        var items: [QueryItem] = []
        for pair in text.utf8.split(separator: UInt8(ascii: "&")) {
            guard items.count < maximumItems else { throw .tooManyItems }
            let end = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            let name = try PercentDecoding.query(Substring(pair[..<end]))
            let value = try PercentDecoding.query(Substring(pair[end...].dropFirst()))
            items.append(QueryItem(name: name, value: value))
        }
        return items
    }
}
