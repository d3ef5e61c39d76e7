import RoostPythonWire
import Testing

@Suite struct FrameDecoderTests {
    static let runnerFrames: [RunnerFrame] = [
        .log(level: .info, message: ""), .log(level: .warning, message: "é"),
        .log(level: .error, message: "e"),
        .barrier, .call(Array("{}".utf8)), .call([]),
        .done(header: Array(#"{"outcome":"completed"}"#.utf8), result: []),
        .done(header: [], result: [1, 2]), .rested(keepsOutputs: true), .progress(fraction: 0.25, message: "é"),
        .progress(fraction: -1, message: ""),
    ]
    static let jobFrames: [JobFrame] = [
        .job(header: Array("{}".utf8), source: [0, 0xED, 0xA0, 0x80]), .job(header: [], source: []),
        .reply(Array("{}".utf8)), .proceed,
    ]

    private func decode<Frame: WireFrame>(_ bytes: [UInt8], step: Int) throws -> [Frame] {
        var decoder = FrameDecoder<Frame>(maxPayloadBytes: 1000)
        var frames: [Frame] = []
        for start in stride(from: 0, to: bytes.count, by: step) {
            decoder.append(bytes[start..<min(start + step, bytes.count)])
            while let frame = try decoder.next() { frames.append(frame) }
        }
        #expect(decoder.bufferedBytes == 0)
        return frames
    }

    @Test(arguments: [1, 2, 3, 7, 1000])
    func `frames come out the same however the stream is cut`(step: Int) throws {
        #expect(try decode(Self.runnerFrames.flatMap(\.encoded), step: step) == Self.runnerFrames)
        #expect(try decode(Self.jobFrames.flatMap(\.encoded), step: step) == Self.jobFrames)
    }

    @Test func `a megabyte byte by byte takes linear time`() throws {
        let frame = RunnerFrame.call([UInt8](repeating: 7, count: 1 << 20))
        var decoder = FrameDecoder<RunnerFrame>(maxPayloadBytes: 1 << 20)
        var found: RunnerFrame?
        for byte in frame.encoded {
            #expect(found == nil)
            decoder.append(CollectionOfOne(byte))
            found = try decoder.next()
        }
        #expect(found == frame)
    }

    @Test(
        arguments: [
            ([0, 0, 0, 0, 0x00], WireError.unknownType(0)), ([0, 0, 0, 0, 0x01], .unknownType(1)),
            ([0, 0, 0, 0, 0x87], .unknownType(0x87)), ([1, 0, 0, 0, 0x85, 2], .malformed(type: 0x85)),
            ([0, 0, 0, 0, 0x85], .malformed(type: 0x85)), ([0, 0, 0, 0, 0x81], .malformed(type: 0x81)),
            ([7, 0, 0, 0, 0x86, 0, 0, 0, 0, 0, 0, 0], .malformed(type: 0x86)),
            ([1, 0, 0, 0, 0x81, 9], .malformed(type: 0x81)),
            ([2, 0, 0, 0, 0x81, 0, 0xFF], .malformed(type: 0x81)),
            ([4, 0, 0, 0, 0x81, 0, 0xED, 0xA0, 0x80], .malformed(type: 0x81)),
            ([1, 0, 0, 0, 0x82, 0], .malformed(type: 0x82)),
            ([3, 0, 0, 0, 0x84, 0, 0, 0], .malformed(type: 0x84)),
            ([4, 0, 0, 0, 0x84, 1, 0, 0, 0], .malformed(type: 0x84)),
            ([4, 0, 0, 0, 0x84, 0xFF, 0xFF, 0xFF, 0xFF], .malformed(type: 0x84)),
            ([0xE9, 3, 0, 0, 0x83], .oversize(announced: 1001, maximum: 1000)),
            ([0xFF, 0xFF, 0xFF, 0xFF, 0x83], .oversize(announced: 4_294_967_295, maximum: 1000)),
        ] as [([UInt8], WireError)])
    func `what is no frame is refused, and the decoder stays refused`(bytes: [UInt8], error: WireError) {
        var decoder = FrameDecoder<RunnerFrame>(maxPayloadBytes: 1000)
        decoder.append(bytes)
        #expect(throws: error) { try decoder.next() }
        decoder.append(RunnerFrame.barrier.encoded)
        #expect(throws: error) { try decoder.next() }
    }

    @Test func `no bytes at all trap a decoder`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let bytes = (0..<40).map { _ in
                UInt8.random(in: 0...255, using: &generator) & (Bool.random() ? 0x87 : 0x03)
            }
            var runner = FrameDecoder<RunnerFrame>(maxPayloadBytes: 30)
            runner.append(bytes)
            while (try? runner.next()) != nil {}
            var job = FrameDecoder<JobFrame>(maxPayloadBytes: 30)
            job.append(bytes)
            while (try? job.next()) != nil {}
            _ = try? WorkerRequest(packet: bytes)
            _ = try? WorkerEvent(packet: bytes)
        }
    }
}
