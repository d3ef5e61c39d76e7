internal import CLinux

/// Memory that was freed and not given back to the system yet.
package enum FreeMemory {
    /// Gives it back (malloc_trim(3)): glibc keeps much of it in the arenas of its threads otherwise. Takes
    /// milliseconds, in which other threads may have to wait for an allocation.
    @Sendable package static func giveBack() { clinux_return_memory() }
}
