/// The descriptors of one loop by a number that is never used twice.
///
/// A number is slot and generation: an event fetched for a registration that was cancelled meanwhile finds
/// another generation in its slot, even if the slot (and the descriptor) is in use again.
struct RegistrationTable {
    typealias Handler = @Sendable (EventLoop.Readiness) -> Void

    struct Key: Sendable, Hashable {
        let slot: UInt32
        let generation: UInt32

        init(slot: UInt32, generation: UInt32) {
            self.slot = slot
            self.generation = generation
        }

        init(rawValue: UInt64) {
            slot = UInt32(truncatingIfNeeded: rawValue)
            generation = UInt32(truncatingIfNeeded: rawValue >> 32)
        }

        var rawValue: UInt64 { UInt64(generation) << 32 | UInt64(slot) }
    }

    struct Entry {
        let descriptor: Int32
        let handler: Handler
    }

    private struct Slot {
        var generation: UInt32
        var entry: Entry?
    }

    private var slots: [Slot] = []
    private var free: [UInt32] = []

    mutating func insert(_ entry: Entry) -> Key {
        if let slot = free.popLast() {
            slots[Int(slot)].entry = entry
            return Key(slot: slot, generation: slots[Int(slot)].generation)
        }
        slots.append(Slot(generation: 0, entry: entry))
        return Key(slot: UInt32(slots.count - 1), generation: 0)
    }

    subscript(_ key: Key) -> Entry? {
        guard Int(key.slot) < slots.count, slots[Int(key.slot)].generation == key.generation else {
            return nil
        }
        return slots[Int(key.slot)].entry
    }

    /// Gives the entry back, so that its handler is released when no access to the table is open: a release may
    /// run a `deinit` that comes here again.
    mutating func remove(_ key: Key) -> Entry? {
        guard let entry = self[key] else { return nil }
        slots[Int(key.slot)].entry = nil
        slots[Int(key.slot)].generation &+= 1
        free.append(key.slot)
        return entry
    }

    mutating func removeAll() -> [Entry] {
        slots.indices.compactMap { remove(Key(slot: UInt32($0), generation: slots[$0].generation)) }
    }
}
