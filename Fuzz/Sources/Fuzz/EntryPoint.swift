/// What libFuzzer calls with each input. The first byte says what the rest is and how it is cut.
///
/// Whatever is wrong ends in a trap, which libFuzzer reports with the input that led there.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let data = unsafe data, count > 0 else { return 0 }
    // libFuzzer hands over `count` bytes that stay as they are during this call.
    let input = unsafe Array(UnsafeBufferPointer(start: data, count: count))
    let content = Array(input.dropFirst())
    if input[0] >= 0xC0 {
        checkJSON(content)
    } else {
        let pieces = Cuts.pieces(of: content, seed: input[0])
        checkParser(content, pieces)
        checkConnection(content, pieces)
    }
    return 0
}
