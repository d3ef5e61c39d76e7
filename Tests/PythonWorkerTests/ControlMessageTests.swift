import RoostPythonWire
import Testing

@Suite struct ControlMessageTests {
    @Test(
        arguments: [
            (.configure([0x7B, 0x7D]), [1, 0x7B, 0x7D]), (.configure([]), [1]),
            (.fork(token: 0x0102_0304_0506_0708), [2, 8, 7, 6, 5, 4, 3, 2, 1]),
            (.signal(pid: 258, signal: 35), [3, 2, 1, 0, 0, 35, 0, 0, 0]),
            (.kill(pid: -1), [4, 255, 255, 255, 255]),
        ] as [(WorkerRequest, [UInt8])])
    func `requests have these bytes`(request: WorkerRequest, bytes: [UInt8]) throws {
        #expect(request.encoded == bytes)
        #expect(try WorkerRequest(packet: bytes) == request)
    }

    @Test(
        arguments: [
            (.ready(pythonVersion: "3.11.2"), [0x81] + Array("3.11.2".utf8)),
            (.failed(reason: "é"), [0x82, 0xC3, 0xA9]),
            (.forked(token: 1, pid: 2), [0x83, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0]),
            (
                .forkFailed(token: .max, errno: 11),
                [0x84] + [UInt8](repeating: 255, count: 8) + [11, 0, 0, 0]
            ),
            (.exited(pid: 3, status: 0x8B), [0x85, 3, 0, 0, 0, 0x8B, 0, 0, 0]),
            (.note(level: .warning, text: "é"), [0x86, 1, 0xC3, 0xA9]),
        ] as [(WorkerEvent, [UInt8])])
    func `events have these bytes`(event: WorkerEvent, bytes: [UInt8]) throws {
        #expect(event.encoded == bytes)
        #expect(try WorkerEvent(packet: bytes) == event)
    }

    @Test(
        arguments: [
            ([], .empty), ([0], .unknownType(0)), ([5], .unknownType(5)), ([0x81], .unknownType(0x81)),
            ([2, 1], .malformed(type: 2)), ([2, 1, 2, 3, 4, 5, 6, 7, 8, 9], .malformed(type: 2)),
            ([3, 1, 0, 0, 0, 1, 0, 0], .malformed(type: 3)), ([4], .malformed(type: 4)),
        ] as [([UInt8], WireError)])
    func `what is no request is refused`(packet: [UInt8], error: WireError) {
        #expect(throws: error) { try WorkerRequest(packet: packet) }
    }

    @Test(
        arguments: [
            ([], .empty), ([1], .unknownType(1)), ([0x90], .unknownType(0x90)), ([0x86], .malformed(type: 0x86)),
            ([0x86, 3, 0x61], .malformed(type: 0x86)), ([0x86, 0, 0xFF], .malformed(type: 0x86)),
            ([0x81, 0xFF], .malformed(type: 0x81)),
            ([0x83, 1], .malformed(type: 0x83)), ([0x84, 1, 2, 3, 4, 5, 6, 7, 8, 9], .malformed(type: 0x84)),
            ([0x85, 1, 0, 0, 0, 1, 0, 0, 0, 1], .malformed(type: 0x85)),
        ] as [([UInt8], WireError)])
    func `what is no event is refused`(packet: [UInt8], error: WireError) {
        #expect(throws: error) { try WorkerEvent(packet: packet) }
    }

    @Test func `only forked carries descriptors`() {
        #expect(WorkerEvent.forked(token: 1, pid: 2).descriptorCount == 3)
        #expect(WorkerEvent.exited(pid: 1, status: 0).descriptorCount == 0)
    }

    @Test func `the interrupt signals are SIGRTMIN plus one and two of glibc`() {
        #expect(InterruptSignal.timeout.rawValue == 35)
        #expect(InterruptSignal.cancel.rawValue == 36)
    }
}
